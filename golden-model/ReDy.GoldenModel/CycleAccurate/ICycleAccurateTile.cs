using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>A memory of the tile: compared word by word when written, and swept as a whole now and then.</summary>
/// <param name="Name">Hierarchical name, e.g. <c>tile.g_row[0].g_column[0].ima.g_row_block[1].input_register.words</c>.</param>
public sealed record MemoryProbe(string Name, int Depth, int Bits)
{
    public int WordsPerEntry => (Bits + 31) / 32;
}

/// <summary>An event that is counted in one instance of the tile.</summary>
/// <param name="Instance">Hierarchical name, e.g. <c>tile.g_row[0].g_column[0].ima.g_row_block[1].step_sequencer</c>.</param>
/// <param name="Event">One of <see cref="TileEvents"/>.</param>
/// <param name="BitsEach">Bits that each occurrence moves; 1 for operations.</param>
public sealed record EventProbe(string Instance, string Event, int BitsEach);

/// <summary>A memory entry that the last clock wrote.</summary>
public readonly record struct MemoryWrite(int Memory, int Index);

/// <summary>
/// The tile as a clocked machine: what docs/timing.md specifies. No output depends on an input of the same clock, so the
/// outputs of a clock may be read before its inputs are chosen.
/// </summary>
public interface ICycleAccurateTile
{
    TileGeometry Geometry { get; }
    TilePorts Ports { get; }

    /// <summary>Every architectural register, by hierarchical name, laid out as <see cref="Registers"/> is.</summary>
    IReadOnlyList<SignalSlot> Probes { get; }
    IReadOnlyList<MemoryProbe> Memories { get; }

    /// <summary>Values of this clock, before its rising edge, as <see cref="TilePorts.Outputs"/> lays them out.</summary>
    ReadOnlySpan<uint> Outputs { get; }

    /// <summary>Register values of this clock, as <see cref="Probes"/> lays them out; bits above a register's width are 0.</summary>
    ReadOnlySpan<uint> Registers { get; }

    /// <summary>Rising edge with these inputs (laid out as <see cref="TilePorts.Inputs"/>): afterwards outputs and registers are the next clock's.</summary>
    void Clock(ReadOnlySpan<uint> inputs);

    /// <summary>Memory entries written by the last <see cref="Clock"/>.</summary>
    ReadOnlySpan<MemoryWrite> MemoryWrites { get; }

    /// <summary>Events that no register or memory write shows, per instance.</summary>
    IReadOnlyList<EventProbe> EventProbes => [];

    /// <summary>How often each happened since construction.</summary>
    ReadOnlySpan<long> EventTotals => [];

    /// <summary>Whether an entry was ever written, and its value (least significant word first).</summary>
    bool TryReadMemory(int memory, int index, Span<uint> words);

    /// <summary>Backdoor: cells and flips of every crossbar, as if programmed (simulation only).</summary>
    void LoadImages(IReadOnlyList<CrossbarImage> images);

    /// <summary>What the tile is doing in words: vectors, groups, planes, bitlines in work, and what each stage waits for.</summary>
    string DescribeState();
}
