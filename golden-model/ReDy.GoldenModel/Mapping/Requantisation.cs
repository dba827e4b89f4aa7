namespace ReDy.GoldenModel.Mapping;

/// <summary>How raw accumulators of a layer become its outputs: q = clamp(floor((y + bias) * multiplier / 2^shift + 1/2) + zero point).</summary>
public sealed record Requantisation
{
    /// <summary>Per output, signed, <c>outputs.bias_bits</c> wide; a zero point of the activations is folded in.</summary>
    public required IReadOnlyList<long> Bias { get; init; }

    /// <summary>Per output, unsigned, <c>outputs.multiplier_bits</c> wide.</summary>
    public required IReadOnlyList<long> Multiplier { get; init; }

    /// <summary>Per output, 0 .. 62.</summary>
    public required IReadOnlyList<int> Shift { get; init; }

    /// <summary>Of the outputs; 0 .. 2^outputs.bits - 1.</summary>
    public int ZeroPoint { get; init; }

    /// <summary>Negative y + bias counts as 0.</summary>
    public bool Relu { get; init; }
}
