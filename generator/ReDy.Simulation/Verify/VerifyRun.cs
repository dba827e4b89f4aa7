using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Rtl;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Tools;

namespace ReDy.Simulation.Verify;

/// <summary>What a verification found, without times: the same for the same configuration, operands and seed.</summary>
public sealed record VerifySummary
{
    public required string Configuration { get; init; }
    public required bool Passed { get; init; }

    /// <summary>passed, mismatch, hang, stopped (an assertion of the Verilog), activity (counts of toggles or events differ) or wrong_result (both sides contradict the functional model).</summary>
    public required string Verdict { get; init; }
    public required ulong Seed { get; init; }
    public required string Policy { get; init; }
    public required string Operands { get; init; }
    public required string Stalls { get; init; }
    public required long Vectors { get; init; }

    /// <summary>Uses of the tile per vector; more than one if the weights exceed it.</summary>
    public required int Passes { get; init; }
    public required long OutputsCompared { get; init; }
    public required long Clocks { get; init; }

    /// <summary>The gate-level netlist that took the place of the Verilog; null: none did.</summary>
    public string? Netlist { get; init; }

    /// <summary>Architectural registers compared at every clock.</summary>
    public required int Probes { get; init; }
    public required int Memories { get; init; }
    public required long Comparisons { get; init; }
    public required int Mismatches { get; init; }
    /// <summary>Counts of toggles, clock edges and events that were compared: bits of registers and ports, both ways, instances and events.</summary>
    public required long ActivityCounts { get; init; }
    public required long StepsStreamed { get; init; }
    public required long StepsSkipped { get; init; }
    public required long Conversions { get; init; }

    /// <summary>What the same vectors would take with every plane streamed.</summary>
    public required long ConversionsStatic { get; init; }
    public required long Saturations { get; init; }
    public required long RegisterAccesses { get; init; }
    public required long RefusedAccesses { get; init; }
    public required long CellsReadBack { get; init; }
    public required long MalformedPackets { get; init; }
    public required long ResetsInFlight { get; init; }
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>The signal or count that differed first.</summary>
    public string? FirstMismatch { get; init; }
    public string? Report { get; init; }
}

/// <summary>Times of a verification, kept apart from what must repeat exactly.</summary>
public sealed record VerifyTimes(double BuildSeconds, bool BuildCached, double SimulationSeconds, double ClocksPerSecond);

/// <summary>Carries out a <see cref="VerifyRequest"/> and leaves a <see cref="RunFolder"/> with everything to repeat it by hand.</summary>
public static class VerifyRun
{
    private const string WrongResult = "wrong_result";
    private const int LayersOfNetlist = 16, VectorsPerNetlistLayer = 2;
    private const ulong NetlistLayersSeed = 0x6e65_746c;

