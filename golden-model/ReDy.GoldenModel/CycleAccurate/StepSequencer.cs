using System.Numerics;
using ReDy.Architecture;
using static ReDy.GoldenModel.CycleAccurate.StepSequencerShape;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// Streams the planes of a row block's groups: drives the DACs, samples, walks the ADCs over the bitlines, and hands out
/// output register banks. One for all column blocks of a row block.
/// </summary>
internal sealed unsafe class StepSequencer
{
    private readonly RegisterBank registers, internals;
    private readonly StepSequencerShape shape;
    private readonly EventTally events;
    private readonly InputRegister inputRegister;
    private readonly int at, drivePlanes, held, rowBlock, firstRow, stepsStreamed, digitsClock;
    private bool digitsClocked;
    private Crossbar[] crossbars = [];
    private CrossbarMacro[] macros = [];
    private CrossbarEvents[] crossbarEvents = [];
    private ShiftAndAdd[] shiftAndAdds = [];

    /// <param name="group">Number of the row block in the whole tile.</param>
    public StepSequencer(Netlist netlist, string rowBlockPath, int group, int rowBlock, InputRegister inputRegister)
    {
        string path = $"{rowBlockPath}.step_sequencer";
        registers = netlist.Registers;
        internals = netlist.Internals;
        shape = netlist.StepSequencerShape;
        events = netlist.Events;
        this.inputRegister = inputRegister;
        this.rowBlock = rowBlock;
        firstRow = group * shape.Wordlines;
        stepsStreamed = events.Add(path, TileEvents.StepsStreamed);
        digitsClock = netlist.HasClockGates ? events.Add($"{path}.digits_clock_gate", TileEvents.ClockEdges) : -1;
        at = shape.AddRegisters(netlist, path);
        drivePlanes = internals.Add($"{path}.drive_planes", 64 * shape.PlaneLongs);
        held = internals.AddUncleared($"{path}.held", 64 * shape.PlaneLongs);
    }

    /// <summary>Input register banks that are loaded or being loaded.</summary>
    public uint OccupiedBanks => registers.Q[at + Occupied];

    /// <summary>Finished groups in the output registers.</summary>
    public uint CompleteGroups => registers.Q[at + Complete];
    public uint DrainSlot => registers.Q[at + ReadSlot];
    public bool DrainsNull => ((registers.Q[at + Null] >> (int)DrainSlot) & 1) != 0;
    public bool DrivesOrConverts => (registers.Q[at + DriveValid] | registers.Q[at + ConvertValid]) != 0;

    /// <summary>A read-back's code leaves the ADC in this clock.</summary>
    public bool TagIsReadback => TagBit(TagValid) && Read(shape.TagReadback) != 0;

    public void Connect(Crossbar[] rowBlockCrossbars)
    {
        crossbars = rowBlockCrossbars;
        macros = [.. crossbars.Select(crossbar => crossbar.Macro)];
        crossbarEvents = [.. crossbars.Select(crossbar => crossbar.Events)];
        shiftAndAdds = [.. crossbars.SelectMany(crossbar => crossbar.ShiftAndAdds)];
    }

    /// <summary>The tile is in reset in this clock, which clocks the digits in any case.</summary>
    public void Reset()
    {
        if (!digitsClocked)
            ClockDigits();
    }

