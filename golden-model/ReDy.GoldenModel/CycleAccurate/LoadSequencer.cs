namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Starts the row loaders on one vector after the other and shares the activation buffer's read port among them.</summary>
internal sealed unsafe class LoadSequencer
{
    private readonly RegisterBank registers;
    private readonly int active, basePointer, started;

    public LoadSequencer(Netlist netlist)
    {
        const string path = "tile.load_sequencer";
        registers = netlist.Registers;
        active = netlist.Register(path, "active_q", 1);
        basePointer = netlist.IndexRegister(path, "base_q", netlist.Geometry.BufferBeats);
        started = netlist.Register(path, "started_q", 1);
    }

    public bool Active => registers.Q[active] != 0;

    /// <summary>Buffer address of the vector being or next to be loaded.</summary>
    public uint Base => registers.Q[basePointer];

    /// <summary>Layer bank of the vector at the load pointer.</summary>
    public uint Layer { get; private set; }
    public bool Start { get; private set; }
    public bool Done { get; private set; }

    /// <summary>The row loader whose read is granted in this clock, or -1.</summary>
    public int Granted { get; private set; }

    public void Settle(VectorQueue queue, RowLoader[] rowLoaders)
    {
        Layer = queue.LoadBank;
        Start = !Active && queue.HasWaiting;
        Done = false;
        Granted = -1;
        if (!Active)
        {
            foreach (RowLoader rowLoader in rowLoaders)
                rowLoader.Rest();
            return;
        }

        bool anyActive = false;
        for (int r = rowLoaders.Length - 1; r >= 0; r--)
        {
            rowLoaders[r].Settle();
            anyActive |= rowLoaders[r].Active;
            if (rowLoaders[r].Request)
                Granted = r;
        }

        Done = registers.Q[started] == 0 && !anyActive;
    }

    public void Evaluate(VectorQueue queue)
    {
        uint* d = registers.D;
        d[started] = Start ? 1u : 0;
        if (Start)
            d[active] = 1;
        if (Done)
        {
            d[active] = 0;
            d[basePointer] = queue.LoadEnd;
        }
    }
}
