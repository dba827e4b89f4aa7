using ReDy.Architecture;

namespace ReDy.GoldenModel.Functional;

/// <summary>
/// Section Throughput of docs/timing.md as a program: when vectors of one layer leave a tile whose sink is always ready.
/// Names are those of the document. The clocked model agrees with it, vector by vector (a test).
/// </summary>
/// <param name="rows">K of the layer or pass.</param>
/// <param name="outputs">N of the layer or pass.</param>
public sealed class VectorPipeline(TileGeometry geometry, int rows, int outputs)
{
    private readonly int groups = TileGeometry.CeilingDivide(rows, geometry.Wordlines);
    private readonly int step = Math.Min(geometry.BitlinesPerAdc, geometry.BitlinesPerOutput * Math.Min(outputs, geometry.OutputsPerCrossbar));
    private readonly int convertClocks = geometry.Config.Timing.ConvertClocks;
    private GroupClocks[]? last;
    private GroupClocks[]? lastButOne;
    private long lastEnd;
    private long lastEndButOne;
    private long loadEnd = long.MinValue / 2;
    private int vectors;

    /// <param name="Release">Clock in which the last plane is taken: the input register bank is free.</param>
    /// <param name="Sample">Clock in which the last plane is sampled.</param>
    /// <param name="ConvertEnd">Clock of the last plane's last conversion.</param>
    private readonly record struct GroupClocks(long Release, long Sample, long ConvertEnd);

    /// <summary>Clocks between two vectors where every plane is streamed.</summary>
    public int StaticClocksPerVector => new[]
    {
        Enumerable.Range(0, TileRows).Max(r => FetchWait(r) + GroupsOf(r) * geometry.WordsPerGroup) + 4,
        geometry.Steps * Math.Max(geometry.Config.Timing.SettleClocks, step * convertClocks),
        outputs + 1,
    }.Max();

    private int TileRows => TileGeometry.CeilingDivide(groups, geometry.RowBlocks);

    private int GroupsOf(int tileRow) => Math.Min(geometry.RowBlocks, groups - tileRow * geometry.RowBlocks);

    /// <summary>Clocks until the rows above have fetched their first two beats.</summary>
    private int FetchWait(int tileRow) => Enumerable.Range(0, tileRow).Sum(r => Math.Min(2, geometry.BeatsOf(r, rows)));

    /// <summary>The clock in which the next vector's last beat leaves.</summary>
    /// <param name="accepted">The clock after the one that accepted its last beat.</param>
    /// <param name="planes">Planes streamed per group.</param>
    public long Next(long accepted, ReadOnlySpan<int> planes)
    {
        var now = new GroupClocks[groups];
        long start = Math.Max(accepted, loadEnd + 2), complete = 0;
        for (int r = 0; r < TileRows; r++)
        {
            long free = start + 3 + FetchWait(r);
            for (int b = 0; b < GroupsOf(r); b++)
            {
                int g = r * geometry.RowBlocks + b;
                long load = Math.Max(free, lastButOne is null ? 0 : lastButOne[g].Release + 1);
                free = load + geometry.WordsPerGroup;
                loadEnd = Math.Max(loadEnd, free - 1);
                long take = Math.Max(free + 2 + geometry.Config.Timing.DpuLatency, last is null ? 0 : last[g].Sample);
                now[g] = Stream(take, planes[g], last is null ? 0 : last[g].ConvertEnd, lastButOne is null ? 0 : lastEndButOne + 1);
                long lastConversion = planes[g] == 0 ? now[g].ConvertEnd : now[g].ConvertEnd - convertClocks + 1;
                complete = Math.Max(complete, lastConversion + geometry.Config.Timing.AdcLatency + 1);
            }
        }

        (lastButOne, last) = (last, now);
        (lastEndButOne, lastEnd) = (lastEnd, Math.Max(complete, vectors < 1 ? 0 : lastEnd + 1) + outputs);
        vectors++;
        return lastEnd + 7;
    }

    private GroupClocks Stream(long take, int planes, long convertEnd, long slotFree)
    {
        int settle = planes == 0 ? 1 : geometry.Config.Timing.SettleClocks;
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
}
