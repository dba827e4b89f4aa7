using System.Globalization;

namespace ReDy.Architecture;

/// <summary>What a key of a configuration file takes.</summary>
public enum TileParameterKind
{
    Integer,
    Boolean,

    /// <summary>One of <see cref="TileParameter.Choices"/>.</summary>
    Choice,

    /// <summary>A list of integers.</summary>
    IntegerList,

    /// <summary>The start of a Verilog identifier; may be empty.</summary>
    Identifier,
}

/// <summary>
/// One key of a configuration file: everything that the parser, the range rules, the JSON schema, the documentation and the
/// comments of <c>redy init</c> know about it. The list is <see cref="TileParameters.All"/>.
/// </summary>
public sealed record TileParameter
{
    /// <summary>Section and name, e.g. <c>crossbar.wordlines</c>.</summary>
    public required string Key { get; init; }
    public required TileParameterKind Kind { get; init; }

    /// <summary>A sentence in hardware terms, without final stop.</summary>
    public required string Description { get; init; }

    /// <summary>Smallest legal value of an integer or of a list's elements.</summary>
    public long Minimum { get; init; }

    /// <summary>Largest legal value of an integer; of a list's elements as far as it does not depend on other keys.</summary>
    public long Maximum { get; init; }
    public string Unit { get; init; } = "";
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What an absent key means, where that is not a plain value.</summary>
    public string? DefaultText { get; init; }

    /// <summary>The Verilog parameter of the tile that carries the value; null where it only shapes the structure or is no hardware.</summary>
    public string? VerilogName { get; init; }

    /// <summary>int, bool, enum name in the file's spelling, list of long or string; null if the configuration leaves it open.</summary>
    public required Func<TileConfig, object?> Get { get; init; }

    /// <summary>The configuration with this value, given as <see cref="Get"/> returns it.</summary>
    public required Func<TileConfig, object, TileConfig> With { get; init; }

    public string Section => Key[..Key.IndexOf('.')];
    public string Name => Key[(Key.IndexOf('.') + 1)..];

    /// <summary>The value as a configuration file spells it; null if the configuration leaves it open.</summary>
    public string? Spell(TileConfig config) => Get(config) switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        IReadOnlyList<long> list => $"[{string.Join(", ", list)}]",
        string text when Kind == TileParameterKind.Identifier => $"\"{text}\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString(),
    };

    /// <summary>What is legal, in words: <c>4..512</c>, <c>offset | differential</c>.</summary>
    public string Range => Kind switch
    {
        TileParameterKind.Integer => $"{Minimum}..{Maximum}",
        TileParameterKind.Boolean => "true | false",
        TileParameterKind.Choice => string.Join(" | ", Choices),
        TileParameterKind.IntegerList => $"list of integers >= {Minimum}",
        _ => "letters, digits and _, not starting with a digit; may be empty",
    };
}
