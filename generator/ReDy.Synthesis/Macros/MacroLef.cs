using System.Globalization;
using System.Text;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Macros;

/// <summary>
/// The LEF view of the hard macros of a tile: size, pins on the left and right edges, supplies, and the rest as obstruction. Pins
/// that do not fit the edges at their pitch make the macro larger than its area asks for.
/// </summary>
public static class MacroLef
{
    private const string PinLayer = "metal3", SupplyLayer = "metal4";
    private static readonly string[] BlockedLayers = ["metal1", "metal2", "metal3", "metal4"];

    public static string Write(TileMacros macros)
    {
        var text = new StringBuilder("VERSION 5.7 ;\nBUSBITCHARS \"[]\" ;\nDIVIDERCHAR \"/\" ;\n");
        text.Append("# Pin places, layers and sizes are assumptions: they are there to be replaced by the macro's own abstract.\n\n");
        foreach (HardMacro macro in macros.All)
            Write(text, macro, macros.Technology);
        return text.Append("END LIBRARY\n").ToString();
    }

    /// <summary>Width and height in um; their product is the macro's area.</summary>
    public static (double Width, double Height) Size(HardMacro macro, MacroTechnology technology)
    {
        double height = Math.Max(Math.Sqrt(macro.AreaSquareMicrometres), (Bits(macro).Count / 2 + 2) * technology.PinPitch);
        return (macro.AreaSquareMicrometres / height, height);
    }

    private static void Write(StringBuilder text, HardMacro macro, MacroTechnology technology)
    {
        (double width, double height) = Size(macro, technology);
        (double pitch, double size) = (technology.PinPitch, technology.PinSize);
        text.Append($"MACRO {macro.Name}\n  CLASS BLOCK ;\n  ORIGIN 0 0 ;\n  FOREIGN {macro.Name} 0 0 ;\n  SIZE {Number(width)} BY {Number(height)} ;\n  SYMMETRY X Y ;\n");
        IReadOnlyList<(string Name, MacroPin Pin)> bits = Bits(macro);
        for (int i = 0; i < bits.Count; i++)
        {
            double bottom = (i / 2 + 1) * pitch, left = i % 2 == 0 ? 0 : width - Math.Min(size, width / 2);
            Pin(text, bits[i].Name, bits[i].Pin.Direction == PinDirection.Output ? "OUTPUT" : "INPUT", bits[i].Pin.IsClock ? "CLOCK" : "SIGNAL",
                PinLayer, (left, bottom, left + Math.Min(size, width / 2), bottom + size));
        }

        Pin(text, "VDD", "INOUT", "POWER", SupplyLayer, (0, height - size, width, height));
        Pin(text, "VSS", "INOUT", "GROUND", SupplyLayer, (0, 0, width, size));
        text.Append("  OBS\n");
        foreach (string layer in BlockedLayers)
            text.Append($"    LAYER {layer} ;\n      RECT {Number(Math.Min(size, width / 2))} {Number(size)} {Number(width - Math.Min(size, width / 2))} {Number(height - size)} ;\n");
        text.Append($"  END\nEND {macro.Name}\n\n");
    }

    private static void Pin(StringBuilder text, string name, string direction, string use, string layer, (double Left, double Bottom, double Right, double Top) at) =>
        text.Append($"  PIN {name}\n    DIRECTION {direction} ;\n    USE {use} ;\n    PORT\n      LAYER {layer} ;\n        RECT {Number(at.Left)} {Number(at.Bottom)} {Number(at.Right)} {Number(at.Top)} ;\n    END\n  END {name}\n");

    private static IReadOnlyList<(string Name, MacroPin Pin)> Bits(HardMacro macro) =>
        [.. macro.Pins.SelectMany(pin => pin.Bits is { } width ? Enumerable.Range(0, width).Select(bit => ($"{pin.Name}[{bit}]", pin)) : [(pin.Name, pin)])];

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
