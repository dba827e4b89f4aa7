namespace ReDy.Architecture;

/// <summary>
/// What happened in one tile over a run of <see cref="Clocks"/> clocks: the events and toggles that energy is priced by. The
/// golden model and the simulated Verilog each deliver one, and `redy verify` requires them to be equal. docs/activity.md
/// defines the counting window.
/// </summary>
public sealed record TileActivity
{
    /// <summary>Rising edges of <c>aclk</c> in the counting window.</summary>
    public required long Clocks { get; init; }

    /// <summary>Every architectural register, in the order of the probe list.</summary>
    public required IReadOnlyList<SignalActivity> Registers { get; init; }

    /// <summary>Inputs, then outputs of the tile; <c>aclk</c> apart, which rises and falls once per clock.</summary>
    public required IReadOnlyList<SignalActivity> Ports { get; init; }

    /// <summary>Arrays of words. Their data is counted by the words that are written and read (<see cref="Events"/>), not by toggles.</summary>
    public required IReadOnlyList<MemoryActivity> Memories { get; init; }

    /// <summary>Everything that is counted rather than seen in a register, per instance.</summary>
    public required IReadOnlyList<EventActivity> Events { get; init; }

    /// <summary>Sum of an event over all instances; 0 if the tile has no such event.</summary>
    public long Total(string module, string @event) =>
        Events.Where(counted => counted.Event == @event && counted.Module == module).Sum(counted => counted.Count);
}

/// <summary>Toggles of one register or port, bit by bit.</summary>
/// <param name="Name">Hierarchical name, e.g. <c>tile.g_row[0].g_column[1].ima.g_row_block[2].step_sequencer.offset_q</c>.</param>
/// <param name="Rises">Element i: 0 to 1 transitions of bit i.</param>
/// <param name="Falls">Element i: 1 to 0 transitions of bit i.</param>
/// <param name="ClockEdges">Rising edges at the clock pin of each of its flip-flops: all clocks, or with a clock gate the enabled ones; 0 for ports.</param>
public sealed record SignalActivity(string Name, IReadOnlyList<long> Rises, IReadOnlyList<long> Falls, long ClockEdges)
{
    public int Bits => Rises.Count;

    /// <summary>Hierarchical name of the instance that declares it.</summary>
    public string Instance => HierarchicalName.Instance(Name);

    /// <summary>The module of that instance, without the bundle's prefix.</summary>
    public string Module => HierarchicalName.Module(Instance);

    /// <summary>The name without its instance.</summary>
    public string Signal => HierarchicalName.Leaf(Name);

    /// <summary>Transitions of all bits, in both directions.</summary>
    public long Toggles => Rises.Sum() + Falls.Sum();
}

/// <summary>A memory's clock pins.</summary>
/// <param name="Name">Hierarchical name, e.g. <c>tile.g_row[0].g_column[0].ima.g_row_block[1].input_register.words</c>.</param>
/// <param name="Bits">Of an entry.</param>
/// <param name="ClockEdges">Rising edges at the clock pin of each of its Depth * Bits storage bits, as in <see cref="SignalActivity"/>.</param>
public sealed record MemoryActivity(string Name, int Depth, int Bits, long ClockEdges)
{
    public string Instance => HierarchicalName.Instance(Name);
    public string Module => HierarchicalName.Module(Instance);
    public string Memory => HierarchicalName.Leaf(Name);
}

/// <summary>How often one event happened in one instance.</summary>
/// <param name="Instance">Hierarchical name, e.g. <c>tile.g_row[0].g_column[0].ima.g_row_block[0].g_column_block[1].crossbar</c>.</param>
/// <param name="Event">What is counted; <see cref="TileEvents"/> says of each event what it is.</param>
/// <param name="BitsEach">Bits that each occurrence moves: the width of a word that is written, read or transferred; 1 for operations.</param>
public sealed record EventActivity(string Instance, string Event, long Count, int BitsEach)
{
    /// <summary>The module of the instance, without the bundle's prefix. Module and event together say what is priced.</summary>
    public string Module => HierarchicalName.Module(Instance);

    /// <summary>Bits moved in all.</summary>
    public long Bits => Count * BitsEach;
}

/// <summary>Parts of names like <c>tile.g_row[0].g_column[1].ima.sum_q</c>. Instances are named like their modules, without the bundle's prefix.</summary>
public static class HierarchicalName
{
    /// <summary>Begins the names of generate blocks, which are scopes but no instances.</summary>
    private const string GenerateBlock = "g_";

    /// <summary>The last part.</summary>
    public static string Leaf(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>All but the last part; empty if there is only one.</summary>
    public static string Instance(string name) => name.LastIndexOf('.') is > 0 and int dot ? name[..dot] : "";

    /// <summary>The module of an instance: its innermost part that is no generate block.</summary>
    public static string Module(string instance) =>
        instance.Split('.').LastOrDefault(part => !IsGenerateBlock(part)) ?? "";

    /// <summary>Whether a part of a name is a scope but no instance.</summary>
    public static bool IsGenerateBlock(string part) => part.StartsWith(GenerateBlock, StringComparison.Ordinal);
}
