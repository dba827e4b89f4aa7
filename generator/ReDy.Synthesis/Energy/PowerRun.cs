using System.Globalization;
using System.Text.Json;
using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Rtl;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Tools;
using ReDy.Simulation.Verify;
using ReDy.Synthesis.Flow;
using ReDy.Synthesis.GateLevel;
using ReDy.Synthesis.Handoff;
using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Energy;

/// <summary>A <c>redy power</c> command line, read and checked.</summary>
public sealed record PowerRequest : MappingRequest
{
    public required StreamedLayer Layer { get; init; }

    /// <summary>The layer in words.</summary>
    public required string Workload { get; init; }

    /// <summary>That the layer was drawn from; null: it was given.</summary>
    public long? Seed { get; init; }

    /// <summary>Period at which powers are told.</summary>
    public required double ClockNanoseconds { get; init; }

    /// <summary>Of the rows that <c>redy energy</c> prices flip-flops by.</summary>
    public required double NodeNanometres { get; init; }

    /// <summary>The command's options besides the folder, to repeat the run with.</summary>
    public string Options { get; init; } = "";
}

/// <summary>Maps a tile, proves the netlist while it counts what switches, and prices that in three ways.</summary>
public static class PowerRun
{
    private const string PowerScript = "opensta_power.tcl", SaifName = "activity.saif";

    /// <returns>The energies; or, of a netlist that is not the tile, what differs.</returns>
    public static async Task<(PowerResult? Result, PowerFailure? Failure)> ExecuteAsync(
        PowerRequest request, IProgress<long>? clocks = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        RefuseUnlessOnePass(request);
        StandardCells cells = StandardCells.Load(request.LibertyPath);
        OpenSta sta = await OpenSta.FindAsync(cancellation);
        using var folder = new RunFolder(request.OutputPath);
        RtlBundle bundle = HandoffFolder.Generate(request.Config, request.Components);
        MappedTile tile = await MappedTile.MakeAsync(request.Config, bundle, cells, request.Cache, request.Components, progress, cancellation);
        string configName = Path.GetFileName(request.ConfigPath);
        folder.Write(configName, TileConfigWriter.Write(request.Config));
        var netlist = new NetlistFolder(folder, tile, request.ClockNanoseconds);
        NetlistActivity activity = await NetlistActivity.MeasureAsync(request.Config, GateLevelBundle.Of(tile), request.Layer, clocks, progress, cancellation);
        string replay = $"redy power {VerifyRequest.Quoted(Path.Combine(request.OutputPath, configName))} {request.Options}".TrimEnd();
        if (FailureReport.Of(activity.Proof, request.Seed is { } seed ? (ulong)seed : LayerActivity.Seed, replay) is { } difference)
        {
            var failure = new PowerFailure(configName, request.Config.Precision.Policy, request.Config.Rtl.ClockGating, difference);
            Finish(folder, difference, failure);
            return (null, failure);
        }

        progress?.Report("pricing the netlist");
        using (StreamWriter saif = File.CreateText(folder.PathOf(SaifName)))
            activity.WriteSaif(saif, bundle.TopModule, request.Config);
        folder.Write(RunFolder.ActivityFile, TileActivityFile.Text(activity.Registers));

        var flat = new FlatNetlist(tile.Netlist, cells.Library, tile.Macros.Load);
        IReadOnlyDictionary<string, BitSwitching> recorded = SaifFile.ByPath(activity.Switching, bundle.TopModule);
        (double[] perClock, List<string> unknown) = PerClock(flat, recorded, activity.Clocks);
        IReadOnlyDictionary<string, CellEnergy> modules = new NetlistEnergy(flat, cells.Library.Voltage, new NetTransitions(flat, balanced: true, tile.Macros.Technology.TransitionAt)).Of(perClock);
        CellEnergy total = Sum(modules.Values);

        progress?.Report("asking OpenSTA");
        double mean = perClock.Where((_, net) => !flat.IsClock[net]).Average();
        StaReport alike = await AskAsync("ACTIVITY", mean.ToString("R", CultureInfo.InvariantCulture));
        OpenStaPower? staRecorded = OpenStaPower.TakesSaif(alike) ? OpenStaPower.Read(await AskAsync("SAIF", folder.PathOf(SaifName)), flat.Macros) : null;

        Flow.AreaReport area = Flow.AreaReport.Of(tile);
        var result = new PowerResult
        {
            Configuration = configName,
            Policy = request.Config.Precision.Policy,
            ClockGating = request.Config.Rtl.ClockGating,
            Workload = request.Workload,
            Seed = request.Seed,
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
            Netlist = Shares(total, request.ClockNanoseconds),
            DrivenByPorts = total.DrivenByPorts,
            RegistersByLibrary = RegisterEstimate.ByLibrary(cells, activity.Registers),
            RegistersByTable = RegisterEstimate.ByTable(new CostArithmetic(request.Components, new TileGeometry(request.Config), request.NodeNanometres), activity.Registers),
            NodeNanometres = request.NodeNanometres,
            OpenStaRecorded = staRecorded,
            Check = sta.Is2019 ? Check(flat, tile, mean, request.ClockNanoseconds, OpenStaPower.Read(alike, flat.Macros)) : null,
            Tools = [$"{tile.Yosys}", .. activity.Proof.Tools, $"{sta.Tool}"],
        };
        Finish(folder, PowerText.Of(result), result);
        return (result, null);

        Task<StaReport> AskAsync(string setting, string value) =>
            netlist.AskAsync(sta, PowerScript, cells.LibertyPath, $"opensta_{setting.ToLowerInvariant()}.txt", (setting, value), cancellation);
    }