    /// <param name="loads">The load bus brings the first word of a group for this row block.</param>
    /// <param name="releases">The drain is done with the oldest results.</param>
    public void Evaluate(Ima ima, bool loads, bool releases, WeightProgrammer programmer)
    {
        uint* q = registers.Q + at;
        digitsClocked = false;
        bool decided = ima.DynamicPrecisionUnit.ResultValid && ima.DynamicPrecisionUnit.ResultBlock == rowBlock;
        bool readbackRequest = programmer.ReadbackRequest is { } addressed && addressed.Sequencer == this;
        if (!(loads | releases | decided | readbackRequest)
            && (q[Full] | q[Open] | q[DriveValid] | q[ConvertValid] | q[TagValid] | q[TagDone]) == 0)
        {
            return;
        }

        bool converts = q[ConvertValid] != 0 && q[ConvertNull] == 0;
        bool start = converts && q[Phase] == 0;
        uint limit = ima.Limit(q[ConvertLayer]);
        bool atLimit = q[Offset] == limit - 1;
        bool convertEnd = q[ConvertValid] != 0 && (q[ConvertNull] != 0 || (q[Phase] == shape.PhaseLast && (q[ConvertReadback] != 0 || atLimit)));
        bool sample = q[DriveValid] != 0 && q[Settle] == 0 && (q[ConvertValid] == 0 || convertEnd)
            && (q[DriveReadback] != 0 || q[DriveLast] == 0 || q[Slots] != 2);
        bool take = (q[Open] != 0 || ((q[Full] >> (int)q[ReadBank]) & 1) != 0) && (q[DriveValid] == 0 || sample) && !readbackRequest;

        if (start || q[TagValid] != 0)
            EvaluateCrossbars(ima, start, programmer);
        bool released = Drive(ima, take, sample, readbackRequest, programmer);
        Convert(sample, convertEnd, programmer);
        EvaluateTags(start, start && q[ConvertLast] != 0 && atLimit);
        if (decided)
            TakeDecision(ima.DynamicPrecisionUnit, ima.IsFirstColumn);
        if (sample && q[DriveNull] == 0 && q[DriveReadback] == 0)
            CountStep(ima, q[DriveLayer]);

        uint* d = registers.D + at;
        bool done = TagBit(TagDone);
        d[Occupied] = q[Occupied] + (loads ? 1u : 0) - (released ? 1u : 0);
        d[Slots] = q[Slots] + (sample && q[DriveLast] != 0 ? 1u : 0) - (releases ? 1u : 0);
        d[Complete] = q[Complete] + (done ? 1u : 0) - (releases ? 1u : 0);
        if (releases)
            d[ReadSlot] = q[ReadSlot] ^ 1;
        if (done)
        {
            int slot = (int)q[WriteSlot];
            d[Null] = (q[Null] & ~(1u << slot)) | ((TagBit(TagNull) ? 1u : 0) << slot);
            d[WriteSlot] = q[WriteSlot] ^ 1;
        }
    }

    private void EvaluateCrossbars(Ima ima, bool start, WeightProgrammer programmer)
    {
        uint* q = registers.Q + at;
        bool readback = start && q[ConvertReadback] != 0;
        bool accumulates = TagBit(TagValid) && Read(shape.TagReadback) == 0;
        if (accumulates)
            Weigh();
        int offset = (int)q[Offset];
        var heldDigits = (ulong*)(internals.Q + held);
        long* counts = events.Counts;
        uint conversions = 0, saturations = 0;
        for (int k = 0; k < macros.Length; k++)
        {
            ref readonly CrossbarMacro macro = ref macros[k];
            ref readonly CrossbarEvents places = ref crossbarEvents[k];
            if (accumulates)
            {
                uint saturated = macro.Saturations;
                if (saturated != 0)
                {
                    saturations += saturated;
                    counts[places.Saturations] += saturated;
                }

                counts[places.ShiftAndAdds] += Accumulate(in macro, k * shape.Adcs);
            }

            if (readback && crossbars[k] == programmer.Addressed)
            {
                counts[places.ReadbackConversions]++;
                macro.EvaluateConversions(heldDigits, programmer.ReadbackAdc, 1, offset);
                continue;
            }

            int count = start && !readback ? AdcsWithin(ima.UsedBitlines(q[ConvertLayer], k) - offset) : 0;
            conversions += (uint)count;
            counts[places.Conversions] += count;
            macro.EvaluateConversions(heldDigits, 0, count, offset);
        }

        ima.EventConversionsNow += conversions;
        ima.EventSaturationsNow += saturations;
    }

