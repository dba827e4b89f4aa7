using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <content>Writing layers and weights.</content>
internal sealed partial class TileSoftware
{
    private int RowBufferWords => TileGeometry.CeilingDivide(geometry.Config.Crossbar.Bitlines * geometry.Config.Cell.Bits, 32);
    private int FlipWords => TileGeometry.CeilingDivide(geometry.Config.Crossbar.Bitlines, 32);

    private long ProgrammingAccesses =>
        geometry.Crossbars * (geometry.Wordlines * (4L + RowBufferWords) + (geometry.Flip ? 4 + FlipWords : 0));

    private IEnumerable<ScriptStep> ProgramLayer(int bank, LayerProgram program)
    {
        uint mode = (uint)program.Policy | (program.Raw ? 4u : 0) | (program.Relu ? 8u : 0) | (program.Accumulate ? 16u : 0);
        yield return Write(TileRegister.LayerWindow, (uint)bank);
        yield return Write(TileRegister.LayerRows, (uint)program.Rows);
        yield return Write(TileRegister.LayerOutputs, (uint)program.Outputs);
        yield return Write(TileRegister.LayerMode, mode);
        yield return Write(TileRegister.LayerZeroPoint, (uint)program.ZeroPoint, wait: true);

        // Two runs of outputs, so that the index is set within the range, too.
        int split = program.Outputs > 1 && !Eager ? random.Below(program.Outputs) : 0;
        foreach ((int first, int end) in new[] { (split, program.Outputs), (0, split) })
        {
            if (first == end)
                continue;
            yield return Write(TileRegister.OutputIndex, (uint)first);
            for (int n = first; n < end; n++)
            {
                yield return Write(TileRegister.OutputBias, (uint)program.Bias[n]);
                yield return Write(TileRegister.OutputMultiplier, (uint)program.Multiplier[n]);
                yield return Write(TileRegister.OutputShift, (uint)program.Shift[n]);
            }

            yield return ScriptStep.Wait(() => tile.Registers.Idle);
            yield return Expect(TileRegister.OutputIndex, (uint)end);
        }

        if (geometry.MaxDrop != 0)
            yield return Write(TileRegister.ThresholdIndex, 0);
        int groups = TileGeometry.CeilingDivide(program.Rows, geometry.Wordlines);
        for (int g = 0; g < groups && geometry.MaxDrop != 0; g++)
        {
            // In any order: how many are reached is what counts.
            IEnumerable<long> smallest = (g < program.Thresholds.Count ? program.Thresholds[g] : []).Order().Concat(Enumerable.Repeat(geometry.ThresholdNever, geometry.MaxDrop)).Take(geometry.MaxDrop);
            foreach (long threshold in smallest.OrderBy(_ => random.NextUInt64()).ToArray())
                yield return Write(TileRegister.Threshold, (uint)Math.Min(threshold, geometry.ThresholdNever));
        }

        yield return ScriptStep.Wait(() => tile.Registers.Idle);
        if (Eager)
            yield break;

        // Moving an index over what was written writes nothing.
        for (int i = random.Below(3); i > 0; i--)
        {
            yield return Write(TileRegister.OutputIndex, (uint)random.Below(program.Outputs));
            if (geometry.MaxDrop != 0)
                yield return Write(TileRegister.ThresholdIndex, (uint)random.Below(groups * geometry.MaxDrop));
        }

        yield return Expect(TileRegister.LayerRows, (uint)program.Rows);
        yield return Expect(TileRegister.LayerOutputs, (uint)program.Outputs);
        yield return Expect(TileRegister.LayerMode, mode);
        yield return Expect(TileRegister.LayerZeroPoint, (uint)program.ZeroPoint);
    }

