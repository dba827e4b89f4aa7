using System.Globalization;
using ReDy.Rtl;

namespace ReDy.Simulation.Mutation;

/// <summary>
/// One random change of a netlist, as <c>yosys mutate</c> describes it: a bit of a cell's port is inverted, held at 0 or 1, or
/// inverted while another bit of the port is 0 or 1.
/// </summary>
public sealed record NetlistMutant
{
    /// <summary>Value of the netlist's select input that switches it on; 0 is the unchanged netlist.</summary>
    public required int Number { get; init; }

    /// <summary>inv, const0, const1, cnot0 or cnot1.</summary>
    public required string Mode { get; init; }
    public required string Cell { get; init; }
    public required string Port { get; init; }
    public required int Bit { get; init; }

    /// <summary>The bit that controls a cnot0 or cnot1.</summary>
    public int? ControlBit { get; init; }

    /// <summary>Named net at the bit, if it has one.</summary>
    public string? Net { get; init; }

    /// <summary>Module that the cell was made from, without the bundle's prefix.</summary>
    public required string Module { get; init; }

    /// <summary>File and lines that the cell was made from, e.g. <c>rtl/redy_ima.v:235.27-247.8</c>; empty if Yosys does not know.</summary>
    public required string Source { get; init; }

    /// <summary>The first of these lines, spaces reduced to one.</summary>
    public required string Text { get; init; }

    public override string ToString() =>
        $"{Mode} {Port}[{Bit}]{(ControlBit is { } bit ? $" by bit {bit}" : "")} of {Cell}{(Net is null ? "" : $", net {Net}")}";

    /// <summary>Each file's lines, spaces reduced to one.</summary>
    internal static IReadOnlyDictionary<string, string[]> SourceLines(RtlBundle bundle) =>
        bundle.DigitalSources.ToDictionary(
            path => path, path => bundle[path].Content.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToArray());

    /// <summary>Reads one line of <c>mutate -list</c>.</summary>
    /// <param name="sources">Lines of the Verilog that Yosys had read, see <see cref="SourceLines"/>.</param>
    /// <param name="prefix">Of module and file names.</param>
    internal static NetlistMutant Parse(string line, IReadOnlyDictionary<string, string[]> sources, string prefix)
    {
        var values = new Dictionary<string, List<string>>();
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int number = 0;
        for (int i = 1; i + 1 < words.Length; i += 2)
        {
            string name = words[i].TrimStart('-');
            if (name == "ctrl") // -ctrl name width value
            {
                number = Number(words[i + 3]);
                i += 2;
                continue;
            }

            if (!values.TryGetValue(name, out List<string>? list))
                values[name] = list = [];
            list.Add(words[i + 1]);
        }

        string cell = values["cell"][0];
        string source = values.TryGetValue("src", out List<string>? places) ? places[0].Split('|')[0] : "";
        (string module, string text) = Origin(source, cell, sources, prefix);
        return new NetlistMutant
        {
            Number = number,
            Mode = values["mode"][0],
            Cell = cell,
            Port = values["port"][0],
            Bit = Number(values["portbit"][0]),
            ControlBit = values.TryGetValue("ctrlbit", out List<string>? bit) ? Number(bit[0]) : null,
            Net = values.TryGetValue("wire", out List<string>? wire) ? $"{wire[0]}[{values["wirebit"][0]}]" : null,
            Module = module,
            Source = source,
            Text = text,
        };

        static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }

    private static (string Module, string Text) Origin(string source, string cell, IReadOnlyDictionary<string, string[]> sources, string prefix)
    {
        int colon = source.LastIndexOf(':');
        string path = colon < 0 ? "" : source[..colon];
        if (!sources.TryGetValue(path, out string[]? lines))
            return (cell.Contains("crossbar_macro", StringComparison.Ordinal) ? "crossbar" : "tile", "");
        int number = int.Parse(source[(colon + 1)..].Split('.')[0], CultureInfo.InvariantCulture);
        return (Path.GetFileNameWithoutExtension(path)[prefix.Length..], number >= 1 && number <= lines.Length ? lines[number - 1] : "");
    }
}
