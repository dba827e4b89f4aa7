using ReDy.Architecture;

namespace ReDy.GoldenModel.Functional;

/// <summary>
/// Section Throughput of docs/timing.md as a program: when vectors of one layer leave a tile whose sink is always ready.
/// Names are those of the document. The clocked model agrees with it, vector by vector (a test).
/// </summary>
public sealed class VectorPipeline
{
    private readonly int outputs;
    private readonly int step;
    private readonly int convertClocks;
    private readonly int settleClocks;
    private readonly int adcLatency;
    private readonly int dpuLatency;
    private readonly int wordsPerGroup;
    private readonly int stepClocks;

    /// <summary>Of each tile row that the layer uses.</summary>
    private readonly TileRow[] tileRows;

    /// <summary>Clocks of the next vector's groups, of the last one's, and of the last but one.</summary>
    private GroupClocks[] now;
    private GroupClocks[] last;
    private GroupClocks[] lastButOne;
    private long lastEnd;
    private long lastEndButOne;
    private long loadEnd = long.MinValue / 2;
    private int vectors;

    /// <param name="rows">K of the layer or pass.</param>
    /// <param name="outputs">N of the layer or pass.</param>
    public VectorPipeline(TileGeometry geometry, int rows, int outputs)
    {
        TimingConfig timing = geometry.Config.Timing;
        int groups = TileGeometry.CeilingDivide(rows, geometry.Wordlines);
        this.outputs = outputs;
        step = Math.Min(geometry.BitlinesPerAdc, geometry.BitlinesPerOutput * Math.Min(outputs, geometry.OutputsPerCrossbar));
        (convertClocks, settleClocks, adcLatency, dpuLatency) = (timing.ConvertClocks, timing.SettleClocks, timing.AdcLatency, timing.DpuLatency);
        wordsPerGroup = geometry.WordsPerGroup;
        stepClocks = geometry.Steps * Math.Max(settleClocks, step * convertClocks);
        tileRows = new TileRow[TileGeometry.CeilingDivide(groups, geometry.RowBlocks)];
        for (int r = 0, fetchWait = 0; r < tileRows.Length; fetchWait += Math.Min(2, geometry.BeatsOf(r, rows)), r++)
            tileRows[r] = new TileRow(r * geometry.RowBlocks, Math.Min(geometry.RowBlocks, groups - r * geometry.RowBlocks), fetchWait);
        (now, last, lastButOne) = (new GroupClocks[groups], new GroupClocks[groups], new GroupClocks[groups]);
    }

    /// <summary>Clocks between two vectors where every plane is streamed.</summary>
    public int StaticClocksPerVector => Math.Max(Math.Max(tileRows.Max(row => row.FetchWait + row.Groups * wordsPerGroup) + 4, stepClocks), outputs + 1);

    /// <summary>The clock in which the next vector's last beat leaves.</summary>
    /// <param name="accepted">The clock after the one that accepted its last beat.</param>
    /// <param name="planes">Planes streamed per group.</param>
    public long Next(long accepted, ReadOnlySpan<int> planes)
    {
        bool hasLast = vectors > 0, hasLastButOne = vectors > 1;
        long start = Math.Max(accepted, loadEnd + 2), complete = 0;
        foreach (TileRow row in tileRows)
        {
            long free = start + 3 + row.FetchWait;
            for (int g = row.FirstGroup; g < row.FirstGroup + row.Groups; g++)
            {
                long load = Math.Max(free, hasLastButOne ? lastButOne[g].Release + 1 : 0);
                free = load + wordsPerGroup;
                loadEnd = Math.Max(loadEnd, free - 1);
                long take = Math.Max(free + 2 + dpuLatency, hasLast ? last[g].Sample : 0);
                now[g] = Stream(take, planes[g], hasLast ? last[g].ConvertEnd : 0, hasLastButOne ? lastEndButOne + 1 : 0);
                long lastConversion = planes[g] == 0 ? now[g].ConvertEnd : now[g].ConvertEnd - convertClocks + 1;
                complete = Math.Max(complete, lastConversion + adcLatency + 1);
            }
        }

        (lastButOne, last, now) = (last, now, lastButOne);
        (lastEndButOne, lastEnd) = (lastEnd, Math.Max(complete, vectors < 1 ? 0 : lastEnd + 1) + outputs);
        vectors++;
        return lastEnd + 7;
    }

    private GroupClocks Stream(long take, int planes, long convertEnd, long slotFree)
    {
        int settle = planes == 0 ? 1 : settleClocks;
        int conversion = planes == 0 ? 1 : step * convertClocks;
        for (int left = Math.Max(1, planes); ; left--)
        {
            long sample = Math.Max(take + settle, convertEnd);
            if (left == 1)
                sample = Math.Max(sample, slotFree);
            convertEnd = sample + conversion;
            if (left == 1)
                return new GroupClocks(take, sample, convertEnd);
            take = sample;
        }
    }

    /// <param name="Release">Clock in which the last plane is taken: the input register bank is free.</param>
    /// <param name="Sample">Clock in which the last plane is sampled.</param>
    /// <param name="ConvertEnd">Clock of the last plane's last conversion.</param>
    private readonly record struct GroupClocks(long Release, long Sample, long ConvertEnd);

    /// <param name="Groups">From the first group on, so many are this row's.</param>
    /// <param name="FetchWait">Clocks until the rows above have fetched their first two beats.</param>
    private readonly record struct TileRow(int FirstGroup, int Groups, int FetchWait);
}
