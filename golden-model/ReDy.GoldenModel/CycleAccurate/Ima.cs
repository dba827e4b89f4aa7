using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>In-situ multiply-accumulate unit: row blocks that stream at their own pace over column blocks of crossbars, and the sum of their results.</summary>
internal sealed unsafe class Ima
{
    /// <summary>Places in <see cref="Events"/>.</summary>
    public const int EventStreamed = 0;
    public const int EventSteps = 1;
    public const int EventConversions = 2;
    public const int EventSaturations = 3;
    public const int Busy = 4;

    /// <summary>Not in static netlists, which skip nothing: see <see cref="RegistersSkips"/>.</summary>
    public const int EventSkipped = 5;

    private readonly RegisterBank registers;
    private readonly TileGeometry geometry;
    private readonly RowLoader rowLoader;
    private readonly EventTally tally;
    private readonly StepSequencer[] sequencers;
    private readonly InputRegister[] inputRegisters;
    private readonly Crossbar[] crossbars;
    private readonly int[] usedBitlines;
    private readonly uint[] limits = new uint[2];
    private readonly int[] refreshedFrom = new int[2];
    private readonly int row, column, columnBlocks, wordlines, usedBits, limitBits, groupBits, imaBits;
    private readonly int used, limit, partial, sum, firstEvent;
    private bool redecode;

    public Ima(Netlist netlist, RegisterFile registerFile, int row, int column, RowLoader rowLoader, LoadedWord loaded, ThresholdRegisters? thresholds, ActivationRounding rounding)
    {
        string path = $"tile.g_row[{row}].g_column[{column}].ima";
        registers = netlist.Registers;
        geometry = netlist.Geometry;
        tally = netlist.Events;
        RegisterFile = registerFile;
        this.rowLoader = rowLoader;
        this.row = row;
        this.column = column;
        columnBlocks = geometry.ColumnBlocks;
        wordlines = geometry.Wordlines;
        usedBits = TileGeometry.UnsignedBits(geometry.UsedBitlines);
        limitBits = TileGeometry.UnsignedBits(geometry.BitlinesPerAdc);
        groupBits = geometry.GroupResultBits;
        imaBits = geometry.ImaResultBits;
        usedBitlines = new int[2 * columnBlocks];

        used = netlist.Register(path, "used_q", 2 * columnBlocks * usedBits);
        limit = netlist.Register(path, "limit_q", 2 * limitBits);
        partial = netlist.Register(path, "partial_q", geometry.RowBlocks * groupBits);
        sum = netlist.Register(path, "sum_q", imaBits);
        int conversions = geometry.CrossbarsPerIma * geometry.Config.Adc.PerCrossbar;
        firstEvent = netlist.CountRegister(path, "event_streamed_q", geometry.RowBlocks);
        netlist.CountRegister(path, "event_steps_q", geometry.CrossbarsPerIma);
        netlist.CountRegister(path, "event_conversions_q", conversions);
        netlist.CountRegister(path, "event_saturations_q", conversions);
        netlist.Register(path, "busy_q", 1);
        RegistersSkips = !netlist.IsStatic;
        if (RegistersSkips)
            netlist.CountRegister(path, "event_skipped_q", geometry.RowBlocks * geometry.Steps);
        DynamicPrecisionUnit = new DynamicPrecisionUnit(netlist, path, rowLoader, loaded, thresholds);

        sequencers = new StepSequencer[geometry.RowBlocks];
        inputRegisters = new InputRegister[geometry.RowBlocks];
        crossbars = new Crossbar[geometry.CrossbarsPerIma];
        for (int b = 0; b < geometry.RowBlocks; b++)
        {
            string blockPath = $"{path}.g_row_block[{b}]";
            inputRegisters[b] = new InputRegister(netlist, blockPath, rounding);
            sequencers[b] = new StepSequencer(netlist, blockPath, row * geometry.RowBlocks + b, b, inputRegisters[b]);
            for (int k = 0; k < columnBlocks; k++)
                crossbars[b * columnBlocks + k] = new Crossbar(netlist, $"{blockPath}.g_column_block[{k}]", sequencers[b]);

            sequencers[b].Connect(crossbars[(b * columnBlocks)..((b + 1) * columnBlocks)]);
        }
    }

    public RegisterFile RegisterFile { get; }
    public DynamicPrecisionUnit DynamicPrecisionUnit { get; }
    public IReadOnlyList<Crossbar> Crossbars => crossbars;
    public bool IsFirstColumn => column == 0;
    public bool RegistersSkips { get; }

    /// <summary>The event registers, then busy.</summary>
    public uint* Events => registers.Q + firstEvent;
    public long Sum => PackedField.ReadSigned(registers.Q + sum, 0, imaBits);

    // What the row blocks count during a clock.
    public uint EventStreamedNow;
    public uint EventSkippedNow;
    public uint EventStepsNow;
    public uint EventConversionsNow;
    public uint EventSaturationsNow;

    public StepSequencer Sequencer(int rowBlock) => sequencers[rowBlock];

    /// <summary>The layer has outputs in this IMA's columns.</summary>
    public bool IsActive(uint layer) => usedBitlines[(int)layer * columnBlocks] != 0;

