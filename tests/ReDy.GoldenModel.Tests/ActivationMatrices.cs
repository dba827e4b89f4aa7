using ReDy.GoldenModel.Arrays;

namespace ReDy.GoldenModel.Tests;

/// <summary>Activations as the references take them.</summary>
internal static class ActivationMatrices
{
    public static int[] Integers(this Matrix<ushort> activations) => Array.ConvertAll(activations.Values, value => (int)value);
}
