using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>DPU: watches the activations that are loaded into an IMA and decides for each group how many bits to drop and which planes to stream.</summary>
internal sealed unsafe class DynamicPrecisionUnit
{
    private readonly RegisterBank registers;
    private readonly EventTally events;
    private readonly GroupStatistic? statistic;
    private readonly RowLoader rowLoader;
    private readonly LoadedWord loaded;
    private readonly ThresholdRegisters? thresholds;
    private readonly int stages, maxDrop, activationBits, digitBits, steps, sumBits, dropBits, blockBits, orWords, sumWords;
    private readonly int wordsMeasured, decisions, or, sum, maximum, count, decideValid, decideBlock, decideLayer;
    private readonly int resultValid, resultBlock, resultLayer, resultDrop, resultPlanes, resultSum;

    public DynamicPrecisionUnit(Netlist netlist, string imaPath, RowLoader rowLoader, LoadedWord loaded, ThresholdRegisters? thresholds)
    {
        string path = $"{imaPath}.dynamic_precision_unit";
        registers = netlist.Registers;
        events = netlist.Events;
        TileGeometry geometry = netlist.Geometry;
        this.rowLoader = rowLoader;
        this.loaded = loaded;
        this.thresholds = thresholds;
        stages = geometry.Config.Timing.DpuLatency;
        activationBits = geometry.Config.Activations.Bits;
        digitBits = geometry.Config.Dac.Bits;
        steps = geometry.Steps;
        sumBits = geometry.GroupSumBits;
        dropBits = netlist.DropBits;
        blockBits = TileGeometry.IndexBits(geometry.RowBlocks);
        statistic = geometry.UsedStatistic;
        maxDrop = geometry.MaxDrop;

        or = Optional("or_q", geometry.OrFields * activationBits);
        sum = Optional("sum_q", geometry.SumFields * sumBits);
        maximum = Optional("maximum_q", statistic == GroupStatistic.Max ? activationBits : 0);
        count = Optional("count_q", statistic == GroupStatistic.NonzeroMean ? TileGeometry.UnsignedBits(geometry.Wordlines) : 0);
        orWords = loaded.Or.Length;
        sumWords = loaded.Sum.Length;
        wordsMeasured = events.Add(path, TileEvents.WordsMeasured, geometry.LoadLanes * activationBits);
        decisions = events.Add(path, TileEvents.Decisions);
        decideValid = netlist.Register(path, "decide_valid_q", 1);
        decideBlock = netlist.Register(path, "decide_block_q", blockBits);
        decideLayer = netlist.Register(path, "decide_layer_q", 1);
        resultValid = netlist.Register(path, "result_valid_q", stages);
        resultBlock = netlist.Register(path, "result_block_q", stages * blockBits);
        resultLayer = netlist.Register(path, "result_layer_q", stages);
        resultDrop = Optional("result_drop_q", netlist.HasDrops ? stages * dropBits : 0);
        resultPlanes = Optional("result_planes_q", netlist.IsStatic ? 0 : stages * steps);
        resultSum = Optional("result_sum_q", geometry.IsDifferential ? 0 : stages * sumBits);

        int Optional(string name, int bits) => bits == 0 ? -1 : netlist.Register(path, name, bits);
    }

    /// <summary>A decision leaves the unit in this clock.</summary>
    public bool ResultValid => ((registers.Q[resultValid] >> (stages - 1)) & 1) != 0;
    public uint ResultBlock => Last(resultBlock, blockBits);
    public uint ResultLayer => Last(resultLayer, 1);
    public uint ResultDrop => resultDrop < 0 ? 0 : Last(resultDrop, dropBits);
    public uint ResultPlanes => resultPlanes < 0 ? 0 : Last(resultPlanes, steps);
    public uint ResultSum => resultSum < 0 ? 0 : Last(resultSum, sumBits);

