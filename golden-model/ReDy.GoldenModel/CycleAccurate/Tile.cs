using System.Text;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// The tile of docs/timing.md, register by register. A clock has three phases, so that the order of blocks cannot matter:
/// wires settle from the registers, every block computes next values from wires, pins and current values, then all of them
/// are latched together. After the latch the wires of the next clock settle, for its outputs depend on registers alone.
/// </summary>
public sealed unsafe class Tile : ICycleAccurateTile
{
    private readonly Netlist netlist;
    private readonly RegisterFile registerFile;
    private readonly InterruptController interruptController;
    private readonly WeightProgrammer weightProgrammer;
    private readonly PerformanceCounters performanceCounters;
    private readonly StreamInput streamInput;
    private readonly VectorQueue vectorQueue;
    private readonly LoadSequencer loadSequencer;
    private readonly RowLoader[] rowLoaders;
    private readonly LoadedWord[] loadedWords;
    private readonly ThresholdRegisters[] thresholdRegisters;
    private readonly Ima[] imas;
    private readonly Crossbar[] crossbars;
    private readonly OutputStage outputStage;
    private readonly OutputParameters outputParameters;
    private readonly Requantiser requantiser;
    private readonly PartialInput partialInput;
    private readonly OutputPacker outputPacker;
    private readonly uint[] outputs;
    private readonly int streamBeats, partialBeats, outputBeats, streamValid, partialValid, outputValid, outputReady;
    private readonly int resetPin, streamReady, partialReady, awReady, wReady, bResponse, bValid, arReady, rData, rResponse, rValid, interrupt;

    public Tile(TileConfig config)
        : this(new TileGeometry(config))
    {
    }

    public Tile(TileGeometry geometry)
    {
        Geometry = geometry;
        Ports = new TilePorts(geometry);
        netlist = new Netlist(geometry);
        int rows = geometry.Config.Tile.Rows, columns = geometry.Config.Tile.Columns;
        registerFile = new RegisterFile(netlist, Ports);
        interruptController = new InterruptController(netlist);
        weightProgrammer = new WeightProgrammer(netlist);
        performanceCounters = new PerformanceCounters(netlist);
        var activationBuffer = new ActivationBuffer(netlist);
        streamInput = new StreamInput(netlist, Ports, activationBuffer);
        vectorQueue = new VectorQueue(netlist);
        loadSequencer = new LoadSequencer(netlist);
        rowLoaders = new RowLoader[rows];
        loadedWords = new LoadedWord[rows];
        thresholdRegisters = new ThresholdRegisters[geometry.MaxDrop > 0 ? rows : 0];
        imas = new Ima[rows * columns];
        var rounding = new ActivationRounding(geometry);
        for (int r = 0; r < rows; r++)
        {
            rowLoaders[r] = new RowLoader(netlist, r, activationBuffer);
            loadedWords[r] = new LoadedWord(geometry, rowLoaders[r], rounding);
            if (geometry.MaxDrop > 0)
                thresholdRegisters[r] = new ThresholdRegisters(netlist, r, rowLoaders[r]);
            for (int c = 0; c < columns; c++)
                imas[r * columns + c] = new Ima(netlist, registerFile, r, c, rowLoaders[r], loadedWords[r], thresholdRegisters.ElementAtOrDefault(r), rounding);
            rowLoaders[r].Connect(imas[(r * columns)..((r + 1) * columns)]);
        }

        crossbars = [.. imas.SelectMany(ima => ima.Crossbars)];
        weightProgrammer.Connect(crossbars);
        outputStage = new OutputStage(netlist, imas);
        outputParameters = new OutputParameters(netlist);
        requantiser = new Requantiser(netlist);
        partialInput = new PartialInput(netlist, Ports);
        outputPacker = new OutputPacker(netlist, Ports);

        int beatBits = 8 * geometry.Config.Tile.StreamBytes;
        streamBeats = netlist.Events.Add("tile", TileEvents.StreamBeats, beatBits);
        partialBeats = netlist.Events.Add("tile", TileEvents.PartialBeats, beatBits);
        outputBeats = netlist.Events.Add("tile", TileEvents.OutputBeats, beatBits);

        netlist.Registers.Seal();
        netlist.Internals.Seal();
        netlist.Events.Seal();
        resetPin = Ports.Input("aresetn").Offset;
        streamValid = Ports.Input("s_axis_tvalid").Offset;
        partialValid = Ports.Input("s_axis_partial_tvalid").Offset;
        outputReady = Ports.Input("m_axis_tready").Offset;
        outputValid = Ports.Output("m_axis_tvalid").Offset;
        streamReady = Ports.Output("s_axis_tready").Offset;
        partialReady = Ports.Output("s_axis_partial_tready").Offset;
        awReady = Ports.Output("s_axi_awready").Offset;
        wReady = Ports.Output("s_axi_wready").Offset;
        bResponse = Ports.Output("s_axi_bresp").Offset;
        bValid = Ports.Output("s_axi_bvalid").Offset;
        arReady = Ports.Output("s_axi_arready").Offset;
        rData = Ports.Output("s_axi_rdata").Offset;
        rResponse = Ports.Output("s_axi_rresp").Offset;
        rValid = Ports.Output("s_axi_rvalid").Offset;
        interrupt = Ports.Output("interrupt").Offset;
        outputs = new uint[Ports.OutputWords];
        Settle();
    }

