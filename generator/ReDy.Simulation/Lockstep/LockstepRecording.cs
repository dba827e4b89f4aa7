using ReDy.GoldenModel.CycleAccurate;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>
/// One stimulus with the golden model's answers, kept in memory: the golden model chooses everything, so it runs once and any
/// number of Verilated tiles can be compared with it.
/// </summary>
public sealed class LockstepRecording
{
    private const int ChunkClocks = 1024;

    private readonly List<ClockRecords> chunks = [];

    private LockstepRecording()
    {
    }

    public long Clocks { get; private set; }

    /// <summary>Values that comparing a tile with all of it compares.</summary>
    public long Comparisons { get; private set; }

    /// <summary>Why the stimulus could not go on, if the golden model hung.</summary>
    public Hang? Hang { get; private set; }

    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LockstepRecording Of(ICycleAccurateTile model, IStimulus stimulus, SignalLayout layout, LockstepOptions options, CancellationToken cancellation = default)
    {
        var recorder = new ClockRecorder(model, stimulus, layout, images: null, options);
        var recording = new LockstepRecording();
        while (!recorder.Ended)
        {
            cancellation.ThrowIfCancellationRequested();
            var chunk = new ClockRecords();
            while (chunk.Clocks < ChunkClocks && recorder.Record(chunk))
            {
            }

            recording.chunks.Add(chunk);
            recording.Clocks += chunk.Clocks;
            recording.Comparisons += chunk.Comparisons;
        }

        recording.Hang = recorder.Hang;
        return recording;
    }

    /// <summary>Runs a tile that was just opened, up to the first difference.</summary>
    /// <param name="clock">Clocks that it completed.</param>
    public SimulationStatus Replay(SimulatedTile tile, out long clock)
    {
        clock = 0;
        foreach (ClockRecords chunk in chunks)
        {
            int clocks = chunk.Clocks;
            SimulationStatus status = clocks == 0 ? SimulationStatus.RanAll : tile.Run(chunk.Words, ref clocks, compare: true);
            clock += clocks;
            if (status != SimulationStatus.RanAll)
                return status;
        }

        return SimulationStatus.RanAll;
    }
}
