using ReDy.Architecture;

namespace ReDy.GoldenModel.Mapping;

/// <summary>Everything that software writes into a tile before vectors of one layer (or one pass of it) can stream.</summary>
public sealed record LayerProgram
{
    /// <summary>Rows of K in use; the last used group may be short.</summary>
    public required int Rows { get; init; }

    /// <summary>Outputs in use.</summary>
    public required int Outputs { get; init; }
    public required PrecisionPolicy Policy { get; init; }

    /// <summary>Deliver y + bias as raw accumulators instead of requantised outputs.</summary>
    public bool Raw { get; init; } = true;
    public bool Relu { get; init; }

    /// <summary>Add the partial sums that arrive on s_axis_partial.</summary>
    public bool Accumulate { get; init; }
    public int ZeroPoint { get; init; }

    /// <summary>Per used output.</summary>
    public required IReadOnlyList<long> Bias { get; init; }
    public required IReadOnlyList<long> Multiplier { get; init; }
    public required IReadOnlyList<int> Shift { get; init; }

    /// <summary>Per used group: at most max_drop thresholds; missing ones mean never. Empty outside statistical netlists.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Thresholds { get; init; }

    /// <summary>One image per crossbar of the tile, in crossbar order ((r*columns + c)*row_blocks + b)*column_blocks + k.</summary>
    public required IReadOnlyList<CrossbarImage> Images { get; init; }
}
