using System.Buffers;
using System.ComponentModel;
using Microsoft.Extensions.Caching.Hybrid;

namespace ImageCodec.AspNetCore;

/// <summary>A picture file to send. Said to be immutable, so that the cache hands out the one that it has and copies nothing.</summary>
[ImmutableObject(true)]
internal sealed record TranscodedFile(string MediaType, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Tells the cache how large a file is, which it learns by writing it. As it keeps files in memory alone, nothing is ever read back.</summary>
    public sealed class Size : IHybridCacheSerializer<TranscodedFile>
    {
        public void Serialize(TranscodedFile value, IBufferWriter<byte> target) => target.Write(value.Bytes.Span);

        public TranscodedFile Deserialize(ReadOnlySequence<byte> source) => throw new NotSupportedException();
    }
}
