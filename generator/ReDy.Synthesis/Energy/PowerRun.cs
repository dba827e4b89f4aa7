using System.Globalization;
using System.Text.Json;
using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Rtl;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Build;
using ReDy.Simulation.Tools;
using ReDy.Simulation.Verify;
using ReDy.Synthesis.Flow;
using ReDy.Synthesis.GateLevel;
using ReDy.Synthesis.Handoff;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Energy;

/// <summary>A <c>redy power</c> command line, read and checked.</summary>
public sealed record PowerRequest
{
    public required string ConfigPath { get; init; }
    public required TileConfig Config { get; init; }
    public required StreamedLayer Layer { get; init; }

    /// <summary>The layer in words.</summary>
    public required string Workload { get; init; }

    /// <summary>Null: the library that is installed.</summary>
    public string? LibertyPath { get; init; }

    /// <summary>Period at which powers are told.</summary>
    public required double ClockNanoseconds { get; init; }

    /// <summary>What <c>redy energy</c> prices flip-flops by.</summary>
    public required ComponentTable Table { get; init; }
    public required double NodeNanometres { get; init; }
    public required string OutputPath { get; init; }
    public ContentCache Cache { get; init; } = new();
}

/// <summary>Maps a tile, proves the netlist while it counts what switches, and prices that in three ways.</summary>
public static class PowerRun
{
    private const string PowerScript = "opensta_power.tcl", SaifName = "activity.saif";

    public static async Task<PowerResult> ExecuteAsync(PowerRequest request, IProgress<long>? clocks = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        RefuseUnlessOnePass(request);
        StandardCells cells = StandardCells.Load(request.LibertyPath);
        OpenSta sta = await OpenSta.FindAsync(cancellation);
        using var folder = new RunFolder(request.OutputPath);
        RtlBundle bundle = HandoffFolder.Generate(request.Config, request.Table);
        MappedTile tile = await MappedTile.MakeAsync(request.Config, bundle, cells, request.Cache, request.Table, progress, cancellation);
        NetlistActivity activity = await NetlistActivity.MeasureAsync(request.Config, GateLevelBundle.Of(tile), request.Layer, clocks, progress, cancellation);
        if (!activity.Proof.Passed)
        {
            throw new InputException(
                $"The netlist contradicts the golden model, so its activity is not that of the tile: {activity.Proof.Contradiction ?? activity.Proof.Lockstep.Divergence?.First.Signal ?? "it hangs or stops"}. "
                + $"See where with: redy verify {request.ConfigPath} --netlist");
        }

        progress?.Report("pricing the netlist");
        folder.Write(bundle);
        using (StreamWriter netlist = File.CreateText(folder.PathOf(SynthesisRun.NetlistFile)))
            tile.WriteVerilog(netlist);
        folder.Write(bundle.TopModule + ".sdc", HandoffTemplates.Render(HandoffFolder.ConstraintsTemplate, request.Config, request.ClockNanoseconds));
        using (StreamWriter saif = File.CreateText(folder.PathOf(SaifName)))
            activity.WriteSaif(saif, bundle.TopModule, request.Config);
        folder.Write(RunFolder.ActivityFile, TileActivityFile.Text(activity.Registers));

        var flat = new FlatNetlist(tile.Netlist, cells.Library, tile.Macros.Load);
        RecordedActivity recorded = SaifReader.Read(folder.PathOf(SaifName), bundle.TopModule);
        (double[] perClock, long unknown) = PerClock(flat, recorded, activity.Clocks);
        IReadOnlyDictionary<string, CellEnergy> modules = new NetlistEnergy(flat, cells.Library.Voltage, new NetTransitions(flat, balanced: true, tile.Macros.Technology.TransitionAt)).Of(perClock);

        progress?.Report("asking OpenSTA");
        double mean = perClock.Where((_, net) => !flat.IsClock[net]).Average();
        // OpenSTA has no clock trees: behind a clock gate the gate alone drives all clock pins.
        CellEnergy uniform = Sum(new NetlistEnergy(flat, cells.Library.Voltage, new NetTransitions(flat, balanced: false, tile.Macros.Technology.TransitionAt)).Of([.. perClock.Select((_, net) => flat.IsClock[net] ? 2 : mean)]).Values);
        OpenStaPower staUniform = await OpenStaAsync(sta, folder, bundle, cells, request, flat, ("ACTIVITY", mean.ToString("R", CultureInfo.InvariantCulture)), cancellation);
        OpenStaPower? staRecorded = sta.ReadsActivity ? await OpenStaAsync(sta, folder, bundle, cells, request, flat, ("SAIF", folder.PathOf(SaifName)), cancellation) : null;

        Flow.AreaReport area = Flow.AreaReport.Of(tile);
        var result = new PowerResult
        {
            Configuration = Path.GetFileName(request.ConfigPath),
            Policy = request.Config.Precision.Policy,
            ClockGating = request.Config.Rtl.ClockGating,
            Workload = request.Workload,
            Library = $"{cells.Library.Name} ({cells.Library.Conditions})",
            ClockNanoseconds = request.ClockNanoseconds,
            Cells = area.CellCount,
            FlipFlops = area.FlipFlopCount,
            Kge = area.StandardCellsKge,
            Clocks = activity.Clocks,
            Vectors = activity.Vectors,
            Comparisons = activity.Proof.Lockstep.Comparisons,
            Nets = flat.NetNames.Count,
            NetsWithoutActivity = unknown,
            Registers = RegisterAgreement.Of(activity.Registers, flat, recorded),
            Modules = [.. modules.Select(module => new ModuleEnergy(module.Key[request.Config.Rtl.Prefix.Length..], Shares(module.Value, request.ClockNanoseconds))).OrderByDescending(module => module.Energy.Total)],
            Netlist = Shares(Sum(modules.Values), request.ClockNanoseconds),
            RegistersByLibrary = RegisterEstimate.ByLibrary(cells, activity.Registers),
            RegistersByTable = RegisterEstimate.ByTable(new CostArithmetic(request.Table, new TileGeometry(request.Config), request.NodeNanometres), activity.Registers),
            NodeNanometres = request.NodeNanometres,
            OpenStaRecorded = staRecorded,
            Check = new PricingCheck(
                mean,
                new OpenStaPower(2 * uniform.Internal / request.ClockNanoseconds, (uniform.Switching - uniform.DrivenByPorts) / request.ClockNanoseconds, uniform.LeakageMilliwatts),
                staUniform),
            Tools = [$"{tile.Yosys}", .. activity.Proof.Tools, $"{sta.Tool}"],
        };
        folder.Copy(request.ConfigPath, Path.GetFileName(request.ConfigPath));
        folder.Write("report.txt", PowerText.Of(result));
        folder.Write(RunFolder.ResultFile, JsonSerializer.Serialize(result, VerifyRun.JsonOptions) + "\n");
        folder.Keep();
        return result;
    }

