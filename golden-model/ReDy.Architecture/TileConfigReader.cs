using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ReDy.Architecture;

/// <summary>
/// Reads one configuration text, YAML event by YAML event so that every value knows its line, and collects everything that
/// is wrong. Only what a configuration needs is accepted: sections, keys, plain values, lists of integers.
/// </summary>
internal sealed partial class TileConfigReader(string fileName)
{
    private const string VersionKey = "version";
    private const int Version = 1;
    private const int LongestShownText = 60;

    private readonly List<ConfigProblem> problems = [];
    private readonly Dictionary<string, int> lines = [];
    private readonly Dictionary<string, string> spellings = [];
    private readonly HashSet<string> unusableKeys = [];
    private TileConfig config = new();

    public TileConfigInspection Read(string text)
    {
        bool isYaml = !FindTabs(text) && ReadDocument(text);
        if (isYaml)
            problems.AddRange(TileConfigRules.Violations(config, unusableKeys).Select(Locate));
        IReadOnlyList<ConfigProblem> warnings = problems.Count == 0 ? [.. TileConfigWarnings.Find(config).Select(Locate)] : [];
        return new TileConfigInspection(fileName, config, [.. problems.OrderBy(problem => problem.Line ?? int.MaxValue)], warnings);
    }

    /// <summary>A finding at the first of its keys that the file gives, else at the first as a default.</summary>
    private ConfigProblem Locate(ConfigFinding finding)
    {
        string key = finding.Keys.FirstOrDefault(lines.ContainsKey) ?? finding.Keys[0];
        return new ConfigProblem
        {
            Rule = finding.Rule,
            Key = key,
            Value = spellings.GetValueOrDefault(key) ?? TileParameters.Get(key).Spell(config),
            FileName = fileName,
            Line = lines.TryGetValue(key, out int line) ? line : null,
            Why = finding.Why,
            Remedy = finding.Remedy,
        };
    }

    private bool FindTabs(string text)
    {
        string[] textLines = text.Split('\n');
        for (int i = 0; i < textLines.Length; i++)
        {
            if (!LeadingTab().IsMatch(textLines[i]))
                continue;
            Report("yaml_syntax", null, null, i + 1, "a tab indents this line, which YAML forbids", "indent with spaces");
            return true;
        }

        return false;
    }

