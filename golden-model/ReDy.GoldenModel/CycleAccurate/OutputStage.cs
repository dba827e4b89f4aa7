using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Drains finished vectors: reads output after output from the output registers and adds the tile rows; its tags follow each output to the packer.</summary>
internal sealed unsafe class OutputStage
{
    private const int Stages = 6;

    private readonly RegisterBank registers;
    private readonly Ima[] imas;
    private readonly int columns, drainActive, drainLayer, drainColumn, drainBlock, drainEntry, drainIndex, total, totalBits;
    private readonly uint columnMask, indexMask, lastEntry, lastBlock;
    private readonly int[] valid = new int[Stages + 1], last = new int[Stages + 1], layer = new int[Stages + 1];
    private readonly int[] column = new int[3], index = new int[4];
    private bool begins;
    private uint beginLayer;

    public OutputStage(Netlist netlist, Ima[] imas)
    {
        const string path = "tile.output_stage";
        registers = netlist.Registers;
        TileGeometry geometry = netlist.Geometry;
        totalBits = geometry.AccumulatorBits;
        lastEntry = (uint)geometry.OutputsPerCrossbar - 1;
        lastBlock = (uint)geometry.ColumnBlocks - 1;
        this.imas = imas;
        columns = geometry.Config.Tile.Columns;
        columnMask = (uint)PackedField.Mask(TileGeometry.IndexBits(columns));
        indexMask = (uint)PackedField.Mask(TileGeometry.IndexBits(geometry.CapacityOutputs));
        drainActive = netlist.Register(path, "drain_active_q", 1);
        drainLayer = netlist.Register(path, "drain_layer_q", 1);
        drainColumn = netlist.IndexRegister(path, "drain_column_q", columns);
        drainBlock = netlist.IndexRegister(path, "drain_block_q", geometry.ColumnBlocks);
        drainEntry = netlist.IndexRegister(path, "drain_entry_q", geometry.OutputsPerCrossbar);
        drainIndex = netlist.IndexRegister(path, "drain_index_q", geometry.CapacityOutputs);
        for (int s = 1; s <= Stages; s++)
        {
            valid[s] = netlist.Register(path, $"s{s}_valid_q", 1);
            last[s] = netlist.Register(path, $"s{s}_last_q", 1);
            layer[s] = netlist.Register(path, $"s{s}_layer_q", 1);
            if (s < column.Length)
                column[s] = netlist.IndexRegister(path, $"s{s}_column_q", columns);
            if (s < index.Length)
                index[s] = netlist.IndexRegister(path, $"s{s}_index_q", geometry.CapacityOutputs);
        }

        total = netlist.Register(path, "total_q", geometry.AccumulatorBits);
    }

    /// <summary>The whole drain pipeline moves in this clock.</summary>
    public bool Advance { get; private set; }

    /// <summary>An output is read from the output registers in this clock.</summary>
    public bool Reads { get; private set; }

    /// <summary>It is the vector's last one: its output register banks are free.</summary>
    public bool ReadsLast { get; private set; }
    public uint DrainLayer => registers.Q[drainLayer];
    public uint DrainColumn => registers.Q[drainColumn];
    public uint DrainBlock => registers.Q[drainBlock];
    public uint DrainEntry => registers.Q[drainEntry];

    /// <summary>The last output of a vector enters the output packer.</summary>
    public bool VectorDone { get; private set; }
    public uint DoneBank => Layer(Stages);
    public long Total => PackedField.ReadSigned(registers.Q + total, 0, totalBits);
    public bool Valid(int stage) => registers.Q[valid[stage]] != 0;
    public bool Last(int stage) => registers.Q[last[stage]] != 0;
    public uint Layer(int stage) => registers.Q[layer[stage]];
    public uint Index(int stage) => registers.Q[index[stage]];

    /// <summary>The stage's data registers take new values in this clock.</summary>
    public bool Fills(int stage) => Advance && Valid(stage - 1);

    public bool SumsColumn(int tileColumn) => Fills(2) && registers.Q[column[1]] == tileColumn;

    public void Settle(RegisterFile registerFile, VectorQueue queue, OutputPacker packer, PartialInput partialInput)
    {
        uint* q = registers.Q;
        Advance = packer.Ready && !(Valid(3) && registerFile.Accumulate(Layer(3)) && !partialInput.Valid);
        Reads = q[drainActive] != 0 && Advance;
        ReadsLast = Reads && q[drainIndex] == registerFile.Outputs(DrainLayer) - 1;
        VectorDone = Advance && Valid(Stages) && Last(Stages);
        begins = q[drainActive] == 0 && queue.InFlight != 0;
        if (!begins)
            return;
        beginLayer = queue.DrainBank;
        for (int i = 0; i < imas.Length && begins; i++)
            begins = imas[i].IsComplete(beginLayer);
    }

    public void Evaluate()
    {
        uint* q = registers.Q, d = registers.D;
        if (begins)
        {
            d[drainActive] = 1;
            d[drainLayer] = beginLayer;
            d[drainColumn] = d[drainBlock] = d[drainEntry] = d[drainIndex] = 0;
        }

        if (!Advance)
            return;
        if (Fills(3))
            AddRows((int)q[column[2]]);
        for (int s = Stages; s > 1; s--)
            MoveTags(s);
        d[valid[1]] = Reads ? 1u : 0;
        if (Reads)
            ReadOutput();
    }

    private void AddRows(int tileColumn)
    {
        long sum = 0;
        for (int i = tileColumn; i < imas.Length; i += columns)
            sum += imas[i].Sum;
        PackedField.Write(registers.D + total, 0, totalBits, (ulong)sum);
    }

    private void MoveTags(int stage)
    {
        uint* q = registers.Q, d = registers.D;
        uint incoming = q[valid[stage - 1]];
        d[valid[stage]] = incoming;
        if (incoming == 0)
            return;
        d[last[stage]] = q[last[stage - 1]];
        d[layer[stage]] = q[layer[stage - 1]];
        if (stage < column.Length)
            d[column[stage]] = q[column[stage - 1]];
        if (stage < index.Length)
            d[index[stage]] = q[index[stage - 1]];
    }

    private void ReadOutput()
    {
        uint* q = registers.Q, d = registers.D;
        d[last[1]] = ReadsLast ? 1u : 0;
        d[layer[1]] = q[drainLayer];
        d[column[1]] = q[drainColumn];
        d[index[1]] = q[drainIndex];
        d[drainIndex] = (q[drainIndex] + 1) & indexMask;
        bool crossbarEnds = q[drainEntry] == lastEntry;
        bool imaEnds = crossbarEnds && q[drainBlock] == lastBlock;
        d[drainEntry] = crossbarEnds ? 0 : q[drainEntry] + 1;
        if (crossbarEnds)
            d[drainBlock] = imaEnds ? 0 : q[drainBlock] + 1;
        if (imaEnds)
            d[drainColumn] = (q[drainColumn] + 1) & columnMask;
        if (ReadsLast)
            d[drainActive] = 0;
    }

    public string Describe(RegisterFile registerFile) => registers.Q[drainActive] == 0
        ? "drain idle"
        : $"drain at output {registers.Q[drainIndex]} of {registerFile.Outputs(DrainLayer)} (layer bank {DrainLayer}){(Advance ? "" : ", held")}";
}
