using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;
using ReDy.Rtl;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Tools;
using ReDy.Simulation.Verify;
using ReDy.Synthesis.Flow;
using ReDy.Synthesis.GateLevel;
using ReDy.Synthesis.Handoff;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Tests;

/// <summary>The real tools on a small tile; mapped once, from the cache afterwards.</summary>
public sealed class SynthesisTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    [Fact]
    public async Task A_tile_has_area_timing_and_no_path_from_an_input_to_an_output()
    {
        SynthesisResult result = await SynthesizeAsync(null);
        result.MeetsClock.ShouldBeTrue();
        result.Area.StandardCellsKge.ShouldBeGreaterThan(5);
        result.Area.Macros.Single(macro => macro.Macro == "crossbar_macro").Count.ShouldBe(2);
        TimingReport timing = result.Corners[0].Timing;
        timing.InputReachesOutput.ShouldBeFalse();
        timing.MaximumMegahertz.ShouldBeInRange(20, 500);
        timing.HoldSlackNanoseconds.ShouldBeGreaterThan(0);
        File.ReadAllText(folder.File("run/report.txt")).ShouldContain("maximum clock");
    }

    [Fact]
    public async Task Arithmetic_limits_the_clock_not_control()
    {
        TimingPath slowest = (await SynthesizeAsync(null, TilePresets.Config("tiny"))).Corners[0].Timing.Paths.MaxBy(path => path.Path.MinimumPeriodNanoseconds).Path;
        slowest.Hops.MaxBy(hop => hop.DelayNanoseconds)!.Instance.ShouldMatch("requantiser|shift_and_add");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1.2)]
    public async Task Clock_gates_have_a_path_of_their_own_beside_that_between_registers(double clock)
    {
        TileConfig gated = SmallTile.Config with { Rtl = SmallTile.Config.Rtl with { ClockGating = true } };
        TimingReport timing = (await SynthesizeAsync(clock, gated)).Corners[0].Timing;
        TimingPath gates = timing.ClockGates.ShouldNotBeNull();
        gates.To.ShouldContain("gate");
        gates.MinimumPeriodNanoseconds.ShouldBeInRange(1.3, 3.5, "the whole clock, whatever the clock that was asked for");
        timing.Registers.ShouldNotBeNull().To.ShouldNotContain("gate");
        (await SynthesizeAsync(clock)).Corners[0].Timing.ClockGates.ShouldBeNull();
    }

    [Fact]
    public async Task A_clock_that_is_asked_for_is_met_or_missed()
    {
        (await SynthesizeAsync(50)).MeetsClock.ShouldBeTrue();
        (await SynthesizeAsync(0.5)).MeetsClock.ShouldBeFalse();
    }

    [Fact]
    public async Task Another_corner_is_timed_with_its_own_library_and_reported_under_its_name()
    {
        const double Factor = 1.6;
        SynthesisResult result = await SynthesizeAsync(100, corners: ("slow", folder.SlowLibrary("slow.lib", Factor)));
        result.Corners.Select(corner => corner.Corner).ShouldBe(["nominal", "slow"]);
        (TimingReport nominal, TimingReport slow) = (result.Corners[0].Timing, result.Corners[1].Timing);
        slow.MinimumPeriodNanoseconds.ShouldBeInRange(nominal.MinimumPeriodNanoseconds * 1.2, nominal.MinimumPeriodNanoseconds * Factor * 1.3);
        result.MeetsClock.ShouldBeTrue();
        string report = File.ReadAllText(folder.File("run/report.txt"));
        report.ShouldMatch(@"maximum clock +[\d.]+ MHz, [\d.]+ ns \(nominal: typical, 1\.8 V, 25 C\)");
        report.ShouldMatch(@"maximum clock +[\d.]+ MHz, [\d.]+ ns \(slow: slow, 1\.62 V, 125 C\)");

        // A clock between the two is missed.
        (await SynthesizeAsync((nominal.MinimumPeriodNanoseconds + slow.MinimumPeriodNanoseconds) / 2, corners: ("slow", folder.File("slow.lib")))).MeetsClock.ShouldBeFalse();
    }

    [Fact]
    public async Task A_corner_that_lacks_cells_of_the_netlist_is_refused()
    {
        string part = folder.InstalledLibrary("part.lib", new Regex("^OAI2[12]"));
        (await Should.ThrowAsync<InputException>(() => SynthesizeAsync(null, corners: ("slow", part)))).Message.ShouldBe(
            $"--corner slow={part}: osu018_stdcells lacks cells of the netlist: OAI21X1, OAI22X1; name another corner of the library that --liberty names");
    }

    [Fact]
    public async Task The_scripts_of_the_folder_run_by_hand_without_a_complaint_of_OpenSTA()
    {
        RtlBundle bundle = HandoffFolder.Generate(SmallTile.Config);
        BundleFolder.Write(bundle, folder.File("by hand"));
        string scripts = Path.Combine(folder.File("by hand"), HandoffFolder.Folder);
        var settings = new Dictionary<string, string?> { ["LIBERTY"] = StandardCells.Load().LibertyPath };
        await (await Yosys.FindAsync()).RunTclAsync(scripts, "yosys.tcl", settings, _ => { }, default);
        File.ReadAllText(Path.Combine(scripts, "netlist.v")).ShouldNotMatch(@"\$paramod|\$auto|\$abc");
        string timing = await (await OpenSta.FindAsync()).RunAsync(scripts, "opensta.tcl", settings, default);
        timing.ShouldContain("=== end");
        timing.ShouldNotMatch("(?m)^(Error|Warning)");

        string power = await (await OpenSta.FindAsync()).RunAsync(scripts, "opensta_power.tcl", settings, default);
        power.ShouldContain("=== power: 0.1 transitions per clock of every net");
        power.ShouldMatch(@"(?m)^ [1-9]\.\d+e\S+ +\S+ +\S+ +[1-9]\.\d+e\S+ activation_buffer$", "the macros' library has no operating conditions by default");
        power.ShouldContain("=== end");
        power.ShouldNotMatch("(?m)^(Error|Warning)");
    }

    [Fact]
    public async Task Settings_of_the_scripts_are_not_taken_from_the_callers_environment()
    {
        string[] names = ["MACROS", "SAIF", "ACTIVITY", "DONT_USE", "TIE_HIGH", "TIE_LOW"];
        SynthesisResult before = await SynthesizeAsync(null);
        foreach (string name in names)
            Environment.SetEnvironmentVariable(name, "nothing of the kind");
        try
        {
            SynthesisResult after = await SynthesizeAsync(null, cache: new ContentCache(folder.File("cache")));
            after.Area.CellCount.ShouldBe(before.Area.CellCount);
            after.Corners[0].Timing.MaximumMegahertz.ShouldBe(before.Corners[0].Timing.MaximumMegahertz);
        }
        finally
        {
            foreach (string name in names)
                Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public async Task The_netlist_equals_the_golden_model_at_its_ports()
    {
        VerifySummary summary = await VerifyAsync(await NetlistAsync(SmallTile.Config));
        summary.Report.ShouldBeNull();
        summary.Passed.ShouldBeTrue();
        summary.Comparisons.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public async Task A_clock_gated_netlist_equals_the_golden_model()
    {
        TileConfig gated = SmallTile.Config with { Rtl = SmallTile.Config.Rtl with { ClockGating = true } };
        (await VerifyAsync(await NetlistAsync(gated), gated)).Passed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("stream_input", "write_pointer_q_reg[0]")]
    [InlineData("requantiser", "product_q_reg[0]")]
    [InlineData("shift_and_add", "accumulator[0]_reg[0]")]
    public async Task A_netlist_with_an_inverter_too_many_before_a_register_is_caught(string module, string register)
    {
        VerifySummary summary = await VerifyAsync(WithRegister(await NetlistAsync(SmallTile.Config), module, register, data => $"INVX1 wrong_gate (.A(right), .Y({data}));"));
        summary.Verdict.ShouldBe("mismatch", summary.Report);
        summary.FirstMismatch.ShouldNotBeNull();
    }

    /// <summary>Shows only where layers of other sizes follow one another on both banks.</summary>
    [Fact]
    public async Task A_netlist_that_always_converts_with_the_first_banks_layer_is_caught() =>
        (await VerifyAsync(WithRegister(await NetlistAsync(SmallTile.Config), "step_sequencer", "convert_layer_q_reg", data => $"assign {data} = 1'b0;"))).Verdict.ShouldBe("mismatch");

    [Fact]
    public async Task A_file_that_is_not_the_tiles_netlist_is_refused()
    {
        File.WriteAllText(folder.File("other.v"), "module adder (a); input a; endmodule\n");
        (await Should.ThrowAsync<InputException>(() => GateLevelBundle.ForVerificationAsync(SmallTile.Config, folder.File("other.v"), null))).Message.ShouldContain("no module redy_tile");
    }

    public void Dispose() => folder.Dispose();

    private async Task<SynthesisResult> SynthesizeAsync(double? clock, TileConfig? config = null, ContentCache? cache = null, params (string Name, string Path)[] corners)
    {
        string path = folder.File("tile.yaml");
        File.WriteAllText(path, TileConfigWriter.Write(config ?? SmallTile.Config));
        (SynthesisResult result, _) = await SynthesisRun.ExecuteAsync(new SynthesisRequest
        {
            ConfigPath = path,
            Config = config ?? SmallTile.Config,
            ClockNanoseconds = clock,
            Corners = corners,
            Cache = cache ?? new ContentCache(),
            OutputPath = folder.File("run"),
        });
        return result;
    }

    /// <summary>A netlist in which something else than the net <c>right</c>, which did before, drives a register's data.</summary>
    private static NetlistUnderTest WithRegister(NetlistUnderTest correct, string module, string register, Func<string, string> driver)
    {
        RtlFile verilog = correct.Bundle["rtl/redy_tile_netlist.v"];
        Match text = Regex.Match(verilog.Content, $@"^module redy_{module} .*?^endmodule", RegexOptions.Multiline | RegexOptions.Singleline);
        string data = Regex.Match(text.Value, $@"^ *DFFPOSX1 \\?{Regex.Escape(register)} +\(.*\.D\((\w+)\)", RegexOptions.Multiline).Groups[1].Value;
        data.ShouldNotBeEmpty(register);
        string wrong = text.Value.Replace($".Y({data})", ".Y(right)", StringComparison.Ordinal)
            .Replace("endmodule", $"  wire right;\n  {driver(data)}\nendmodule", StringComparison.Ordinal);
        string changed = verilog.Content[..text.Index] + wrong + verilog.Content[(text.Index + text.Length)..];
        return correct with { Bundle = new RtlBundle(correct.Bundle.TopModule, [verilog with { Content = changed }, .. correct.Bundle.Files.Where(file => file != verilog)]) };
    }

    private static Task<NetlistUnderTest> NetlistAsync(TileConfig config) => GateLevelBundle.ForVerificationAsync(config, null, null);

    private async Task<VerifySummary> VerifyAsync(NetlistUnderTest netlist, TileConfig? config = null)
    {
        string path = folder.File("tile.yaml");
        File.WriteAllText(path, TileConfigWriter.Write(config ?? SmallTile.Config));
        (VerifySummary summary, _, _) = await VerifyRun.ExecuteAsync(new VerifyRequest
        {
            ConfigPath = path,
            Config = config ?? SmallTile.Config,
            Operands = new OperandChoice { Classes = [OperandClass.Uniform, OperandClass.Sparse], VectorsPerClass = 8, Seed = 1 },
            Stimulus = StimulusOptions.Of(1, StallLevel.Light) with { WeightsBy = WeightLoading.Axi },
            Waveform = WaveformMode.Off,
            Netlist = netlist,
            OutputPath = folder.File("verify"),
        });
        return summary;
    }
}