    /// <summary>ADCs whose range has at least one of so many bitlines at the step's offset: always the lowest ones.</summary>
    private int AdcsWithin(int bitlinesLeft) =>
        bitlinesLeft <= 0 ? 0 : shape.Adcs == 1 ? 1 : Math.Min(shape.Adcs, (bitlinesLeft - 1) / shape.BitlinesPerAdc + 1);

    /// <summary>What this clock's conversions count, per ADC.</summary>
    private void Weigh()
    {
        var tag = new ConversionTag
        {
            First = Read(shape.TagFirst) != 0,
            Last = Read(shape.TagLast) != 0,
            Plane = (int)Read(shape.TagPlane),
            Offset = shape.HasTagOffset ? (int)Read(shape.TagOffset) : ConversionTag.NoOffset,
            Slice = (int)Read(shape.TagSlice),
            Entry = (int)Read(shape.TagEntry),
            Sum = shape.HasSum ? (long)Read(shape.TagSum) : 0,
            WriteSlot = registers.Q[at + WriteSlot],
        };
        ConversionWeight[] weights = shape.Weights;
        for (int a = 0; a < weights.Length; a++)
            weights[a] = shape.Weigher.Weigh(tag, a);
    }

    /// <summary>Adds the codes that a crossbar's ADCs deliver in this clock; their number.</summary>
    private int Accumulate(in CrossbarMacro macro, int firstUnit)
    {
        ConversionWeight[] weights = shape.Weights;
        int count = 0;
        for (int a = 0; a < weights.Length; a++)
        {
            if (!macro.Valid(a))
                continue;
            shiftAndAdds[firstUnit + a].Accumulate(macro.Code(a), weights[a]);
            count++;
        }

        return count;
    }

    /// <summary>The drive stage; true when it lets go of an input register bank.</summary>
    private bool Drive(Ima ima, bool take, bool sample, bool readbackRequest, WeightProgrammer programmer)
    {
        uint* q = registers.Q + at, d = registers.D + at;
        if (sample && q[DriveNull] == 0)
            Copy(internals.Q + drivePlanes, internals.D + held, 2 * shape.PlaneLongs);
        if (readbackRequest)
        {
            d[DriveValid] = 1;
            d[DriveNull] = d[DriveFirst] = d[DriveLast] = 0;
            d[DriveReadback] = 1;
            d[DrivePlane] = d[DriveLayer] = 0;
            d[Settle] = shape.SettleLast;
            ClearDigits();
            PackedField.Write(d + shape.DriveDigits, programmer.Row * shape.DigitBits, 1, 1);
            PackedField.Write(internals.D + drivePlanes, programmer.Row, 1, 1);
            return false;
        }

        if (take)
            return Take(ima);
        if (sample)
            d[DriveValid] = 0;
        else if (q[DriveValid] != 0 && q[Settle] != 0)
            d[Settle] = q[Settle] - 1;
        return false;
    }

    private bool Take(Ima ima)
    {
        uint* q = registers.Q + at, d = registers.D + at;
        int bank = (int)q[ReadBank];
        bool open = q[Open] != 0;
        uint groupPlanes = shape.IsStatic ? (uint)PackedField.Mask(shape.Steps) : (uint)PackedField.Read(q + shape.Planes, bank * shape.Steps, shape.Steps);
        uint source = open ? q[Remaining] : groupPlanes;
        bool isNull = source == 0;
        int plane = isNull ? 0 : BitOperations.TrailingZeroCount(source);
        uint rest = source & (source - 1);
        bool last = isNull || rest == 0;
        if (!open)
            ima.EventSkippedNow += (uint)(shape.Steps - BitOperations.PopCount(groupPlanes));

        d[DriveValid] = 1;
        d[DriveNull] = isNull ? 1u : 0;
        d[DriveFirst] = open ? 0u : 1;
        d[DriveLast] = last ? 1u : 0;
        d[DriveReadback] = 0;
        d[DrivePlane] = (uint)plane;
        d[DriveLayer] = (q[Layer] >> bank) & 1;
        d[Settle] = isNull ? 0 : shape.SettleLast;
        if (shape.HasSum)
            d[shape.DriveSum] = (uint)PackedField.Read(q + shape.Sum, bank * shape.SumBits, shape.SumBits);
        if (!isNull)
        {
            ClearDigits();
            int dropped = shape.Drop < 0 ? 0 : (int)PackedField.Read(q + shape.Drop, bank * shape.DropBits, shape.DropBits);
            inputRegister.ReadDigits((uint)bank, plane, dropped, d + shape.DriveDigits, (ulong*)(internals.D + drivePlanes));
        }

        d[Open] = last ? 0u : 1;
        if (last)
        {
            d[Full] &= ~(1u << bank);
            d[ReadBank] = q[ReadBank] ^ 1;
        }
        else
        {
            d[Remaining] = rest;
        }

        return last;
    }