    public static JsonSerializerOptions JsonOptions { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static async Task<(VerifySummary Summary, VerifyTimes Times, string Folder)> ExecuteAsync(
        VerifyRequest request, IProgress<long>? clocks = null, IProgress<string>? building = null, CancellationToken cancellation = default)
    {
        using var folder = new RunFolder(request.OutputPath);
        var geometry = new TileGeometry(request.Config);
        RtlBundle bundle = RtlGenerator.Generate(request.Config);
        bundle = request.Netlist?.Bundle ?? request.Fault?.Apply(bundle) ?? bundle;
        VerifyWorkload? first = null;
        VerificationResult result = await TileVerification.RunAsync(
            new VerificationSettings
            {
                Config = request.Config,
                Bundle = bundle,
                PortsOnly = request.Netlist is not null,
                Activity = request.Netlist is null,
                Model = () => new Tile(request.Config),
                Switching = request.SaifPath is not null,
                Waveform = request.Waveform,
                WaveformFormat = request.WaveformFormat,
                WaveformPath = folder.PathOf("waveform"),
                Clocks = clocks,
                Building = building,
            },
            () =>
            {
                (TileStimulus stimulus, VerifyWorkload workload) = Stimulus(geometry, request);
                first ??= workload;
                return stimulus;
            },
            cancellation);
        if (result.Passed && first!.Mismatch is { } mismatch)
            result = result with { Contradiction = mismatch };
        if (result.Lockstep.Waveform is { } waveform)
            result = result with { Lockstep = result.Lockstep with { Waveform = Path.GetRelativePath(Directory.GetCurrentDirectory(), folder.Finally(waveform)) } };

        VerifySummary summary = Summarise(request, geometry, first!, result);
        var times = new VerifyTimes(
            Math.Round(result.BuildTime.TotalSeconds, 3), result.Lockstep.BuildWasCached,
            Math.Round(result.Lockstep.Elapsed.TotalSeconds, 3), Math.Round(result.Lockstep.ClocksPerSecond));
        Fill(folder, request, bundle, summary, times);
        if (result.Lockstep.Activity is { } activity)
            folder.Write(RunFolder.ActivityFile, TileActivityFile.Text(activity));
        if (request.SaifPath is { } saifPath && result.Lockstep.Switching is { } nets)
            WriteSaif(saifPath, nets, bundle.TopModule, SaifOrigin.Of(request.Config, request.Netlist is not null), result.Lockstep.Activity?.Clocks ?? result.Lockstep.Clocks, request.Config.Timing.ClockMhz);
        folder.Keep();
        return (summary, times, request.OutputPath);
    }

    /// <summary>
    /// How fast golden model and Verilog are alone, what lockstep costs, and what counting adds, on the stimulus of <paramref name="request"/>.
    /// </summary>
    /// <param name="clocks">Clocks to measure, after both sides have warmed up.</param>
    public static async Task<(LockstepCost Cost, IReadOnlyList<InstalledTool> Tools)> BenchmarkAsync(
        VerifyRequest request, long clocks, IProgress<string>? building = null, CancellationToken cancellation = default)
    {
        const int SegmentClocks = 20_000;

        // The runtime compiles a hot method again and again, better each time; a second thread does so while the first goes on.
        const int WarmUpSeconds = 3;
        var geometry = new TileGeometry(request.Config);
        var cache = new ContentCache();
        RtlBundle bundle = RtlGenerator.Generate(request.Config);
        SignalLayout layout = SignalLayout.Of(new Tile(request.Config));
        using SimulationLibrary counting = await new SimulationBuild(bundle, layout, cache, VerilogEvents.Of(geometry)).RunAsync(new SimulationVariant(), building, cancellation);
        using SimulationLibrary plain = await new SimulationBuild(bundle, layout, cache).RunAsync(new SimulationVariant(), building, cancellation);
        OperandChoice operands = request.Operands with { LeastClocks = long.MaxValue };
        LockstepCost cost = LockstepBenchmark.Run(
            () => new Tile(request.Config), () => Stimulus(geometry, request with { Operands = operands }).Stimulus, counting, plain, new LockstepOptions(),
            SegmentClocks, TimeSpan.FromSeconds(WarmUpSeconds), clocks, cancellation);
        return (cost, plain.Tools);
    }

    /// <summary>One line per figure, for people.</summary>
    public static string Text(VerifySummary summary)
    {
        var text = new StringBuilder();
        if (summary.Report is not null)
            text.Append(summary.Report).Append('\n');
        Line("result", summary.Passed ? summary.Netlist is null ? "PASSED: golden model, Verilog and functional model agree" : "PASSED: golden model, gate-level netlist and functional model agree" : "FAILED");
        Line("configuration", $"{summary.Configuration}, policy {summary.Policy}, operands {summary.Operands}, stalls {summary.Stalls}, seed {summary.Seed}");
        Line("vectors", $"{summary.Vectors:N0}{(summary.Passes > 1 ? $" in {summary.Passes} passes" : "")}, {summary.OutputsCompared:N0} outputs equal to the functional model");
        Line("clocks", $"{summary.Clocks:N0}");
        if (summary.Netlist is not null)
            Line("netlist", summary.Netlist);
        Line("compared", summary.Netlist is not null ? $"all output ports at every clock: {summary.Comparisons:N0} comparisons" : $"{summary.Probes:N0} registers at every clock, {summary.Memories:N0} memories: {summary.Comparisons:N0} comparisons");
        if (summary.ActivityCounts != 0)
            Line("activity", $"{summary.ActivityCounts:N0} counts of toggles, clock edges and events equal on both sides");
        Line("mismatches", $"{summary.Mismatches}");
        Line("steps", $"{summary.StepsStreamed:N0} streamed, {summary.StepsSkipped:N0} skipped");
        string share = summary.ConversionsStatic == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({100.0 * summary.Conversions / summary.ConversionsStatic:0.0} % of static)");
        Line("conversions", $"{summary.Conversions:N0}{share}, {summary.Saturations:N0} saturated");
        Line("stimulus", $"{summary.RegisterAccesses:N0} register accesses ({summary.RefusedAccesses:N0} refused as they must be), {summary.CellsReadBack:N0} cells read back, "
            + $"{summary.MalformedPackets:N0} malformed packets, {summary.ResetsInFlight:N0} resets in flight");
        Line("tools", string.Join(", ", summary.Tools));
        return text.ToString();

        void Line(string name, string value) => text.Append(name.PadRight(15)).Append(value).Append('\n');
    }

    public static string Text(VerifyTimes times) => string.Create(
        CultureInfo.InvariantCulture,
        $"{"speed",-15}{times.ClocksPerSecond:N0} clocks per second ({times.SimulationSeconds:0.00} s); {(times.BuildCached ? "build cached" : $"built in {times.BuildSeconds:0.0} s")}\n");

    private static (TileStimulus Stimulus, VerifyWorkload Workload) Stimulus(TileGeometry geometry, VerifyRequest request)
    {
        TileStimulus? stimulus = null;
        bool isNetlist = request.Netlist is not null && request.Operands.Weights is null;
        var workload = new VerifyWorkload(geometry, request.Operands, () => stimulus!.Clock, isNetlist ? NetlistLayers(geometry, request) : null);
        stimulus = new TileStimulus(geometry, workload.Layers(), request.Stimulus, workload.Complete);
        return (stimulus, workload);
    }

    /// <summary>
    /// A netlist is compared at its ports: what it holds wrongly shows only if something depends on it. Layers of other sizes, policies and
    /// thresholds follow one another on both banks.
    /// </summary>
    private static IEnumerable<TileLayer> NetlistLayers(TileGeometry geometry, VerifyRequest request)
    {
        const int Vectors = LayersOfNetlist * VectorsPerNetlistLayer;
        ulong seed = SeededRandom.Derive(request.Operands.Seed, NetlistLayersSeed);
        return new RandomWorkload(geometry, seed, clockBudget: Vectors * RandomWorkload.ClocksPerVector(geometry), request.Stimulus.Misbehave).OnAlternatingBanks(Vectors, LayersOfNetlist);
    }

    private static VerifySummary Summarise(VerifyRequest request, TileGeometry geometry, VerifyWorkload workload, VerificationResult result) => new()
    {
        Configuration = Path.GetFileName(request.ConfigPath),
        Passed = result.Passed,
        Verdict = result switch
        {
            { Lockstep.Divergence: not null } => "mismatch",
            { Lockstep.Hang: not null } => "hang",
            { Lockstep.Stop: not null } => "stopped",
            { Lockstep.ActivityDifferences.Count: > 0 } => "activity",
            { Contradiction: not null } => WrongResult,
            _ => "passed",
        },
        Seed = request.Operands.Seed,
        Policy = $"{request.Operands.Policy ?? geometry.Policy}".ToLowerInvariant(),
        Operands = request.Operands.Inputs is not null ? OperandClassNames.Real : string.Join(',', request.Operands.Classes.Select(OperandClassNames.Of)),
        Stalls = $"{request.Stimulus.Stalls}".ToLowerInvariant(),
        Vectors = workload.VectorsCompleted,
        Passes = workload.Passes,
        OutputsCompared = workload.OutputsCompared,
        Clocks = result.Lockstep.Clocks,
        Netlist = request.Netlist?.Description,
        Probes = result.Probes,
        Memories = result.Memories,
        Comparisons = result.Lockstep.Comparisons,
        Mismatches = result.Lockstep.Divergence?.Differences.Count ?? result.Lockstep.ActivityDifferences.Count + (result.Contradiction is null ? 0 : 1),
        ActivityCounts = result.Lockstep.Activity is { } activity
            ? activity.Events.Count + activity.Memories.Count + activity.Registers.Count + 2L * activity.Registers.Concat(activity.Ports).Sum(signal => signal.Bits)
            : 0,
        StepsStreamed = workload.Events.StepsStreamed,
        StepsSkipped = workload.Events.StepsSkipped,
        Conversions = workload.Events.Conversions,
        ConversionsStatic = workload.StaticConversions,
        Saturations = workload.Events.Saturations,
        RegisterAccesses = result.Stimulus.RegisterAccesses,
        RefusedAccesses = result.Stimulus.RefusedAccesses,
        CellsReadBack = result.Stimulus.CellsReadBack,
        MalformedPackets = result.Stimulus.MalformedPackets,
        ResetsInFlight = result.Stimulus.Resets,
        Tools = result.Tools,
        FirstMismatch = result.Lockstep.Divergence?.First.Signal ?? result.Lockstep.ActivityDifferences.Select(one => $"{one.Instance}.{one.What}").FirstOrDefault(),
        Report = FailureReport.Of(result, request.Operands.Seed, request.CommandLine),
    };

    /// <summary>Beside its place first: a file that is broken off never has its name.</summary>
    private static void WriteSaif(string path, IReadOnlyList<NetSwitching> nets, string top, SaifOrigin origin, long clocks, double clockMegahertz)
    {
        string unfinished = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new StreamWriter(unfinished))
                SaifFile.Write(file, nets, top, origin, clocks, clockMegahertz);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            File.Delete(unfinished);
            throw new InputException($"--saif {path} cannot be written: {problem.Message} Name a file in a folder that you may write to.", problem);
        }
    }

    private static void Fill(RunFolder folder, VerifyRequest request, RtlBundle bundle, VerifySummary summary, VerifyTimes times)
    {
        foreach ((string path, string name) in request.Files)
            folder.Copy(path, name);
        folder.Write(bundle);
        folder.Write(RunFolder.ResultFile, JsonSerializer.Serialize(summary, JsonOptions) + "\n");
        folder.Write("times.json", JsonSerializer.Serialize(times, JsonOptions) + "\n");
        folder.Write("summary.txt", Text(summary));
        folder.Write("junit.xml", JunitReport.Of(
            $"redy verify {summary.Configuration}",
            [
                ("golden model and Verilog agree at every clock", summary.Verdict == WrongResult ? null : summary.Report),
                ("outputs, counters and registers equal the functional model", summary.Verdict == WrongResult ? summary.Report : null),
            ]));
        string arguments = string.Join(' ', request.Arguments(inRunFolder: true).Select(VerifyRequest.Quoted));
        folder.WriteScript("run.sh", $$"""
            #!/bin/sh
            # Repeats this verification from the files beside this script; REDY names another redy, further options may follow.
            cd "$(dirname "$0")" || exit 2
            exec ${REDY:-redy} verify {{arguments}} --output again "$@"

            """);
    }
}
