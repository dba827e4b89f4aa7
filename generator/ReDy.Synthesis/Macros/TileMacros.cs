using System.Globalization;
using ReDy.Architecture;
using ReDy.Rtl;
using static ReDy.Synthesis.Liberty.PinDirection;

namespace ReDy.Synthesis.Macros;

/// <summary>The hard macros of a tile: pins, area and energies from the configuration and the component table.</summary>
public static class TileMacros
{
    private const string Clock = "aclk";

    public static IReadOnlyList<HardMacro> Of(TileGeometry geometry, ComponentTable table)
    {
        TileConfig config = geometry.Config;
        return
        [
            Memory(config, table, "activation_buffer", geometry.BufferBeats, geometry.ActivationsPerBeat * config.Activations.Bits),
            Memory(config, table, "bias_memory", 2 * geometry.CapacityOutputs, config.Outputs.BiasBits),
            Crossbar(geometry, table),
            Memory(config, table, "scale_memory", 2 * geometry.CapacityOutputs, config.Outputs.MultiplierBits + TileGeometry.ShiftBits),
        ];
    }

    private static HardMacro Crossbar(TileGeometry geometry, ComponentTable table)
    {
        TileConfig config = geometry.Config;
        int rows = config.Crossbar.Wordlines, columns = config.Crossbar.Bitlines, adcs = config.Adc.PerCrossbar, bits = config.Adc.Bits;
        double cells = (double)rows * columns;
        double adcArea = adcs * AdcShare(table["adc_area"], table["adc_area_linear"], 1600, bits, table["adc_bits"]);
        double drivers = rows * table["dac_area"], holds = columns * table["sample_and_hold_area"], array = cells * table["cell_area"];
        double read = cells * table["cell_read_energy"] + rows * table["dac_energy"] + columns * table["sample_and_hold_energy"];
        double convert = AdcShare(table["adc_energy"], table["adc_energy_linear"], 3.1, bits, table["adc_bits"]);
        string[] starts = [.. Enumerable.Range(0, adcs).Select(adc => $"start[{adc}]")];
        return new HardMacro
        {
            Name = config.Rtl.Prefix + RtlBundle.CrossbarMacro,
            Description = Text($"{rows} x {columns} cells of {config.Cell.Bits} bits, wordline drivers, sample-and-hold, {adcs} ADC of {bits} bits"),
            AreaSquareMicrometres = Math.Round(adcArea + drivers + holds + array, 3),
            AreaArithmetic = Text($"ADC {adcArea:0.###} + wordline drivers {drivers:0.###} + sample-and-hold {holds:0.###} + cells {array:0.###} um2"),
            Pins =
            [
                new(Clock, Input, null, IsClock: true),
                new("aresetn", Input, null),
                new("dac_drive", Input, null),
                new("dac_digits", Input, rows * config.Dac.Bits),
                new("sample", Input, null),
                new("bitline_select", Input, TileGeometry.IndexBits(geometry.BitlinesPerAdc)),
                new("start", Input, adcs),
                new("valid", Output, adcs),
                new("code", Output, adcs * bits),
                new("overrange", Output, adcs),
                new("program_strobe", Input, null),
                new("program_row", Input, TileGeometry.IndexBits(rows)),
                new("program_data", Input, columns * config.Cell.Bits),
                new("program_busy", Output, null),
                new("sleep", Input, null),
            ],
            Energies =
            [
                new("read", "sample", read),
                .. starts.Select(start => new MacroEnergy("convert", start, convert)),
                new("write", "program_strobe", columns * table["cell_write_energy"]),
                new("idle", string.Join(" & ", starts.Append("sample").Append("program_strobe").Select(pin => "!" + pin)), 0),
            ],
            Leakages = [new("sleep", adcs * table["macro_leakage_asleep"]), new("!sleep", adcs * table["macro_leakage_awake"])],
        };
    }

    private static HardMacro Memory(TileConfig config, ComponentTable table, string module, int words, int wordBits)
    {
        double bits = (double)words * wordBits, access = wordBits * table["memory_access_energy"];
        int addressBits = TileGeometry.IndexBits(words);
        return new HardMacro
        {
            Name = config.Rtl.Prefix + module,
            Description = Text($"memory of {words} words of {wordBits} bits, one write port, one read port"),
            AreaSquareMicrometres = Math.Round(bits * table["memory_area"], 3),
            AreaArithmetic = Text($"{bits:0} bits x {table["memory_area"]:0.#####} um2"),
            Pins =
            [
                new(Clock, Input, null, IsClock: true),
                new("write_enable", Input, null),
                new("write_address", Input, addressBits),
                new("write_data", Input, wordBits),
                new("read_enable", Input, null),
                new("read_address", Input, addressBits),
                new("read_data", Output, wordBits),
            ],
            Energies =
            [
                new("read", "read_enable", access),
                new("write", "write_enable", access),
                new("idle", "!read_enable & !write_enable", 0),
            ],
            Leakages = [new(null, bits * table["memory_leakage"])],
        };
    }

    /// <summary>Part of a SAR converter grows with its bits, the rest (its capacitive DAC) doubles with each.</summary>
    private static double AdcShare(double atReference, double linear, double whole, int bits, double referenceBits) =>
        atReference * (bits / referenceBits * linear + (whole - linear) * Math.Pow(2, bits - referenceBits)) / whole;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
