using ReDy.Synthesis.Liberty;
using ReDy.Synthesis.Netlist;

namespace ReDy.Synthesis.Flow;

/// <summary>Standard cells that one module itself has, without those of modules inside it.</summary>
/// <param name="Module">Without the bundle's prefix.</param>
/// <param name="Instances">In the tile.</param>
/// <param name="Cells">Of one instance.</param>
/// <param name="AreaSquareMicrometres">Of one instance.</param>
public sealed record ModuleArea(string Module, long Instances, long Cells, long FlipFlops, double AreaSquareMicrometres)
{
    public double TotalSquareMicrometres => Instances * AreaSquareMicrometres;
}

/// <summary>One kind of library cell over the whole tile.</summary>
public sealed record CellUse(string Cell, long Count, double AreaSquareMicrometres);

/// <summary>One kind of hard macro over the whole tile.</summary>
public sealed record MacroUse(string Macro, long Count, double AreaSquareMicrometres, string Arithmetic, string Node);

/// <summary>Standard cells and macros of a tile, apart from each other: macros may be of another technology node.</summary>
public sealed record AreaReport
{
    /// <summary>Largest share first.</summary>
    public required IReadOnlyList<ModuleArea> Modules { get; init; }
    public required IReadOnlyList<CellUse> Cells { get; init; }
    public required IReadOnlyList<MacroUse> Macros { get; init; }

    /// <summary>Area of one gate equivalent, and the cell that it is.</summary>
    public required double GateEquivalentSquareMicrometres { get; init; }
    public required string GateEquivalentCell { get; init; }

    /// <summary>Cells that the library gives no area; they count as 0.</summary>
    public required IReadOnlyList<string> CellsWithoutArea { get; init; }

    public double StandardCellsSquareMicrometres => Modules.Sum(module => module.TotalSquareMicrometres);
    public double StandardCellsKge => Kge(StandardCellsSquareMicrometres);
    public double MacrosSquareMicrometres => Macros.Sum(macro => macro.Count * macro.AreaSquareMicrometres);
    public long CellCount => Modules.Sum(module => module.Instances * module.Cells);
    public long FlipFlopCount => Modules.Sum(module => module.Instances * module.FlipFlops);

    public double Kge(double squareMicrometres) => squareMicrometres / GateEquivalentSquareMicrometres / 1000;

    public static AreaReport Of(MappedTile tile)
    {
        IReadOnlyDictionary<string, long> instances = tile.Netlist.InstanceCounts();
        IReadOnlyDictionary<string, LibertyCell> library = tile.Cells.Library.Cells;
        var cells = new Dictionary<string, long>();
        var macros = new Dictionary<string, long>();
        var modules = new List<ModuleArea>();
        foreach (GateModule module in tile.Netlist.Modules)
        {
            long count = 0, flipFlops = 0;
            double area = 0;
            foreach (GateInstance instance in module.Instances)
            {
                if (library.TryGetValue(instance.Type, out LibertyCell? cell))
                {
                    count++;
                    flipFlops += cell.State is null ? 0 : 1;
                    area += cell.Area;
                    cells[cell.Name] = cells.GetValueOrDefault(cell.Name) + instances[module.Name];
                }
                else if (tile.Netlist.Find(instance.Type) is null)
                {
                    macros[instance.Type] = macros.GetValueOrDefault(instance.Type) + instances[module.Name];
                }
            }

            modules.Add(new ModuleArea(WithoutPrefix(module.Name, tile), instances[module.Name], count, flipFlops, Math.Round(area, 3)));
        }

        return new AreaReport
        {
            Modules = [.. modules.OrderByDescending(module => module.TotalSquareMicrometres).ThenBy(module => module.Module, StringComparer.Ordinal)],
            Cells = [.. cells.Select(cell => new CellUse(cell.Key, cell.Value, library[cell.Key].Area)).OrderByDescending(cell => cell.Count * cell.AreaSquareMicrometres).ThenBy(cell => cell.Cell, StringComparer.Ordinal)],
            Macros =
            [
                .. from macro in tile.Macros.All
                   where macros.ContainsKey(macro.Name)
                   select new MacroUse(WithoutPrefix(macro.Name, tile), macros[macro.Name], macro.AreaSquareMicrometres, macro.AreaArithmetic, macro.Node),
            ],
            GateEquivalentSquareMicrometres = tile.Cells.Nand2.Area,
            GateEquivalentCell = tile.Cells.Nand2.Name,
            CellsWithoutArea = [.. cells.Keys.Where(cell => library[cell].Area == 0).Order(StringComparer.Ordinal)],
        };
    }

    private static string WithoutPrefix(string module, MappedTile tile) => module[tile.Config.Rtl.Prefix.Length..];
}
