using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Writes rows of cells and flip registers from a row buffer, and reads single cells back through their ADC.</summary>
internal sealed unsafe class WeightProgrammer
{
    private const uint Idle = 0;
    private const uint Strobe = 1;
    private const uint Wait = 2;
    private const uint ReadBack = 3;

    private readonly RegisterBank registers;
    private readonly TileGeometry geometry;
    private readonly EventTally events;
    private bool bufferClocked;
    private readonly int bufferClock, rowBuffer, word, crossbar, row, bitline, state, command, readback, rowBits;
    private Crossbar[] crossbars = [];

    public WeightProgrammer(Netlist netlist)
    {
        const string path = "tile.weight_programmer";
        registers = netlist.Registers;
        geometry = netlist.Geometry;
        events = netlist.Events;
        bufferClock = netlist.HasClockGates ? events.Add($"{path}.row_buffer_gate", TileEvents.ClockEdges) : -1;
        rowBits = geometry.Config.Crossbar.Bitlines * geometry.Config.Cell.Bits;
        rowBuffer = netlist.Register(path, "row_buffer_q", rowBits);
        word = netlist.Register(path, "word_q", 16);
        crossbar = netlist.Register(path, "crossbar_q", 16);
        row = netlist.Register(path, "row_q", 16);
        bitline = netlist.Register(path, "bitline_q", 16);
        state = netlist.Register(path, "state_q", 2);
        command = netlist.Register(path, "command_q", 2);
        readback = netlist.Register(path, "readback_q", geometry.Config.Adc.Bits);
    }

    public bool Busy => registers.Q[state] != Idle;
    public bool WordExists => 32 * registers.Q[word] < rowBits;
    public uint Readback => registers.Q[readback];

    /// <summary>In this clock the row block that drives this crossbar applies digit 1 to <see cref="Row"/> alone.</summary>
    public Crossbar? ReadbackRequest { get; private set; }
    public int Row => (int)registers.Q[row];
    public int ReadbackAdc { get; private set; }
    public uint ReadbackOffset { get; private set; }

    /// <summary>The crossbar that a read-back converts.</summary>
    public Crossbar Addressed => crossbars[registers.Q[crossbar]];
    public bool Done { get; private set; }

    public void Connect(Crossbar[] tileCrossbars) => crossbars = tileCrossbars;

    public bool CommandIsLegal(uint data)
    {
        uint* q = registers.Q;
        return data is RegisterAddress.WriteRow or RegisterAddress.ReadCell || (data == RegisterAddress.WriteFlips && geometry.Flip)
            ? q[crossbar] < geometry.Crossbars && q[row] < geometry.Wordlines && q[bitline] < geometry.UsedBitlines
            : false;
    }

    public void Settle()
    {
        uint* q = registers.Q;
        ReadbackRequest = null;
        Done = false;
        if (q[state] == Idle)
            return;
        ReadbackAdc = Math.Min((int)q[bitline] / geometry.BitlinesPerAdc, geometry.Config.Adc.PerCrossbar - 1);
        ReadbackOffset = q[bitline] - (uint)(ReadbackAdc * geometry.BitlinesPerAdc);
        switch (q[state])
        {
            case Strobe when q[command] == RegisterAddress.ReadCell:
                ReadbackRequest = Addressed;
                break;
            case Strobe:
                Done = q[command] == RegisterAddress.WriteFlips;
                break;
            case Wait:
                Done = !Addressed.Macro.ProgramBusy;
                break;
            default:
                Done = Addressed.Sequencer.TagIsReadback;
                break;
        }
    }

    public void Evaluate(RegisterFile registerFile)
    {
        uint* q = registers.Q, d = registers.D;
        bufferClocked = false;
        if (q[state] != Idle)
        {
            Work();
            return;
        }

        uint data = registerFile.WriteData;
        if (registerFile.Writes(RegisterAddress.ProgramCrossbar))
            d[crossbar] = data & 0xFFFF;
        if (registerFile.Writes(RegisterAddress.ProgramRow))
            d[row] = data & 0xFFFF;
        if (registerFile.Writes(RegisterAddress.ProgramBitline))
            d[bitline] = data & 0xFFFF;
        if (registerFile.Writes(RegisterAddress.ProgramWord))
            d[word] = data & 0xFFFF;
        if (registerFile.Writes(RegisterAddress.ProgramData))
        {
            ClockBuffer();
            int at = (int)q[word];
            d[rowBuffer + at] = data & (uint)PackedField.Mask(Math.Min(32, rowBits - 32 * at));
            d[word] = (q[word] + 1) & 0xFFFF;
        }

        if (registerFile.CommandAccepted)
        {
            d[state] = Strobe;
            d[command] = data;
        }
    }

    /// <summary>The tile is in reset in this clock, which clocks the row buffer in any case.</summary>
    public void Reset()
    {
        if (!bufferClocked)
            ClockBuffer();
    }

    /// <summary>An edge at the clock pins of row_buffer_q, if they are behind a gate.</summary>
    private void ClockBuffer()
    {
        bufferClocked = true;
        if (bufferClock >= 0)
            events.Counts[bufferClock]++;
    }

    private void Work()
    {
        uint* q = registers.Q, d = registers.D;
        bool writesRow = q[state] == Strobe && q[command] == RegisterAddress.WriteRow;
        Addressed.Macro.EvaluateProgramming(writesRow, Row, q + rowBuffer);
        if (writesRow)
            events.Counts[Addressed.Events.RowWrites]++;
        if (q[state] == Strobe && q[command] == RegisterAddress.WriteFlips)
            Addressed.FlipRegister!.Write(q + rowBuffer);
        if (q[state] == ReadBack && Done)
            d[readback] = Addressed.Macro.Code(ReadbackAdc);
        if (Done)
            d[state] = Idle;
        else if (q[state] == Strobe)
            d[state] = q[command] == RegisterAddress.ReadCell ? ReadBack : Wait;
    }

    /// <summary>Value of one of this block's registers during this clock.</summary>
    public bool TryRead(uint address, out uint value)
    {
        uint* q = registers.Q;
        value = address switch
        {
            RegisterAddress.ProgramCrossbar => q[crossbar],
            RegisterAddress.ProgramRow => q[row],
            RegisterAddress.ProgramBitline => q[bitline],
            RegisterAddress.ProgramWord => q[word],
            RegisterAddress.Readback => q[readback],
            _ => 0,
        };
        return address is RegisterAddress.ProgramCrossbar or RegisterAddress.ProgramRow or RegisterAddress.ProgramBitline
            or RegisterAddress.ProgramWord or RegisterAddress.Readback;
    }
}
