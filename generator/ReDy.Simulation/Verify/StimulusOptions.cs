namespace ReDy.Simulation.Verify;

/// <summary>How crossbar images reach the cells.</summary>
public enum WeightLoading
{
    /// <summary>Over AXI4-Lite, row by row, where that takes few accesses; else by the backdoor.</summary>
    Auto,
    Axi,
    Backdoor,
}

/// <summary>What the stimulus does besides streaming the layers.</summary>
public sealed record StimulusOptions
{
    public ulong Seed { get; init; } = 1;
    public StallLevel Stalls { get; init; } = StallLevel.Light;
    public WeightLoading WeightsBy { get; init; } = WeightLoading.Auto;

    /// <summary>Resets at random clocks after the first, at most. The interrupted layers start again.</summary>
    public int ResetsInFlight { get; init; }

    /// <summary>Mixes in malformed packets and register accesses that the tile must refuse.</summary>
    public bool Misbehave { get; init; }

    /// <summary>Ends with the clock that takes the last result: counters, registers and cells are not read back after it.</summary>
    public bool EndsWithLastResult { get; init; }

    /// <summary>What goes with a stall level: none is the quiet tile at full speed, the others bring resets and wrong accesses, too.</summary>
    public static StimulusOptions Of(ulong seed, StallLevel stalls) => new()
    {
        Seed = seed,
        Stalls = stalls,
        ResetsInFlight = stalls switch { StallLevel.None => 0, StallLevel.Light => 1, _ => 3 },
        Misbehave = stalls != StallLevel.None,
    };
}
