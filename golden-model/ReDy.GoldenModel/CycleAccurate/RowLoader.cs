using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Fetches one tile row's part of a vector from the activation buffer and drives it over the row's load bus into the input registers.</summary>
internal sealed unsafe class RowLoader
{
    private readonly RegisterBank registers;
    private readonly ActivationBuffer buffer;
    private readonly EventTally events;
    private readonly Memory fifo;
    private readonly uint lastWord, lastChunk, activationsPerBeat, bufferBeats;
    private readonly int row, lanes, wordBits, firstPosition, endPosition, firstBeat, firstChunk;
    private readonly int active, layer, limit, fetchPosition, fetchAddress, fetchPending, fifoRead, fifoWrite, fifoCount, position, block, word, chunk;
    private readonly int busTransfers, loadValid, loadBlock, loadWord, loadFirst, loadLast, loadLayer, loadData;
    private Ima[] imas = [];
    private bool dataNeeded, deliver, pop, rowEnds;

    public RowLoader(Netlist netlist, int row, ActivationBuffer buffer)
    {
        string path = $"tile.g_row[{row}].row_loader";
        registers = netlist.Registers;
        TileGeometry geometry = netlist.Geometry;
        lanes = geometry.LoadLanes;
        lastWord = (uint)geometry.WordsPerGroup - 1;
        lastChunk = (uint)geometry.WordsPerBeat - 1;
        activationsPerBeat = (uint)geometry.ActivationsPerBeat;
        bufferBeats = (uint)geometry.BufferBeats;
        this.buffer = buffer;
        this.row = row;
        wordBits = geometry.LoadLanes * geometry.Config.Activations.Bits;
        firstPosition = row * geometry.RowBlocks * geometry.Wordlines;
        endPosition = firstPosition + geometry.RowBlocks * geometry.Wordlines;
        int firstWord = firstPosition / geometry.LoadLanes;
        firstBeat = firstWord / geometry.WordsPerBeat;
        firstChunk = firstWord % geometry.WordsPerBeat;

        events = netlist.Events;
        busTransfers = events.Add(path, TileEvents.BusTransfers, wordBits);
        int positions = geometry.CapacityRows + geometry.ActivationsPerBeat;
        active = netlist.Register(path, "active_q", 1);
        layer = netlist.Register(path, "layer_q", 1);
        limit = netlist.CountRegister(path, "limit_q", positions);
        fetchPosition = netlist.CountRegister(path, "fetch_position_q", positions);
        fetchAddress = netlist.IndexRegister(path, "fetch_address_q", geometry.BufferBeats);
        fetchPending = netlist.Register(path, "fetch_pending_q", 1);
        fifo = netlist.Memories.Add($"{path}.fifo_q", 2, geometry.ActivationsPerBeat * geometry.Config.Activations.Bits);
        fifoRead = netlist.Register(path, "fifo_read_q", 1);
        fifoWrite = netlist.Register(path, "fifo_write_q", 1);
        fifoCount = netlist.CountRegister(path, "fifo_count_q", 2);
        position = netlist.CountRegister(path, "position_q", positions);
        block = netlist.IndexRegister(path, "block_q", geometry.RowBlocks);
        word = netlist.IndexRegister(path, "word_q", geometry.WordsPerGroup);
        chunk = netlist.IndexRegister(path, "chunk_q", geometry.WordsPerBeat);
        loadValid = netlist.Register(path, "load_valid_q", 1);
        loadBlock = netlist.IndexRegister(path, "load_block_q", geometry.RowBlocks);
        loadWord = netlist.IndexRegister(path, "load_word_q", geometry.WordsPerGroup);
        loadFirst = netlist.Register(path, "load_first_q", 1);
        loadLast = netlist.Register(path, "load_last_q", 1);
        loadLayer = netlist.Register(path, "load_layer_q", 1);
        loadData = netlist.Register(path, "load_data_q", wordBits);
    }

    public bool Active => registers.Q[active] != 0;
    public bool Request { get; private set; }

    // The load bus.
    public bool LoadValid => registers.Q[loadValid] != 0;
    public uint LoadBlock => registers.Q[loadBlock];
    public uint LoadWord => registers.Q[loadWord];
    public bool LoadFirst => registers.Q[loadFirst] != 0;
    public bool LoadLast => registers.Q[loadLast] != 0;
    public uint LoadLayer => registers.Q[loadLayer];
    public uint* LoadData => registers.Q + loadData;

