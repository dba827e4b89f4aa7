namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// Counts clocks, vectors and the events of all IMAs; software reads a snapshot. A clock's events are registered before they are
/// added; a snapshot takes the sum with those under way.
/// </summary>
internal sealed unsafe class PerformanceCounters
{
    private const int Count = 8;

    private readonly RegisterBank registers;
    private readonly int increment, counter, snapshot, incrementBits, bits;

    public PerformanceCounters(Netlist netlist)
    {
        const string path = "tile.performance_counters";
        registers = netlist.Registers;
        bits = netlist.Geometry.Config.Rtl.CounterBits;
        incrementBits = netlist.Geometry.IncrementBits;
        increment = netlist.Register(path, "increment_q", Count * incrementBits);
        counter = netlist.Register(path, "counter_q", Count * bits);
        snapshot = netlist.Register(path, "snapshot_q", Count * bits);
    }

    public void Evaluate(RegisterFile registerFile, LoadSequencer loadSequencer, OutputStage outputStage, Ima[] imas, int columns)
    {
        uint command = registerFile.Writes(RegisterAddress.CounterCommand) ? registerFile.WriteData : 0;
        bool takesSnapshot = (command & 1) != 0, clears = (command & 2) != 0;
        Accumulate(takesSnapshot, clears);
        if (clears)
        {
            for (int i = 0; i < Count; i++)
                Register(i, 0);
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

        Register(0, 1);
        Register(1, loadSequencer.Active && busy == 0 ? 1u : 0);
        Register(2, outputStage.VectorDone ? 1u : 0);
        Register(3, steps);
        Register(4, conversions);
        Register(5, streamed);
        Register(6, skipped);
        Register(7, saturations);
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

    /// <summary>The increments of the clock before reach the counters, and a snapshot at once.</summary>
    private void Accumulate(bool takesSnapshot, bool clears)
    {
        uint* q = registers.Q, d = registers.D;
        for (int i = 0; i < Count; i++)
        {
            ulong pending = PackedField.Read(q + increment, i * incrementBits, incrementBits);
            if (pending == 0 && !takesSnapshot && !clears)
                continue;
            ulong counted = PackedField.Read(q + counter, i * bits, bits) + pending;
            PackedField.Write(d + counter, i * bits, bits, clears ? 0 : counted);
            if (takesSnapshot)
                PackedField.Write(d + snapshot, i * bits, bits, counted);
        }
    }

    private void Register(int index, uint events) => PackedField.Write(registers.D + increment, index * incrementBits, incrementBits, events);
}
