using System.Numerics;
using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// Streams the planes of a row block's groups: drives the DACs, samples, walks the ADCs over the bitlines, and hands out
/// output register banks. One for all column blocks of a row block.
/// </summary>
internal sealed unsafe class StepSequencer
{
    // Places of the registers that every netlist has, one word each, in the order of their names below.
    private const int OccupiedQ = 0;
    private const int Full = 1;
    private const int Layer = 2;
    private const int ReadyBank = 3;
    private const int ReadBank = 4;
    private const int Open = 5;
    private const int Remaining = 6;
    private const int DriveValid = 7;
    private const int DriveNull = 8;
    private const int DriveFirst = 9;
    private const int DriveLast = 10;
    private const int DriveReadback = 11;
    private const int DrivePlane = 12;
    private const int DriveLayer = 13;
    private const int Settle = 14;
    private const int ConvertValid = 15;
    private const int ConvertNull = 16;
    private const int ConvertFirst = 17;
    private const int ConvertLast = 18;
    private const int ConvertReadback = 19;
    private const int ConvertPlane = 20;
    private const int ConvertLayer = 21;
    private const int Phase = 22;
    private const int Offset = 23;
    private const int Slice = 24;
    private const int Entry = 25;
    private const int Slots = 26;
    private const int CompleteQ = 27;
    private const int WriteSlot = 28;
    private const int ReadSlotQ = 29;
    private const int Null = 30;
    private const int TagValid = 31;
    private const int TagDone = 32;
    private const int TagNull = 33;

    private readonly RegisterBank registers, internals;
    private readonly TileGeometry geometry;
    private readonly EventTally events;
    private readonly InputRegister inputRegister;
    private readonly bool isStatic, hasSum, hasTagOffset;
    private readonly int at, steps, dropBits, sumBits, digitsWords, planeLongs, latency, rowBlock, group, bitlinesPerAdc;
    private readonly uint settleLast, phaseLast, sliceLast;
    private readonly int planes, drop, sum, driveDigits, driveSum, convertSum, drivePlanes, held;
    private readonly TagField tagReadback, tagFirst, tagLast, tagPlane, tagOffset, tagSlice, tagEntry, tagSum;
    private readonly TagField[] tagFields;
    private readonly ConversionWeigher weigher;
    private readonly ConversionWeight[] weights;
    private Crossbar[] crossbars = [];

    /// <summary>A field of the tag pipeline, stage by stage in one register, and the convert register that feeds it.</summary>
    private readonly record struct TagField(int Register, int Bits, int Source);

