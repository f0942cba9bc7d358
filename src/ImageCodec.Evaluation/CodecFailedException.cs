namespace ImageCodec.Evaluation;

/// <summary>A classical codec's command did not do its work; the message says which and why, in one line.</summary>
internal sealed class CodecFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
