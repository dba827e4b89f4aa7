using System.Globalization;
using ReDy.Architecture;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ReDy.CostModel;

/// <summary>A value of a table file with its path and line, and the list that problems with it go to.</summary>
internal sealed class TableNode
{
    private const int LongestShownText = 60;

    private readonly YamlNode node;
    private readonly string fileName;
    private readonly List<ConfigProblem> problems;

    private TableNode(YamlNode node, string key, string fileName, List<ConfigProblem> problems)
    {
        this.node = node;
        this.fileName = fileName;
        this.problems = problems;
        Key = key;
    }

    /// <summary>Path from the file's root, e.g. <c>components.dac.energy</c>; empty for the root.</summary>
    public string Key { get; }
    public FilePosition At => new(fileName, (int)node.Start.Line);
    public bool IsMapping => node is YamlMappingNode;

    /// <summary>The text of a plain value; null for anything else.</summary>
    public string? Text => (node as YamlScalarNode)?.Value;

    /// <summary>The root of a text, or null with a problem where it is not YAML or not a mapping.</summary>
    public static TableNode? Root(string text, string fileName, List<ConfigProblem> problems)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException)
        {
            int line = exception is YamlException yaml ? (int)yaml.Start.Line : 1;
            problems.Add(new ConfigProblem
            {
                Rule = "yaml_syntax",
                FileName = fileName,
                Line = line,
                Why = $"not YAML: {exception.Message.TrimEnd('.')}",
                Remedy = "correct the line or the one before it",
            });
            return null;
        }

        if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root)
            return new TableNode(root, "", fileName, problems);
        problems.Add(new ConfigProblem
        {
            Rule = "wrong_type",
            FileName = fileName,
            Line = 1,
            Why = stream.Documents.Count > 1 ? "several YAML documents" : "the file must consist of sections such as 'components:'",
            Remedy = "write one document; docs/energy.md shows one",
        });
        return null;
    }

    /// <summary>The entries of a mapping. Anything else is a problem and has none; so are keys that are not <paramref name="known"/>.</summary>
    /// <param name="known">Null accepts any name.</param>
    /// <param name="what">What a key names, for messages.</param>
    public IEnumerable<(string Name, TableNode Value)> Entries(IReadOnlyCollection<string>? known, string what)
    {
        if (node is not YamlMappingNode mapping)
        {
            Report("wrong_type", Shown, $"a mapping of {what}s is expected", "write key: value pairs");
            yield break;
        }

        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            var entry = new TableNode(value, Key.Length == 0 ? name : $"{Key}.{name}", fileName, problems);
            if (!value.Anchor.IsEmpty || value is { Tag.IsEmpty: false, Tag.IsNonSpecific: false } && value.Tag.Value.StartsWith('!'))
                entry.Report("yaml_feature", null, "anchors and tags are not supported", "write the value where it is needed", (int)key.Start.Line);
            if (known is null || known.Contains(name))
                yield return (name, entry);
            else
                entry.Report($"unknown_{what}", null, $"unknown {what}", Spelling.Nearest(name, known) is { } near ? $"did you mean '{near}'?" : $"known are {string.Join(", ", known)}", (int)key.Start.Line);
        }
    }

    /// <summary>The entries of a mapping with these keys, of which some must be there.</summary>
    public Dictionary<string, TableNode> Fields(IReadOnlyCollection<string> required, IReadOnlyCollection<string> optional)
    {
        Dictionary<string, TableNode> fields = Entries([.. required, .. optional], "key").ToDictionary(entry => entry.Name, entry => entry.Value);
        if (!IsMapping)
            return fields;
        foreach (string missing in required.Where(name => !fields.ContainsKey(name)))
            Report("missing_key", null, $"has no '{missing}'", $"every one needs {string.Join(", ", required)}");
        return fields;
    }

    /// <summary>A non-empty text.</summary>
    public string? Words()
    {
        if (Text is { } text && text.Trim().Length != 0)
            return text.Trim();
        Report("wrong_type", Shown, "a text is expected", "write a word or a sentence");
        return null;
    }

    public double? Number(double minimum = double.NegativeInfinity)
    {
        if (Text is null || !double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
        {
            Report("wrong_type", Shown, "is not a number", "write a decimal number");
            return null;
        }

        if (value >= minimum)
            return value;
        Report("negative_value", Shown, $"is below {minimum.ToString(CultureInfo.InvariantCulture)}", "energies, powers, areas and nodes are not negative; check the sign");
        return null;
    }

    public Formula? Formula()
    {
        if (Text is not { } text || text.Trim().Length == 0)
        {
            Report("wrong_type", Shown, "a number or a formula is expected", "write for example 4 * 100 / 1024");
            return null;
        }

        try
        {
            return CostModel.Formula.Parse(text.Trim());
        }
        catch (FormatException exception)
        {
            Report("formula_syntax", Shown, exception.Message, "correct the formula");
            return null;
        }
    }

    public IReadOnlyList<TableNode> Items(string what)
    {
        if (node is YamlSequenceNode sequence)
            return [.. sequence.Children.Select((item, i) => new TableNode(item, $"{Key}[{i}]", fileName, problems))];
        Report("wrong_type", Shown, $"a list of {what} is expected", "write [ ... ]");
        return [];
    }

    public void Report(string rule, string? value, string why, string remedy, int? line = null) =>
        problems.Add(new ConfigProblem
        {
            Rule = rule,
            Key = Key.Length == 0 ? null : Key,
            Value = value,
            FileName = fileName,
            Line = line ?? At.Line,
            Why = why,
            Remedy = remedy,
        });

    public string Shown => node switch
    {
        YamlScalarNode scalar => Safe(scalar.Value ?? ""),
        YamlSequenceNode => "[...]",
        _ => "{...}",
    };

    private static string Safe(string text)
    {
        string safe = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return safe.Length <= LongestShownText ? safe : safe[..LongestShownText] + "...";
    }
}
