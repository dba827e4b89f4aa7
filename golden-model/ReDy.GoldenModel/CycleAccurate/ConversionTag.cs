namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>What travels beside a conversion: which step, bitline, slice and output it belongs to.</summary>
internal readonly struct ConversionTag
{
    /// <summary>Of a netlist whose tags need no offset: one ADC per crossbar ends its range where an output ends.</summary>
    public const int NoOffset = -1;

    public required bool First { get; init; }
    public required bool Last { get; init; }
    public required int Plane { get; init; }
    public required int Offset { get; init; }
    public required int Slice { get; init; }
    public required int Entry { get; init; }
    public required long Sum { get; init; }
    public required uint WriteSlot { get; init; }
}
