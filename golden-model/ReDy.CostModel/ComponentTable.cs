using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>Where a row stands.</summary>
public readonly record struct FilePosition(string FileName, int Line)
{
    public override string ToString() => $"{FileName}:{Line}";
}

/// <summary>One number of a table with everything that says where it comes from.</summary>
public sealed record CostRow
{
    /// <summary>Path in the file, e.g. <c>components.dac.energy.dac_drives</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Component and row, or the name of a constant: the key without its section.</summary>
    public string Name => Key[(Key.IndexOf('.') + 1)..];
    public required Formula Value { get; init; }

    /// <summary>As the table spells it.</summary>
    public required string UnitText { get; init; }

    /// <summary>Null for constants, whose units are the formulas' business.</summary>
    public Unit? Unit { get; init; }

    /// <summary>Technology node in nm that the value holds at; null: any (it is a formula of the node, or has none).</summary>
    public double? Node { get; init; }

    /// <summary>Scales with the node as CMOS logic does.</summary>
    public bool ScalesAsLogic { get; init; }

    /// <summary>Name in <see cref="ComponentTable.Sources"/>.</summary>
    public required string Source { get; init; }
    public required string Arithmetic { get; init; }
    public required FilePosition At { get; init; }

    public const string Assumption = "assumption";
    public bool IsAssumption => Source == Assumption;
}

/// <summary>Rows of one component, or of one model of the ADC.</summary>
/// <param name="Energy">By event.</param>
/// <param name="StaticPower">By unit of hardware; empty where the source includes it in the energies.</param>
/// <param name="Area">By unit of hardware.</param>
public sealed record CostRows(
    IReadOnlyDictionary<string, CostRow> Energy, IReadOnlyDictionary<string, CostRow> StaticPower, IReadOnlyDictionary<string, CostRow> Area)
{
    public static CostRows None { get; } = new(new Dictionary<string, CostRow>(), new Dictionary<string, CostRow>(), new Dictionary<string, CostRow>());

    /// <summary>These rows, with each quantity that the other gives in its place.</summary>
    public CostRows ReplacedBy(CostRows other) => new(
        other.Energy.Count == 0 ? Energy : other.Energy,
        other.StaticPower.Count == 0 ? StaticPower : other.StaticPower,
        other.Area.Count == 0 ? Area : other.Area);

    public IEnumerable<CostRow> All => Energy.Values.Concat(StaticPower.Values).Concat(Area.Values);
}

/// <summary>Where an ADC model holds.</summary>
/// <param name="Condition">Not 0 where it holds.</param>
public sealed record ModelDomain(Formula Condition, string Why, string Remedy);

/// <summary>A way to price an analog-to-digital converter by resolution, node and rate.</summary>
/// <param name="HighestRate">Conversions per second that one converter reaches, in 1e9; null: any. Faster ADCs interleave several.</param>
public sealed record AdcModel(string Name, string Description, CostRows Rows, IReadOnlyList<ModelDomain> Domain, CostRow? HighestRate, FilePosition At);

/// <summary>A sum that the source publishes, recomputed from the rows.</summary>
public sealed record PublishedTotal(string Name, double Published, double Tolerance, string UnitText, Formula Terms, string Source, string Arithmetic, FilePosition At);

/// <summary>How logic scales between nodes: energy as a*V^2 + b*V + c at the node's supply, area as a relative size.</summary>
public sealed record NodeScaling(double Node, double SquareTerm, double LinearTerm, double ConstantTerm, double SupplyVolts, double RelativeArea)
{
    public double RelativeEnergy => SquareTerm * SupplyVolts * SupplyVolts + LinearTerm * SupplyVolts + ConstantTerm;
}

/// <summary>Component tables, read and put on top of each other: what events cost and hardware takes, with the source of every number.</summary>
public sealed record ComponentTable
{
    public static ComponentTable Empty { get; } = new();

    /// <summary>Files, the later on top.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Citations by name.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, CostRow> Constants { get; init; } = new Dictionary<string, CostRow>();

    /// <summary>By component name; the ADC's rows are in <see cref="AdcModels"/>.</summary>
    public IReadOnlyDictionary<string, CostRows> Components { get; init; } = new Dictionary<string, CostRows>();
    public IReadOnlyList<AdcModel> AdcModels { get; init; } = [];
    public IReadOnlyList<PublishedTotal> Totals { get; init; } = [];

    /// <summary>Ascending nodes.</summary>
    public IReadOnlyList<NodeScaling> Scaling { get; init; } = [];
    public string? ScalingSource { get; init; }

    public CostRows Rows(string component) => Components.GetValueOrDefault(component) ?? CostRows.None;

    /// <exception cref="InputException">No such model.</exception>
    public AdcModel AdcModel(string name) =>
        AdcModels.FirstOrDefault(model => model.Name == name)
        ?? throw new InputException(
            $"there is no ADC model '{name}'; {(Spelling.Nearest(name, AdcModels.Select(model => model.Name)) is { } near ? $"did you mean '{near}'? " : "")}"
            + $"models are {string.Join(", ", AdcModels.Select(model => model.Name))}");

    /// <summary>This table with the other's rows in place of its own where both have them.</summary>
    public ComponentTable With(ComponentTable other) => new()
    {
        Files = [.. Files, .. other.Files],
        Sources = Merged(Sources, other.Sources),
        Constants = Merged(Constants, other.Constants),
        Components = Components.Keys.Union(other.Components.Keys).ToDictionary(name => name, name => Rows(name).ReplacedBy(other.Rows(name))),
        AdcModels = [.. AdcModels.Where(model => other.AdcModels.All(added => added.Name != model.Name)), .. other.AdcModels],
        Totals = [.. Totals.Where(total => other.Totals.All(added => added.Name != total.Name)), .. other.Totals],
        Scaling = other.Scaling.Count == 0 ? Scaling : other.Scaling,
        ScalingSource = other.ScalingSource ?? ScalingSource,
    };

    private static Dictionary<string, T> Merged<T>(IReadOnlyDictionary<string, T> below, IReadOnlyDictionary<string, T> above)
    {
        var merged = new Dictionary<string, T>(below);
        foreach ((string key, T value) in above)
            merged[key] = value;
        return merged;
    }
}
