namespace ReDy.Architecture;

/// <summary>Something wrong, or doubtful, in a configuration file, as the user sees it.</summary>
public sealed record ConfigProblem
{
    /// <summary>Stable name: of a rule, a warning or a kind of mistake in the file.</summary>
    public required string Rule { get; init; }

    /// <summary>Null when the file as a whole is meant.</summary>
    public string? Key { get; init; }

    /// <summary>As the file spells it, or the default's spelling; null where no value is at fault.</summary>
    public string? Value { get; init; }
    public required string FileName { get; init; }

    /// <summary>From 1; null when the file does not give the key.</summary>
    public int? Line { get; init; }
    public required string Why { get; init; }
    public required string Remedy { get; init; }

    /// <summary><c>weights.bits = 16 (tile.yaml:4): why; remedy</c></summary>
    public override string ToString()
    {
        string place = Line is { } line ? $"{FileName}:{line}" : FileName;
        if (Key is null)
            return $"{place}: {Why}; {Remedy}";
        string value = Value is null ? "" : $" = {Value}";
        return $"{Key}{value} ({(Line is null ? $"default, {place}" : place)}): {Why}; {Remedy}";
    }
}