    private void Convert(bool sample, bool convertEnd, WeightProgrammer programmer)
    {
        uint* q = registers.Q + at, d = registers.D + at;
        if (sample)
        {
            d[ConvertValid] = 1;
            d[ConvertNull] = q[DriveNull];
            d[ConvertFirst] = q[DriveFirst];
            d[ConvertLast] = q[DriveLast];
            d[ConvertReadback] = q[DriveReadback];
            d[ConvertPlane] = q[DrivePlane];
            d[ConvertLayer] = q[DriveLayer];
            if (shape.HasSum)
                d[shape.ConvertSum] = q[shape.DriveSum];
            d[Phase] = 0;
            d[Offset] = q[DriveReadback] != 0 ? programmer.ReadbackOffset : 0;
            d[Slice] = d[Entry] = 0;
        }
        else if (convertEnd)
        {
            d[ConvertValid] = 0;
        }
        else if (q[ConvertValid] != 0)
        {
            if (q[Phase] != shape.PhaseLast)
            {
                d[Phase] = q[Phase] + 1;
                return;
            }

            d[Phase] = 0;
            d[Offset] = q[Offset] + 1;
            bool outputEnds = q[Slice] == shape.SliceLast;
            d[Slice] = outputEnds ? 0 : q[Slice] + 1;
            if (outputEnds)
                d[Entry] = q[Entry] + 1;
        }
    }

    private void EvaluateTags(bool start, bool lastConversion)
    {
        uint* q = registers.Q + at, d = registers.D + at;
        bool isNull = (q[ConvertValid] & q[ConvertNull]) != 0;
        bool done = isNull || (lastConversion && q[ConvertReadback] == 0);
        uint stages = (uint)PackedField.Mask(shape.Latency);
        uint moving = q[TagValid] | q[TagDone];
        d[TagValid] = ((q[TagValid] << 1) | (start ? 1u : 0)) & stages;
        d[TagDone] = ((q[TagDone] << 1) | (done ? 1u : 0)) & stages;
        d[TagNull] = ((q[TagNull] << 1) | (isNull ? 1u : 0)) & stages;
        for (int s = shape.Latency - 1; s > 0; s--)
        {
            if (((moving >> (s - 1)) & 1) == 0)
                continue;
            foreach (TagField field in shape.TagFields)
                PackedField.Write(d + field.Register, s * field.Bits, field.Bits, PackedField.Read(q + field.Register, (s - 1) * field.Bits, field.Bits));
        }

        if (!start && !done)
            return;
        if (shape.Latency == 1)
        {
            CopyTags();
            return;
        }

        foreach (TagField field in shape.TagFields)
            PackedField.Write(d + field.Register, 0, field.Bits, q[field.Source]);
    }

    /// <summary>The tag pipeline of one stage.</summary>
    private void CopyTags()
    {
        uint* q = registers.Q + at, d = registers.D + at;
        d[shape.TagReadback.Register] = q[ConvertReadback];
        d[shape.TagFirst.Register] = q[ConvertFirst];
        d[shape.TagLast.Register] = q[ConvertLast];
        d[shape.TagPlane.Register] = q[ConvertPlane];
        if (shape.HasTagOffset)
            d[shape.TagOffset.Register] = q[Offset];
        d[shape.TagSlice.Register] = q[Slice];
        d[shape.TagEntry.Register] = q[Entry];
        if (shape.HasSum)
            d[shape.TagSum.Register] = q[shape.ConvertSum];
    }

