using System.Numerics;
using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional;

/// <summary>What a block of vectors gives: raw accumulators, streamed planes and events.</summary>
/// <param name="Outputs">y, [M, N], row after row; raw accumulators without bias.</param>
/// <param name="Planes">Steps streamed, [M, groups], row after row.</param>
public sealed record FunctionalResult(long[] Outputs, int[] Planes, EventCounts Events);

/// <summary>
/// The functional model: what a layer on crossbars delivers and which events that takes, without clocks. The layer may
/// exceed the tile; since a group never straddles a pass, passes change neither outputs nor events, except that the groups
/// are counted once here while a tile streams them again for every further range of outputs.
/// </summary>
public sealed class FunctionalMvm
{
    private readonly TileGeometry geometry;
    private readonly MappedLayer layer;
    private readonly GroupPrecision precision;

    /// <summary>[group * OutputBlocks + output block]</summary>
    private readonly ICrossbarEngine[] engines;

    /// <param name="geometry">Of the netlist: the layer's policy acts only as far as the netlist's.</param>
    /// <param name="engine">Name of one of <see cref="CrossbarEngines.All"/>; null takes the fastest.</param>
    public FunctionalMvm(TileGeometry geometry, MappedLayer layer, string? engine = null)
    {
        this.geometry = geometry;
        this.layer = layer;
        precision = new GroupPrecision(geometry, layer.Policy);
        CrossbarEngineCreator create = CrossbarEngines.Named(engine);
        engines = new ICrossbarEngine[layer.Images.Count];
        for (int g = 0; g < layer.Groups; g++)
        {
            for (int o = 0; o < layer.OutputBlocks; o++)
                engines[g * layer.OutputBlocks + o] = create(geometry, layer.Image(g, o), UsedBitlines(o));
        }
    }

    /// <summary>One block of vectors; call it again for the next block and add up the events.</summary>
    /// <param name="inputs">[M, K], each 0 .. 2^activations.bits - 1.</param>
    public FunctionalResult Multiply(IntegerMatrix inputs)
    {
        if (inputs.Columns != layer.Rows)
            throw new ArgumentException($"inputs have {inputs.Columns} columns, the layer has {layer.Rows} rows", nameof(inputs));

        int vectors = inputs.Rows;
        long[] outputs = new long[vectors * layer.Outputs];
        int[] planes = new int[vectors * layer.Groups];
        long[] dropHistogram = new long[geometry.MaxDrop + 1];
        long crossbarSteps = 0, conversions = 0, saturations = 0, dacDrives = 0, stepsStreamed = 0;

        int words = TileGeometry.CeilingDivide(geometry.Wordlines, 64);
        ulong[] inputBits = new ulong[geometry.Config.Activations.Bits * words];
        int[] activations = new int[geometry.Wordlines];
        long[] accumulators = new long[geometry.UsedBitlines];
        long bitlines = (long)layer.Outputs * geometry.BitlinesPerOutput;

        for (int m = 0; m < vectors; m++)
        {
            Span<long> y = outputs.AsSpan(m * layer.Outputs, layer.Outputs);
            for (int g = 0; g < layer.Groups; g++)
            {
                int rows = layer.UsedRows(geometry, g);
                Span<int> group = activations.AsSpan(0, rows);
                inputs.Row(m).Slice(g * geometry.Wordlines, rows).CopyTo(group);
                GroupDecision decision = precision.Decide(group, layer.Thresholds[g]);
                int streamed = decision.StreamedSteps;

                planes[m * layer.Groups + g] = streamed;
                dropHistogram[decision.Drop]++;
                stepsStreamed += streamed;
                crossbarSteps += (long)streamed * layer.OutputBlocks;
                conversions += streamed * bitlines;
                dacDrives += (long)streamed * layer.OutputBlocks * rows;
                if (streamed == 0)
                    continue;

                SplitIntoBits(group, inputBits, words);
                for (int o = 0; o < layer.OutputBlocks; o++)
                {
                    saturations += engines[g * layer.OutputBlocks + o].Convert(inputBits, decision.Steps, accumulators);
                    AddOutputs(accumulators, layer.Image(g, o).Flips, decision.Sum, y.Slice(o * geometry.OutputsPerCrossbar, layer.UsedOutputs(geometry, o)));
                }
            }
        }

        long groups = (long)vectors * layer.Groups;
        return new FunctionalResult(outputs, planes, new EventCounts
        {
            Vectors = vectors,
            Groups = groups,
            StepsStreamed = stepsStreamed,
            StepsSkipped = groups * geometry.Steps - stepsStreamed,
            CrossbarSteps = crossbarSteps,
            Conversions = conversions,
            Saturations = saturations,
            DacDrives = dacDrives,
            DropHistogram = dropHistogram,
        });
    }

    private int UsedBitlines(int outputBlock) => layer.UsedOutputs(geometry, outputBlock) * geometry.BitlinesPerOutput;

    private static void SplitIntoBits(ReadOnlySpan<int> activations, Span<ulong> inputBits, int words)
    {
        inputBits.Clear();
        for (int r = 0; r < activations.Length; r++)
        {
            int word = r / 64;
            for (uint left = (uint)activations[r]; left != 0; left &= left - 1)
                inputBits[BitOperations.TrailingZeroCount(left) * words + word] |= 1ul << (r % 64);
        }
    }

    /// <summary>Weighs the bitlines' accumulators by their slices, undoes flips and the weight offset, and adds the result to y.</summary>
    private void AddOutputs(ReadOnlySpan<long> accumulators, ReadOnlySpan<bool> flips, long sum, Span<long> y)
    {
        int cellBits = geometry.Config.Cell.Bits;
        int slices = geometry.Slices;
        if (geometry.IsDifferential)
        {
            for (int n = 0; n < y.Length; n++)
            {
                for (int s = 0; s < slices; s++)
                {
                    int c = 2 * (n * slices + s);
                    y[n] += (accumulators[c] - accumulators[c + 1]) << (s * cellBits);
                }
            }

            return;
        }

        long flipped = geometry.CellMaximum * sum;
        long offset = sum << (geometry.Config.Weights.Bits - 1);
        for (int n = 0; n < y.Length; n++)
        {
            long result = -offset;
            for (int s = 0; s < slices; s++)
            {
                int c = n * slices + s;
                result += (flips[c] ? flipped - accumulators[c] : accumulators[c]) << (s * cellBits);
            }

            y[n] += result;
        }
    }
}
