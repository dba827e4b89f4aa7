using System.Globalization;
using System.Text.RegularExpressions;

namespace ReDy.Synthesis.Flow;

/// <summary>One point of a path: an output pin of a cell, or the input pin at which the path ends.</summary>
/// <param name="Pin">Hierarchical, e.g. <c>requantiser/product_q_reg[3]/Q</c>.</param>
/// <param name="Cell">Its library cell or macro; a port has none.</param>
/// <param name="DelayNanoseconds">From the point before.</param>
public sealed record PathPoint(string Pin, string Cell, double DelayNanoseconds)
{
    public string Instance => Pin.LastIndexOf('/') is > 0 and int slash ? Pin[..slash] : Pin;
}

/// <summary>The slowest path of a kind.</summary>
/// <param name="From">Where it starts, e.g. register <c>requantiser.product_q[3]</c>.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Points">All points, the start first.</param>
/// <param name="Hops">Delay spent in one instance of the RTL after the other.</param>
/// <param name="SetupNanoseconds">That the end needs before the clock edge; 0 at ports.</param>
/// <param name="ArrivalNanoseconds">From the clock edge to the end, what happens outside of the tile included.</param>
/// <param name="MinimumPeriodNanoseconds">The shortest clock period at which this path is met.</param>
public sealed record TimingPath(
    string From, string To, IReadOnlyList<PathPoint> Points, IReadOnlyList<PathHop> Hops, double SetupNanoseconds, double ArrivalNanoseconds, double SlackNanoseconds, double MinimumPeriodNanoseconds);

/// <param name="Instance">Of the RTL, e.g. <c>output_stage</c>; the tile itself is <c>tile</c>.</param>
public sealed record PathHop(string Instance, int Cells, double DelayNanoseconds);

/// <summary>What OpenSTA says of a netlist at a clock period.</summary>
public sealed record TimingReport
{
    private const double LeastPathDelay = 1e-6;

    public required double PeriodNanoseconds { get; init; }

    /// <summary>Between registers, macros included; null if there are none.</summary>
    public required TimingPath? Registers { get; init; }
    public required TimingPath? Inputs { get; init; }
    public required TimingPath? Outputs { get; init; }

    /// <summary>
    /// To a clock gate; null without clock gating. Where it is a latch and an AND gate, the latch opens in the middle of the clock
    /// and the AND gate needs the enable at the next edge: path and latch together have the whole clock.
    /// </summary>
    public TimingPath? ClockGates { get; init; }

    /// <summary>Whether some path leads from an input to an output without a register.</summary>
    public required bool InputReachesOutput { get; init; }
    public required double HoldSlackNanoseconds { get; init; }

    public IEnumerable<(string Kind, TimingPath Path)> Paths =>
        new (string Kind, TimingPath? Path)[] { ("between registers", Registers), ("from inputs", Inputs), ("to outputs", Outputs), ("to clock gates", ClockGates) }
            .Where(path => path.Path is not null).Select(path => (path.Kind, path.Path!));

    public double MinimumPeriodNanoseconds => Math.Max(LeastPathDelay, Paths.Max(path => path.Path.MinimumPeriodNanoseconds));
    public double MaximumMegahertz => 1000 / MinimumPeriodNanoseconds;
    public bool Met => Paths.All(path => path.Path.SlackNanoseconds >= 0);
}

/// <summary>Reads what the OpenSTA script of the hand-off folder prints.</summary>
internal static partial class TimingReportReader
{
    private const string GatingCheck = "clock gating-check end-point";

    public static TimingReport Read(StaReport sections, double period, double ioShare)
    {
        string[][] blocks = [.. Blocks(sections["slowest paths"])];
        string[]? gate = blocks.FirstOrDefault(block => End(block).Contains(GatingCheck, StringComparison.Ordinal)), enable = blocks.FirstOrDefault(IsEnable);
        TimingPath[] slowest = [.. blocks.Where(block => block != gate && block != enable).Select(block => Path(block, period, ioShare))];
        return new TimingReport
        {
            PeriodNanoseconds = period,
            Registers = slowest.FirstOrDefault(path => !IsPort(path.Points[0]) && !IsPort(path.Points[^1])),
            Inputs = slowest.FirstOrDefault(path => IsPort(path.Points[0])),
            Outputs = slowest.FirstOrDefault(path => IsPort(path.Points[^1])),
            ClockGates = (enable, gate) switch
            {
                (null, null) => null,
                ({ } latch, { } and) => Path(latch, period, ioShare, Available(and) - Slack(and)),
                var (latch, cell) => Path((latch ?? cell)!, period, ioShare),
            },
            InputReachesOutput = Blocks(sections["inputs to outputs"]).Any(),
            HoldSlackNanoseconds = Blocks(sections["hold"]).Select(Slack).DefaultIfEmpty(0).Min(),
        };
    }

    private static bool IsPort(PathPoint point) => point.Cell is "in" or "out";

