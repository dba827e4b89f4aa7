namespace ReDy.Reference;

/// <summary>What a matrix-vector product is, without any hardware: y[n] = sum over k of x[k] * w[k, n].</summary>
public static class PlainIntegerProduct
{
    /// <param name="weights">[K, N], row after row.</param>
    /// <param name="inputs">[M, K], row after row.</param>
    /// <returns>[M, N], row after row.</returns>
    public static long[] Multiply(int vectors, int rows, int outputs, int[] weights, int[] inputs)
    {
        long[] y = new long[vectors * outputs];
        for (int m = 0; m < vectors; m++)
        {
            for (int k = 0; k < rows; k++)
            {
                long x = inputs[m * rows + k];
                for (int n = 0; n < outputs; n++)
                    y[m * outputs + n] += x * weights[k * outputs + n];
            }
        }

        return y;
    }
}
