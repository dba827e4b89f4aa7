using System.Numerics;
using ReDy.Architecture;
using ReDy.Simulation.Activity;

namespace ReDy.Simulation.Lockstep;

/// <summary>What a lockstep run found. It is good when it <see cref="Agrees"/>.</summary>
public sealed record LockstepResult
{
    /// <summary>Clocks that ran on both sides.</summary>
    public required long Clocks { get; init; }

    /// <summary>Outputs and registers compared in each clock.</summary>
    public required int SignalsPerClock { get; init; }

    /// <summary>Values compared in all: outputs and registers of every clock after reset, and memory entries.</summary>
    public required long Comparisons { get; init; }
    public required TimeSpan Elapsed { get; init; }
    public required bool BuildWasCached { get; init; }

    public Divergence? Divergence { get; init; }
    public Hang? Hang { get; init; }
    public DesignStop? Stop { get; init; }

    /// <summary>The waveform file that was written, if any.</summary>
    public string? Waveform { get; init; }

    /// <summary>What switched in the Verilog, if it was counted and the run agreed at every clock.</summary>
    public TileActivity? Activity { get; init; }

    /// <summary>Every net of the Verilog, if that was asked for and everything agreed.</summary>
    public IReadOnlyList<NetSwitching>? Switching { get; init; }

    /// <summary>Counts of events and toggles that differ.</summary>
    public IReadOnlyList<ActivityDifference> ActivityDifferences { get; init; } = [];

    public bool Agrees => Divergence is null && Hang is null && Stop is null && ActivityDifferences.Count == 0;
    public double ClocksPerSecond => Elapsed > TimeSpan.Zero ? Clocks / Elapsed.TotalSeconds : 0;
}

/// <summary>A signal whose values on the two sides are not the same.</summary>
/// <param name="Signal">Hierarchical name; memory entries with their index, e.g. <c>…input_register.words[3]</c>.</param>
public sealed record SignalDifference(string Signal, int Bits, BigInteger Expected, BigInteger Actual);

/// <summary>Values of a signal in consecutive clocks, the last one the bad clock. Up to it both sides agree.</summary>
public sealed record SignalHistory(string Signal, int Bits, IReadOnlyList<BigInteger> Expected);

/// <summary>The first clock in which golden model and Verilog differ.</summary>
public sealed record Divergence
{
    /// <summary>0 is the first clock. Registers and outputs differ just before its rising edge, memory entries just after it.</summary>
    public required long Clock { get; init; }

    /// <summary>The first of <see cref="Differences"/>: a register or memory entry if there is one, else an output.</summary>
    public SignalDifference First => Differences[0];

    /// <summary>All signals that differ in this clock.</summary>
    public required IReadOnlyList<SignalDifference> Differences { get; init; }

    /// <summary>The differing signal's and its block's other registers' values in the clocks before and in the bad one.</summary>
    public required IReadOnlyList<SignalHistory> History { get; init; }
    public required long HistoryFirstClock { get; init; }

    /// <summary>What the golden model was working on in the bad clock.</summary>
    public required string ModelState { get; init; }

    /// <summary>What the stimulus was doing in the bad clock.</summary>
    public required string StimulusState { get; init; }
}

/// <summary>Nothing happened at the ports for too long.</summary>
/// <param name="Clock">The clock at which this was noticed.</param>
/// <param name="IdleClocks">Clocks without a handshake or result.</param>
/// <param name="ModelState">What the tile is waiting for.</param>
/// <param name="StimulusState">What the stimulus is waiting for.</param>
public sealed record Hang(long Clock, long IdleClocks, string ModelState, string StimulusState);

/// <summary>The Verilog stopped the simulation: a failed assertion, $stop, $finish or a fatal error.</summary>
/// <param name="Message">What it printed: file, line and instance of an assertion.</param>
public sealed record DesignStop(long Clock, string Message, string ModelState, string StimulusState);