    private static void Finish<T>(RunFolder folder, string report, T result)
    {
        folder.Write("report.txt", report);
        folder.Write(RunFolder.ResultFile, JsonSerializer.Serialize(result, VerifyRun.JsonOptions) + "\n");
        folder.Keep();
    }

    /// <summary>Between passes weights are programmed, which no inference does that has its tiles to itself.</summary>
    private static void RefuseUnlessOnePass(PowerRequest request)
    {
        var geometry = new TileGeometry(request.Config);
        int rows = request.Layer.Weights.Rows, outputs = request.Layer.Weights.Columns;
        int passes = TileGeometry.CeilingDivide(rows, geometry.CapacityRows) * TileGeometry.CeilingDivide(outputs, geometry.CapacityOutputs);
        if (passes > 1)
        {
            throw new InputException(
                $"{request.Workload}: {rows} x {outputs} weights take {passes} passes through this tile, which holds {geometry.CapacityRows} x {geometry.CapacityOutputs}; "
                + "programming weights between passes is not what streaming vectors takes. Choose a layer that the tile holds (--layer, --weights), or give the tile more rows or columns");
        }
    }

    /// <summary>Transitions of every net per clock, and the nets that the record does not have.</summary>
    private static (double[] PerClock, List<string> Unknown) PerClock(FlatNetlist flat, IReadOnlyDictionary<string, BitSwitching> recorded, long clocks)
    {
        var perClock = new double[flat.NetNames.Count];
        var unknown = new List<string>();
        for (int net = 0; net < perClock.Length; net++)
        {
            // The clock's last edge is not in the record.
            if (flat.IsClock[net] && !flat.IsDriven[net])
                perClock[net] = 2;
            else if (recorded.TryGetValue(flat.NetNames[net], out BitSwitching bit))
                perClock[net] = (double)bit.Transitions / clocks;
            else
                unknown.Add(flat.NetNames[net]);
        }

        return (perClock, unknown);
    }

    /// <summary>OpenSTA 2.0 has no clock trees: behind a clock gate the gate alone drives all clock pins. It adds the energies of rise and fall on every edge.</summary>
    private static PricingCheck Check(FlatNetlist flat, MappedTile tile, double mean, double nanoseconds, OpenStaPower sta)
    {
        double[] alike = [.. flat.IsClock.Select(clock => clock ? 2 : mean)];
        CellEnergy uniform = Sum(new NetlistEnergy(flat, tile.Cells.Library.Voltage, new NetTransitions(flat, balanced: false, tile.Macros.Technology.TransitionAt)).Of(alike).Values);
        return new PricingCheck(
            mean, new OpenStaPower(2 * uniform.Internal / nanoseconds, (uniform.Switching - uniform.DrivenByPorts) / nanoseconds, uniform.LeakageMilliwatts), sta);
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
