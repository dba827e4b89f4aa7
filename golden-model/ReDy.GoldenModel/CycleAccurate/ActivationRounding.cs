using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>What is left of an activation when its low bits are dropped: plain gates on an input register's read and write port.</summary>
internal sealed class ActivationRounding(TileGeometry geometry)
{
    private readonly uint maximum = (uint)geometry.ActivationMaximum;
    private readonly bool nearest = geometry.Config.Precision.Rounding == DropRounding.Nearest;

    /// <summary>Kept bits plus a carry from the highest dropped one, unless all kept bits are ones.</summary>
    public uint Round(uint activation, int drop)
    {
        if (drop == 0)
            return activation;
        uint kept = activation >> drop;
        if (nearest && kept != maximum >> drop)
            kept += (activation >> (drop - 1)) & 1;
        return kept << drop;
    }
}
