using ReDy.Architecture;
using ReDy.Simulation.Tools;

namespace ReDy.Synthesis.Liberty;

/// <summary>A standard-cell library with the cells that the flow itself places: gate equivalent, buffer, ties, clock gate.</summary>
public sealed class StandardCells
{
    private StandardCells(string path, LibertyLibrary library)
    {
        (LibertyPath, Library) = (path, library);
        Nand2 = Smallest("!(A B)") ?? throw Lacks("a 2-input NAND gate", "the gate equivalent that areas are counted in");
        Inverter = Smallest("!A") ?? throw Lacks("an inverter", "every mapping needs one");
        Buffer = StrongBuffer() ?? throw Lacks("a buffer", "nets with many sinks need one");
        FlipFlop = Usable.Where(IsPlainFlipFlop).MinBy(cell => cell.Area) ?? throw Lacks("a D flip-flop that takes its data at the rising edge, without reset and scan", "every register of the tile is one");
        TieHigh = Tie("1");
        TieLow = Tie("0");
        ClockGate = Usable.Where(cell => cell.ClockGate?.StartsWith("latch_posedge", StringComparison.Ordinal) == true && Role(cell, "clock_gate_out_pin") is not null).MinBy(cell => cell.Area);
        And2 = Smallest("A B");
        Latch = Usable.Where(IsPlainLatch).MinBy(cell => cell.Area);
    }

    public string LibertyPath { get; }
    public LibertyLibrary Library { get; }

    /// <summary>One gate equivalent.</summary>
    public LibertyCell Nand2 { get; }
    public LibertyCell Inverter { get; }

    /// <summary>For fan-out trees.</summary>
    public LibertyCell Buffer { get; }
    public LibertyCell FlipFlop { get; }

    /// <summary>Constants; null where the library leaves them to the netlist.</summary>
    public LibertyCell? TieHigh { get; }
    public LibertyCell? TieLow { get; }

    /// <summary>Integrated clock gating cell, enabled while the clock is low; null: made of a latch and an AND gate.</summary>
    public LibertyCell? ClockGate { get; }
    public LibertyCell? And2 { get; }

    /// <summary>Transparent while its enable is high.</summary>
    public LibertyCell? Latch { get; }

    private IEnumerable<LibertyCell> Usable => Library.Cells.Values.Where(cell => !cell.IsAvoided);

    /// <param name="path">A Liberty file; null: $REDY_LIBERTY, else where Debian puts the OSU 180 nm cells.</param>
    /// <exception cref="InputException">There is none, or it lacks cells that the flow cannot do without.</exception>
    public static StandardCells Load(string? path = null)
    {
        string found = path ?? InstalledLibrary.TryPath()
            ?? throw new InputException($"There is no standard-cell library. Install one: apt install {InstalledLibrary.Package}; or name a Liberty file with --liberty or {InstalledLibrary.EnvironmentVariable}.");
        if (!File.Exists(found))
            throw new InputException($"{(path is null ? $"{InstalledLibrary.EnvironmentVariable} =" : "--liberty")} {found}: no such file; name a Liberty file, or leave it out and install one: apt install {InstalledLibrary.Package}");
        return new StandardCells(found, LibertyLibrary.ReadFile(found));
    }

    /// <summary>The pin of a clock gating cell that has this role; null without.</summary>
    public static LibertyPin? Role(LibertyCell cell, string role) => cell.Pins.FirstOrDefault(pin => pin.ClockGateRole == role);

    /// <exception cref="InputException">Clock gating needs cells that the library does not have.</exception>
    public void RequireClockGating()
    {
        if (ClockGate is null && (Latch is null || And2 is null))
            throw Lacks("an integrated clock gating cell (clock_gating_integrated_cell : latch_posedge…), or a latch and an AND gate to make one", "rtl.clock_gating = true needs it; set it to false, or");
    }

    private LibertyCell? Smallest(string function) =>
        Usable.Where(cell => cell.Function?.IsLike(function) == true && cell.Inputs.Count() == cell.Function.Inputs.Count).MinBy(cell => cell.Area);

    /// <summary>The buffer that drives most for its input: libraries order them by area. Clock buffers, if they are called so, stay with the clock.</summary>
    private LibertyCell? StrongBuffer()
    {
        LibertyCell[] buffers = [.. Usable.Where(cell => cell.Function?.IsLike("A") == true && cell.Inputs.Count() == 1 && !cell.Name.Contains("clk", StringComparison.OrdinalIgnoreCase)).OrderBy(cell => cell.Area)];
        return buffers.Length == 0 ? null : buffers[Math.Min(buffers.Length - 1, StrongBufferRank)];
    }

    private const int StrongBufferRank = 1;

    private LibertyCell? Tie(string constant) =>
        Usable.Where(cell => !cell.Inputs.Any() && cell.Outputs.ToArray() is [{ } output] && output.Function == constant).MinBy(cell => cell.Area);

    private bool IsPlainFlipFlop(LibertyCell cell) => cell.State is { IsLatch: false } state && IsPlain(cell, state);

    private bool IsPlainLatch(LibertyCell cell) => cell.State is { IsLatch: true } state && IsPlain(cell, state);

    private bool IsPlain(LibertyCell cell, LibertyState state) =>
        cell.Inputs.Count() == 2 && state is { Clear: null, Preset: null } && new[] { state.Clock, state.Data }.All(function => LogicFunction.Parse(function, $"{LibertyPath}: cell {cell.Name}").IsLike("A"));

    private InputException Lacks(string what, string why) =>
        new($"{LibertyPath}: the library {Library.Name} lacks {what} ({why}). Give a complete standard-cell library with --liberty, or install one: apt install {InstalledLibrary.Package}");
}
