using ReDy.Architecture;
using ReDy.Rtl;
using ReDy.Simulation.Mutation;

namespace ReDy.Simulation.Tests.Mutation;

/// <summary>The short form of <c>make mutants</c>, and what makes a sample of mutants fail.</summary>
public sealed class MutationRunTests
{
    private const int Few = 10;
    private const int FewRounds = 24;
    private static readonly string Folder = FindFolder();
    private static readonly NetlistMutant Mutant = new()
    {
        Number = 7,
        Mode = "inv",
        Cell = "$and$1",
        Port = "Y",
        Bit = 3,
        Net = "ima.used[3]",
        Module = "ima",
        Source = "rtl/redy_ima.v:9.1-9.8",
        Text = "assign used = a & b;",
    };

    private static readonly SurvivorJudgement Judgement = new()
    {
        Module = "ima",
        Line = "assign used = a & b;",
        Verdict = SurvivorVerdict.Equivalent,
        Reason = "only an example",
    };

    [Fact]
    public async Task Netlist_agrees_at_every_port_and_clock_and_its_mutants_are_killed_or_judged()
    {
        MutationResult result = await MutationRun.ExecuteAsync(new MutationSettings
        {
            Config = TileConfigFile.Load(Path.Combine(Folder, "tile.yaml")),
            Count = Few,
            Seed = 1,
            Judgements = SurvivorJudgements.Load(Path.Combine(Folder, "survivors.yaml")),
            Rounds = FewRounds,
        });
        result.NetlistDiffers.ShouldBeNull();
        result.NetlistComparisons.ShouldBeGreaterThan(1_000_000);
        result.Outcomes.Where(outcome => outcome.IsOpen || outcome.Refutes || outcome.Fate == MutantFate.Error).ShouldBeEmpty();
        result.Count(MutantFate.Killed).ShouldBeGreaterThan(Few / 2);
        result.Passed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(MutantFate.Killed, false, true)]
    [InlineData(MutantFate.Survived, true, true)]
    [InlineData(MutantFate.Survived, false, false)] // a hole
    [InlineData(MutantFate.Killed, true, false)] // the judgement is wrong
    [InlineData(MutantFate.Error, false, false)] // proves nothing
    [InlineData(MutantFate.Error, true, false)]
    public void A_sample_passes_when_each_mutant_is_either_killed_or_judged(MutantFate fate, bool judged, bool passes)
    {
        var result = new MutationResult
        {
            Seed = 1,
            Outcomes = [new MutantOutcome(Mutant, fate, 1, 100, judged ? Judgement : null, null)],
            NetlistComparisons = 1,
            Rounds = 1,
            Clocks = 1,
            BuildSeconds = 0,
            Seconds = 0,
            Tools = [],
        };
        result.Passed.ShouldBe(passes);
        (result with { NetlistDiffers = "run 1, clock 5: tile.interrupt is 0x1 instead of 0x0" }).Passed.ShouldBeFalse();
    }

    [Fact]
    public void A_judgement_holds_only_for_what_it_names()
    {
        Judgement.Covers(Mutant).ShouldBeTrue();
        (Judgement with { Modes = ["inv"], Ports = ["Y"], Bits = [3], Names = ["$and$", "used"] }).Covers(Mutant).ShouldBeTrue();
        SurvivorJudgement[] others =
        [
            Judgement with { Module = "tile" }, Judgement with { Line = "assign used = a | b;" }, Judgement with { Modes = ["const0"] }, Judgement with { Ports = ["A"] },
            Judgement with { Bits = [2] }, Judgement with { ControlBits = [0] }, Judgement with { Names = ["$and$", "free"] },
        ];
        others.Count(other => other.Covers(Mutant)).ShouldBe(0);
    }

    [Fact]
    public void A_line_of_Yosys_names_module_cell_net_and_source_line()
    {
        var bundle = new RtlBundle("redy_tile", [new RtlFile("rtl/redy_ima.v", "module redy_ima;\n  wire y = a & b;\nendmodule\n")]);
        NetlistMutant mutant = NetlistMutant.Parse(
            @"mutate -ctrl mutant_select 8 5 -mode cnot1 -module redy_tile -cell $flatten\ima.$and$3 -port Y -portbit 2 -ctrlbit 4 -wire ima.y -wirebit 2 -src rtl/redy_ima.v:2.12-2.17", NetlistMutant.SourceLines(bundle), "redy_");
        mutant.ShouldBe(new NetlistMutant
        {
            Number = 5,
            Mode = "cnot1",
            Cell = @"$flatten\ima.$and$3",
            Port = "Y",
            Bit = 2,
            ControlBit = 4,
            Net = "ima.y[2]",
            Module = "ima",
            Source = "rtl/redy_ima.v:2.12-2.17",
            Text = "wire y = a & b;",
        });
    }

    [Fact]
    public void A_judgement_without_reason_is_refused_with_file_and_line()
    {
        using var folder = new SimulationFolder();
        string file = folder.File("survivors.yaml");
        File.WriteAllText(file, "survivors:\n- module: ima\n  line: x\n  verdict: equivalent\n");
        InputException problem = Should.Throw<InputException>(() => SurvivorJudgements.Load(file));
        problem.Message.ShouldStartWith($"{file}:");
        problem.Message.ShouldContain("reason");
    }

    private static string FindFolder()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ReDy.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return Path.Combine(folder, "testbenches", "mutants");
    }
}
