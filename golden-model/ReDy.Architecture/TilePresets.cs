namespace ReDy.Architecture;

/// <summary>The configurations that come with the program: the files of generator/configs, embedded.</summary>
public static class TilePresets
{
    private const string Prefix = "configs/";
    private const string Extension = ".yaml";

    /// <summary>Alphabetically.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(TilePresets).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The commented file.</summary>
    public static string Text(string name)
    {
        using Stream stream = typeof(TilePresets).Assembly.GetManifestResourceStream($"{Prefix}{name}{Extension}")
            ?? throw new InputException($"unknown preset '{name}'; presets are {string.Join(", ", Names)}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static TileConfig Config(string name) => TileConfigFile.Parse(Text(name), $"{name}{Extension}");
}
