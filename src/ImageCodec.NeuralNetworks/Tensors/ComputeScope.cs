namespace ImageCodec.NeuralNetworks.Tensors;

/// <summary>
/// One run of a network: the memory it takes, the threads it may use, its cancellation, and while training the tape that leads
/// the gradients back. Everything made in it is returned to the workspace when it ends, however it ends. Used by one thread.
/// </summary>
internal sealed unsafe class ComputeScope : IDisposable
{
    /// <summary>Vector operations that take about as long as it takes to hand a piece of work to another thread.</summary>
    private const double MinOperations = 50_000;

    /// <summary>Vector operations that take a few hundredths of a second: the longest that a cancelled run goes on.</summary>
    private const double MaxOperations = 50_000_000;

    private const int PiecesPerThread = 4;

    private readonly Workspace _workspace;
    private readonly HashSet<Tensor> _tensors = [];
    private readonly List<Action>? _tape;
    private WorkTeam? _team;
    private bool _disposed;

    /// <param name="workspace">Where memory comes from.</param>
    /// <param name="maxThreads">Threads to use at most; 0 for all cores.</param>
    /// <param name="recording">Whether a backward pass will follow.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public ComputeScope(Workspace workspace, int maxThreads = 0, bool recording = false, CancellationToken cancellationToken = default)
    {
        IsTraining = recording;
        ArgumentOutOfRangeException.ThrowIfNegative(maxThreads);
        _workspace = workspace;
        _tape = recording ? [] : null;
        MaxThreads = maxThreads == 0 ? Environment.ProcessorCount : maxThreads;
        CancellationToken = cancellationToken;
    }

    public int MaxThreads { get; }

    public CancellationToken CancellationToken { get; }

    /// <summary>Whether a backward pass will follow, so that what it needs is kept.</summary>
    public bool IsRecording => _tape is not null;

    /// <summary>
    /// Whether the backward pass gives gradients by parameters too, not by values alone: as it is while recording unless it is switched off, which
    /// lets several runs share the parameters.
    /// </summary>
    public bool IsTraining { get; init; }

    /// <summary>A scope for a part of this run that one thread does by itself; nothing of it is recorded.</summary>
    public ComputeScope ForOneThread() => new(_workspace, 1, recording: false, CancellationToken);

    /// <summary>A tensor of any content.</summary>
    /// <exception cref="ObjectDisposedException">The scope has ended, or its workspace is gone.</exception>
    public Tensor Create(int count, TensorShape shape)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        nint length = checked((nint)count * shape.Height * shape.Width * shape.Channels);
        Tensor tensor = new(_workspace.Rent(length), count, shape);
        _tensors.Add(tensor);
        return tensor;
    }

    /// <summary>A tensor of zeros.</summary>
    public Tensor CreateZero(int count, TensorShape shape)
    {
        Tensor tensor = Create(count, shape);
        System.Runtime.InteropServices.NativeMemory.Clear(tensor.Data, (nuint)tensor.Length * sizeof(float));
        return tensor;
    }

    /// <summary>Gives a tensor's memory back before the scope ends.</summary>
    public void Release(Tensor tensor)
    {
        if (_tensors.Remove(tensor))
        {
            _workspace.Return(tensor.Data);
            tensor.Data = null;
        }
    }

    /// <summary>Gives back a tensor that only a backward pass could still want.</summary>
    public void ReleaseUnlessRecording(Tensor tensor)
    {
        if (!IsRecording)
        {
            Release(tensor);
        }
    }

    /// <summary>Notes how gradients flow back through what was just computed. Nothing is noted unless recording.</summary>
    public void Record(Action backward) => _tape?.Add(backward);

    /// <summary>The gradient tensor of <paramref name="tensor"/>, zero when first asked for.</summary>
    public Tensor GradientOf(Tensor tensor) => tensor.Gradient ??= CreateZero(tensor.Count, tensor.Shape);

    /// <summary>Runs the tape backwards; the gradients of what the losses read must have been set.</summary>
    /// <exception cref="InvalidOperationException">The scope does not record.</exception>
    public void Backward()
    {
        if (_tape is null)
        {
            throw new InvalidOperationException("The scope was made without recording.");
        }

        for (int i = _tape.Count - 1; i >= 0; i--)
        {
            CancellationToken.ThrowIfCancellationRequested();
            _tape[i]();
        }

        _tape.Clear();
    }

    /// <summary>Runs <paramref name="body"/> for 0 … <paramref name="count"/> − 1 on the threads of this scope.</summary>
    public void For(int count, Action<int> body)
    {
        if (MaxThreads == 1 || count <= 1)
        {
            for (int i = 0; i < count; i++)
            {
                CancellationToken.ThrowIfCancellationRequested();
                body(i);
            }

            return;
        }

        (_team ??= new WorkTeam(MaxThreads)).Run(count, body, CancellationToken);
    }

    /// <summary>
    /// Runs <paramref name="body"/> over ranges that make up 0 … <paramref name="count"/> − 1, in as many pieces as the work is
    /// worth. What is too short to wake another thread for stays on this one.
    /// </summary>
    /// <param name="count">Items altogether.</param>
    /// <param name="operations">About how many vector operations an item costs.</param>
    /// <param name="body">Is given the first item and the one behind the last.</param>
    public void ForRanges(int count, double operations, Action<int, int> body)
    {
        int pieces = Math.Min(Pieces(count * operations), count);
        For(pieces, piece => body((int)((long)count * piece / pieces), (int)((long)count * (piece + 1) / pieces)));
    }

    /// <summary>
    /// Into how many pieces work should be cut: some for each thread, so that none waits long for the last, and so many that a
    /// cancelled run soon comes to the end of one.
    /// </summary>
    /// <param name="operations">About how many vector operations it is.</param>
    public int Pieces(double operations)
    {
        int forThreads = MaxThreads == 1 ? 1 : (int)Math.Clamp(operations / MinOperations, 1, PiecesPerThread * MaxThreads);
        return Math.Max(forThreads, (int)Math.Min(operations / MaxOperations, int.MaxValue));
    }

    /// <summary>Returns everything that is left to the workspace.</summary>
    public void Dispose()
    {
        _disposed = true;
        _team?.Dispose();
        foreach (Tensor tensor in _tensors)
        {
            _workspace.Return(tensor.Data);
            tensor.Data = null;
        }

        _tensors.Clear();
    }
}
