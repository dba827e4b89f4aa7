using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>
/// The golden model on the calling thread and the Verilated tile on a second one. Chunks of recorded clocks go from the one
/// to the other through a small ring, so that both cores work.
/// </summary>
internal sealed class LockstepPipeline(ClockRecorder recorder, SimulatedTile tile, LockstepOptions options)
{
    /// <summary>Enough that neither side waits for a slow chunk of the other, little enough to stay in the cache.</summary>
    private const int Chunks = 4;

    private SimulationStatus status;
    private Exception? failure;
    private volatile bool stopped;

    /// <summary>Clocks that the Verilog completed.</summary>
    public long Clocks { get; private set; }
    public long Comparisons { get; private set; }

    /// <summary>Runs until the stimulus ends, the Verilog differs or stops, or <paramref name="limit"/> more clocks are done.</summary>
    /// <param name="finished">Takes every chunk after the Verilog ran it and gives one to be filled next; null: the same.</param>
    public SimulationStatus Run(long limit, Func<ClockRecords, ClockRecords>? finished, CancellationToken cancellation)
    {
        using var free = new BlockingCollection<ClockRecords>();
        using var full = new BlockingCollection<ClockRecords>();
        for (int i = 0; i < Chunks; i++)
            free.Add(new ClockRecords());
        var simulation = new Thread(() => Simulate(full, free, finished)) { Name = "Verilated tile", IsBackground = true };
        simulation.Start();
        try
        {
            while (!stopped && limit > 0 && !recorder.Ended)
            {
                cancellation.ThrowIfCancellationRequested();
                ClockRecords chunk = free.Take(cancellation);
                chunk.Clear();
                while (chunk.Clocks < Math.Min(options.ChunkClocks, limit) && recorder.Record(chunk))
                {
                }

                limit -= chunk.Clocks;
                full.Add(chunk, cancellation);
            }
        }
        finally
        {
            if (cancellation.IsCancellationRequested)
                stopped = true;
            full.CompleteAdding();
            simulation.Join();
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return status;
    }

    private void Simulate(BlockingCollection<ClockRecords> full, BlockingCollection<ClockRecords> free, Func<ClockRecords, ClockRecords>? finished)
    {
        try
        {
            foreach (ClockRecords chunk in full.GetConsumingEnumerable())
            {
                ClockRecords next = chunk;
                if (!stopped && chunk.Clocks > 0)
                {
                    int clocks = chunk.Clocks;
                    status = tile.Run(chunk.Words, ref clocks, compare: true);
                    Clocks += clocks;
                    Comparisons += chunk.Comparisons;
                    next = finished?.Invoke(chunk) ?? chunk;
                    options.Progress?.Report(Clocks);
                    stopped = status != SimulationStatus.RanAll;
                }

                free.Add(next);
            }
        }
        catch (Exception problem)
        {
            failure = problem;
            stopped = true;
            free.Add(new ClockRecords());
        }
    }
}
