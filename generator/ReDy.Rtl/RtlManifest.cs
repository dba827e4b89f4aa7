using System.Text.Json;

namespace ReDy.Rtl;

/// <summary>One line of a manifest.</summary>
public sealed record ManifestEntry(string Path, string Sha256);

/// <summary>What a bundle consists of: its top module and the SHA-256 of every other file. Makes a folder recognisable as a bundle.</summary>
public sealed record RtlManifest(string TopModule, IReadOnlyList<ManifestEntry> Files)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NewLine = "\n",
    };

    internal static RtlManifest Of(string topModule, IEnumerable<RtlFile> files) =>
        new(topModule, [.. files.Select(file => new ManifestEntry(file.Path, file.Sha256))]);

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
