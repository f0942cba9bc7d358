namespace ImageCodec.Models.Fitted.Fitting;

/// <summary>Sums that kernels keep for each lane, 16 floats apiece whatever the width of vectors.</summary>
internal static unsafe class RowSums
{
    /// <summary>The sum over the lanes of one of them.</summary>
    public static double Sum(float* sums, int index)
    {
        double result = 0;
        for (int lane = 0; lane < RowLayout.Block; lane++)
        {
            result += sums[index * RowLayout.Block + lane];
        }

        return result;
    }
}
