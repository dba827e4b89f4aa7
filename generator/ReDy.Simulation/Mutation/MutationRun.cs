using System.Diagnostics;
using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Rtl;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;

namespace ReDy.Simulation.Mutation;

/// <summary>What became of a mutant.</summary>
public enum MutantFate
{
    /// <summary>A port differed from the golden model.</summary>
    Killed,

    /// <summary>All runs agreed.</summary>
    Survived,

    /// <summary>Its simulation broke down; that proves nothing.</summary>
    Error,
}

/// <summary>One mutant's end.</summary>
/// <param name="Round">The run in which it was killed, from 1; 0: in none.</param>
/// <param name="Clock">The clock of that run in which a port differed.</param>
/// <param name="Judgement">The judgement that covers it, whatever became of it.</param>
/// <param name="Message">What the simulation said when it broke down.</param>
public sealed record MutantOutcome(NetlistMutant Mutant, MutantFate Fate, int Round, long Clock, SurvivorJudgement? Judgement, string? Message)
{
    /// <summary>Survived without a judgement.</summary>
    public bool IsOpen => Fate == MutantFate.Survived && Judgement is null;

    /// <summary>Was killed although a judgement says that it cannot be: that judgement is wrong or too wide.</summary>
    public bool Refutes => Fate == MutantFate.Killed && Judgement is not null;
}

/// <summary>All mutants of a sample.</summary>
public sealed record MutationResult
{
    public required ulong Seed { get; init; }
    public required IReadOnlyList<MutantOutcome> Outcomes { get; init; }

    /// <summary>How the unchanged netlist differs from the golden model, if it does; then no mutant was run.</summary>
    public string? NetlistDiffers { get; init; }

    /// <summary>Values of the unchanged netlist's outputs that were compared.</summary>
    public required long NetlistComparisons { get; init; }

    /// <summary>Runs of the stimulus that were needed, and their clocks.</summary>
    public required int Rounds { get; init; }
    public required long Clocks { get; init; }
    public required double BuildSeconds { get; init; }
    public required double Seconds { get; init; }
    public required IReadOnlyList<string> Tools { get; init; }

    public int Count(MutantFate fate) => Outcomes.Count(outcome => outcome.Fate == fate);

    public bool Passed => NetlistDiffers is null && Outcomes.All(outcome => outcome is { IsOpen: false, Refutes: false, Fate: not MutantFate.Error });
}

/// <summary>How a sample of mutants is drawn and run.</summary>
public sealed record MutationSettings
{
    public required TileConfig Config { get; init; }
    public required int Count { get; init; }
    public required ulong Seed { get; init; }
    public required SurvivorJudgements Judgements { get; init; }

    /// <summary>Only the mutant of this number; null: all.</summary>
    public int? Only { get; init; }

    /// <summary>Runs that a mutant must survive. The unchanged netlist goes through all of them first.</summary>
    public int Rounds { get; init; } = 320;
    public ContentCache Cache { get; init; } = new();

    /// <summary>Told in words what is being done.</summary>
    public IProgress<string>? Progress { get; init; }
}

/// <summary>
/// Does the verification notice faults? Yosys changes the netlist of the tile's digital modules at random places; each
/// changed netlist is compared with the golden model at all output ports, every clock, until it differs.
/// </summary>
public static class MutationRun
{
    private const uint InitialValueSeed = 1;

    public static async Task<MutationResult> ExecuteAsync(MutationSettings settings, CancellationToken cancellation = default)
    {
        var time = Stopwatch.StartNew();
        settings.Progress?.Report("drawing mutants with Yosys");
        RtlBundle bundle = RtlGenerator.Generate(settings.Config);
        MutantNetlist netlist = await MutantNetlist.MakeAsync(bundle, settings.Config.Rtl.Prefix, settings.Count, settings.Seed, settings.Cache, cancellation);
        SignalLayout layout = SignalLayout.PortsOnly(new TilePorts(new TileGeometry(settings.Config)), (MutantNetlist.SelectPort, netlist.SelectBits));
        using SimulationLibrary library = await new SimulationBuild(netlist.Bundle, layout, settings.Cache)
            .RunAsync(new SimulationVariant { Assertions = false }, settings.Progress, cancellation);
        double buildSeconds = time.Elapsed.TotalSeconds;

        var stimulus = new MutationStimulus(settings.Config, layout, settings.Seed, settings.Rounds);
        settings.Progress?.Report("comparing the unchanged netlist");
        (string? differs, long comparisons) = CheckNetlist(settings.Config, stimulus, library, cancellation);
        var outcomes = new List<MutantOutcome>();
        foreach (NetlistMutant mutant in differs is not null ? [] : netlist.Mutants.Where(mutant => settings.Only is null || mutant.Number == settings.Only))
        {
            settings.Progress?.Report($"mutant {mutant.Number} of {settings.Count}, {outcomes.Count(outcome => outcome.Fate == MutantFate.Killed)} killed");
            outcomes.Add(Run(mutant, settings.Judgements.Of(mutant), stimulus, library, cancellation));
        }

        return new MutationResult
        {
            Seed = settings.Seed,
            Outcomes = outcomes,
            NetlistDiffers = differs,
            NetlistComparisons = comparisons,
            Rounds = settings.Rounds,
            Clocks = stimulus.Clocks,
            BuildSeconds = Math.Round(buildSeconds, 1),
            Seconds = Math.Round(time.Elapsed.TotalSeconds, 1),
            Tools = [$"{netlist.Yosys}", .. library.Tools.Select(tool => $"{tool}")],
        };
    }

    private static (string? Differs, long Comparisons) CheckNetlist(TileConfig config, MutationStimulus stimulus, SimulationLibrary library, CancellationToken cancellation)
    {
        long comparisons = 0;
        for (int round = 0; round < stimulus.Rounds; round++)
        {
            LockstepRecording recording = stimulus.Recording(round, cancellation);
            using SimulatedTile tile = library.Open(InitialValueSeed);
            SimulationStatus status = recording.Replay(tile, out long clock);
            if (status == SimulationStatus.RanAll)
            {
                comparisons += recording.Comparisons;
                continue;
            }

            int bad = round;
            LockstepResult result = LockstepRun.Execute(
                () => new Tile(config), () => stimulus.NewStimulus(bad), library, images: null, new LockstepOptions { InitialValueSeed = InitialValueSeed, Waveform = WaveformMode.Off }, cancellation);
            string what = result.Divergence is { } divergence
                ? string.Join(", ", divergence.Differences.Select(difference => $"{difference.Signal} is 0x{difference.Actual:x} instead of 0x{difference.Expected:x}"))
                : tile.Text;
            return ($"run {round + 1}, clock {clock}: {what}", comparisons);
        }

        return (null, comparisons);
    }

    private static MutantOutcome Run(NetlistMutant mutant, SurvivorJudgement? judgement, MutationStimulus stimulus, SimulationLibrary library, CancellationToken cancellation)
    {
        for (int round = 0; round < stimulus.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            using SimulatedTile tile = library.Open(InitialValueSeed, (uint)mutant.Number);
            switch (stimulus.Recording(round, cancellation).Replay(tile, out long clock))
            {
                case SimulationStatus.RanAll:
                    continue;
                case SimulationStatus.SignalDiffers:
                    return new MutantOutcome(mutant, MutantFate.Killed, round + 1, clock, judgement, null);
                default:
                    return new MutantOutcome(mutant, MutantFate.Error, round + 1, clock, judgement, tile.Text.Trim());
            }
        }

        return new MutantOutcome(mutant, MutantFate.Survived, 0, 0, judgement, null);
    }
}
