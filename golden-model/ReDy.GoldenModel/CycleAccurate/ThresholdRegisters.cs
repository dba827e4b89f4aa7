using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>The thresholds of one tile row's groups for both layer banks, and which of them its DPUs compare with now.</summary>
internal sealed unsafe class ThresholdRegisters
{
    private readonly RegisterBank registers;
    private readonly RowLoader rowLoader;
    private readonly int threshold, selectLayer, selectBlock, bits, drops, rowBlocks, row;

    public ThresholdRegisters(Netlist netlist, int row, RowLoader rowLoader)
    {
        TileGeometry geometry = netlist.Geometry;
        string path = $"tile.g_row[{row}].threshold_registers";
        registers = netlist.Registers;
        this.rowLoader = rowLoader;
        this.row = row;
        bits = geometry.ThresholdBits;
        drops = geometry.MaxDrop;
        rowBlocks = geometry.RowBlocks;
        threshold = netlist.Register(path, "threshold_q", 2 * rowBlocks * drops * bits, AllOnes(2 * rowBlocks * drops * bits));
        selectLayer = netlist.Register(path, "select_layer_q", 1);
        selectBlock = netlist.IndexRegister(path, "select_block_q", rowBlocks);
    }

    /// <summary>Threshold <paramref name="j"/> of the group that is decided in this clock.</summary>
    public ulong Selected(int j)
    {
        uint* q = registers.Q;
        return PackedField.Read(q + threshold, Index(q[selectLayer], (int)q[selectBlock], j) * bits, bits);
    }

    public void Evaluate(RegisterFile registerFile)
    {
        uint* d = registers.D;
        if (rowLoader.LoadValid && rowLoader.LoadLast)
        {
            d[selectLayer] = rowLoader.LoadLayer;
            d[selectBlock] = rowLoader.LoadBlock;
        }

        if (!registerFile.Writes(RegisterAddress.Threshold))
            return;
        (int group, int j) = Math.DivRem(registerFile.ThresholdIndex, drops);
        if (group / rowBlocks == row)
            PackedField.Write(d + threshold, Index(registerFile.Window, group % rowBlocks, j) * bits, bits, registerFile.WriteData);
    }

    private int Index(uint layer, int rowBlock, int j) => ((int)layer * rowBlocks + rowBlock) * drops + j;

    private static uint[] AllOnes(int bits)
    {
        uint[] words = new uint[TileGeometry.CeilingDivide(bits, 32)];
        for (int i = 0; i < words.Length; i++)
            words[i] = (uint)PackedField.Mask(Math.Min(32, bits - 32 * i));
        return words;
    }
}
