using ReDy.Architecture;
using ReDy.GoldenModel.Functional.Engines;

namespace ReDy.Benchmarks;

/// <summary>What computes a case: one of the engines, the unit of all speeds, or one of the two specifications; the last three are never used as engines.</summary>
public enum Computation
{
    Engine,
    ScalarPopcount,
    NaiveBitSerial,
    PlainProduct,
}

/// <summary>Which bits the activations have; half of the activations are zero.</summary>
public enum ActivationBits
{
    /// <summary>Uniform in 1 .. 255: all eight steps.</summary>
    All,

    /// <summary>Multiples of 16: four of eight steps.</summary>
    HighFour,
}

/// <summary>One layer, multiplied in one way.</summary>
/// <param name="Topic">Table of the report.</param>
/// <param name="Engine">Empty unless an engine computes.</param>
public sealed record LayerCase(string Topic, string Engine, Measurement Measurement = Measurement.Saturations)
{
    public Computation Computation { get; init; } = Computation.Engine;
    public int Rows { get; init; } = LayerWorkload.Rows;
    public int Outputs { get; init; } = LayerWorkload.Outputs;
    public int Vectors { get; init; } = LayerWorkload.Vectors;
    public int Threads { get; init; } = 1;
    public ActivationBits Bits { get; init; } = ActivationBits.All;
    public PrecisionPolicy Policy { get; init; } = PrecisionPolicy.Static;

    /// <summary>Without flip encoding conversions may saturate, so that screening fails and saturations must be counted.</summary>
    public bool Flip { get; init; } = true;

    public long Multiplications => (long)Rows * Outputs * Vectors;

    /// <summary>Unique, and short enough for a table.</summary>
    public override string ToString() =>
        string.Join(' ', new[]
        {
            Topic, Computation == Computation.Engine ? Engine : $"{Computation}", $"{Measurement}", $"K{Rows}", $"N{Outputs}", $"M{Vectors}", $"T{Threads}", $"{Bits}", $"{Policy}", Flip ? "" : "noflip",
        }.Where(part => part.Length > 0));
}