    public TileGeometry Geometry { get; }
    public TilePorts Ports { get; }
    public IReadOnlyList<SignalSlot> Probes => netlist.Registers.Slots;
    public IReadOnlyList<MemoryProbe> Memories => netlist.Memories.Probes;
    public ReadOnlySpan<uint> Outputs => outputs;
    public ReadOnlySpan<uint> Registers => netlist.Registers.Values;
    public ReadOnlySpan<MemoryWrite> MemoryWrites => netlist.Memories.Writes;

    /// <summary>Events since construction, counted in the clocks in which they happen; the same as the functional model counts.</summary>
    public EventCounts Events => netlist.Events.EventCounts;
    public IReadOnlyList<EventProbe> EventProbes => netlist.Events.Probes;
    public ReadOnlySpan<long> EventTotals => netlist.Events.Totals;

    /// <summary>Clocks since construction.</summary>
    public long Clocks { get; private set; }

    public void Clock(ReadOnlySpan<uint> inputs)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(inputs.Length, Ports.InputWords);
        netlist.Memories.Begin();
        fixed (uint* pins = inputs)
        {
            Evaluate(pins);
            if (pins[resetPin] == 0)
                Reset();
        }

        netlist.Registers.Latch();
        netlist.Internals.Latch();
        netlist.Memories.Latch();
        Clocks++;
        Settle();
    }

    private void Evaluate(uint* pins)
    {
        streamInput.Observe(pins, registerFile);
        registerFile.Observe((streamInput.Error ? RegisterAddress.StreamError : 0) | (partialInput.Error ? RegisterAddress.PartialError : 0));

        registerFile.Evaluate(pins, this);
        interruptController.Evaluate(registerFile, vectorQueue.TileIdle(streamInput), outputStage.VectorDone, weightProgrammer.Done);
        weightProgrammer.Evaluate(registerFile);
        performanceCounters.Evaluate(registerFile, loadSequencer, outputStage, imas, Geometry.Config.Tile.Columns);
        streamInput.Evaluate(pins);
        vectorQueue.Evaluate(streamInput, loadSequencer, outputStage);
        loadSequencer.Evaluate(vectorQueue);
        foreach (RowLoader rowLoader in rowLoaders)
            rowLoader.Evaluate(loadSequencer, registerFile, streamInput);
        foreach (ThresholdRegisters thresholds in thresholdRegisters)
            thresholds.Evaluate(registerFile);
        foreach (Ima ima in imas)
            ima.Evaluate(outputStage, weightProgrammer);
        outputStage.Evaluate();
        outputParameters.Evaluate(registerFile);
        requantiser.Evaluate(outputStage, outputParameters, partialInput, registerFile);
        partialInput.Evaluate(pins);
        outputPacker.Evaluate(pins, outputStage, requantiser, registerFile);
        CountStreams(pins);
    }

    private void CountStreams(uint* pins)
    {
        EventTally events = netlist.Events;
        if (streamInput.Ready && pins[streamValid] != 0)
            events.Counts[streamBeats]++;
        if (partialInput.Ready && pins[partialValid] != 0)
            events.Counts[partialBeats]++;
        if (outputs[outputValid] != 0 && pins[outputReady] != 0)
            events.Counts[outputBeats]++;
        if (outputStage.VectorDone)
            events.Vectors++;
    }

    private void Reset()
    {
        netlist.Registers.Reset();
        netlist.Internals.Reset();
        foreach (Ima ima in imas)
            ima.Reset();
        weightProgrammer.Reset();
    }

    /// <summary>Wires and ports that follow from the registers.</summary>
    private void Settle()
    {
        foreach (Ima ima in imas)
            ima.Settle();
        weightProgrammer.Settle();
        registerFile.Settle(vectorQueue, streamInput, weightProgrammer);
        streamInput.Settle(registerFile, vectorQueue, loadSequencer, weightProgrammer);
        loadSequencer.Settle(vectorQueue, rowLoaders);
        foreach (LoadedWord loadedWord in loadedWords)
            loadedWord.Settle();
        outputStage.Settle(registerFile, vectorQueue, outputPacker, partialInput);
        partialInput.Settle(outputStage, registerFile);

        outputs[streamReady] = streamInput.Ready ? 1u : 0;
        outputs[partialReady] = partialInput.Ready ? 1u : 0;
        outputPacker.Show(outputs);
        outputs[awReady] = registerFile.AwReady ? 1u : 0;
        outputs[wReady] = registerFile.WReady ? 1u : 0;
        outputs[bResponse] = registerFile.BResponse;
        outputs[bValid] = registerFile.BValid ? 1u : 0;
        outputs[arReady] = registerFile.ArReady ? 1u : 0;
        outputs[rData] = registerFile.RData;
        outputs[rResponse] = registerFile.RResponse;
        outputs[rValid] = registerFile.RValid ? 1u : 0;
        outputs[interrupt] = interruptController.Interrupt;
    }

    /// <summary>What a read of <paramref name="address"/> returns in this clock; false if nothing can be read there.</summary>
    internal bool TryRead(uint address, out uint value)
    {
        switch (address)
        {
            case RegisterAddress.Status:
                value = (vectorQueue.TileIdle(streamInput) ? 1u : 0) | (weightProgrammer.Busy ? 2u : 0)
                    | (vectorQueue.BankInUse(0, streamInput) ? 4u : 0) | (vectorQueue.BankInUse(1, streamInput) ? 8u : 0);
                return true;
            case RegisterAddress.InterruptMask:
                value = interruptController.Mask;
                return true;
            case RegisterAddress.InterruptPending:
                value = interruptController.Pending;
                return true;
            default:
                return registerFile.TryRead(address, out value) || weightProgrammer.TryRead(address, out value) || performanceCounters.TryRead(address, out value);
        }
    }

    public bool TryReadMemory(int memory, int index, Span<uint> words)
    {
        Memory probed = netlist.Memories[memory];
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)probed.Depth);
        var entry = (uint*)probed.Entry(index);
        for (int i = 0; i < probed.Words; i++)
            words[i] = entry[i];
        return probed.IsWritten(index);
    }

    public void LoadImages(IReadOnlyList<CrossbarImage> images)
    {
        if (images.Count != crossbars.Length)
            throw new ArgumentException($"the tile has {crossbars.Length} crossbars, got {images.Count} images", nameof(images));
        for (int i = 0; i < crossbars.Length; i++)
        {
            if (images[i].Wordlines != Geometry.Wordlines || images[i].Bitlines != Geometry.Config.Crossbar.Bitlines)
                throw new ArgumentException($"image {i} is {images[i].Wordlines} x {images[i].Bitlines}, crossbars are {Geometry.Wordlines} x {Geometry.Config.Crossbar.Bitlines}", nameof(images));
            crossbars[i].LoadImage(images[i]);
        }
    }

    public string DescribeState()
    {
        var text = new StringBuilder();
        text.AppendLine($"clock {Clocks}: {vectorQueue.InFlight} vectors in flight, {vectorQueue.Waiting} of them waiting to be loaded; "
            + $"stream input {(streamInput.MidPacket ? "within a packet" : "between packets")}, {(streamInput.Ready ? "ready" : "not ready")}");
        text.AppendLine($"loading: {(loadSequencer.Active ? $"layer bank {loadSequencer.Layer}" : "idle")}; {outputStage.Describe(registerFile)}; "
            + $"{outputPacker.Count} beats in the output FIFO{(weightProgrammer.Busy ? "; programming" : "")}");
        for (int i = 0; i < imas.Length; i++)
        {
            for (int b = 0; b < Geometry.RowBlocks; b++)
            {
                StepSequencer sequencer = imas[i].Sequencer(b);
                if (sequencer.OccupiedBanks != 0 || sequencer.CompleteGroups != 0 || sequencer.DrivesOrConverts)
                    text.AppendLine($"row {i / Geometry.Config.Tile.Columns}, column {i % Geometry.Config.Tile.Columns}, row block {b}: {sequencer.Describe()}");
            }
        }

        return text.ToString();
    }
}
