using System.Diagnostics;
using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Rtl;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Tools;

namespace ReDy.Simulation.Verify;

/// <summary>What became of one point of a campaign.</summary>
public sealed record CampaignOutcome
{
    public required int Index { get; init; }
    public required ulong Seed { get; init; }
    public required TileConfig Config { get; init; }
    public long Clocks { get; init; }
    public long Vectors { get; init; }
    public long Comparisons { get; init; }
    public int Probes { get; init; }
    public long Resets { get; init; }
    public long CellRowsProgrammed { get; init; }
    public double BuildSeconds { get; init; }
    public double Seconds { get; init; }

    /// <summary>Why the point failed: lint findings, a divergence, a hang, a wrong result, a failed tool.</summary>
    public string? Failure { get; init; }
    public bool Passed => Failure is null;
}

/// <summary>
/// Random legal configurations, each generated, linted in three tools, built, and simulated against the golden model with
/// stalls, resets and misbehaviour. Every point follows from the root seed and its index, and can be run alone.
/// </summary>
public sealed class Campaign(ulong rootSeed, ContentCache cache, bool lint = true)
{
    private const int FindingsShown = 10;

    public ulong RootSeed { get; } = rootSeed;

    /// <summary>The seed of a point.</summary>
    public ulong SeedOf(int index) => SeededRandom.Derive(RootSeed, (ulong)index);

    /// <param name="folder">For the Verilog and a waveform; null: the point leaves nothing behind.</param>
    /// <param name="replay">The command that repeats the point.</param>
    public async Task<CampaignOutcome> RunAsync(int index, string? folder, string replay, CancellationToken cancellation = default)
    {
        var point = new CampaignPoint(SeedOf(index));
        return await RunAsync(point, index, folder, replay, cancellation);
    }

    public async Task<CampaignOutcome> RunAsync(CampaignPoint point, int index, string? folder, string replay, CancellationToken cancellation = default)
    {
        var time = Stopwatch.StartNew();
        var outcome = new CampaignOutcome { Index = index, Seed = point.Seed, Config = point.Config };
        string work = folder ?? Path.Combine(Path.GetTempPath(), $"redy-campaign-{Environment.ProcessId}-{index}");
        try
        {
            RtlBundle bundle = RtlGenerator.Generate(point.Config);
            BundleFolder.Write(bundle, Path.Combine(work, "bundle"));
            string? findings = lint ? Findings(await RtlLint.RunAsync(bundle, Path.Combine(work, "bundle"), cancellation)) : null;
            var settings = new VerificationSettings
            {
                Config = point.Config,
                Bundle = bundle,
                Model = () => new Tile(point.Config),
                Cache = cache,
                OptimizationLevel = 0,
                Waveform = folder is null ? WaveformMode.Off : WaveformMode.Auto,
                WaveformPath = Path.Combine(work, "waveform"),
            };
            VerificationResult result = await TileVerification.RunAsync(settings, point.NewStimulus, cancellation);
            return outcome with
            {
                Clocks = result.Lockstep.Clocks,
                Vectors = result.Vectors,
                Comparisons = result.Lockstep.Comparisons,
                Probes = result.Probes,
                Resets = result.Stimulus.Resets,
                CellRowsProgrammed = result.Stimulus.CellRowsProgrammed,
                BuildSeconds = Math.Round(result.BuildTime.TotalSeconds, 3),
                Seconds = Math.Round(time.Elapsed.TotalSeconds, 3),
                Failure = FailureReport.Of(result, point.Seed, replay) + findings is { Length: > 0 } failure ? failure : null,
            };
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // One point that cannot be run must not keep the others from running.
            return outcome with { Failure = problem is InputException input ? string.Join('\n', input.Problems) : $"{problem.GetType().Name}: {problem.Message}" };
        }
        finally
        {
            if (folder is null && Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }

    private static string? Findings(IReadOnlyList<LintFinding> findings)
    {
        if (findings.Count == 0)
            return null;
        string more = findings.Count > FindingsShown ? $"\nand {findings.Count - FindingsShown} more findings" : "";
        return string.Join('\n', findings.Take(FindingsShown).Select(finding => $"{finding.Tool.Name}: {finding.Text}")) + more;
    }
}
