using System.CommandLine;
using ReDy.Architecture;
using ReDy.Simulation.Build;
using ReDy.Simulation.Verify;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy campaign</c>: generator, golden model and Verilog over random legal configurations.</summary>
public sealed class CampaignVerb : IVerb
{
    private const int DefaultPoints = 200;
    private const int MostValuesShown = 12;

    public int Order => 800;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy campaign", "200 random configurations"),
        new("redy campaign --points 20 --seed 7", "20 others"),
        new("redy campaign --seed 7 --replay 13", "one of them again, with a waveform if it fails"),
    ];

    public Command Build()
    {
        var points = new Option<int>("--points") { HelpName = "N", Description = "How many configurations.", DefaultValueFactory = _ => DefaultPoints };
        var replay = new Option<int?>("--replay") { HelpName = "K", Description = "Only point K, into folder runs/campaign-SEED-K." };
        var withoutLint = new Option<bool>("--without-lint") { Description = "Leave out Verilator, Icarus Verilog and Yosys as linters." };
        Option<long> seed = SharedOptions.Seed();
        Option<bool> json = SharedOptions.Json();
        var command = new Command("campaign", "Verify random legal configurations: generate, lint, simulate with stalls and resets, compare.")
        {
            points, seed, replay, withoutLint, json,
        };
        command.SetAction((parse, cancellation) => RunAsync(
            (ulong)parse.GetValue(seed), parse.GetValue(points), parse.GetValue(replay), !parse.GetValue(withoutLint), parse.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ulong seed, int points, int? only, bool lint, bool json, CancellationToken cancellation)
    {
        if (points < 1)
            throw new InputException($"--points {points}: at least one is needed");

        // Hundreds of simulations that nobody will run again have no place in the user's cache.
        string cacheFolder = Path.Combine(Path.GetTempPath(), $"redy-campaign-{Environment.ProcessId}");
        var campaign = new Campaign(seed, new ContentCache(cacheFolder), lint);
        var outcomes = new List<CampaignOutcome>();
        try
        {
            foreach (int k in only is { } one ? [one] : Enumerable.Range(0, points))
            {
                cancellation.ThrowIfCancellationRequested();
                string? folder = only is null ? null : Path.Combine("runs", $"campaign-{seed}-{k}");
                CampaignOutcome outcome = await campaign.RunAsync(k, folder, $"redy campaign --seed {seed} --replay {k}", cancellation);
                outcomes.Add(outcome);
                if (!json)
                    Console.Out.WriteLine(Line(outcome, seed));
                string simulations = Path.Combine(cacheFolder, "simulation");
                if (Directory.Exists(simulations))
                    Directory.Delete(simulations, recursive: true);
            }
        }
        finally
        {
            if (Directory.Exists(cacheFolder))
                Directory.Delete(cacheFolder, recursive: true);
        }

        int failed = outcomes.Count(outcome => !outcome.Passed);
        if (json)
        {
            Terminal.WriteJson(new
            {
                Seed = seed,
                Points = outcomes.Count,
                Failed = failed,
                Coverage = RandomTileConfigs.Dimensions.ToDictionary(dimension => dimension.Name, dimension => Values(dimension, outcomes).ToDictionary(value => value.Value, value => value.Count)),
                Outcomes = outcomes,
            });
        }
        else
        {
            Print(outcomes, seed, failed);
        }

        return failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Line(CampaignOutcome outcome, ulong seed)
    {
        var geometry = new TileGeometry(outcome.Config);
        string what = $"{outcome.Index,4}  {geometry.CapacityRows} x {geometry.CapacityOutputs} on {geometry.Crossbars} crossbars of {geometry.Wordlines} x {outcome.Config.Crossbar.Bitlines}";
        return outcome.Passed
            ? $"{what,-60}  passed: {outcome.Clocks:N0} clocks, {outcome.Comparisons:N0} comparisons, {outcome.Seconds:0.0} s"
            : $"{what,-60}  FAILED; replay: redy campaign --seed {seed} --replay {outcome.Index}\n{outcome.Failure}";
    }

    private static void Print(List<CampaignOutcome> outcomes, ulong seed, int failed)
    {
        Console.Out.WriteLine();
        int width = RandomTileConfigs.Dimensions.Max(dimension => dimension.Name.Length);
        foreach (ConfigDimension dimension in RandomTileConfigs.Dimensions)
        {
            (string Value, int Count)[] values = [.. Values(dimension, outcomes)];
            string shown = string.Join("  ", values.Take(MostValuesShown).Select(value => $"{value.Value}:{value.Count}"));
            string more = values.Length > MostValuesShown ? $"  and {values.Length - MostValuesShown} more values" : "";
            Console.Out.WriteLine($"{dimension.Name.PadRight(width)}  {shown}{more}");
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(
            $"seed {seed}: {outcomes.Count} points, {failed} failed; {outcomes.Sum(outcome => outcome.Vectors):N0} vectors, {outcomes.Sum(outcome => outcome.Clocks):N0} clocks, "
            + $"{outcomes.Sum(outcome => outcome.Comparisons):N0} comparisons, {outcomes.Sum(outcome => outcome.Resets):N0} resets in flight, "
            + $"{outcomes.Sum(outcome => outcome.CellRowsProgrammed):N0} rows of cells programmed over AXI, {outcomes.Sum(outcome => outcome.Seconds):0} s");
    }

    /// <summary>The values that a dimension took, most frequent first.</summary>
    private static IEnumerable<(string Value, int Count)> Values(ConfigDimension dimension, List<CampaignOutcome> outcomes) =>
        outcomes.GroupBy(outcome => dimension.Describe(outcome.Config)).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Count()));
}
