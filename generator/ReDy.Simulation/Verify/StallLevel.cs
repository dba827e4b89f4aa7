using ReDy.Architecture;

namespace ReDy.Simulation.Verify;

/// <summary>How much the stimulus hesitates on every AXI channel, and whether it misbehaves where the protocol allows it.</summary>
public enum StallLevel
{
    /// <summary>Every channel is served at once, packets are well formed, no reset in flight.</summary>
    None,

    /// <summary>Long runs at full speed with short pauses between them.</summary>
    Light,

    /// <summary>Short runs, long pauses, now and then hundreds of clocks.</summary>
    Heavy,
}

/// <summary>When one AXI channel is willing: alternating open and closed stretches of random length.</summary>
public sealed class ChannelThrottle(SeededRandom random, StallLevel level)
{
    private bool open = true;
    private int remaining;

    /// <summary>Whether the channel would start a transfer in this clock. Called once a clock, whatever the other side does.</summary>
    public bool Open()
    {
        if (level == StallLevel.None)
            return true;
        if (remaining == 0)
        {
            open = !open;
            remaining = (open, level) switch
            {
                (true, StallLevel.Light) => random.Between(1, 64),
                (true, _) => random.Between(1, random.OneIn(4) ? 64 : 8),
                (false, StallLevel.Light) => random.Between(1, 4),
                (false, _) => random.Between(1, random.OneIn(48) ? 400 : 16),
            };
        }

        remaining--;
        return open;
    }
}
