using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>
/// The pin values of a chunk that lockstep ran, and what its backdoor loaded, without anything to compare: for running either side
/// alone through the same clocks.
/// </summary>
internal sealed class PinRecords
{
    private readonly uint[] words;
    private readonly SignalLayout layout;
    private readonly List<IReadOnlyList<CrossbarImage>> images = [];

    /// <param name="loaded">The images that the stimulus loaded, in order; those of this chunk are taken.</param>
    public PinRecords(ClockRecords chunk, SignalLayout layout, Queue<IReadOnlyList<CrossbarImage>> loaded)
    {
        this.layout = layout;
        Clocks = chunk.Clocks;
        ReadOnlySpan<uint> from = chunk.Words;
        var kept = new List<uint>();
        int at = 0;
        for (int clock = 0; clock < Clocks; clock++)
        {
            uint flags = from[at++];
            int changes = (int)from[at++];
            int header = kept.Count;
            kept.Add(flags & ClockRecords.HasPoke);
            kept.Add(0);
            for (int i = 0; i < changes; i++, at += 2)
                if (from[at] < layout.InputWords)
                {
                    kept.Add(from[at]);
                    kept.Add(from[at + 1]);
                    kept[header + 1]++;
                }

            if ((flags & ClockRecords.HasPoke) != 0)
            {
                int start = at;
                at = EndOfEntries(from, at);
                kept.AddRange(from[start..at]);
                images.Add(loaded.Dequeue());
            }

            if ((flags & ClockRecords.HasWrites) != 0)
                at = EndOfEntries(from, at);
        }

        words = [.. kept];
    }

    public int Clocks { get; }

    /// <summary>Steps the Verilog through these clocks.</summary>
    public void Run(SimulatedTile verilog)
    {
        int count = Clocks;
        verilog.Run(words, ref count, compare: false);
    }

    /// <summary>Steps the golden model through these clocks.</summary>
    /// <param name="inputs">Its pins, as the clock before left them.</param>
    public void Run(ICycleAccurateTile model, uint[] inputs)
    {
        int at = 0;
        int loaded = 0;
        for (int clock = 0; clock < Clocks; clock++)
        {
            uint flags = words[at];
            int changes = (int)words[at + 1];
            at += 2;
            for (int i = 0; i < changes; i++, at += 2)
                inputs[words[at]] = words[at + 1];
            if ((flags & ClockRecords.HasPoke) != 0)
            {
                at = EndOfEntries(words, at);
                model.LoadImages(images[loaded++]);
            }

            model.Clock(inputs);
        }
    }

    private int EndOfEntries(ReadOnlySpan<uint> from, int at)
    {
        uint count = from[at++];
        for (uint i = 0; i < count; i++)
            at += 2 + layout.Memories[(int)from[at]].WordsPerEntry;
        return at;
    }
}

/// <summary>A stimulus that keeps what it loads through the backdoor.</summary>
internal sealed class KeptImages(IStimulus stimulus) : IStimulus
{
    public Queue<IReadOnlyList<CrossbarImage>> Loaded { get; } = new();
    public long Progress => stimulus.Progress;

    public IReadOnlyList<CrossbarImage>? BackdoorImages
    {
        get
        {
            IReadOnlyList<CrossbarImage>? images = stimulus.BackdoorImages;
            if (images is not null)
                Loaded.Enqueue(images);
            return images;
        }
    }

    public bool Drive(long clock, ReadOnlySpan<uint> outputs, Span<uint> inputs) => stimulus.Drive(clock, outputs, inputs);

    public string DescribeState() => stimulus.DescribeState();
}
