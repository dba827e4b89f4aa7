namespace ReDy.Architecture;

/// <summary>
/// The registers and memories that hold for long and are clocked through a gate if rtl.clock_gating is set, and the gate's
/// instance beside them: docs/timing.md, "Clock gating".
/// </summary>
public static class ClockGates
{
    private static readonly Dictionary<string, string> Gates = new(StringComparer.Ordinal)
    {
        ["input_register.words"] = "words_clock_gate",
        ["step_sequencer.drive_digits_q"] = "digits_clock_gate",
        ["shift_and_add.accumulator"] = "accumulator_clock_gate",
        ["output_register.results"] = "results_clock_gate",
        ["flip_register.flip_q"] = "flip_clock_gate",
        ["weight_programmer.row_buffer_q"] = "row_buffer_gate",
    };

    /// <summary>The gate of a register or memory, an instance in the same module; null if it sees every clock.</summary>
    /// <param name="name">Hierarchical name.</param>
    public static string? Of(string name) =>
        Gates.GetValueOrDefault($"{HierarchicalName.Leaf(HierarchicalName.Instance(name))}.{HierarchicalName.Leaf(name)}");
}