    public StepSequencer(Netlist netlist, string rowBlockPath, int group, InputRegister inputRegister)
    {
        string path = $"{rowBlockPath}.step_sequencer";
        registers = netlist.Registers;
        internals = netlist.Internals;
        geometry = netlist.Geometry;
        events = netlist.Events;
        this.inputRegister = inputRegister;
        this.group = group;
        rowBlock = group % geometry.RowBlocks;
        TileConfig config = geometry.Config;
        weigher = netlist.Weigher;
        weights = new ConversionWeight[config.Adc.PerCrossbar];
        bitlinesPerAdc = geometry.BitlinesPerAdc;
        isStatic = netlist.IsStatic;
        hasSum = !geometry.IsDifferential;
        steps = geometry.Steps;
        latency = config.Timing.AdcLatency;
        dropBits = netlist.DropBits;
        sumBits = geometry.GroupSumBits;
        settleLast = (uint)config.Timing.SettleClocks - 1;
        phaseLast = (uint)config.Timing.ConvertClocks - 1;
        sliceLast = (uint)geometry.BitlinesPerOutput - 1;
        int digitBits = geometry.Wordlines * config.Dac.Bits;
        digitsWords = TileGeometry.CeilingDivide(digitBits, 32);
        planeLongs = config.Dac.Bits * TileGeometry.CeilingDivide(geometry.Wordlines, 64);
        int planeBits = TileGeometry.IndexBits(steps);
        int offsetBits = TileGeometry.IndexBits(geometry.BitlinesPerAdc);
        int sliceBits = TileGeometry.IndexBits(geometry.BitlinesPerOutput);
        int entryBits = TileGeometry.IndexBits(geometry.OutputsPerAdc);

        at = registers.Words;
        foreach ((string name, int bits) in new[]
        {
            ("occupied_q", 2), ("full_q", 2), ("layer_q", 2), ("ready_bank_q", 1), ("read_bank_q", 1), ("open_q", 1), ("remaining_q", steps),
            ("drive_valid_q", 1), ("drive_null_q", 1), ("drive_first_q", 1), ("drive_last_q", 1), ("drive_readback_q", 1),
            ("drive_plane_q", planeBits), ("drive_layer_q", 1), ("settle_q", TileGeometry.IndexBits(config.Timing.SettleClocks)),
            ("convert_valid_q", 1), ("convert_null_q", 1), ("convert_first_q", 1), ("convert_last_q", 1), ("convert_readback_q", 1),
            ("convert_plane_q", planeBits), ("convert_layer_q", 1), ("phase_q", TileGeometry.IndexBits(config.Timing.ConvertClocks)),
            ("offset_q", offsetBits), ("slice_q", sliceBits), ("entry_q", entryBits),
            ("slots_q", 2), ("complete_q", 2), ("write_slot_q", 1), ("read_slot_q", 1), ("null_q", 2),
            ("tag_valid_q", latency), ("tag_done_q", latency), ("tag_null_q", latency),
        })
        {
            netlist.Register(path, name, bits);
        }

        planes = isStatic ? -1 : netlist.Register(path, "planes_q", 2 * steps);
        drop = netlist.HasDrops ? netlist.Register(path, "drop_q", 2 * dropBits) : -1;
        sum = hasSum ? netlist.Register(path, "sum_q", 2 * sumBits) : -1;
        driveDigits = netlist.Register(path, "drive_digits_q", digitBits);
        driveSum = hasSum ? netlist.Register(path, "drive_sum_q", sumBits) : -1;
        convertSum = hasSum ? netlist.Register(path, "convert_sum_q", sumBits) : -1;
        tagReadback = Tag("readback", 1, ConvertReadback);
        tagFirst = Tag("first", 1, ConvertFirst);
        tagLast = Tag("last", 1, ConvertLast);
        tagPlane = Tag("plane", planeBits, ConvertPlane);
        hasTagOffset = geometry.Flip || config.Adc.PerCrossbar > 1;
        if (hasTagOffset)
            tagOffset = Tag("offset", offsetBits, Offset);
        tagSlice = Tag("slice", sliceBits, Slice);
        tagEntry = Tag("entry", entryBits, Entry);
        if (hasSum)
            tagSum = Tag("sum", sumBits, convertSum - at);
        tagFields = [.. new[] { tagReadback, tagFirst, tagLast, tagPlane, tagOffset, tagSlice, tagEntry, tagSum }.Where(field => field.Bits != 0)];

        drivePlanes = internals.Add($"{path}.drive_planes", 64 * planeLongs);
        held = internals.AddUncleared($"{path}.held", 64 * planeLongs);

        TagField Tag(string name, int bits, int source) => new(netlist.Register(path, $"tag_{name}_q", latency * bits), bits, source);
    }

    /// <summary>Input register banks that are loaded or being loaded.</summary>
    public uint Occupied => registers.Q[at + OccupiedQ];

    /// <summary>Finished groups in the output registers.</summary>
    public uint Complete => registers.Q[at + CompleteQ];
    public uint ReadSlot => registers.Q[at + ReadSlotQ];
    public bool ReadsNull => ((registers.Q[at + Null] >> (int)ReadSlot) & 1) != 0;
    public bool DrivesOrConverts => (registers.Q[at + DriveValid] | registers.Q[at + ConvertValid]) != 0;

    /// <summary>Held digits, bit 0 of all wordlines first.</summary>
    public ulong* Held => (ulong*)(internals.Q + held);

    /// <summary>A read-back's code leaves the ADC in this clock.</summary>
    public bool TagIsReadback => TagBit(TagValid) && Read(tagReadback) != 0;

    public void Connect(Crossbar[] rowBlockCrossbars) => crossbars = rowBlockCrossbars;

