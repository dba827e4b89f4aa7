using ReDy.Architecture;
using ReDy.Rtl;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;

namespace ReDy.Simulation.Verify;

/// <summary>A <c>redy verify</c> command line, read and checked.</summary>
public sealed record VerifyRequest
{
    public required string ConfigPath { get; init; }
    public required TileConfig Config { get; init; }
    public string? WeightsPath { get; init; }
    public string? InputsPath { get; init; }
    public string? RequantisePath { get; init; }
    public required OperandChoice Operands { get; init; }
    public required StimulusOptions Stimulus { get; init; }
    public WaveformMode Waveform { get; init; } = WaveformMode.Auto;
    public WaveformFormat WaveformFormat { get; init; } = WaveformFormat.Vcd;
    public required string OutputPath { get; init; }

    /// <summary>Where the switching of every net goes, in SAIF; null: it is not counted.</summary>
    public string? SaifPath { get; init; }

    /// <summary>A gate-level netlist to simulate in place of the Verilog; null: the Verilog.</summary>
    public NetlistUnderTest? Netlist { get; init; }

    /// <summary>A fault to put into the Verilog, to see it caught.</summary>
    public DesignFault? Fault { get; init; }
    public string? FaultPath { get; init; }

    /// <summary>The files that the run reads, and how they are called in its folder.</summary>
    public IEnumerable<(string Path, string Name)> Files
    {
        get
        {
            yield return (ConfigPath, Path.GetFileName(ConfigPath));
            if (WeightsPath is not null)
                yield return (WeightsPath, "weights.npy");
            if (InputsPath is not null)
                yield return (InputsPath, "inputs.npy");
            if (RequantisePath is not null)
                yield return (RequantisePath, "requantise.npz");
            if (FaultPath is not null)
                yield return (FaultPath, "fault.yaml");
            if (Netlist?.Path is { } netlist)
                yield return (netlist, "netlist.v");
        }
    }

    /// <summary>As typed into a shell.</summary>
    public string CommandLine => string.Join(' ', Arguments(inRunFolder: false).Prepend("verify").Prepend("redy").Select(Quoted));

    /// <summary>The arguments that repeat the run from where it was started, or from its folder.</summary>
    public IEnumerable<string> Arguments(bool inRunFolder)
    {
        foreach ((string path, string name) in Files)
        {
            if (OptionOf(name) is { } option)
                yield return option;
            yield return inRunFolder ? name : path;
        }

        if (Netlist is not null)
        {
            if (Netlist.Path is null)
                yield return "--netlist";
            yield return "--liberty";
            yield return Netlist.LibertyPath;
        }

        if (InputsPath is null)
        {
            yield return "--operands";
            yield return string.Join(',', Operands.Classes.Select(OperandClassNames.Of));
            yield return "--vectors";
            yield return $"{Operands.VectorsPerClass}";
        }

        if (Operands.Policy is { } policy)
        {
            yield return "--policy";
            yield return Spelled(policy);
        }

        if (Operands.LeastClocks != 0)
        {
            yield return "--clocks";
            yield return $"{Operands.LeastClocks}";
        }

        yield return "--stalls";
        yield return Spelled(Stimulus.Stalls);
        yield return "--weights-by";
        yield return Spelled(Stimulus.WeightsBy);
        if (Waveform != WaveformMode.Auto)
        {
            yield return "--trace";
            yield return Spelled(Waveform);
        }

        if (WaveformFormat != WaveformFormat.Vcd)
        {
            yield return "--trace-format";
            yield return Spelled(WaveformFormat);
        }

        if (SaifPath is not null)
        {
            yield return "--saif";
            yield return inRunFolder ? Path.GetFileName(SaifPath) : SaifPath;
        }

        yield return "--seed";
        yield return $"{Operands.Seed}";
    }

    private static string? OptionOf(string name) => name switch
    {
        "weights.npy" => "--weights",
        "inputs.npy" => "--inputs",
        "requantise.npz" => "--requantise",
        "fault.yaml" => "--inject",
        "netlist.v" => "--netlist",
        _ => null,
    };

    public static string Quoted(string argument) =>
        argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=+:,%@".Contains(c, StringComparison.Ordinal)) && argument.Length != 0
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Spelled<T>(T value)
        where T : struct, Enum => $"{value}".ToLowerInvariant();
}

/// <summary>A gate-level netlist of the tile, ready to be simulated.</summary>
/// <param name="Bundle">The netlist with models of its cells and the macros' behaviour.</param>
/// <param name="Path">File that a user gave; null: made by this program.</param>
/// <param name="LibertyPath">Where the cells are from.</param>
/// <param name="Description">Library, cells and tools, for reports.</param>
public sealed record NetlistUnderTest(RtlBundle Bundle, string? Path, string LibertyPath, string Description);
