namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>8x8 bits in a 64-bit word, a byte per row.</summary>
internal static class BitMatrix
{
    /// <summary>Bit i of byte j becomes bit j of byte i: swaps 1x1, 2x2 and 4x4 blocks across the diagonal.</summary>
    public static ulong Transpose(ulong rows)
    {
        ulong swap = (rows ^ (rows >> 7)) & 0x00aa_00aa_00aa_00aa;
        rows ^= swap ^ (swap << 7);
        swap = (rows ^ (rows >> 14)) & 0x0000_cccc_0000_cccc;
        rows ^= swap ^ (swap << 14);
        swap = (rows ^ (rows >> 28)) & 0x0000_0000_f0f0_f0f0;
        return rows ^ swap ^ (swap << 28);
    }
}
