using ReDy.Architecture;

namespace ReDy.Simulation.Verify;

/// <summary>A legal configuration with a stimulus and layers that use it, all from one seed.</summary>
public sealed class CampaignPoint
{
    /// <summary>Most points are small, so that many shapes are tried; a few are large.</summary>
    private const long SmallCells = 1 << 18;
    private const long LargeCells = 1 << 21;
    private const int LargeOneIn = 40;

    /// <summary>Blocks that a simulation is compiled of: every crossbar and every ADC with its shift-and-add is one.</summary>
    private const int SmallBlocks = 60;
    private const int LargeBlocks = 240;
    private const long ClockBudget = 12_000;

    public CampaignPoint(ulong seed)
        : this(seed, Draw(seed))
    {
    }

    /// <summary>The stimulus and layers of a seed on a given tile.</summary>
    public CampaignPoint(ulong seed, TileConfig config)
    {
        Seed = seed;
        Config = config;
        Geometry = new TileGeometry(config);
        var random = new SeededRandom(SeededRandom.Derive(seed, 2));
        StallLevel stalls = random.Pick(StallLevel.None, StallLevel.Light, StallLevel.Light, StallLevel.Heavy);
        Stimulus = new StimulusOptions
        {
            Seed = SeededRandom.Derive(seed, 3),
            Stalls = stalls,
            ResetsInFlight = random.Between(0, 2),
            Misbehave = stalls != StallLevel.None || random.OneIn(2),
        };
    }

    public ulong Seed { get; }
    public TileConfig Config { get; }
    public TileGeometry Geometry { get; }
    public StimulusOptions Stimulus { get; }

    public TileStimulus NewStimulus()
    {
        var workload = new RandomWorkload(Geometry, SeededRandom.Derive(Seed, 4), ClockBudget, Stimulus.Misbehave);
        return new TileStimulus(Geometry, workload.Layers(), Stimulus);
    }

    private static TileConfig Draw(ulong seed)
    {
        var random = new SeededRandom(SeededRandom.Derive(seed, 0));
        bool large = random.OneIn(LargeOneIn);
        long cells = large ? LargeCells : Math.Min(SmallCells, 1L << random.Between(10, 18));
        for (ulong attempt = 1; ; attempt++)
        {
            TileConfig config = RandomTileConfigs.FromSeed(SeededRandom.Derive(seed, attempt << 8), cells);
            if (new TileGeometry(config).Crossbars * (1 + config.Adc.PerCrossbar) <= (large ? LargeBlocks : SmallBlocks))
                return config;
        }
    }
}
