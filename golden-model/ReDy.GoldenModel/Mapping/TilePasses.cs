using ReDy.Architecture;

namespace ReDy.GoldenModel.Mapping;

/// <summary>One use of the tile for a part of a layer: rows FirstRow .. FirstRow+Program.Rows-1 and outputs FirstOutput .. FirstOutput+Program.Outputs-1.</summary>
/// <param name="FirstRow">First activation of each input vector that this pass streams.</param>
/// <param name="FirstOutput">First output of the layer that this pass delivers.</param>
/// <param name="Layer">The same part of the layer for the functional model.</param>
/// <param name="Program">What is written into the tile. Its results are raw partial sums unless this is the last pass over the rows.</param>
/// <param name="IsLast">The pass delivers the layer's outputs, not partial sums for the next pass.</param>
public sealed record TilePass(int FirstRow, int FirstOutput, MappedLayer Layer, LayerProgram Program, bool IsLast)
{
    public int Rows => Program.Rows;
    public int Outputs => Program.Outputs;
}

/// <summary>
/// Splits a layer that exceeds the tile. For each range of outputs the tile is programmed once per range of rows, in order;
/// each pass but the first adds the raw results of the one before it, and the last adds the bias and requantises.
/// </summary>
public static class TilePasses
{
    /// <param name="requantisation">Null asks for raw accumulators without bias.</param>
    /// <param name="raw">Deliver y + bias of <paramref name="requantisation"/> as raw accumulators.</param>
    public static IReadOnlyList<TilePass> Split(TileGeometry geometry, MappedLayer layer, Requantisation? requantisation = null, bool raw = false)
    {
        int blocksPerPass = geometry.CapacityOutputs / geometry.OutputsPerCrossbar;
        var passes = new List<TilePass>();
        for (int firstBlock = 0; firstBlock < layer.OutputBlocks; firstBlock += blocksPerPass)
        {
            for (int firstGroup = 0; firstGroup < layer.Groups; firstGroup += geometry.Groups)
            {
                MappedLayer part = layer.Part(geometry, firstGroup, geometry.Groups, firstBlock, blocksPerPass);
                int firstOutput = firstBlock * geometry.OutputsPerCrossbar;
                bool isLast = firstGroup + geometry.Groups >= layer.Groups;
                LayerProgram program = Program(geometry, part, isLast ? requantisation : null, firstOutput, raw) with { Accumulate = firstGroup != 0 };
                passes.Add(new TilePass(firstGroup * geometry.Wordlines, firstOutput, part, program, isLast));
            }
        }

        return passes;
    }

    private static LayerProgram Program(TileGeometry geometry, MappedLayer part, Requantisation? requantisation, int firstOutput, bool raw)
    {
        int outputs = part.Outputs;
        return new LayerProgram
        {
            Rows = part.Rows,
            Outputs = outputs,
            Policy = part.Policy,
            Raw = raw || requantisation is null,
            Relu = requantisation?.Relu ?? false,
            ZeroPoint = requantisation?.ZeroPoint ?? 0,
            Bias = Cut(requantisation?.Bias, 0),
            Multiplier = Cut(requantisation?.Multiplier, 1),
            Shift = Cut(requantisation?.Shift, 0),
            Thresholds = geometry.MaxDrop == 0 ? [] : [.. part.Thresholds.Select(group => group.Order().Take(geometry.MaxDrop).ToArray())],
            Images = TileImages(geometry, part),
        };

        T[] Cut<T>(IReadOnlyList<T>? values, T neutral) =>
            values is null ? [.. Enumerable.Repeat(neutral, outputs)] : [.. values.Skip(firstOutput).Take(outputs)];
    }

    /// <summary>The part's images in the tile's crossbar order ((r*columns + c)*row_blocks + b)*column_blocks + k; crossbars without weights are blank.</summary>
    private static CrossbarImage[] TileImages(TileGeometry geometry, MappedLayer part)
    {
        CrossbarImage blank = new CrossbarMapper(geometry).Blank();
        var images = new CrossbarImage[geometry.Crossbars];
        int i = 0;
        for (int r = 0; r < geometry.Config.Tile.Rows; r++)
        {
            for (int c = 0; c < geometry.Config.Tile.Columns; c++)
            {
                for (int b = 0; b < geometry.RowBlocks; b++)
                {
                    for (int k = 0; k < geometry.ColumnBlocks; k++)
                    {
                        int group = r * geometry.RowBlocks + b;
                        int block = c * geometry.ColumnBlocks + k;
                        images[i++] = group < part.Groups && block < part.OutputBlocks ? part.Image(group, block) : blank;
                    }
                }
            }
        }

        return images;
    }
}
