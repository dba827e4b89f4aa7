using System.Diagnostics;
using System.Text.Json;
using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Rtl;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Verify;
using Xunit.Abstractions;

namespace ReDy.Simulation.Tests.Verify;

/// <summary>
/// Hand-made faults (testbenches/faults) must be caught by a report that names the module they are in. Those in the golden model
/// run only with REDY_FAULTS=all ('make faults').
/// </summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    /// <summary>A fault is caught if any of these is: what is rare must not depend on how the draws happen to fall.</summary>
    private const int Seeds = 12;

    private static readonly string Repository = FindRepository();
    private static readonly bool RunAll = Environment.GetEnvironmentVariable("REDY_FAULTS") == "all";

    public static TheoryData<string> VerilogFaults => [.. Faults(FaultSide.Verilog)];

    /// <summary>Each rebuilds the program: too long for every day.</summary>
    public static TheoryData<string> SourceFaults => RunAll ? [.. Faults(FaultSide.Model), .. Faults(FaultSide.Simulation)] : ["none of them: set REDY_FAULTS=all"];

    [Fact]
    public void There_are_at_least_25_faults_in_Verilog_and_golden_model() =>
        (Faults(FaultSide.Verilog).Count() + Faults(FaultSide.Model).Count()).ShouldBeGreaterThanOrEqualTo(25);

    [Fact]
    public void Every_fault_still_finds_the_text_that_it_changes()
    {
        foreach (string name in Faults(FaultSide.Verilog))
            Load(name).Apply(RtlGenerator.Generate(Config(Load(name))));
        foreach (string name in Faults(FaultSide.Model).Concat(Faults(FaultSide.Simulation)))
            Load(name).Changed(File.ReadAllText(Path.Combine(Repository, Load(name).File)));
    }

    [Theory]
    [MemberData(nameof(VerilogFaults))]
    public async Task A_fault_in_the_Verilog_is_caught_and_located(string name)
    {
        DesignFault fault = Load(name);
        TileConfig config = Config(fault);
        RtlBundle bundle = fault.Apply(RtlGenerator.Generate(config));
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var settings = new VerificationSettings { Config = config, Bundle = bundle, Model = () => new Tile(config), Waveform = WaveformMode.Off, OptimizationLevel = 0 };
            VerificationResult result = await TileVerification.RunAsync(settings, new CampaignPoint(seed, config).NewStimulus);
            if (result.Passed)
                continue;
            string report = FailureReport.Of(result, seed, "this test").ShouldNotBeNull();
            output.WriteLine(report);
            string? first = result.Lockstep.Divergence?.First.Signal ?? result.Lockstep.ActivityDifferences.Select(one => $"{one.Instance}.{one.What}").FirstOrDefault();
            Located(report, first).ShouldBeOneOf(fault.Report);
            return;
        }

        throw new Xunit.Sdk.XunitException($"'{fault.Name}' ({fault.Kind}) was not caught with {Seeds} seeds");
    }

    [Theory]
    [MemberData(nameof(SourceFaults))]
    public void A_fault_in_the_golden_model_or_in_counting_is_caught_and_located(string name)
    {
        if (!RunAll)
            return;
        DesignFault fault = Load(name);
        using var folder = new SimulationFolder();
        string copy = folder.File("repository");
        Run("cp", Repository, "-r", "--parents", "ReDy.sln", "Directory.Build.props", "Directory.Packages.props", "global.json", "generator", "golden-model", "rtl-templates", "testbenches", Directory.CreateDirectory(copy).FullName)
            .ExitCode.ShouldBe(0);
        string source = Path.Combine(copy, fault.File);
        File.WriteAllText(source, fault.Changed(File.ReadAllText(source)));
        string program = folder.File("program");
        (int built, string messages) = Run("dotnet", copy, "build", "generator/ReDy.Cli", "-v", "q", "--nologo", "-o", program);
        built.ShouldBe(0, messages);
        File.WriteAllText(folder.File("tile.yaml"), fault.Configuration.Length == 0 ? TinyPreset() : fault.Configuration);
        for (int seed = 1; seed <= Seeds; seed++)
        {
            (int code, string text) = Run(Path.Combine(program, "redy"), folder.Path, "verify", "tile.yaml", "--seed", $"{seed}", "--output", $"run-{seed}", "--trace", "off");
            if (code == 0)
                continue;
            code.ShouldBe(1, text);
            output.WriteLine(text);
            using JsonDocument result = JsonDocument.Parse(File.ReadAllText(folder.File($"run-{seed}/result.json")));
            Located(text, result.RootElement.GetProperty("first_mismatch").GetString()).ShouldBeOneOf(fault.Report);
            return;
        }

        throw new Xunit.Sdk.XunitException($"'{fault.Name}' ({fault.Kind}) was not caught with {Seeds} seeds");
    }

    /// <summary>The module that the report points to: that of the first differing signal, or of the assertion that stopped the Verilog.</summary>
    private static string Located(string report, string? signal)
    {
        if (signal is not null)
            return FailureReport.ModuleOf(signal);
        report.ShouldStartWith("STOPPED");
        string file = report.Split("redy_")[1];
        return file[..file.IndexOf('.', StringComparison.Ordinal)];
    }

    private static TileConfig Config(DesignFault fault) =>
        TileConfigFile.Parse(fault.Configuration.Length == 0 ? TinyPreset() : fault.Configuration, $"configuration of fault '{fault.Name}'");

    private static string TinyPreset() => File.ReadAllText(Path.Combine(Repository, "generator/configs/tiny.yaml"));

    private static DesignFault Load(string name) => DesignFault.Load(Path.Combine(Repository, "testbenches/faults", name + ".yaml"));

    private static IEnumerable<string> Faults(FaultSide side) =>
        Directory.GetFiles(Path.Combine(Repository, "testbenches/faults"), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Where(name => Load(name).Side == side).Order(StringComparer.Ordinal);

    private static (int ExitCode, string Text) Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, text);
    }

    private static string FindRepository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ReDy.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
