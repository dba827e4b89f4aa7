using System.Diagnostics;
using System.Text.Json;
using ReDy.Architecture;
using ReDy.Rtl;
using ReDy.Simulation.Tools;
using ReDy.Simulation.Verify;
using ReDy.Synthesis.Handoff;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Flow;

/// <summary>A <c>redy synth</c> command line, read and checked.</summary>
public sealed record SynthesisRequest : MappingRequest
{
    /// <summary>Liberty files of other corners, to time the same netlist with.</summary>
    public IReadOnlyList<(string Name, string Path)> Corners { get; init; } = [];

    /// <summary>Clock period to be met; null: only find out how fast the tile is.</summary>
    public double? ClockNanoseconds { get; init; }
}

/// <summary>Timing of the netlist in one corner of its library.</summary>
public sealed record CornerTiming(string Corner, string Conditions, TimingReport Timing);

/// <summary>What synthesis made of a tile.</summary>
public sealed record SynthesisResult
{
    public required string Configuration { get; init; }
    public required string Library { get; init; }
    public required string LibertyPath { get; init; }
    public required double? ClockNanoseconds { get; init; }
    public required AreaReport Area { get; init; }

    /// <summary>The first one is that of the library that was mapped to.</summary>
    public required IReadOnlyList<CornerTiming> Corners { get; init; }
    public required int FanOutBuffers { get; init; }

    public required IReadOnlyList<string> Assumptions { get; init; }
    public required IReadOnlyList<string> Tools { get; init; }

    public bool MeetsClock => ClockNanoseconds is null || Corners.All(corner => corner.Timing.Met);
}

/// <summary>Seconds that the parts of a synthesis took.</summary>
public sealed record SynthesisTimes(double MappingSeconds, bool MappingCached, double TimingSeconds);

/// <summary>Maps a tile to a library and times it; leaves a folder with the netlist and everything to repeat both by hand.</summary>
public static class SynthesisRun
{
    /// <summary>Period at which paths are reported when none is asked for. What is found does not depend on it: paths through ports keep their share of any period.</summary>
    private const double ReportPeriodNanoseconds = 10;

    /// <summary>The corner of the library that is mapped to.</summary>
    public const string NominalCorner = "nominal";

    private const string TimingScript = "opensta.tcl";

    public static async Task<(SynthesisResult Result, SynthesisTimes Times)> ExecuteAsync(
        SynthesisRequest request, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        StandardCells cells = StandardCells.Load(request.LibertyPath);
        List<(string Name, string Path, LibertyLibrary Library)> libraries =
        [
            (NominalCorner, cells.LibertyPath, cells.Library), .. request.Corners.Select(corner => (corner.Name, corner.Path, LibertyLibrary.ReadFile(corner.Path))),
        ];
        OpenSta sta = await OpenSta.FindAsync(cancellation);
        await Yosys.FindAsync(cancellation);
        using var folder = new RunFolder(request.OutputPath);
        RtlBundle bundle = HandoffFolder.Generate(request.Config, request.Components);
        var clock = Stopwatch.StartNew();
        MappedTile tile = await MappedTile.MakeAsync(request.Config, bundle, cells, request.Cache, request.Components, progress, cancellation);
        progress?.Report("writing the netlist");
        double period = request.ClockNanoseconds ?? ReportPeriodNanoseconds;
        var netlist = new NetlistFolder(folder, tile, period);
        double mappingSeconds = clock.Elapsed.TotalSeconds;
        AreaReport area = AreaReport.Of(tile);
        var corners = new List<CornerTiming>();
        foreach ((string name, string liberty, LibertyLibrary library) in libraries)
        {
            RefuseUnlessComplete(name, liberty, library, area);
            progress?.Report(libraries.Count == 1 ? "timing the netlist" : $"timing the netlist, corner {name}");
            StaReport report = await netlist.AskAsync(sta, TimingScript, liberty, $"timing_{name}.txt", cancellation: cancellation);
            corners.Add(new CornerTiming(name, library.Conditions, TimingReportReader.Read(report, period, HandoffTemplates.IoPercent / 100.0)));
        }

        double timingSeconds = clock.Elapsed.TotalSeconds - mappingSeconds;
        var result = new SynthesisResult
        {
            Configuration = Path.GetFileName(request.ConfigPath),
            Library = $"{cells.Library.Name} ({cells.Library.Conditions})",
            LibertyPath = cells.LibertyPath,
            ClockNanoseconds = request.ClockNanoseconds,
            Area = area,
            Corners = corners,
            FanOutBuffers = tile.FanOutBuffers,
            Assumptions = SynthesisText.Assumptions(tile),
            Tools = [$"{tile.Yosys}", $"{sta.Tool}"],
        };
        folder.Copy(request.ConfigPath, Path.GetFileName(request.ConfigPath));
        folder.Write("report.txt", SynthesisText.Of(result, everyCell: true));
        folder.Write(RunFolder.ResultFile, JsonSerializer.Serialize(result, VerifyRun.JsonOptions) + "\n");
        folder.Keep();
        return (result, new SynthesisTimes(Math.Round(mappingSeconds, 1), tile.WasCached, Math.Round(timingSeconds, 1)));
    }

    /// <summary>OpenSTA would time cells that it does not know as if they were not there.</summary>
    private static void RefuseUnlessComplete(string corner, string liberty, LibertyLibrary library, AreaReport area)
    {
        string[] missing = [.. area.Cells.Select(use => use.Cell).Where(cell => !library.Cells.ContainsKey(cell))];
        if (missing.Length > 0)
            throw new InputException($"--corner {corner}={liberty}: {library.Name} lacks cells of the netlist: {string.Join(", ", missing)}; name another corner of the library that --liberty names");
    }
}
