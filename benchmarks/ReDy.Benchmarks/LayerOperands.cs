using ReDy.Architecture;

namespace ReDy.Benchmarks;

/// <summary>What a case multiplies and where the results go, as a caller of the functional model holds it.</summary>
public sealed class LayerOperands
{
    private const ulong Seed = 2026;

    public LayerOperands(LayerCase which)
    {
        Case = which;
        Geometry = new TileGeometry(new TileConfig
        {
            Precision = new PrecisionConfig { Policy = which.Policy },
            Weights = new WeightsConfig { Flip = which.Flip },
        });
        var random = new SeededRandom(Seed);
        Weights = [.. Enumerable.Range(0, which.Rows * which.Outputs).Select(_ => random.Between(-128, 127))];
        Inputs = [.. Enumerable.Range(0, which.Vectors * which.Rows).Select(_ => (ushort)(random.OneIn(2) ? 0 : random.Between(1, 255) & (which.Bits == ActivationBits.All ? 0xff : 0xf0)))];
        Outputs = new long[which.Vectors * which.Outputs];
        Planes = new int[which.Vectors * TileGeometry.CeilingDivide(which.Rows, Geometry.Wordlines)];
    }

    public LayerCase Case { get; }
    public TileGeometry Geometry { get; }

    /// <summary>[K, N]</summary>
    public int[] Weights { get; }

    /// <summary>[M, K]</summary>
    public ushort[] Inputs { get; }

    /// <summary>[M, N]</summary>
    public long[] Outputs { get; }

    /// <summary>[M, groups]</summary>
    public int[] Planes { get; }

    public long Bytes => sizeof(int) * ((long)Weights.Length + Planes.Length) + sizeof(ushort) * (long)Inputs.Length + sizeof(long) * (long)Outputs.Length;
}
