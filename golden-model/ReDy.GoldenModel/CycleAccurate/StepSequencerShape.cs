using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// What all step sequencers of a tile have in common: their numbers, and where each register lies behind the sequencer's
/// first one. Shared so that a sequencer itself stays small: there are many, and all of them work in every clock.
/// </summary>
internal sealed class StepSequencerShape
{
    // Registers that every netlist has, one word each, in this order.
    public const int Occupied = 0;
    public const int Full = 1;
    public const int Layer = 2;
    public const int ReadyBank = 3;
    public const int ReadBank = 4;
    public const int Open = 5;
    public const int Remaining = 6;
    public const int DriveValid = 7;
    public const int DriveNull = 8;
    public const int DriveFirst = 9;
    public const int DriveLast = 10;
    public const int DriveReadback = 11;
    public const int DrivePlane = 12;
    public const int DriveLayer = 13;
    public const int Settle = 14;
    public const int ConvertValid = 15;
    public const int ConvertNull = 16;
    public const int ConvertFirst = 17;
    public const int ConvertLast = 18;
    public const int ConvertReadback = 19;
    public const int ConvertPlane = 20;
    public const int ConvertLayer = 21;
    public const int Phase = 22;
    public const int Offset = 23;
    public const int Slice = 24;
    public const int Entry = 25;
    public const int Slots = 26;
    public const int Complete = 27;
    public const int WriteSlot = 28;
    public const int ReadSlot = 29;
    public const int Null = 30;
    public const int TagValid = 31;
    public const int TagDone = 32;
    public const int TagNull = 33;

    public readonly bool IsStatic, HasSum, HasTagOffset;
    public readonly int Steps, Latency, DropBits, SumBits, DigitBits, DigitsWords, PlaneLongs, Wordlines, Adcs, BitlinesPerAdc;
    public readonly uint SettleLast, PhaseLast, SliceLast;

    // Registers that some netlists do without (-1), or that take more than a word.
    public readonly int Planes, Drop, Sum, DriveDigits, DriveSum, ConvertSum;
    public readonly TagField TagReadback, TagFirst, TagLast, TagPlane, TagOffset, TagSlice, TagEntry, TagSum;
    public readonly TagField[] TagFields;

    /// <summary>Scratch for one row block's clock, per ADC.</summary>
    public readonly ConversionWeight[] Weights;
    public readonly ConversionWeigher Weigher;

    private readonly List<(string Name, int Bits)> registers = [];
    private int words;

    public StepSequencerShape(TileGeometry geometry)
    {
        TileConfig config = geometry.Config;
        IsStatic = geometry.Policy == PrecisionPolicy.Static;
        HasSum = !geometry.IsDifferential;
        HasTagOffset = geometry.Flip || config.Adc.PerCrossbar > 1;
        Steps = geometry.Steps;
        Latency = config.Timing.AdcLatency;
        DropBits = TileGeometry.UnsignedBits(geometry.MaxDrop);
        SumBits = geometry.GroupSumBits;
        DigitBits = config.Dac.Bits;
        Wordlines = geometry.Wordlines;
        DigitsWords = TileGeometry.CeilingDivide(Wordlines * DigitBits, 32);
        PlaneLongs = DigitBits * TileGeometry.CeilingDivide(Wordlines, 64);
        Adcs = config.Adc.PerCrossbar;
        BitlinesPerAdc = geometry.BitlinesPerAdc;
        SettleLast = (uint)config.Timing.SettleClocks - 1;
        PhaseLast = (uint)config.Timing.ConvertClocks - 1;
        SliceLast = (uint)geometry.BitlinesPerOutput - 1;
        Weigher = new ConversionWeigher(geometry);
        Weights = new ConversionWeight[Adcs];

        int planeBits = TileGeometry.IndexBits(Steps);
        int offsetBits = TileGeometry.IndexBits(geometry.BitlinesPerAdc);
        int sliceBits = TileGeometry.IndexBits(geometry.BitlinesPerOutput);
        int entryBits = TileGeometry.IndexBits(geometry.OutputsPerAdc);
        foreach ((string name, int bits) in new[]
        {
            ("occupied_q", 2), ("full_q", 2), ("layer_q", 2), ("ready_bank_q", 1), ("read_bank_q", 1), ("open_q", 1), ("remaining_q", Steps),
            ("drive_valid_q", 1), ("drive_null_q", 1), ("drive_first_q", 1), ("drive_last_q", 1), ("drive_readback_q", 1),
            ("drive_plane_q", planeBits), ("drive_layer_q", 1), ("settle_q", TileGeometry.IndexBits(config.Timing.SettleClocks)),
            ("convert_valid_q", 1), ("convert_null_q", 1), ("convert_first_q", 1), ("convert_last_q", 1), ("convert_readback_q", 1),
            ("convert_plane_q", planeBits), ("convert_layer_q", 1), ("phase_q", TileGeometry.IndexBits(config.Timing.ConvertClocks)),
            ("offset_q", offsetBits), ("slice_q", sliceBits), ("entry_q", entryBits),
            ("slots_q", 2), ("complete_q", 2), ("write_slot_q", 1), ("read_slot_q", 1), ("null_q", 2),
            ("tag_valid_q", Latency), ("tag_done_q", Latency), ("tag_null_q", Latency),
        })
        {
            Add(name, bits);
        }

        Planes = Add("planes_q", IsStatic ? 0 : 2 * Steps);
        Drop = Add("drop_q", geometry.MaxDrop > 0 ? 2 * DropBits : 0);
        Sum = Add("sum_q", HasSum ? 2 * SumBits : 0);
        DriveDigits = Add("drive_digits_q", Wordlines * DigitBits);
        DriveSum = Add("drive_sum_q", HasSum ? SumBits : 0);
        ConvertSum = Add("convert_sum_q", HasSum ? SumBits : 0);
        TagReadback = AddTag("readback", 1, ConvertReadback);
        TagFirst = AddTag("first", 1, ConvertFirst);
        TagLast = AddTag("last", 1, ConvertLast);
        TagPlane = AddTag("plane", planeBits, ConvertPlane);
        TagOffset = AddTag("offset", HasTagOffset ? offsetBits : 0, Offset);
        TagSlice = AddTag("slice", sliceBits, Slice);
        TagEntry = AddTag("entry", entryBits, Entry);
        TagSum = AddTag("sum", HasSum ? SumBits : 0, ConvertSum);
        TagFields = [.. new[] { TagReadback, TagFirst, TagLast, TagPlane, TagOffset, TagSlice, TagEntry, TagSum }.Where(field => field.Bits != 0)];
    }

    /// <summary>A field of the tag pipeline, stage by stage in one register, and the convert register that feeds it.</summary>
    public readonly record struct TagField(int Register, int Bits, int Source);

    /// <summary>Adds one sequencer's registers; the result is the place of the first.</summary>
    public int AddRegisters(Netlist netlist, string path)
    {
        int at = netlist.Registers.Words;
        foreach ((string name, int bits) in registers)
            netlist.Register(path, name, bits);
        return at;
    }

    private TagField AddTag(string name, int bits, int source) => new(Add($"tag_{name}_q", Latency * bits), bits, source);

    private int Add(string name, int bits)
    {
        if (bits == 0)
            return -1;
        int offset = words;
        registers.Add((name, bits));
        words += TileGeometry.CeilingDivide(bits, 32);
        return offset;
    }
}