    /// <param name="loads">The load bus brings the first word of a group for this row block.</param>
    /// <param name="releases">The drain is done with the oldest results.</param>
    public void Evaluate(Ima ima, bool loads, bool releases, WeightProgrammer programmer)
    {
        uint* q = registers.Q + at;
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
        bool convertEnd = q[ConvertValid] != 0 && (q[ConvertNull] != 0 || (q[Phase] == phaseLast && (q[ConvertReadback] != 0 || atLimit)));
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
        d[OccupiedQ] = q[OccupiedQ] + (loads ? 1u : 0) - (released ? 1u : 0);
        d[Slots] = q[Slots] + (sample && q[DriveLast] != 0 ? 1u : 0) - (releases ? 1u : 0);
        d[CompleteQ] = q[CompleteQ] + (done ? 1u : 0) - (releases ? 1u : 0);
        if (releases)
            d[ReadSlotQ] = q[ReadSlotQ] ^ 1;
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
        if (TagBit(TagValid) && Read(tagReadback) == 0)
            Accumulate(ima);
        int offset = (int)q[Offset];
        for (int k = 0; k < crossbars.Length; k++)
        {
            CrossbarMacro macro = crossbars[k].Macro;
            if (readback && crossbars[k] == programmer.Addressed)
            {
                macro.EvaluateConversions(programmer.ReadbackAdc, 1, offset);
                continue;
            }

            int count = start && !readback ? AdcsWithin(ima.UsedBitlines(q[ConvertLayer], k) - offset) : 0;
            ima.EventConversionsNow += (uint)count;
            macro.EvaluateConversions(0, count, offset);
        }
    }

    /// <summary>ADCs whose range has at least one of so many bitlines at the step's offset: always the lowest ones.</summary>
    private int AdcsWithin(int bitlinesLeft) =>
        bitlinesLeft <= 0 ? 0 : weights.Length == 1 ? 1 : Math.Min(weights.Length, (bitlinesLeft - 1) / bitlinesPerAdc + 1);

    private void Accumulate(Ima ima)
    {
        var tag = new ConversionTag
        {
            First = Read(tagFirst) != 0,
            Last = Read(tagLast) != 0,
            Plane = (int)Read(tagPlane),
            Offset = hasTagOffset ? (int)Read(tagOffset) : ConversionTag.NoOffset,
            Slice = (int)Read(tagSlice),
            Entry = (int)Read(tagEntry),
            Sum = hasSum ? (long)Read(tagSum) : 0,
            WriteSlot = registers.Q[at + WriteSlot],
        };
        for (int a = 0; a < weights.Length; a++)
            weights[a] = weigher.Weigh(tag, a);
        foreach (Crossbar crossbar in crossbars)
        {
            ima.EventSaturationsNow += crossbar.Macro.Saturations;
            crossbar.Accumulate(weights);
        }
    }

