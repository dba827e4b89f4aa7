using ReDy.Architecture;

namespace ReDy.GoldenModel.Mapping;

/// <summary>
/// A weight matrix of any size laid out on crossbars: row block g of K (a group) and output block o of N share image
/// <c>g * OutputBlocks + o</c>. It may need several passes through a tile (<see cref="TilePasses"/>).
/// Stuck cells and device errors are the same layer with changed images.
/// </summary>
public sealed record MappedLayer
{
    /// <summary>K: rows of the weight matrix; the last group may be short.</summary>
    public required int Rows { get; init; }

    /// <summary>N: outputs.</summary>
    public required int Outputs { get; init; }

    /// <summary>ceil(K / wordlines).</summary>
    public required int Groups { get; init; }

    /// <summary>ceil(N / outputs per crossbar).</summary>
    public required int OutputBlocks { get; init; }
    public required PrecisionPolicy Policy { get; init; }

    /// <summary>Per group, in any order; missing ones mean never. Empty lists outside statistical netlists.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Thresholds { get; init; }

    /// <summary>[group * OutputBlocks + output block].</summary>
    public required IReadOnlyList<CrossbarImage> Images { get; init; }

    public CrossbarImage Image(int group, int outputBlock) => Images[group * OutputBlocks + outputBlock];

    /// <summary>Rows of <paramref name="group"/> that carry weights: all wordlines, or fewer in the last group.</summary>
    public int UsedRows(TileGeometry geometry, int group) => Math.Min(geometry.Wordlines, Rows - group * geometry.Wordlines);

    /// <summary>Outputs of <paramref name="outputBlock"/>: all that a crossbar holds, or fewer in the last block.</summary>
    public int UsedOutputs(TileGeometry geometry, int outputBlock) =>
        Math.Min(geometry.OutputsPerCrossbar, Outputs - outputBlock * geometry.OutputsPerCrossbar);

    /// <summary>The part of the layer on groups firstGroup .. firstGroup+groups-1 and the given output blocks (cut at the layer's end).</summary>
    public MappedLayer Part(TileGeometry geometry, int firstGroup, int groups, int firstOutputBlock, int outputBlocks)
    {
        groups = Math.Min(groups, Groups - firstGroup);
        outputBlocks = Math.Min(outputBlocks, OutputBlocks - firstOutputBlock);
        return this with
        {
            Rows = Math.Min(groups * geometry.Wordlines, Rows - firstGroup * geometry.Wordlines),
            Outputs = Math.Min(outputBlocks * geometry.OutputsPerCrossbar, Outputs - firstOutputBlock * geometry.OutputsPerCrossbar),
            Groups = groups,
            OutputBlocks = outputBlocks,
            Thresholds = [.. Thresholds.Skip(firstGroup).Take(groups)],
            Images = [.. from g in Enumerable.Range(firstGroup, groups)
                         from o in Enumerable.Range(firstOutputBlock, outputBlocks)
                         select Image(g, o)],
        };
    }
}