    public int UsedBitlines(uint layer, int columnBlock) => usedBitlines[(int)layer * columnBlocks + columnBlock];

    /// <summary>Conversions of a step.</summary>
    public uint Limit(uint layer) => limits[layer];

    public int UsedColumnBlocks(uint layer)
    {
        int blocks = 0;
        for (int k = 0; k < columnBlocks; k++)
            blocks += UsedBitlines(layer, k) != 0 ? 1 : 0;
        return blocks;
    }

    /// <summary>Row block b takes part in vectors of this layer.</summary>
    public bool Participates(uint layer, int rowBlock) =>
        IsActive(layer) && (row * sequencers.Length + rowBlock) * wordlines < RegisterFile.Rows(layer) && RegisterFile.Outputs(layer) != 0;

    /// <summary>Results of every participating row block wait for the drain.</summary>
    public bool IsComplete(uint layer)
    {
        for (int b = 0; b < sequencers.Length; b++)
        {
            if (Participates(layer, b) && sequencers[b].CompleteGroups == 0)
                return false;
        }

        return true;
    }

    /// <summary>used_q and limit_q as numbers.</summary>
    public void Settle()
    {
        if (!redecode)
            return;
        redecode = false;
        for (int i = 0; i < usedBitlines.Length; i++)
            usedBitlines[i] = (int)PackedField.Read(registers.Q + used, i * usedBits, usedBits);
        for (int l = 0; l < 2; l++)
            limits[l] = (uint)PackedField.Read(registers.Q + limit, l * limitBits, limitBits);
    }

    /// <summary>The tile is in reset: its registers, these among them, become 0.</summary>
    public void Reset()
    {
        redecode = true;
        Array.Clear(refreshedFrom);
        foreach (StepSequencer sequencer in sequencers)
            sequencer.Reset();
    }

    public void Evaluate(OutputStage outputStage, WeightProgrammer programmer)
    {
        RefreshUsed(0);
        RefreshUsed(1);
        bool load = rowLoader.LoadValid && IsActive(rowLoader.LoadLayer);
        DynamicPrecisionUnit.Evaluate(load, RegisterFile);
        if (load)
            inputRegisters[rowLoader.LoadBlock].Load(rowLoader);

        bool loadsFirst = load && rowLoader.LoadFirst;
        bool releases = outputStage.ReadsLast;
        bool busy = false;
        EventStreamedNow = EventSkippedNow = EventStepsNow = EventConversionsNow = EventSaturationsNow = 0;
        for (int b = 0; b < sequencers.Length; b++)
        {
            busy |= sequencers[b].DrivesOrConverts;
            sequencers[b].Evaluate(this, loadsFirst && rowLoader.LoadBlock == b, releases && Participates(outputStage.DrainLayer, b), programmer);
        }

        RegisterEvents(busy);
        if (outputStage.Reads && outputStage.DrainColumn == column)
            ReadPartials(outputStage.DrainLayer, (int)outputStage.DrainBlock, (int)outputStage.DrainEntry);
        if (outputStage.SumsColumn(column))
            AddPartials();
    }

    private void RefreshUsed(uint layer)
    {
        int outputs = RegisterFile.Outputs(layer);
        if (outputs == refreshedFrom[layer])
            return;
        refreshedFrom[layer] = outputs;
        redecode = true;
        for (int k = 0; k < columnBlocks; k++)
        {
            int here = Math.Clamp(outputs - (column * columnBlocks + k) * geometry.OutputsPerCrossbar, 0, geometry.OutputsPerCrossbar);
            int bitlines = here * geometry.BitlinesPerOutput;
            PackedField.Write(registers.D + used, ((int)layer * columnBlocks + k) * usedBits, usedBits, (uint)bitlines);
            if (k == 0)
                PackedField.Write(registers.D + limit, (int)layer * limitBits, limitBits, (uint)Math.Min(geometry.BitlinesPerAdc, bitlines));
        }
    }

    private void RegisterEvents(bool busy)
    {
        uint* d = registers.D + firstEvent;
        d[EventStreamed] = EventStreamedNow;
        d[EventSteps] = EventStepsNow;
        d[EventConversions] = EventConversionsNow;
        d[EventSaturations] = EventSaturationsNow;
        d[Busy] = busy ? 1u : 0;
        if (RegistersSkips)
            d[EventSkipped] = EventSkippedNow;
        if (IsFirstColumn)
            tally.StepsSkipped += EventSkippedNow;
    }

    private void ReadPartials(uint layer, int columnBlock, int output)
    {
        for (int b = 0; b < sequencers.Length; b++)
        {
            StepSequencer sequencer = sequencers[b];
            Crossbar crossbar = crossbars[b * columnBlocks + columnBlock];
            crossbar.CountRead(output);
            ulong value = Participates(layer, b) && !sequencer.DrainsNull ? crossbar.Result(sequencer.DrainSlot, output) : 0;
            PackedField.Write(registers.D + partial, b * groupBits, groupBits, value);
        }
    }

    private void AddPartials()
    {
        long total = 0;
        for (int b = 0; b < sequencers.Length; b++)
            total += PackedField.ReadSigned(registers.Q + partial, b * groupBits, groupBits);
        PackedField.Write(registers.D + sum, 0, imaBits, (ulong)total);
    }
}