    public void Evaluate(bool load, RegisterFile registerFile)
    {
        uint* q = registers.Q, d = registers.D;
        if (load)
        {
            events.Counts[wordsMeasured]++;
            Accumulate();
        }

        bool decides = load && rowLoader.LoadLast;
        d[decideValid] = decides ? 1u : 0;
        if (decides)
        {
            d[decideBlock] = rowLoader.LoadBlock;
            d[decideLayer] = rowLoader.LoadLayer;
        }

        if ((q[decideValid] | q[resultValid]) == 0)
            return;
        d[resultValid] = ((q[resultValid] << 1) | q[decideValid]) & (uint)PackedField.Mask(stages);
        for (int s = stages - 1; s > 0; s--)
        {
            if (((q[resultValid] >> (s - 1)) & 1) != 0)
                MoveToStage(s);
        }

        if (q[decideValid] == 0)
            return;
        events.Counts[decisions]++;
        Decide(registerFile.Policy(q[decideLayer]));
    }

    private void Accumulate()
    {
        uint* q = registers.Q, d = registers.D;
        bool starts = rowLoader.LoadFirst;
        ReadOnlySpan<uint> orAdded = loaded.Or, sumAdded = loaded.Sum;
        for (int w = 0; w < orWords; w++)
            d[or + w] = starts ? orAdded[w] : q[or + w] | orAdded[w];

        // No field overflows within a group, so all of them add as one wide number.
        ulong carry = 0;
        for (int w = 0; w < sumWords; w++)
        {
            carry += (starts ? 0UL : q[sum + w]) + sumAdded[w];
            d[sum + w] = (uint)carry;
            carry >>= 32;
        }

        if (maximum >= 0)
            d[maximum] = starts ? loaded.Maximum : Math.Max(q[maximum], loaded.Maximum);
        if (count >= 0)
            d[count] = (starts ? 0 : q[count]) + loaded.NonzeroCount;
    }

    private void Decide(PrecisionPolicy policy)
    {
        uint* q = registers.Q, d = registers.D;
        int drop = policy == PrecisionPolicy.Statistical ? ThresholdsReached() : 0;
        PackedField.Write(d + resultBlock, 0, blockBits, q[decideBlock]);
        PackedField.Write(d + resultLayer, 0, 1, q[decideLayer]);
        if (resultDrop >= 0)
            PackedField.Write(d + resultDrop, 0, dropBits, (uint)drop);
        if (resultSum >= 0)
            PackedField.Write(d + resultSum, 0, sumBits, PackedField.Read(q + sum, drop * sumBits, sumBits));
        if (resultPlanes < 0)
            return;
        uint planes = policy == PrecisionPolicy.Static ? (uint)PackedField.Mask(steps) : NonzeroPlanes((uint)PackedField.Read(q + or, drop * activationBits, activationBits));
        PackedField.Write(d + resultPlanes, 0, steps, planes);
    }

    private uint NonzeroPlanes(uint bits)
    {
        uint planes = 0;
        uint digit = (1u << digitBits) - 1;
        for (int t = 0; t < steps; t++)
        {
            if (((bits >> (t * digitBits)) & digit) != 0)
                planes |= 1u << t;
        }

        return planes;
    }

    private int ThresholdsReached()
    {
        uint* q = registers.Q;
        int reached = 0;
        for (int j = 0; j < maxDrop; j++)
        {
            ulong threshold = thresholds!.Selected(j);
            bool reaches = statistic switch
            {
                GroupStatistic.Max => q[maximum] >= threshold,
                GroupStatistic.Sum => PackedField.Read(q + sum, 0, sumBits) >= threshold,
                _ => q[count] != 0 && PackedField.Read(q + sum, 0, sumBits) >= threshold * q[count],
            };
            if (reaches)
                reached++;
        }

        return reached;
    }

    private void MoveToStage(int stage)
    {
        Move(resultBlock, blockBits);
        Move(resultLayer, 1);
        if (resultDrop >= 0)
            Move(resultDrop, dropBits);
        if (resultPlanes >= 0)
            Move(resultPlanes, steps);
        if (resultSum >= 0)
            Move(resultSum, sumBits);

        void Move(int register, int bits) =>
            PackedField.Write(registers.D + register, stage * bits, bits, PackedField.Read(registers.Q + register, (stage - 1) * bits, bits));
    }

    private uint Last(int register, int bits) => (uint)PackedField.Read(registers.Q + register, (stages - 1) * bits, bits);
}