    private bool ReadDocument(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return true;
            parser.Consume<DocumentStart>();
            ReadRoot(parser);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
                Report("several_documents", null, null, Line(parser.Current!), "a second YAML document begins here", "keep one document per file");
            return true;
        }
        catch (YamlException exception)
        {
            string message = MessagePosition().Replace(exception.Message, "").TrimEnd('.');
            Report("yaml_syntax", null, null, (int)exception.Start.Line, $"not YAML: {LowerFirst(message)}", "correct the line or the one before it");
            return false;
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet loses its footing on some malformed scalars instead of reporting them.
            Report("yaml_syntax", null, null, (int)(parser.Current?.End.Line ?? 1), "not YAML, perhaps a bracket is not closed", "correct the line or the one after it");
            return false;
        }
    }

    private void ReadRoot(IParser parser)
    {
        if (parser.Accept<Scalar>(out var scalar) && IsNull(scalar))
        {
            parser.MoveNext();
            return;
        }

        if (!parser.Accept<MappingStart>(out _))
        {
            Report("wrong_type", null, null, Line(parser.Current!), "the file must consist of sections such as 'crossbar:'", "start from a file that 'redy init' writes");
            parser.SkipThisAndNestedEvents();
            return;
        }

        ReadMapping(parser, null, TileParameters.Sections.Select(section => section.Name).Append(VersionKey), key =>
        {
            if (key == VersionKey)
                ReadVersion(parser);
            else
                ReadSection(parser, key);
        });
    }

    private void ReadSection(IParser parser, string section)
    {
        if (parser.Accept<Scalar>(out var scalar) && IsNull(scalar))
        {
            parser.MoveNext();
            return;
        }

        if (!parser.Accept<MappingStart>(out _))
        {
            int line = lines[section];
            TileParameter first = TileParameters.All.First(parameter => parameter.Section == section);
            Report("wrong_type", section, ShowValue(parser.Current!), line, "a section takes keys, not a value", $"write for example '{section}: {{{first.Name}: {first.Spell(new TileConfig())}}}'");
            parser.SkipThisAndNestedEvents();
            return;
        }

        List<TileParameter> parameters = [.. TileParameters.All.Where(parameter => parameter.Section == section)];
        ReadMapping(parser, section, parameters.Select(parameter => parameter.Name),
            name => ReadParameter(parser, parameters.Single(parameter => parameter.Name == name)));
    }

    /// <summary>Walks the keys of a mapping; <paramref name="readValue"/> consumes the value of a known key.</summary>
    private void ReadMapping(IParser parser, string? section, IEnumerable<string> knownNames, Action<string> readValue)
    {
        List<string> known = [.. knownNames];
        RejectExtras(parser.Consume<MappingStart>(), section);
        var firstLines = new Dictionary<string, int>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var keyScalar))
            {
                Report("wrong_type", section, null, Line(parser.Current!), "a key must be a plain word", "remove it");
                parser.SkipThisAndNestedEvents();
                parser.SkipThisAndNestedEvents();
                continue;
            }

            string name = keyScalar.Value;
            string key = section is null ? name : $"{section}.{name}";
            int line = Line(keyScalar);
            if (!known.Contains(name))
            {
                Report("unknown_key", Show(key), null, line, "unknown key", SuggestKey(section, name, known));
                parser.SkipThisAndNestedEvents();
            }
            else if (!firstLines.TryAdd(name, line))
            {
                Report("duplicate_key", key, null, line, $"given a second time, first in line {firstLines[name]}", "keep one of them");
                parser.SkipThisAndNestedEvents();
            }
            else
            {
                lines[key] = line;
                readValue(name);
            }
        }
    }

    private static string SuggestKey(string? section, string name, IReadOnlyList<string> known)
    {
        List<string> keys = [.. TileParameters.All.Select(parameter => parameter.Key)];
        if (section is null && keys.Contains(name))
            return $"write it as '{name[..name.IndexOf('.')]}: {{{name[(name.IndexOf('.') + 1)..]}: ...}}'";
        if (Spelling.Nearest(name, known) is { } sibling)
            return $"did you mean '{(section is null ? sibling : $"{section}.{sibling}")}'?";
        // The right name in the wrong place, or a whole key that is nearly right.
        string? elsewhere = TileParameters.All.FirstOrDefault(parameter => parameter.Name == name)?.Key
            ?? Spelling.Nearest(section is null ? name : $"{section}.{name}", keys);
        return elsewhere is not null ? $"did you mean '{elsewhere}'?" : $"known {(section is null ? "sections" : "keys here")} are {string.Join(", ", known)}";
    }

    private void ReadVersion(IParser parser)
    {
        string shown = ShowValue(parser.Current!);
        bool isVersion = parser.Accept<Scalar>(out var scalar) && scalar.Style == ScalarStyle.Plain && scalar.Value == Version.ToString(CultureInfo.InvariantCulture);
        if (!isVersion)
            Report("unknown_version", VersionKey, shown, lines[VersionKey], $"this program reads version {Version} of the file", $"write 'version: {Version}' or leave it out");
        parser.SkipThisAndNestedEvents();
    }

    private void ReadParameter(IParser parser, TileParameter parameter)
    {
        string key = parameter.Key;
        ParsingEvent current = parser.Current!;

        if (current is NodeEvent node)
            RejectExtras(node, key);
        object? value = parameter.Kind == TileParameterKind.IntegerList ? ReadList(parser, parameter) : ReadScalar(parser, parameter);
        if (value is null)
            unusableKeys.Add(key);
        else
            config = parameter.With(config, value);
    }

    private object? ReadScalar(IParser parser, TileParameter parameter)
    {
        string shown = ShowValue(parser.Current!);
        spellings[parameter.Key] = shown;
        if (!parser.TryConsume<Scalar>(out var scalar))
        {
            WrongType(parameter, shown);
            parser.SkipThisAndNestedEvents();
            return null;
        }

        if (parameter.Kind != TileParameterKind.Identifier && IsNull(scalar))
        {
            NoValue(parameter);
            return null;
        }

        switch (parameter.Kind)
        {
            case TileParameterKind.Integer:
                return ReadInteger(scalar, parameter, parameter.Minimum, parameter.Maximum) is { } number ? (int)number : null;
            case TileParameterKind.Boolean when scalar.Style == ScalarStyle.Plain && scalar.Value is "true" or "false":
                return scalar.Value == "true";
            case TileParameterKind.Boolean when BooleanLike(scalar.Value) is { } flag:
                Report("wrong_type", parameter.Key, shown, lines[parameter.Key],
                    scalar.Style == ScalarStyle.Plain ? "YAML versions disagree on what this word means" : "is text in quotes, not true or false", $"write {flag}");
                return null;
            case TileParameterKind.Choice when parameter.Choices.Contains(scalar.Value):
                return scalar.Value;
            case TileParameterKind.Choice:
                Report("unknown_choice", parameter.Key, shown, lines[parameter.Key], $"must be {Expected(parameter)}",
                    Spelling.Nearest(scalar.Value, parameter.Choices) is { } near ? $"did you mean '{near}'?" : "choose one of them");
                return null;
            case TileParameterKind.Identifier:
                return scalar.Style == ScalarStyle.Plain && IsNull(scalar) ? "" : scalar.Value;
            default:
                WrongType(parameter, shown);
                return null;
        }
    }

    private List<long>? ReadList(IParser parser, TileParameter parameter)
    {
        int before = problems.Count;
        spellings[parameter.Key] = ShowValue(parser.Current!);
        if (parser.Accept<Scalar>(out var none) && IsNull(none))
        {
            NoValue(parameter);
            parser.MoveNext();
            return null;
        }

        if (!parser.TryConsume<SequenceStart>(out _))
        {
            WrongType(parameter, spellings[parameter.Key]);
            parser.SkipThisAndNestedEvents();
            return null;
        }

        var list = new List<long>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            string shown = ShowValue(parser.Current!);
            if (!parser.TryConsume<Scalar>(out var scalar))
            {
                Report("wrong_type", parameter.Key, shown, Line(parser.Current!), "an element must be an integer", "write for example [16, 32, 64, 128]");
                parser.SkipThisAndNestedEvents();
                continue;
            }

            RejectExtras(scalar, parameter.Key);
            if (ReadInteger(scalar, parameter, parameter.Minimum, parameter.Maximum) is { } element)
                list.Add(element);
        }

        spellings[parameter.Key] = $"[{string.Join(", ", list)}]";
        return problems.Count == before ? list : null;
    }

    private long? ReadInteger(Scalar scalar, TileParameter parameter, long minimum, long maximum)
    {
        string shown = ShowValue(scalar);
        int line = Line(scalar);
        if (scalar.Style != ScalarStyle.Plain && PlainInteger().IsMatch(scalar.Value))
        {
            Report("wrong_type", parameter.Key, shown, line, "is text in quotes, not a number", $"write {scalar.Value} without quotes");
            return null;
        }

        if (!PlainInteger().IsMatch(scalar.Value))
        {
            Report("wrong_type", parameter.Key, shown, line, NotAnInteger(scalar.Value), $"give {Expected(parameter)}");
            return null;
        }

        var value = BigInteger.Parse(scalar.Value, CultureInfo.InvariantCulture);
        if (value >= minimum && value <= maximum)
            return (long)value;
        string unit = parameter.Unit.Length == 0 ? "" : $" {parameter.Unit}";
        string why = parameter.Kind == TileParameterKind.IntegerList
            ? value < minimum ? $"an element is below {minimum}" : "an element exceeds every threshold register"
            : $"outside {parameter.Range}{unit}";
        string remedy = parameter.Kind == TileParameterKind.IntegerList
            ? $"use integers from {minimum} up"
            : value < minimum ? $"use at least {minimum}" : $"use at most {maximum}";
        Report(TileConfigRules.RangeName(parameter), parameter.Key, shown, line, why, remedy);
        return null;
    }

    private static string NotAnInteger(string text) =>
        LeadingZeros().IsMatch(text) ? "YAML versions disagree on whether leading zeros mean octal"
        : OtherInteger().IsMatch(text) ? "only plain decimal integers are accepted"
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "is not an integer"
        : "is not a number";

    private void NoValue(TileParameter parameter) =>
        Report("no_value", parameter.Key, null, lines[parameter.Key], "has no value", $"give {Expected(parameter)}, or remove the key to have its default");

    private void WrongType(TileParameter parameter, string shown) =>
        Report("wrong_type", parameter.Key, shown, lines[parameter.Key], $"must be {Expected(parameter)}",
            parameter.Kind == TileParameterKind.IntegerList ? "write for example [16, 32, 64, 128]" : $"write for example '{parameter.Name}: {parameter.Spell(new TileConfig()) ?? "true"}'");

    private static string Expected(TileParameter parameter) => parameter.Kind switch
    {
        TileParameterKind.Integer => $"an integer {parameter.Range}",
        TileParameterKind.Boolean => "true or false",
        TileParameterKind.Choice => $"one of {string.Join(", ", parameter.Choices)}",
        TileParameterKind.IntegerList => $"a {parameter.Range}",
        _ => "text",
    };

    /// <summary>Anchors and tags would be read silently; a configuration has no use for them.</summary>
    private void RejectExtras(NodeEvent node, string? key)
    {
        if (!node.Anchor.IsEmpty)
            Report("yaml_feature", key, null, Line(node), $"anchor '&{node.Anchor.Value}': anchors are not supported", "write the value where it is needed");
        if (!node.Tag.IsEmpty)
            Report("yaml_feature", key, null, Line(node), $"tag '{node.Tag.Value}': tags are not supported", "remove the tag");
    }

    private void Report(string rule, string? key, string? value, int line, string why, string remedy) =>
        problems.Add(new ConfigProblem { Rule = rule, Key = key, Value = value, FileName = fileName, Line = line, Why = why, Remedy = remedy });

    private static int Line(ParsingEvent parsingEvent) => (int)parsingEvent.Start.Line;

    private static bool IsNull(Scalar scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";

    private static string? BooleanLike(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "y" or "on" or "true" => "true",
        "no" or "n" or "off" or "false" => "false",
        _ => null,
    };

    private static string ShowValue(ParsingEvent value) => value switch
    {
        Scalar { Style: ScalarStyle.Plain } scalar => Show(scalar.Value),
        Scalar scalar => $"\"{Show(scalar.Value)}\"",
        SequenceStart => "[...]",
        MappingStart => "{...}",
        AnchorAlias alias => $"*{alias.Value.Value}",
        _ => "",
    };

    /// <summary>User text made safe for one line of a terminal.</summary>
    private static string Show(string text)
    {
        string safe = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return safe.Length <= LongestShownText ? safe : safe[..LongestShownText] + "...";
    }

    private static string LowerFirst(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"^ *\t\s*\S")]
    private static partial Regex LeadingTab();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)$")]
    private static partial Regex PlainInteger();

    [GeneratedRegex(@"^[-+]?0[0-7]+$")]
    private static partial Regex LeadingZeros();

    [GeneratedRegex(@"^[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+|[0-9][0-9_]*)$")]
    private static partial Regex OtherInteger();

    [GeneratedRegex(@"^\(Line: .*?\) - \(Line: .*?\): ")]
    private static partial Regex MessagePosition();
}
