using System.Globalization;
using System.Text;
using ReDy.Architecture;

namespace ReDy.Rtl;

/// <summary>The register map for readers, in Markdown.</summary>
public static class RegisterMapDocument
{
    public static string Write(TileGeometry geometry)
    {
        var text = new StringBuilder();
        text.Append("# Registers of the tile\n\n");
        text.Append("32-bit registers behind AXI4-Lite, byte offsets. Writes need all four strobes. A refused write changes nothing, answers SLVERR and sets\n");
        text.Append("a bit of ERROR; reads of unknown and write-only addresses give 0 and SLVERR. Values are cut to their bits, other bits read as zero.\n\n");
        text.Append($"Sizes and reset values are those of a tile with K = {geometry.CapacityRows} rows, N = {geometry.CapacityOutputs} outputs, {geometry.Crossbars} crossbars.\n\n");
        text.Append("| offset | name | access | bits | reset | meaning |\n|---|---|---|---|---|---|\n");
        foreach (TileRegister register in RegisterMap.Of(geometry))
            text.Append(CultureInfo.InvariantCulture,
                $"| 0x{register.Offset:X3} | {register.Name} | {Access(register)} | {Bits(register, geometry)} | {Reset(register, geometry)} | {register.Meaning} |\n");
        text.Append("\nAccess: R read, W write, W1C write one to clear. * refused (ERROR bit BANK) while the layer bank of the window is in use, or out of\n");
        text.Append("range. + refused (ERROR bit PROGRAM) while the weight programmer is busy, or out of range.\n");
        foreach (TileRegister register in RegisterMap.Of(geometry).Where(register => HasNamedFields(register, geometry)))
        {
            text.Append($"\n## {register.Name}\n\n| bits | field | meaning |\n|---|---|---|\n");
            foreach (RegisterField field in register.Fields(geometry))
                text.Append($"| {Range(field)} | {field.Name} | {field.Meaning} |\n");
        }

        return text.ToString();
    }

    internal static bool HasNamedFields(TileRegister register, TileGeometry geometry) => register.Fields(geometry).Any(field => field.Meaning.Length > 0);

    private static string Access(TileRegister register)
    {
        string access = register.Access switch
        {
            RegisterAccess.ReadOnly => "R",
            RegisterAccess.ReadWrite => "RW",
            RegisterAccess.WriteOnly => "W",
            _ => "W1C",
        };
        return register.Guard switch
        {
            RegisterGuard.LayerBank => access + "*",
            RegisterGuard.Programmer => access + "+",
            _ => access,
        };
    }

    private static string Bits(TileRegister register, TileGeometry geometry) =>
        register.Fields(geometry) is { Count: > 0 } fields ? Range(new RegisterField("", fields[0].LowBit, fields[^1].LowBit + fields[^1].Bits - fields[0].LowBit, "")) : "-";

    private static string Reset(TileRegister register, TileGeometry geometry) =>
        register.IsReadable ? string.Create(CultureInfo.InvariantCulture, $"0x{register.Reset(geometry):X}") : "-";

    private static string Range(RegisterField field) =>
        field.Bits == 1 ? $"{field.LowBit}" : $"{field.LowBit + field.Bits - 1}:{field.LowBit}";
}