    private static IEnumerable<string[]> Blocks(string[] lines)
    {
        int[] starts = [.. Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith("Startpoint:", StringComparison.Ordinal))];
        for (int i = 0; i < starts.Length; i++)
            yield return lines[starts[i]..(i + 1 < starts.Length ? starts[i + 1] : lines.Length)];
    }

    /// <summary>What a path ends at, in OpenSTA's words.</summary>
    private static string End(string[] block) =>
        string.Concat(block.SkipWhile(line => !line.StartsWith("Endpoint:", StringComparison.Ordinal)).TakeWhile(line => !line.StartsWith("Path Group:", StringComparison.Ordinal)));

    private static bool IsEnable(string[] block) => End(block).Contains("latch clocked by", StringComparison.Ordinal);

    /// <summary>From the edge that starts a path to the edge that ends it, half a clock at latches, and what latches lend.</summary>
    private static double Available(string[] block)
    {
        double[] edges = [.. Numbers(block, EdgeLine())];
        return edges[1] - edges[0] + Numbers(block, BorrowedLine()).Sum() - Numbers(block, GivenLine()).Sum();
    }

    private static IEnumerable<double> Numbers(string[] block, Regex line) => block.Select(text => line.Match(text)).Where(match => match.Success).Select(match => Number(match.Groups[1].Value));

    /// <param name="afterwards">Delay that follows the path's end within the same clock.</param>
    private static TimingPath Path(string[] block, double period, double ioShare, double afterwards = 0)
    {
        PathPoint[] points = [.. block.TakeWhile(line => !line.Contains("data arrival time", StringComparison.Ordinal)).Select(line => PointLine().Match(line)).Where(match => match.Success)
            .Select(match => new PathPoint(match.Groups["pin"].Value, match.Groups["cell"].Value, Number(match.Groups["delay"].Value)))];
        double arrival = Value(block, "data arrival time"), slack = Slack(block);
        double setup = block.Select(line => SetupLine().Match(line)).Where(match => match.Success).Select(match => -Number(match.Groups[1].Value)).FirstOrDefault();

        // What a path spends outside of the tile grows with the period; the rest does not.
        bool fromPort = IsPort(points[0]), toPort = IsPort(points[^1]);
        double outside = (fromPort ? ioShare : 0) + (toPort ? ioShare : 0);
        double inside = Available(block) - slack - outside * period + afterwards;
        PathPoint[] data = [.. points.SkipWhile(point => point.Pin.EndsWith("/CLK", StringComparison.Ordinal) && point.DelayNanoseconds == 0)];
        return new TimingPath(Place(points[0]), Place(points[^1]), points, Hops(data), setup, arrival, slack, inside / (1 - outside));
    }

    /// <summary>Consecutive points of one instance of the RTL taken together.</summary>
    private static List<PathHop> Hops(IReadOnlyList<PathPoint> points)
    {
        var hops = new List<PathHop>();
        foreach (PathPoint point in points.Where(point => !IsPort(point) && point.DelayNanoseconds > 0))
        {
            string instance = RtlInstance(point.Instance);
            if (hops.Count > 0 && hops[^1].Instance == instance)
                hops[^1] = hops[^1] with { Cells = hops[^1].Cells + 1, DelayNanoseconds = hops[^1].DelayNanoseconds + point.DelayNanoseconds };
            else
                hops.Add(new PathHop(instance, 1, point.DelayNanoseconds));
        }

        return hops;
    }

    /// <summary>The instance around a cell, with dots as the simulation writes it.</summary>
    private static string RtlInstance(string cell) => cell.LastIndexOf('/') is > 0 and int slash ? cell[..slash].Replace('/', '.') : "tile";

    /// <summary>A register bit, a pin of a macro or a port.</summary>
    private static string Place(PathPoint point)
    {
        if (IsPort(point))
            return "port " + point.Pin;
        string leaf = point.Instance[(point.Instance.LastIndexOf('/') + 1)..];
        Match register = RegisterName().Match(leaf);
        return register.Success
            ? $"{RtlInstance(point.Instance)}.{register.Groups[1].Value}{register.Groups[2].Value}"
            : point.Pin.Replace('/', '.');
    }

    private static double Slack(string[] block) => block.Where(line => line.Contains("slack (", StringComparison.Ordinal)).Select(line => Number(line.Trim().Split(' ')[0])).FirstOrDefault();

    private static double Value(string[] block, string what) =>
        block.Where(line => line.Contains(what, StringComparison.Ordinal)).Select(line => Number(line.Trim().Split(' ')[0])).FirstOrDefault();

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : 0;

    // [capacitance] [slew] delay time edge pin (cell)
    [GeneratedRegex(@"^\s*(?:-?[\d.]+\s+)*?(?<delay>-?[\d.]+)\s+-?[\d.]+ [\^v] (?<pin>\S+) \((?<cell>[^)]+)\)\s*$")]
    private static partial Regex PointLine();

    [GeneratedRegex(@"^\s*(-?[\d.]+)\s+-?[\d.]+\s+library setup time")]
    private static partial Regex SetupLine();

    [GeneratedRegex(@"(-?[\d.]+)\s+clock \S+ \((?:rise|fall) edge\)")]
    private static partial Regex EdgeLine();

    [GeneratedRegex(@"(-?[\d.]+)\s+-?[\d.]+\s+time borrowed from endpoint")]
    private static partial Regex BorrowedLine();

    [GeneratedRegex(@"(-?[\d.]+)\s+-?[\d.]+\s+time given to startpoint")]
    private static partial Regex GivenLine();

    [GeneratedRegex(@"^(.+)_reg(\[\d+\])?$")]
    private static partial Regex RegisterName();
}
