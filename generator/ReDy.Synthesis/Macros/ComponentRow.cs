using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ReDy.Synthesis.Macros;

/// <summary>A physical number with its origin.</summary>
public sealed record ComponentRow
{
    public const string Assumption = "assumption";

    public required double Value { get; init; }
    public required string Unit { get; init; }

    /// <summary>Technology that the value is for.</summary>
    public required string Node { get; init; }

    /// <summary>Where it is published, or <see cref="Assumption"/>.</summary>
    public required string Source { get; init; }

    /// <summary>How the value follows from the source.</summary>
    public required string Arithmetic { get; init; }

    public bool IsAssumption => Source == Assumption;
}

/// <summary>The numbers that hard macros are made of, by name: <c>Macros/macros.yaml</c>.</summary>
public sealed class ComponentTable
{
    private readonly IReadOnlyDictionary<string, ComponentRow> rows;

    private ComponentTable(IReadOnlyDictionary<string, ComponentRow> rows) => this.rows = rows;

    /// <summary>The table in this assembly.</summary>
    public static ComponentTable Default { get; } = Read();

    public IEnumerable<KeyValuePair<string, ComponentRow>> Rows => rows;

    public IEnumerable<KeyValuePair<string, ComponentRow>> Assumptions => rows.Where(row => row.Value.IsAssumption);

    public double this[string name] => rows[name].Value;

    private static ComponentTable Read()
    {
        using Stream resource = typeof(ComponentTable).Assembly.GetManifestResourceStream("macros.yaml")!;
        using var reader = new StreamReader(resource);
        IDeserializer deserializer = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build();
        return new ComponentTable(deserializer.Deserialize<Dictionary<string, ComponentRow>>(reader));
    }
}
