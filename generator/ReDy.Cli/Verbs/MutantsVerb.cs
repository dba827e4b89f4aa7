using System.CommandLine;
using ReDy.Architecture;
using ReDy.Simulation.Mutation;

namespace ReDy.Cli.Verbs;

/// <summary><c>redy mutants</c>: does the verification notice random faults of the netlist?</summary>
public sealed class MutantsVerb : IVerb
{
    private const int DefaultCount = 200;
    private const int MostMutants = 4000;

    public int Order => 820;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy mutants tile.yaml", "200 mutants of its netlist: killed or survived"),
        new("redy mutants tile.yaml --judged survivors.yaml --seed 7", "others; survivors that are judged in that file may survive"),
    ];

    public Command Build()
    {
        Argument<string> file = SharedOptions.ConfigFile();
        var count = new Option<int>("--count") { HelpName = "N", Description = "How many mutants.", DefaultValueFactory = _ => DefaultCount };
        var judged = new Option<string?>("--judged") { Description = "Survivors that were judged and why they may survive (YAML)." }.Reads("leave it out, and every survivor counts as not judged");
        var only = new Option<int?>("--only") { HelpName = "K", Description = "Only mutant K of the sample." };
        Option<long> seed = SharedOptions.Seed();
        Option<bool> json = SharedOptions.Json();
        var command = new Command("mutants", "Change the netlist of a small tile at random places with Yosys; the golden model must notice each change at the ports.")
        {
            file, count, only, seed, judged, json,
        };
        command.SetAction((parse, cancellation) => RunAsync(
            parse.GetRequiredValue(file), parse.GetValue(count), parse.GetValue(only), (ulong)parse.GetValue(seed), parse.GetValue(judged), parse.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string file, int count, int? only, ulong seed, string? judged, bool json, CancellationToken cancellation)
    {
        if (count is < 1 or > MostMutants)
            throw new InputException($"--count {count}: 1 to {MostMutants} mutants fit into one netlist");
        if (only < 1 || only > count)
            throw new InputException($"--only {only}: the sample's mutants are 1 to {count}");
        TileConfig config = TileConfigFile.Load(file);
        SurvivorJudgements judgements = judged is null ? new SurvivorJudgements() : SurvivorJudgements.Load(judged);
        MutationResult result = await VerifyProgress.ShowAsync(0, (_, progress) => MutationRun.ExecuteAsync(
            new MutationSettings { Config = config, Count = count, Only = only, Seed = seed, Judgements = judgements, Progress = progress }, cancellation));
        if (json)
            Terminal.WriteJson(new { result.Passed, Killed = result.Count(MutantFate.Killed), Survived = result.Count(MutantFate.Survived), Errors = result.Count(MutantFate.Error), Result = result });
        else
            Print(result);
        return result.Passed ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Print(MutationResult result)
    {
        if (result.NetlistDiffers is not null)
        {
            Console.Out.WriteLine($"The unchanged netlist differs from the golden model: {result.NetlistDiffers}");
            return;
        }

        Console.Out.WriteLine($"{"module",-26} {"mutants",8} {"killed",8} {"survived",9} {"judged",8} {"errors",8}");
        foreach (IGrouping<string, MutantOutcome> module in result.Outcomes.GroupBy(outcome => outcome.Mutant.Module).OrderBy(group => group.Key, StringComparer.Ordinal))
            Row(module.Key, [.. module]);
        Row("all", result.Outcomes);
        foreach (MutantOutcome outcome in result.Outcomes.Where(outcome => outcome.Fate != MutantFate.Killed || outcome.Refutes || result.Outcomes.Count == 1).OrderBy(outcome => outcome.Mutant.Module, StringComparer.Ordinal))
            Print(outcome);

        Console.Out.WriteLine();
        Console.Out.WriteLine(
            $"seed {result.Seed}: {result.Outcomes.Count} mutants, {result.Count(MutantFate.Killed)} killed, {result.Count(MutantFate.Survived)} survived "
            + $"({result.Outcomes.Count(outcome => outcome.IsOpen)} not judged), {result.Count(MutantFate.Error)} errors, {result.Outcomes.Count(outcome => outcome.Refutes)} judgements refuted");
        Console.Out.WriteLine(
            $"unchanged netlist: {result.NetlistComparisons:N0} comparisons at the output ports in {result.Rounds} runs of {result.Clocks:N0} clocks, 0 mismatches; "
            + $"built in {result.BuildSeconds:0.0} s, {result.Seconds:0.0} s in all; {string.Join(", ", result.Tools)}");
    }

    private static void Row(string module, IReadOnlyList<MutantOutcome> outcomes)
    {
        int Count(MutantFate fate) => outcomes.Count(outcome => outcome.Fate == fate);
        Console.Out.WriteLine(
            $"{module,-26} {outcomes.Count,8} {Count(MutantFate.Killed),8} {Count(MutantFate.Survived),9} {outcomes.Count(outcome => outcome.Fate == MutantFate.Survived && !outcome.IsOpen),8} {Count(MutantFate.Error),8}");
    }

    private static void Print(MutantOutcome outcome)
    {
        string fate = outcome switch
        {
            { Refutes: true } => $"JUDGEMENT REFUTED: killed in run {outcome.Round} at clock {outcome.Clock}",
            { Fate: MutantFate.Error } => "ERROR",
            { Fate: MutantFate.Killed } => $"killed in run {outcome.Round} at clock {outcome.Clock}",
            { IsOpen: true } => "SURVIVED, not judged",
            _ => "survived",
        };
        Console.Out.WriteLine();
        Console.Out.WriteLine($"mutant {outcome.Mutant.Number}, {outcome.Mutant.Module}: {fate}");
        Console.Out.WriteLine($"  {outcome.Mutant}");
        Console.Out.WriteLine($"  {outcome.Mutant.Source}  {outcome.Mutant.Text}");
        if (outcome.Judgement is { } judgement)
            Console.Out.WriteLine($"  {(judgement.Verdict == SurvivorVerdict.Equivalent ? "equivalent" : "not at the ports")}: {judgement.Reason}");
        if (outcome.Message is not null)
            Console.Out.WriteLine($"  {outcome.Message}");
    }
}
