using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Lockstep;

namespace ReDy.Simulation.Verify;

/// <summary>
/// Everything around a tile: a reset, software that programs layers and reads the tile's registers back, a source of
/// activations, a source of partial sums and a sink of results, all hesitating at random. What the tile answers is compared
/// with the functional model. Which layers run is decided lazily, so that a run may go on as long as one likes.
/// </summary>
public sealed class TileStimulus : IStimulus
{
    private readonly StimulusOptions options;
    private readonly IEnumerator<TileLayer> layers;
    private readonly SeededRandom random;
    private readonly List<LayerRun> open = [];
    private readonly Action<LayerRun>? completed;
    private ScriptRunner? software;
    private long clock;
    private int resetClocksLeft;
    private long resetAt = long.MaxValue;
    private int resetsLeft;
    private int layersStarted;

    /// <param name="completed">Called with every layer that delivered all its outputs: the layer and what it delivered.</param>
    public TileStimulus(TileGeometry geometry, IEnumerable<TileLayer> layers, StimulusOptions options, Action<TileLayer, long[]>? completed = null)
    {
        Geometry = geometry;
        this.options = options;
        this.layers = layers.GetEnumerator();
        this.completed = completed is null ? null : run => completed(run.Layer, run.Received);
        random = Fork(0);
        resetsLeft = options.ResetsInFlight;
        resetClocksLeft = random.Between(2, 6);
        Ports = new PortAccess(new TilePorts(geometry));
        Packets = new PacketBuilder(geometry, Fork(1));
        Activations = new AxiStreamSource(Ports.StreamData, Ports.StreamKeep, Ports.StreamValid, Ports.StreamLast, Ports.StreamReady, Throttle(2), Fork(3));
        Partials = new AxiStreamSource(Ports.PartialData, null, Ports.PartialValid, Ports.PartialLast, Ports.PartialReady, Throttle(4), Fork(5));
        Results = new ResultSink(geometry, Ports, Throttle(6), Fail);
        Registers = new AxiLiteMaster(Ports, Throttle(7), Throttle(8), Throttle(9), Throttle(10), Throttle(11), Fork(12), Fail);

        SeededRandom Fork(ulong purpose) => new(SeededRandom.Derive(options.Seed, purpose));
        ChannelThrottle Throttle(ulong purpose) => new(Fork(purpose), options.Stalls);
    }

    internal TileGeometry Geometry { get; }
    internal PortAccess Ports { get; }
    internal PacketBuilder Packets { get; }
    internal AxiStreamSource Activations { get; }
    internal AxiStreamSource Partials { get; }
    internal ResultSink Results { get; }
    internal AxiLiteMaster Registers { get; }

    /// <summary>The interrupt pin of the last clock.</summary>
    internal bool Interrupt { get; private set; }
    internal long Clock => clock;

    /// <summary>Every packet has been taken, every result that is due has come.</summary>
    internal bool NothingUnderWay => Activations.Idle && Partials.Idle && Results.Idle;

    /// <summary>The first answer of the tile that contradicts the functional model or the bus protocol; the stimulus ends there.</summary>
    public string? Failure { get; private set; }

    /// <summary>Every layer has delivered all its outputs and every check that was asked for has been made.</summary>
    public bool Finished { get; private set; }
    public IReadOnlyList<CrossbarImage>? BackdoorImages { get; private set; }
    public long Progress => Activations.BeatsTaken + Partials.BeatsTaken + Results.BeatsTaken + SoftwareProgress;
    internal long SoftwareProgress { get; set; }

    /// <summary>Vectors whose results have arrived.</summary>
    public long VectorsReceived => Results.VectorsReceived;

    /// <summary>Register accesses and read-backs, resets and malformed packets so far.</summary>
    public StimulusStatistics Statistics { get; } = new();

    /// <summary>Images that are known to be in the cells; they survive a reset.</summary>
    internal IReadOnlyList<CrossbarImage>? ProgrammedImages { get; set; }

    public bool Drive(long clock, ReadOnlySpan<uint> outputs, Span<uint> inputs)
    {
        if (Failure is not null || Finished)
            return false;
        this.clock = clock;
        BackdoorImages = null;
        if (resetClocksLeft == 0 && clock >= resetAt)
            BeginReset();
        if (resetClocksLeft != 0)
        {
            inputs.Clear();
            resetClocksLeft--;
            return true;
        }

        inputs[Ports.Reset] = 1;
        Interrupt = outputs[Ports.Interrupt] != 0;
        software ??= new ScriptRunner(new TileSoftware(this, options, SeededRandom.Derive(random.NextUInt64(), 0)).Script());
        software.Advance();
        Activations.Drive(outputs, inputs);
        Partials.Drive(outputs, inputs);
        Results.Drive(outputs, inputs);
        Registers.Drive(outputs, inputs);
        Retire();
        Finished = Failure is null && software.Done && NothingUnderWay;
        return true;
    }

    public string DescribeState()
    {
        string work = Results.Current is { } run
            ? $"waiting for {run}, vector {run.VectorsReceived} of {run.Layer.Vectors}, output {Results.CurrentOutput}"
            : "no result is due";
        string stream = Activations.PacketsWaiting == 0 ? "no vector is waiting" : $"{Activations.PacketsWaiting} vectors are waiting on s_axis";
        string registers = Registers.Current is { } access ? $"{access} is under way" : "no register access is under way";
        string partials = Partials.PacketsWaiting == 0 ? "" : $"; {Partials.PacketsWaiting} packets are waiting on s_axis_partial";
        return $"seed {options.Seed}: {work}; {stream}; {registers}{partials}; {Statistics.Resets} resets so far";
    }

    internal void Fail(string problem) => Failure ??= $"clock {clock}: {problem}";

    internal void Load(IReadOnlyList<CrossbarImage> images) => BackdoorImages = images;

    /// <summary>The first layer that has not been started since the last reset, fetching one if need be; null when there is none left.</summary>
    internal LayerRun? NextLayer()
    {
        foreach (LayerRun run in open)
        {
            if (!run.Released)
                return run;
        }

        if (!layers.MoveNext())
            return null;
        var next = new LayerRun(layers.Current, layersStarted++);
        open.Add(next);
        if (resetsLeft != 0 && resetAt == long.MaxValue && random.OneIn(2))
            resetAt = clock + random.BetweenOctaves(1, 4000);
        return next;
    }

    private void Retire()
    {
        while (open.Count != 0 && open[0] is { Released: true, Complete: true } done)
        {
            completed?.Invoke(done);
            open.RemoveAt(0);
        }
    }

    /// <summary>Everything in flight is lost; what was not delivered completely starts again.</summary>
    private void BeginReset()
    {
        resetsLeft--;
        resetAt = long.MaxValue;
        resetClocksLeft = random.Between(1, 8);
        Statistics.Resets++;
        Activations.Reset();
        Partials.Reset();
        Results.Reset();
        Registers.Reset();
        software = null;
        foreach (LayerRun run in open)
        {
            run.Released = false;
            run.VectorsReceived = 0;
        }
    }
}

/// <summary>What a stimulus has done besides streaming vectors.</summary>
public sealed class StimulusStatistics
{
    public long RegisterAccesses { get; internal set; }
    public long RefusedAccesses { get; internal set; }
    public long CellsReadBack { get; internal set; }
    public long CellRowsProgrammed { get; internal set; }
    public long MalformedPackets { get; internal set; }
    public long CounterChecks { get; internal set; }
    public long Resets { get; internal set; }
}
