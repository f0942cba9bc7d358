using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace ImageCodec.AspNetCore.Tests;

/// <summary>What an app measures, under the names that the documents have.</summary>
internal sealed class MetricLog : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string[] Tags)> _values = [];

    public MetricLog(IServiceProvider app)
    {
        IMeterFactory factory = app.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "ImageCodec.AspNetCore" && instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public double Sum(string name, params string[] tags) => Find(name, tags).Sum(value => value.Value);

    public int Count(string name, params string[] tags) => Find(name, tags).Count();

    /// <summary>What an observable instrument says now.</summary>
    public double Read(string name, params string[] tags)
    {
        _listener.RecordObservableInstruments();
        return Find(name, tags).Last().Value;
    }

    public void Dispose() => _listener.Dispose();

    private IEnumerable<(string Name, double Value, string[] Tags)> Find(string name, string[] tags) =>
        _values.Where(value => value.Name == name && tags.All(value.Tags.Contains));

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string[] texts = [.. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")];
        _values.Enqueue((instrument.Name, value, texts));
    }
}
