using System.Globalization;
using System.Numerics;
using System.Text;
using ReDy.Architecture;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Lockstep;

namespace ReDy.Simulation.Verify;

/// <summary>Says what went wrong as an engineer wants it: when, where, what instead of what, the clocks before, and how to see it again.</summary>
public static class FailureReport
{
    private const int ClocksShown = 8;
    private const int ColumnWidth = 12;
    private const int SignalsShown = 12;
    private const int DifferencesShown = 10;

    /// <param name="replay">The command that repeats the run.</param>
    /// <returns>Null if nothing went wrong.</returns>
    public static string? Of(VerificationResult result, ulong seed, string replay)
    {
        var text = new StringBuilder();
        switch (result)
        {
            case { Lockstep.Divergence: { } divergence }:
                Describe(text, divergence);
                break;
            case { Lockstep.Hang: { } hang }:
                text.Append(CultureInfo.InvariantCulture, $"HANG: nothing has moved at any port for {hang.IdleClocks} clocks, up to clock {hang.Clock}\n");
                State(text, hang.ModelState, hang.StimulusState);
                break;
            case { Lockstep.Stop: { } stop }:
                text.Append(CultureInfo.InvariantCulture, $"STOPPED: the Verilog ended the simulation in clock {stop.Clock}: {stop.Message}\n");
                State(text, stop.ModelState, stop.StimulusState);
                break;
            case { Lockstep.ActivityDifferences: { Count: > 0 } differences }:
                Describe(text, differences);
                break;
            case { Contradiction: { } contradiction }:
                text.Append(CultureInfo.InvariantCulture, $"WRONG RESULT, {contradiction}\nThe golden model and the Verilog agree with each other up to there.\n");
                break;
            default:
                return null;
        }

        text.Append(CultureInfo.InvariantCulture, $"seed:     {seed}\nreplay:   {replay}\n");
        if (result.Lockstep.Waveform is { } waveform)
            text.Append(CultureInfo.InvariantCulture, $"waveform: {waveform}\n");
        return text.ToString();
    }

    /// <summary>The module whose instance a signal is in: the last instance of its hierarchical name.</summary>
    public static string ModuleOf(string signal) => HierarchicalName.Module(HierarchicalName.Instance(signal));

    private static void Describe(StringBuilder text, Divergence divergence)
    {
        SignalDifference first = divergence.First;
        text.Append(CultureInfo.InvariantCulture, $"""
            MISMATCH in clock {divergence.Clock}: {first.Signal}
            module:   {ModuleOf(first.Signal)}
            expected: {Hex(first.Expected, first.Bits)} ({first.Bits} bits, golden model)
            actual:   {Hex(first.Actual, first.Bits)} (Verilog)

            """);
        foreach (SignalDifference other in divergence.Differences.Skip(1).Take(DifferencesShown))
            text.Append(CultureInfo.InvariantCulture, $"also:     {other.Signal}: expected {Hex(other.Expected, other.Bits)}, actual {Hex(other.Actual, other.Bits)}\n");
        if (divergence.Differences.Count > DifferencesShown + 1)
            text.Append(CultureInfo.InvariantCulture, $"also:     {divergence.Differences.Count - DifferencesShown - 1} more signals\n");
        History(text, divergence);
        State(text, divergence.ModelState, divergence.StimulusState);
    }

    private static void Describe(StringBuilder text, IReadOnlyList<ActivityDifference> differences)
    {
        ActivityDifference first = differences[0];
        text.Append(CultureInfo.InvariantCulture, $"""
            MISMATCH of activity: {first.Name}: {first.What}
            module:   {HierarchicalName.Module(first.Instance)}
            expected: {Counted(first.Expected)} (golden model)
            actual:   {Counted(first.Actual)} (Verilog)

            """);
        foreach (ActivityDifference other in differences.Skip(1).Take(DifferencesShown))
            text.Append(CultureInfo.InvariantCulture, $"also:     {other.Name}: {other.What}: expected {Counted(other.Expected)}, actual {Counted(other.Actual)}\n");
        if (differences.Count > DifferencesShown + 1)
            text.Append(CultureInfo.InvariantCulture, $"also:     {differences.Count - DifferencesShown - 1} more counts\n");
        text.Append("All signals agree at every clock: one side counts wrongly, or does in a clock what leaves no trace in a register.\n");
    }

    private static string Counted(long count) => count < 0 ? "not counted" : count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>One line per signal, one column per clock; both sides agree up to the last column.</summary>
    private static void History(StringBuilder text, Divergence divergence)
    {
        SignalHistory[] shown = [.. divergence.History.Take(SignalsShown)];
        if (shown.Length == 0)
            return;
        int clocks = Math.Min(ClocksShown, shown.Max(signal => signal.Expected.Count));
        string[] names = [.. shown.Select(signal => HierarchicalName.Leaf(signal.Signal))];
        string[][] values = [.. shown.Select(signal => signal.Expected.TakeLast(clocks).Select(value => Short(Hex(value, signal.Bits))).ToArray())];
        int nameWidth = names.Append("clock").Max(name => name.Length);
        int width = values.SelectMany(row => row).Append($"{divergence.Clock}").Max(value => value.Length);
        text.Append("the clocks before, in which both sides agree, and the bad one as the golden model has it:\n");
        text.Append("  ").Append("clock".PadRight(nameWidth));
        for (int i = clocks - 1; i >= 0; i--)
            text.Append("  ").Append($"{divergence.Clock - i}".PadLeft(width));
        text.Append('\n');
        for (int s = 0; s < shown.Length; s++)
        {
            text.Append("  ").Append(names[s].PadRight(nameWidth));
            foreach (string value in values[s])
                text.Append("  ").Append(value.PadLeft(width));
            SignalDifference? difference = divergence.Differences.FirstOrDefault(other => other.Signal == shown[s].Signal);
            text.Append(difference is null ? "" : $"  Verilog: {Short(Hex(difference.Actual, difference.Bits))}").Append('\n');
        }
    }

    private static void State(StringBuilder text, string model, string stimulus) =>
        text.Append(CultureInfo.InvariantCulture, $"at work:  {model.ReplaceLineEndings(" ").Trim()}\nstimulus: {stimulus}\n");

    /// <summary>The low digits of a wide value, so that a table of clocks stays readable.</summary>
    private static string Short(string value) => value.Length <= ColumnWidth ? value : "~" + value[^(ColumnWidth - 1)..];

    private static string Hex(BigInteger value, int bits)
    {
        string digits = value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return "0x" + digits.PadLeft(Math.Min((bits + 3) / 4, 1), '0');
    }
}
