using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>Which clocks of a run are written into a waveform file.</summary>
public enum WaveformMode
{
    /// <summary>A window around the first bad clock, recorded in an automatic second run.</summary>
    Auto,

    /// <summary>All clocks of the run, recorded while it runs.</summary>
    Full,
    Off,
}

/// <summary>How a lockstep run is carried out.</summary>
public sealed record LockstepOptions
{
    /// <summary>Registers and memories of the Verilog start with random bits from this seed; 0: with zeros.</summary>
    public uint InitialValueSeed { get; init; } = 1;

    /// <summary>Without a handshake or result for this many clocks the run is a hang.</summary>
    public long HangClocks { get; init; } = 50_000;

    /// <summary>All written memory entries are compared this often, besides at the end: this finds writes that only the Verilog did.</summary>
    public long SweepClocks { get; init; } = 20_000;

    /// <summary>Clocks that the golden model hands over at once.</summary>
    public int ChunkClocks { get; init; } = 256;

    /// <summary>Clocks of history in a divergence report, the bad one included.</summary>
    public int HistoryClocks { get; init; } = 16;

    /// <summary>Toggles and events are counted on both sides and compared at the end.</summary>
    public bool Activity { get; init; }

    /// <summary>First clock of the window in which toggles, events and switching are counted.</summary>
    public long MeasureFrom { get; init; }

    /// <summary>Makes the library that counts the switching of every net (<see cref="SimulationVariant.Switching"/>), which then runs instead.</summary>
    public Func<SimulationLibrary>? SwitchingLibrary { get; init; }

    public WaveformMode Waveform { get; init; } = WaveformMode.Auto;

    /// <summary>Clocks in an automatic waveform before and after the bad one.</summary>
    public int WaveformClocksBefore { get; init; } = 200;
    public int WaveformClocksAfter { get; init; } = 20;

    /// <summary>Where waveform files go, without extension: <c>runs/x/divergence</c> gives <c>divergence.vcd</c> and <c>divergence.gtkw</c>.</summary>
    public string WaveformPath { get; init; } = "divergence";

    /// <summary>Makes the library that can write waveforms, when one is needed. Null: there are no automatic waveforms.</summary>
    public Func<SimulationLibrary>? WaveformLibrary { get; init; }

    /// <summary>Told the number of clocks run so far, now and then.</summary>
    public IProgress<long>? Progress { get; init; }
}
