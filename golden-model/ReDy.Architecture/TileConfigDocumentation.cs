using System.Text;

namespace ReDy.Architecture;

/// <summary>The generated parts of docs/configuration.md.</summary>
public static class TileConfigDocumentation
{
    public static string ParameterTable()
    {
        var table = new StringBuilder("| key | default | range | unit | meaning |\n|---|---|---|---|---|\n");
        var defaults = new TileConfig();
        foreach (TileParameter parameter in TileParameters.All)
            table.Append($"| `{parameter.Key}` | {parameter.DefaultText ?? Code(parameter.Spell(defaults)!)} | {Cell(parameter.Range)} | {parameter.Unit} | {Cell(parameter.Description)} |\n");
        return table.ToString();
    }

    public static string RuleTable()
    {
        var table = new StringBuilder("| rule | what is required | keys |\n|---|---|---|\n");
        foreach (TileRule rule in TileConfigRules.Rules)
            table.Append($"| `{rule.Name}` | {Cell(rule.Sentence)} | {string.Join(", ", rule.Keys.Select(Code))} |\n");
        return table.ToString();
    }

    /// <summary>The document with the text between <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- end of name --&gt;</c> replaced.</summary>
    public static string Replace(string document, string name, string text)
    {
        string begin = $"<!-- {name} -->\n", end = $"<!-- end of {name} -->";
        int from = document.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = document.IndexOf(end, StringComparison.Ordinal);
        return from < begin.Length || to < from
            ? throw new ArgumentException($"the document has no lines {begin.TrimEnd()} and {end}", nameof(document))
            : document[..from] + text + document[to..];
    }

    private static string Code(string text) => $"`{text}`";

    private static string Cell(string text) => text.Replace("|", "\\|");
}
