using System.Globalization;
using System.Text;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Macros;

/// <summary>
/// The LEF view of the hard macros of a tile: size, pins on the left and right edges, supplies, and the rest as obstruction. Pins
/// are centred on routing tracks, half a pitch above the lower edge and on; all edges are on the manufacturing grid, so that a macro is larger
/// than its area by up to a step of the grid, or as far as its pins need.
/// </summary>
public static class MacroLef
{
    private const string PinLayer = "metal3", SupplyLayer = "metal4";

    /// <summary>A pin at either edge and as much between them.</summary>
    private const int LeastWidthInPins = 3;

    private static readonly string[] BlockedLayers = ["metal1", "metal2", "metal3", "metal4"];

    public static string Write(TileMacros macros)
    {
        var text = new StringBuilder("VERSION 5.7 ;\nBUSBITCHARS \"[]\" ;\nDIVIDERCHAR \"/\" ;\n");
        text.Append("# Pin places, layers and sizes are assumptions: they are there to be replaced by the macro's own abstract.\n\n");
        foreach (HardMacro macro in macros.All)
            Write(text, macro, macros.Technology);
        return text.Append("END LIBRARY\n").ToString();
    }

    /// <summary>Width and height in um: the height a number of tracks, the width the rest of the area, up to the grid.</summary>
    public static (double Width, double Height) Size(HardMacro macro, MacroTechnology technology)
    {
        double height = Up(Math.Max(Math.Sqrt(macro.AreaSquareMicrometres), (Bits(macro).Count / 2 + 2) * technology.PinPitch), technology.PinPitch);
        return (Up(Math.Max(macro.AreaSquareMicrometres / height, LeastWidthInPins * technology.PinSize), technology.Grid), height);

        static double Up(double length, double step) => Math.Ceiling(length / step - 1e-6) * step;
    }

    private static void Write(StringBuilder text, HardMacro macro, MacroTechnology technology)
    {
        (double width, double height) = Size(macro, technology);
        (double pitch, double size) = (technology.PinPitch, technology.PinSize);
        text.Append($"MACRO {macro.Name}\n  CLASS BLOCK ;\n  ORIGIN 0 0 ;\n  FOREIGN {macro.Name} 0 0 ;\n  SIZE {Number(width)} BY {Number(height)} ;\n  SYMMETRY X Y ;\n");
        IReadOnlyList<(string Name, MacroPin Pin)> bits = Bits(macro);
        for (int i = 0; i < bits.Count; i++)
        {
            double bottom = (i / 2 + 1.5) * pitch - size / 2, left = i % 2 == 0 ? 0 : width - size;
            Pin(text, bits[i].Name, bits[i].Pin.Direction == PinDirection.Output ? "OUTPUT" : "INPUT", bits[i].Pin.IsClock ? "CLOCK" : "SIGNAL",
                PinLayer, (left, bottom, left + size, bottom + size));
        }

        Pin(text, "VDD", "INOUT", "POWER", SupplyLayer, (0, height - size, width, height));
        Pin(text, "VSS", "INOUT", "GROUND", SupplyLayer, (0, 0, width, size));
        text.Append("  OBS\n");
        foreach (string layer in BlockedLayers)
            text.Append($"    LAYER {layer} ;\n      RECT {Number(size)} {Number(size)} {Number(width - size)} {Number(height - size)} ;\n");
        text.Append($"  END\nEND {macro.Name}\n\n");
    }

    private static void Pin(StringBuilder text, string name, string direction, string use, string layer, (double Left, double Bottom, double Right, double Top) at) =>
        text.Append($"  PIN {name}\n    DIRECTION {direction} ;\n    USE {use} ;\n    PORT\n      LAYER {layer} ;\n        RECT {Number(at.Left)} {Number(at.Bottom)} {Number(at.Right)} {Number(at.Top)} ;\n    END\n  END {name}\n");

    private static IReadOnlyList<(string Name, MacroPin Pin)> Bits(HardMacro macro) =>
        [.. macro.Pins.SelectMany(pin => pin.Bits is { } width ? Enumerable.Range(0, width).Select(bit => ($"{pin.Name}[{bit}]", pin)) : [(pin.Name, pin)])];

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