    private IEnumerable<ScriptStep> LoadWeights(IReadOnlyList<CrossbarImage> images)
    {
        tile.ProgrammedImages = null;
        if (options.WeightsBy == WeightLoading.Axi || (options.WeightsBy == WeightLoading.Auto && ProgrammingAccesses <= MostAutomaticAccesses))
        {
            for (int i = 0; i < images.Count; i++)
                yield return ScriptStep.Run(ProgramCrossbar(i, images[i]));
        }
        else
        {
            yield return ScriptStep.Do(() => tile.Load(images));
        }

        tile.ProgrammedImages = images;
        yield return ScriptStep.Run(ReadBack(images));
    }

    private IEnumerable<ScriptStep> ProgramCrossbar(int index, CrossbarImage image)
    {
        int cellBits = geometry.Config.Cell.Bits;
        yield return Write(TileRegister.ProgramCrossbar, (uint)index);
        yield return Write(TileRegister.ProgramBitline, 0);
        var words = new uint[RowBufferWords];
        for (int r = 0; r < image.Wordlines; r++)
        {
            Array.Clear(words);
            for (int c = 0; c < image.Bitlines; c++)
            {
                // A code may straddle two words when cells hold three bits.
                ulong code = (ulong)image.Code(r, c) << (c * cellBits % 32);
                words[c * cellBits / 32] |= (uint)code;
                if (code >> 32 != 0)
                    words[c * cellBits / 32 + 1] |= (uint)(code >> 32);
            }

            yield return Write(TileRegister.ProgramRow, (uint)r);
            yield return ScriptStep.Run(FillRowBuffer([.. words]));
            yield return ScriptStep.Run(Command(1));
            tile.Statistics.CellRowsProgrammed++;
        }

        if (!geometry.Flip)
            yield break;
        var flips = new uint[FlipWords];
        for (int c = 0; c < image.Bitlines; c++)
            flips[c / 32] |= image.Flips[c] ? 1u << (c % 32) : 0;
        yield return ScriptStep.Run(FillRowBuffer(flips));
        yield return ScriptStep.Run(Command(2));
    }

    private IEnumerable<ScriptStep> FillRowBuffer(uint[] words)
    {
        yield return Write(TileRegister.ProgramWord, 0);
        foreach (uint word in words)
            yield return Write(TileRegister.ProgramData, word);
    }

    private IEnumerable<ScriptStep> Command(uint command)
    {
        yield return Write(TileRegister.ProgramCommand, command, wait: true);
        programDone = true;

        // Refused while the command runs, harmless after it.
        if (options.Misbehave && random.OneIn(8))
            yield return Write(TileRegister.ProgramWord, 0, expected: ExpectedResponse.Either, refusal: TileErrors.Program);
        yield return ScriptStep.Run(WaitForStatus(mask: 2, value: 0));
    }

    /// <summary>Reads some cells, also between streams: what an ADC converted before must not show.</summary>
    private IEnumerable<ScriptStep> ReadBack(IReadOnlyList<CrossbarImage> images)
    {
        for (int i = Eager ? 2 : random.Below(MostReadBacks); i > 0; i--)
            yield return ScriptStep.Run(ReadBackOne(images));
    }

    /// <summary>Reads one cell through its ADC.</summary>
    private IEnumerable<ScriptStep> ReadBackOne(IReadOnlyList<CrossbarImage> images)
    {
        int crossbar = random.Below(images.Count);
        int row = random.Below(geometry.Wordlines);
        int bitline = random.Below(geometry.UsedBitlines);
        yield return Write(TileRegister.ProgramCrossbar, (uint)crossbar);
        yield return Write(TileRegister.ProgramRow, (uint)row);
        yield return Write(TileRegister.ProgramBitline, (uint)bitline);
        yield return ScriptStep.Run(Command(3));
        tile.Statistics.CellsReadBack++;
        int code = images[crossbar].Code(row, bitline) >> geometry.Config.Adc.LsbShift;
        yield return Expect(TileRegister.Readback, (uint)Math.Min(code, geometry.AdcMaximum));
    }
}
