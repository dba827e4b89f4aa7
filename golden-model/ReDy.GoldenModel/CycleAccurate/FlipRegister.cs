using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Which bitlines of a crossbar store complements.</summary>
internal sealed unsafe class FlipRegister
{
    private readonly Memory flips;

    public FlipRegister(Netlist netlist, string crossbarPath)
    {
        flips = netlist.Memories.Add($"{crossbarPath}.flip_register.flip_q", 1, netlist.Geometry.Config.Crossbar.Bitlines);
    }

    /// <summary>Bit c is bitline c's.</summary>
    public ulong* Bits => flips.Entry(0);

    public void Write(uint* rowBuffer)
    {
        ulong* word = stackalloc ulong[flips.Stride];
        PackedField.Copy(rowBuffer, 0, (uint*)word, flips.Bits);
        flips.Write(0, word);
    }

    public void LoadFlips(CrossbarImage image)
    {
        ulong[] word = new ulong[flips.Stride];
        for (int c = 0; c < flips.Bits; c++)
        {
            if (image.Flips[c])
                word[c >> 6] |= 1UL << (c & 63);
        }

        flips.Store(0, word);
    }
}
