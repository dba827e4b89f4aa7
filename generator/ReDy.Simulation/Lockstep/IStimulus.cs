using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Lockstep;

/// <summary>
/// Chooses the tile's inputs clock by clock from the golden model's outputs of the same clock. The same pin values then
/// go to the Verilog, so both sides see one stimulus. Deterministic from its seed.
/// </summary>
public interface IStimulus
{
    /// <summary>Fills <paramref name="inputs"/> (laid out as <c>TilePorts.Inputs</c>, zeroed before the first clock, else as left) for this clock.</summary>
    /// <param name="clock">0 is the first clock; the stimulus drives aresetn itself.</param>
    /// <returns>False when nothing is left to do; this clock is then not run.</returns>
    bool Drive(long clock, ReadOnlySpan<uint> outputs, Span<uint> inputs);

    /// <summary>
    /// Images to be written through the backdoor, into the golden model and the Verilog, before this clock's rising edge; null
    /// for none. Asked once after each <see cref="Drive"/> that returned true.
    /// </summary>
    IReadOnlyList<CrossbarImage>? BackdoorImages => null;

    /// <summary>Number of handshakes and results seen so far; a run in which it stands still too long is a hang.</summary>
    long Progress { get; }

    /// <summary>Which phase, vector and register access the stimulus is at, in words, for reports.</summary>
    string DescribeState();
}