    public void Connect(Ima[] rowImas) => imas = rowImas;

    /// <summary>No vector is being loaded.</summary>
    public void Rest() => Request = deliver = pop = rowEnds = dataNeeded = false;

    public void Settle()
    {
        uint* q = registers.Q;
        if (q[active] == 0)
        {
            Rest();
            return;
        }

        uint last = q[limit], end = q[position] + (uint)lanes;
        dataNeeded = q[position] < last;
        deliver = (!dataNeeded || q[fifoCount] != 0) && (q[word] != 0 || BlockFree(q[block], q[layer]));
        pop = deliver && dataNeeded && (q[chunk] == lastChunk || end >= last);
        rowEnds = deliver && q[word] == lastWord && end >= last;
        Request = q[fetchPosition] < last && q[fifoCount] + q[fetchPending] < (pop ? 3 : 2);
    }

    public void Evaluate(LoadSequencer loadSequencer, RegisterFile registerFile, StreamInput stream)
    {
        uint* q = registers.Q, d = registers.D;
        if (LoadValid)
            events.Counts[busTransfers]++;
        if (loadSequencer.Start && registerFile.Rows(loadSequencer.Layer) is int rows && rows > firstPosition)
            Begin(loadSequencer.Base, loadSequencer.Layer, rows);

        bool granted = loadSequencer.Granted == row;
        d[fetchPending] = granted ? 1u : 0;
        if (granted)
        {
            buffer.Read(q[fetchAddress]);
            d[fetchPosition] = q[fetchPosition] + activationsPerBeat;
            d[fetchAddress] = stream.Next(q[fetchAddress]);
        }

        if (q[fetchPending] != 0)
        {
            fifo.Write((int)q[fifoWrite], buffer.ReadData);
            d[fifoWrite] = q[fifoWrite] ^ 1;
        }

        d[fifoCount] = q[fifoCount] + q[fetchPending] - (pop ? 1u : 0);
        if (pop)
            d[fifoRead] = q[fifoRead] ^ 1;
        d[loadValid] = deliver ? 1u : 0;
        if (deliver)
            Deliver();
    }

    private void Begin(uint baseAddress, uint vectorLayer, int rows)
    {
        uint* d = registers.D;
        uint address = baseAddress + (uint)firstBeat;
        d[active] = 1;
        d[layer] = vectorLayer;
        d[limit] = (uint)Math.Min(rows, endPosition);
        d[fetchPosition] = (uint)firstBeat * activationsPerBeat;
        d[fetchAddress] = address >= bufferBeats ? address - bufferBeats : address;
        d[position] = (uint)firstPosition;
        d[block] = 0;
        d[word] = 0;
        d[chunk] = (uint)firstChunk;
    }

    private void Deliver()
    {
        uint* q = registers.Q, d = registers.D;
        bool groupEnds = q[word] == lastWord;
        d[loadBlock] = q[block];
        d[loadWord] = q[word];
        d[loadFirst] = q[word] == 0 ? 1u : 0;
        d[loadLast] = groupEnds ? 1u : 0;
        d[loadLayer] = q[layer];
        if (dataNeeded)
        {
            PackedField.Copy((uint*)fifo.Entry((int)q[fifoRead]), (int)q[chunk] * wordBits, d + loadData, wordBits);
            d[chunk] = pop ? 0 : q[chunk] + 1;
        }
        else
        {
            new Span<uint>(d + loadData, TileGeometry.CeilingDivide(wordBits, 32)).Clear();
        }

        d[position] = q[position] + (uint)lanes;
        d[word] = groupEnds ? 0 : q[word] + 1;
        if (rowEnds)
            d[active] = 0;
        else if (groupEnds)
            d[block] = q[block] + 1;
    }

    /// <summary>Every IMA of the row that works on this layer has an input register bank to fill.</summary>
    private bool BlockFree(uint rowBlock, uint ofLayer)
    {
        foreach (Ima ima in imas)
        {
            if (ima.IsActive(ofLayer) && ima.Sequencer((int)rowBlock).OccupiedBanks >= 2)
                return false;
        }

        return true;
    }
}