    /// <summary>Between passes weights are programmed, which no inference does that has its tiles to itself.</summary>
    private static void RefuseUnlessOnePass(PowerRequest request)
    {
        var geometry = new TileGeometry(request.Config);
        int passes = NetlistActivity.Passes(request.Config, request.Layer);
        if (passes > 1)
        {
            throw new InputException(
                $"{request.Workload}: {request.Layer.Weights.Rows} x {request.Layer.Weights.Columns} weights take {passes} passes through this tile, which holds {geometry.CapacityRows} x {geometry.CapacityOutputs}; "
                + "programming weights between passes is not what streaming vectors takes. Choose a layer that the tile holds (--layer, --weights), or give the tile more rows or columns");
        }
    }

    /// <summary>Transitions of every net per clock, and how many nets the record does not have.</summary>
    private static (double[] PerClock, long Unknown) PerClock(FlatNetlist flat, RecordedActivity recorded, long clocks)
    {
        var perClock = new double[flat.NetNames.Count];
        long unknown = 0;
        for (int net = 0; net < perClock.Length; net++)
        {
            // The clock's last edge is not in the record.
            if (flat.IsClock[net] && !flat.IsDriven[net])
                perClock[net] = 2;
            else if (recorded.Transitions.TryGetValue(flat.NetNames[net], out long transitions))
                perClock[net] = (double)transitions / clocks;
            else
                unknown++;
        }

        return (perClock, unknown);
    }

    private static async Task<OpenStaPower> OpenStaAsync(
        OpenSta sta, RunFolder folder, RtlBundle bundle, StandardCells cells, PowerRequest request, FlatNetlist flat, (string Name, string Value) setting, CancellationToken cancellation)
    {
        string text = await sta.RunAsync(folder.PathOf(Path.Combine("bundle", HandoffFolder.Folder)), PowerScript, new Dictionary<string, string?>
        {
            ["LIBERTY"] = Path.GetFullPath(cells.LibertyPath),
            ["NETLIST"] = folder.PathOf(SynthesisRun.NetlistFile),
            ["SDC"] = folder.PathOf(bundle.TopModule + ".sdc"),
            [setting.Name] = setting.Value,
        }, cancellation);
        folder.Write($"opensta_{setting.Name.ToLowerInvariant()}.txt", text);
        return OpenStaPower.Read(text, flat.Macros);
    }

    private static CellEnergy Sum(IEnumerable<CellEnergy> modules)
    {
        var sum = new CellEnergy();
        foreach (CellEnergy module in modules)
            sum.Add(module);
        return sum;
    }

    private static ClockEnergy Shares(CellEnergy energy, double nanoseconds) => new(energy.Clock, energy.Registers, energy.Logic, energy.LeakageMilliwatts * nanoseconds);
}
