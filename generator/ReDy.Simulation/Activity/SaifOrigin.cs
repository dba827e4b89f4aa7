using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.Rtl;

namespace ReDy.Simulation.Activity;

/// <summary>What a SAIF file of this program was recorded on; stands in its header as <c>VERSION</c>.</summary>
/// <param name="OfNetlist">Recorded on a gate-level netlist; else on the Verilog.</param>
/// <param name="ConfigurationSha256">Of the bundle's <see cref="RtlBundle.ConfigurationPath"/>, which its manifest has too.</param>
public sealed partial record SaifOrigin(bool OfNetlist, string ConfigurationSha256)
{
    /// <summary>The header is within so many characters; nets follow.</summary>
    private const int HeaderCharacters = 4096;

    public static SaifOrigin Of(TileConfig config, bool netlist) => new(netlist, RtlGenerator.Generate(config)[RtlBundle.ConfigurationPath].Sha256);

    /// <summary>What a file's header says; null if another program wrote it.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static SaifOrigin? Read(string path)
    {
        var header = new char[HeaderCharacters];
        try
        {
            using StreamReader file = File.OpenText(path);
            Match origin = Version().Match(new string(header, 0, file.ReadBlock(header)));
            return origin.Success ? new SaifOrigin(origin.Groups[1].Value == NetlistWord, origin.Groups[2].Value) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--saif {path}: cannot be read; record one with redy verify --netlist --saif {path}", exception);
        }
    }

    /// <exception cref="InputException">The file says that it was recorded on another configuration.</exception>
    public static void RefuseOther(string path, TileConfig config)
    {
        if (Read(path) is { } origin && origin != Of(config, origin.OfNetlist))
        {
            throw new InputException(
                $"--saif {path}: was recorded on another configuration (SHA-256 {origin.ConfigurationSha256[..8]}..., this one has {Of(config, origin.OfNetlist).ConfigurationSha256[..8]}...); "
                + $"record it again: redy verify {(origin.OfNetlist ? "--netlist " : "")}--saif {path}");
        }
    }

    public override string ToString() => $"{(OfNetlist ? NetlistWord : "Verilog")} of configuration {ConfigurationSha256}";

    private const string NetlistWord = "netlist";

    [GeneratedRegex(@"\(VERSION ""(netlist|Verilog) of configuration ([0-9a-f]{64})""\)")]
    private static partial Regex Version();
}