    /// <summary>The drive stage; true when it lets go of an input register bank.</summary>
    private bool Drive(Ima ima, bool take, bool sample, bool readbackRequest, WeightProgrammer programmer)
    {
        uint* q = registers.Q + at, d = registers.D + at;
        if (sample && q[DriveNull] == 0)
            Copy(internals.Q + drivePlanes, internals.D + held, 2 * planeLongs);
        if (readbackRequest)
        {
            d[DriveValid] = 1;
            d[DriveNull] = d[DriveFirst] = d[DriveLast] = 0;
            d[DriveReadback] = 1;
            d[DrivePlane] = d[DriveLayer] = 0;
            d[Settle] = settleLast;
            ClearDigits();
            PackedField.Write(registers.D + driveDigits, programmer.Row * geometry.Config.Dac.Bits, 1, 1);
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
        uint groupPlanes = isStatic ? (uint)PackedField.Mask(steps) : (uint)PackedField.Read(registers.Q + planes, bank * steps, steps);
        uint source = open ? q[Remaining] : groupPlanes;
        bool isNull = source == 0;
        int plane = isNull ? 0 : BitOperations.TrailingZeroCount(source);
        uint rest = source & (source - 1);
        bool last = isNull || rest == 0;
        if (!open)
            ima.EventSkippedNow += (uint)(steps - BitOperations.PopCount(groupPlanes));

        d[DriveValid] = 1;
        d[DriveNull] = isNull ? 1u : 0;
        d[DriveFirst] = open ? 0u : 1;
        d[DriveLast] = last ? 1u : 0;
        d[DriveReadback] = 0;
        d[DrivePlane] = (uint)plane;
        d[DriveLayer] = (q[Layer] >> bank) & 1;
        d[Settle] = isNull ? 0 : settleLast;
        if (hasSum)
            registers.D[driveSum] = (uint)PackedField.Read(registers.Q + sum, bank * sumBits, sumBits);
        if (!isNull)
        {
            ClearDigits();
            int dropped = drop < 0 ? 0 : (int)PackedField.Read(registers.Q + drop, bank * dropBits, dropBits);
            inputRegister.ReadDigits((uint)bank, plane, dropped, registers.D + driveDigits, (ulong*)(internals.D + drivePlanes));
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
            if (hasSum)
                registers.D[convertSum] = registers.Q[driveSum];
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
            if (q[Phase] != phaseLast)
            {
                d[Phase] = q[Phase] + 1;
                return;
            }

            d[Phase] = 0;
            d[Offset] = q[Offset] + 1;
            bool outputEnds = q[Slice] == sliceLast;
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
        uint stages = (uint)PackedField.Mask(latency);
        uint moving = q[TagValid] | q[TagDone];
        d[TagValid] = ((q[TagValid] << 1) | (start ? 1u : 0)) & stages;
        d[TagDone] = ((q[TagDone] << 1) | (done ? 1u : 0)) & stages;
        d[TagNull] = ((q[TagNull] << 1) | (isNull ? 1u : 0)) & stages;
        for (int s = latency - 1; s > 0; s--)
        {
            if (((moving >> (s - 1)) & 1) == 0)
                continue;
            foreach (TagField field in tagFields)
                PackedField.Write(registers.D + field.Register, s * field.Bits, field.Bits, PackedField.Read(registers.Q + field.Register, (s - 1) * field.Bits, field.Bits));
        }

        if (!start && !done)
            return;
        if (latency == 1)
        {
            CopyTags();
            return;
        }

        foreach (TagField field in tagFields)
            PackedField.Write(registers.D + field.Register, 0, field.Bits, q[field.Source]);
    }

    /// <summary>The tag pipeline of one stage.</summary>
    private void CopyTags()
    {
        uint* q = registers.Q + at, d = registers.D;
        d[tagReadback.Register] = q[ConvertReadback];
        d[tagFirst.Register] = q[ConvertFirst];
        d[tagLast.Register] = q[ConvertLast];
        d[tagPlane.Register] = q[ConvertPlane];
        if (hasTagOffset)
            d[tagOffset.Register] = q[Offset];
        d[tagSlice.Register] = q[Slice];
        d[tagEntry.Register] = q[Entry];
        if (hasSum)
            d[tagSum.Register] = registers.Q[convertSum];
    }

    private void TakeDecision(DynamicPrecisionUnit dpu, bool isFirstColumn)
    {
        uint* q = registers.Q + at, d = registers.D + at;
        int bank = (int)q[ReadyBank];
        if (planes >= 0)
            PackedField.Write(registers.D + planes, bank * steps, steps, dpu.ResultPlanes);
        if (drop >= 0)
            PackedField.Write(registers.D + drop, bank * dropBits, dropBits, dpu.ResultDrop);
        if (sum >= 0)
            PackedField.Write(registers.D + sum, bank * sumBits, sumBits, dpu.ResultSum);
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
        int rowsUsed = Math.Clamp(ima.RegisterFile.Rows(layer) - group * geometry.Wordlines, 0, geometry.Wordlines);
        events.DacDrives += columnBlocks * rowsUsed;
    }

    private void ClearDigits()
    {
        new Span<uint>(registers.D + driveDigits, digitsWords).Clear();
        new Span<uint>(internals.D + drivePlanes, 2 * planeLongs).Clear();
    }

    private static void Copy(uint* from, uint* to, int words) => new Span<uint>(from, words).CopyTo(new Span<uint>(to, words));

    private bool TagBit(int register) => ((registers.Q[at + register] >> (latency - 1)) & 1) != 0;

    private ulong Read(in TagField field) =>
        latency == 1 ? registers.Q[field.Register] : PackedField.Read(registers.Q + field.Register, (latency - 1) * field.Bits, field.Bits);

    /// <summary>In words: what is driven and converted, and what the next step waits for.</summary>
    public string Describe()
    {
        uint* q = registers.Q + at;
        string driving = q[DriveValid] == 0 ? "drives nothing" : q[DriveNull] != 0 ? "passes an empty group"
            : q[DriveReadback] != 0 ? "drives a read-back" : $"drives plane {q[DrivePlane]}{(q[DriveLast] != 0 ? " (last)" : "")}";
        string converting = q[ConvertValid] == 0 || q[ConvertNull] != 0 ? "converts nothing"
            : $"converts plane {q[ConvertPlane]} at bitline offset {q[Offset]}";
        string waiting = q[DriveValid] != 0 && q[Settle] == 0 && q[DriveLast] != 0 && q[Slots] == 2 ? ", waits for an output register bank" : "";
        return $"{q[OccupiedQ]} input banks occupied, {driving}, {converting}, {q[CompleteQ]} results complete{waiting}";
    }
}