    private void TakeDecision(DynamicPrecisionUnit dpu, bool isFirstColumn)
    {
        uint* q = registers.Q + at, d = registers.D + at;
        int bank = (int)q[ReadyBank];
        if (shape.Planes >= 0)
            PackedField.Write(d + shape.Planes, bank * shape.Steps, shape.Steps, dpu.ResultPlanes);
        if (shape.Drop >= 0)
            PackedField.Write(d + shape.Drop, bank * shape.DropBits, shape.DropBits, dpu.ResultDrop);
        if (shape.Sum >= 0)
            PackedField.Write(d + shape.Sum, bank * shape.SumBits, shape.SumBits, dpu.ResultSum);
        d[Layer] = (q[Layer] & ~(1u << bank)) | (dpu.ResultLayer << bank);
        d[Full] |= 1u << bank;
        d[ReadyBank] = q[ReadyBank] ^ 1;
        if (!isFirstColumn)
            return;
        events.Groups++;
        events.CountDrop((int)dpu.ResultDrop);
    }

    private void CountStep(Ima ima, uint layer)
    {
        uint columnBlocks = (uint)ima.UsedColumnBlocks(layer);
        ima.EventStreamedNow++;
        ima.EventStepsNow += columnBlocks;
        events.Counts[stepsStreamed]++;
        int rowsUsed = Math.Clamp(ima.RegisterFile.Rows(layer) - firstRow, 0, shape.Wordlines);
        for (int k = 0; k < crossbars.Length; k++)
        {
            int bitlines = ima.UsedBitlines(layer, k);
            if (bitlines == 0)
                continue;
            events.Counts[crossbarEvents[k].Reads]++;
            events.Counts[crossbarEvents[k].DacDrives] += rowsUsed;
            events.Counts[crossbarEvents[k].Samples] += bitlines;
        }
    }

    /// <summary>An edge at the clock pins of drive_digits_q, if they are behind a gate.</summary>
    private void ClockDigits()
    {
        digitsClocked = true;
        if (digitsClock >= 0)
            events.Counts[digitsClock]++;
    }

    /// <summary>New digits come.</summary>
    private void ClearDigits()
    {
        ClockDigits();
        new Span<uint>(registers.D + at + shape.DriveDigits, shape.DigitsWords).Clear();
        new Span<uint>(internals.D + drivePlanes, 2 * shape.PlaneLongs).Clear();
    }

    private static void Copy(uint* from, uint* to, int words) => new Span<uint>(from, words).CopyTo(new Span<uint>(to, words));

    private bool TagBit(int register) => ((registers.Q[at + register] >> (shape.Latency - 1)) & 1) != 0;

    private ulong Read(in TagField field) =>
        shape.Latency == 1 ? registers.Q[at + field.Register] : PackedField.Read(registers.Q + at + field.Register, (shape.Latency - 1) * field.Bits, field.Bits);

    /// <summary>In words: what is driven and converted, and what the next step waits for.</summary>
    public string Describe()
    {
        uint* q = registers.Q + at;
        string driving = q[DriveValid] == 0 ? "drives nothing" : q[DriveNull] != 0 ? "passes an empty group"
            : q[DriveReadback] != 0 ? "drives a read-back" : $"drives plane {q[DrivePlane]}{(q[DriveLast] != 0 ? " (last)" : "")}";
        string converting = q[ConvertValid] == 0 || q[ConvertNull] != 0 ? "converts nothing"
            : $"converts plane {q[ConvertPlane]} at bitline offset {q[Offset]}";
        string waiting = q[DriveValid] != 0 && q[Settle] == 0 && q[DriveLast] != 0 && q[Slots] == 2 ? ", waits for an output register bank" : "";
        return $"{q[Occupied]} input banks occupied, {driving}, {converting}, {q[Complete]} results complete{waiting}";
    }
}
