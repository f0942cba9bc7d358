namespace ImageCodec.NeuralNetworks.Layers;

/// <summary>Numbers that training changes, with their gradient and the moments of Adam once training has asked for them.</summary>
internal sealed unsafe class Parameter
{
    /// <summary>Kernels may read and write this many floats past the end.</summary>
    private const int Slack = 64;

    private readonly float[] _values;
    private float[]? _gradient;
    private float[]? _firstMoment;
    private float[]? _secondMoment;

    public Parameter(string name, ParameterLayout layout)
    {
        Name = name;
        Layout = layout;
        Length = layout.Length;
        _values = Allocate(Length);
    }

    /// <summary>The name in weights files, within the layer that holds it: «weight» or «bias».</summary>
    public string Name { get; }

    public ParameterLayout Layout { get; }

    public int Length { get; }

    /// <summary>Rises with every change of the values, so that what was packed from them can be told stale.</summary>
    public int Version { get; private set; }

    /// <summary>The values in kernel order; change them through <see cref="Load"/> or followed by <see cref="Changed"/>.</summary>
    public Span<float> Values => _values.AsSpan(0, Length);

    public Span<float> Gradient => (_gradient ??= Allocate(Length)).AsSpan(0, Length);

    public Span<float> FirstMoment => (_firstMoment ??= Allocate(Length)).AsSpan(0, Length);

    public Span<float> SecondMoment => (_secondMoment ??= Allocate(Length)).AsSpan(0, Length);

    /// <summary>Sets the values from a weights file's.</summary>
    public void Load(ReadOnlySpan<float> fileOrder)
    {
        if (fileOrder.Length != Length)
        {
            throw new ArgumentException($"Parameter «{Name}» has {Length} values, but {fileOrder.Length} were given.", nameof(fileOrder));
        }

        Layout.ToKernel(fileOrder, Values);
        Changed();
    }

    /// <summary>The values as a weights file keeps them.</summary>
    public float[] ToFileOrder()
    {
        float[] values = new float[Length];
        Layout.ToFile(Values, values);
        return values;
    }

    public void Changed() => Version++;

    // Pinned, so that kernels can point into it without more ado.
    private static float[] Allocate(int length) => GC.AllocateArray<float>(length + Slack, pinned: true);
}
