using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>Area of one component.</summary>
/// <param name="Level">What one of it belongs to.</param>
/// <param name="Each">Of one unit of hardware.</param>
/// <param name="PerInstance">In one crossbar, IMA or tile, by <paramref name="Level"/>; square micrometres.</param>
public sealed record AreaLine(string Component, HardwareLevel Level, string Unit, double Count, CostValue Each, double PerInstance, double PerTile);

/// <summary>Area of a tile by component, per crossbar, IMA and tile; an IMA includes its crossbars, a tile its IMAs.</summary>
/// <param name="Unpriced">Components of the tile for which no table gives an area.</param>
public sealed record AreaReport(TileGeometry Geometry, AdcModel Adc, int InterleavedAdcs, IReadOnlyList<AreaLine> Lines, IReadOnlyList<string> Unpriced)
{
    public double Tile => Lines.Sum(line => line.PerTile);

    /// <summary>Square micrometres of one crossbar, IMA or tile, including what is inside it.</summary>
    public double Of(HardwareLevel level) => Lines.Where(line => line.Level <= level).Sum(line => line.PerTile) / HardwareUnit.InstancesPerTile(level, Geometry);

    public double ShareOf(string component, HardwareLevel level) =>
        Lines.Where(line => line.Level <= level && line.Component == component).Sum(line => line.PerTile) / HardwareUnit.InstancesPerTile(level, Geometry) / Of(level);

    public static AreaReport Of(CostArithmetic arithmetic, TileGeometry geometry)
    {
        List<AreaLine> lines = [];
        List<string> unpriced = [];
        foreach (ComponentKind kind in ComponentKind.All.Where(kind => kind.IsInTile))
        {
            CostRows rows = arithmetic.Rows(kind.Name);
            if (rows.Area.Count == 0)
                unpriced.Add(kind.Name);
            foreach ((string name, CostRow row) in rows.Area)
            {
                HardwareUnit unit = HardwareUnit.Get(name);
                CostValue each = arithmetic.Of(row);
                double count = unit.Count(geometry) * (kind.Name == ComponentKind.Adc ? arithmetic.InterleavedAdcs : 1);
                lines.Add(new AreaLine(kind.Name, unit.Level, name, count, each, count * each.Value, count * each.Value * HardwareUnit.InstancesPerTile(unit.Level, geometry)));
            }
        }

        return new AreaReport(geometry, arithmetic.Adc!, arithmetic.InterleavedAdcs, lines, unpriced);
    }
}
