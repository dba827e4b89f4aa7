using System.Text;
using ReDy.Architecture;

namespace ReDy.Rtl;

/// <summary>The register map for C programs: offsets, masks and shifts of fields, commands.</summary>
public static class RegisterMapHeader
{
    private const int ValueColumn = 56;

    public static string Write(TileGeometry geometry)
    {
        string prefix = geometry.Config.Rtl.Prefix;
        string name = (prefix + "TILE_").ToUpperInvariant();
        string guard = (prefix + "REGISTERS_H").ToUpperInvariant();
        var text = new StringBuilder();
        text.Append("/* Registers of the tile, byte offsets behind AXI4-Lite. registers.md explains them. */\n\n");
        text.Append($"#ifndef {guard}\n#define {guard}\n\n");
        foreach (TileRegister register in RegisterMap.Of(geometry))
        {
            Define(text, name + register.Name, $"0x{register.Offset:X3}u");
            if (!RegisterMapDocument.HasNamedFields(register, geometry))
                continue;
            foreach (RegisterField field in register.Fields(geometry))
            {
                Define(text, $"{name}{register.Name}_{field.Name}_SHIFT", $"{field.LowBit}");
                Define(text, $"{name}{register.Name}_{field.Name}_MASK", $"0x{field.Mask:X8}u");
            }
        }

        text.Append("\n/* Values of ID and VERSION. */\n");
        Define(text, name + "ID_VALUE", $"0x{RegisterMap.IdValue:X8}u");
        Define(text, name + "VERSION_VALUE", $"{RegisterMap.VersionValue}u");
        text.Append("\n/* Values of PROGRAM_COMMAND. */\n");
        foreach (ProgramCommand command in Enum.GetValues<ProgramCommand>().Where(command => geometry.Flip || command != ProgramCommand.WriteFlips))
            Define(text, $"{name}COMMAND_{TileParameters.Spell(command).ToUpperInvariant()}", $"{(int)command}u");
        text.Append("\n/* Values of the field POLICY of LAYER_MODE. */\n");
        foreach (PrecisionPolicy policy in Enum.GetValues<PrecisionPolicy>())
            Define(text, $"{name}POLICY_{TileParameters.Spell(policy).ToUpperInvariant()}", $"{(int)policy}u");
        text.Append("\n#endif\n");
        return text.ToString();
    }

    private static void Define(StringBuilder text, string name, FormattableString value) =>
        text.Append($"#define {name} ".PadRight(ValueColumn)).Append(FormattableString.Invariant(value)).Append('\n');
}
