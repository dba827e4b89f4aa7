namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Counts clocks, vectors and the events of all IMAs; software reads a snapshot.</summary>
internal sealed unsafe class PerformanceCounters
{
    private const int Count = 8;

    private readonly RegisterBank registers;
    private readonly int counter, snapshot, bits, words;

    public PerformanceCounters(Netlist netlist)
    {
        const string path = "tile.performance_counters";
        registers = netlist.Registers;
        bits = netlist.Geometry.Config.Rtl.CounterBits;
        words = (Count * bits + 31) / 32;
        counter = netlist.Register(path, "counter_q", Count * bits);
        snapshot = netlist.Register(path, "snapshot_q", Count * bits);
    }

    public void Evaluate(RegisterFile registerFile, LoadSequencer loadSequencer, OutputStage outputStage, Ima[] imas, int columns)
    {
        uint* q = registers.Q, d = registers.D;
        uint command = registerFile.Writes(RegisterAddress.CounterCommand) ? registerFile.WriteData : 0;
        if ((command & 1) != 0)
            new Span<uint>(q + counter, words).CopyTo(new Span<uint>(d + snapshot, words));
        if ((command & 2) != 0)
        {
            new Span<uint>(d + counter, words).Clear();
            return;
        }

        uint steps = 0, conversions = 0, saturations = 0, streamed = 0, skipped = 0, busy = 0;
        for (int i = 0; i < imas.Length; i++)
        {
            uint* events = imas[i].Events;
            steps += events[Ima.EventSteps];
            conversions += events[Ima.EventConversions];
            saturations += events[Ima.EventSaturations];
            if (i % columns != 0)
                continue;
            streamed += events[Ima.EventStreamed];
            skipped += imas[i].RegistersSkips ? events[Ima.EventSkipped] : 0;
            busy |= events[Ima.Busy];
        }

        Add(0, 1);
        Add(1, loadSequencer.Active && busy == 0 ? 1u : 0);
        Add(2, outputStage.VectorDone ? 1u : 0);
        Add(3, steps);
        Add(4, conversions);
        Add(5, streamed);
        Add(6, skipped);
        Add(7, saturations);
    }

    /// <summary>Half a snapshot value.</summary>
    public bool TryRead(uint address, out uint value)
    {
        value = 0;
        if (address < RegisterAddress.Counters || address >= RegisterAddress.Counters + 8 * Count)
            return false;
        uint index = (address - RegisterAddress.Counters) / 8;
        ulong taken = PackedField.Read(registers.Q + snapshot, (int)index * bits, bits);
        value = (uint)(address % 8 == 0 ? taken : taken >> 32);
        return true;
    }

    private void Add(int index, uint amount)
    {
        if (amount != 0)
            PackedField.Write(registers.D + counter, index * bits, bits, PackedField.Read(registers.Q + counter, index * bits, bits) + amount);
    }
}
