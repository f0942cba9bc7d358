namespace ImageCodec.NeuralNetworks.Simd;

/// <summary>Vectors of one lane, for processors without vector units and for remainders.</summary>
internal readonly unsafe struct SimdScalar : ISimd<float>
{
    public static int Lanes => 1;

    public static int MaxTile => 6;

    public static bool HasManyRegisters => false;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* destination) => *destination = value;

    public static float Broadcast(float value) => value;

    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float SquareRoot(float value) => MathF.Sqrt(value);

    public static float SelectGreater(float a, float b, float yes, float no) => a > b ? yes : no;

    public static float Max(float a, float b) => a > b ? a : b;

    public static float InterleaveLow(float a, float b) => a;

    public static float InterleaveHigh(float a, float b) => b;

    public static float Evens(float low, float high) => low;

    public static float Odds(float low, float high) => high;

    public static float Scale(float value, float shifted) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) + (BitConverter.SingleToInt32Bits(shifted) << 23));

    public static float Exponent(float value) => (BitConverter.SingleToInt32Bits(value) >> 23) - 127;

    public static float DoubleLow(float value) => value;

    public static float DoubleHigh(float value) => value;

    public static float AddPairs(float a, float b) => a + b;
}
