using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReDy.Rtl;

/// <summary>One line of a manifest.</summary>
public sealed record ManifestEntry(string Path, string Sha256);

/// <summary>Recorded switching that a bundle comes with.</summary>
/// <param name="Path">SAIF file in the bundle; its SHA-256 is among the files'.</param>
/// <param name="Scope">Instance in it that is the tile.</param>
/// <param name="RecordedOn">netlist or Verilog: whose nets it has.</param>
/// <param name="ConfigurationSha256">Of the configuration that was simulated: that of <see cref="RtlBundle.ConfigurationPath"/>.</param>
public sealed record ManifestActivity(string Path, string Scope, string RecordedOn, string ConfigurationSha256);

/// <summary>What a bundle consists of: its top module and the SHA-256 of every other file. Makes a folder recognisable as a bundle.</summary>
/// <param name="Activity">Null: nothing was recorded.</param>
public sealed record RtlManifest(string TopModule, IReadOnlyList<ManifestEntry> Files, ManifestActivity? Activity = null)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NewLine = "\n",
    };

    internal static RtlManifest Of(string topModule, IEnumerable<RtlFile> files, ManifestActivity? activity = null) =>
        new(topModule, [.. files.Select(file => new ManifestEntry(file.Path, file.Sha256))], activity);

    /// <summary>As JSON with a final newline.</summary>
    public string Write() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <summary>The manifest in a text, or null if it is none.</summary>
    public static RtlManifest? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<RtlManifest>(text, Options) is { TopModule: not null, Files: not null } manifest ? manifest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
