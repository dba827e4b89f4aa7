using System.Text;

namespace ReDy.Architecture;

/// <summary>Writes a configuration as the YAML that <see cref="TileConfigFile"/> reads: every key, in the order of <see cref="TileParameters"/>.</summary>
public static class TileConfigWriter
{
    private const int CommentColumn = 34;
    private const int LineWidth = 120;

    /// <summary>The plain file. Equal configurations give equal text.</summary>
    public static string Write(TileConfig config) => Write(config, "", withComments: false);

    /// <summary>The file with range, unit and meaning beside every key.</summary>
    /// <param name="header">Comment lines that begin the file, without final newline.</param>
    public static string WriteCommented(TileConfig config, string header) => Write(config, header, withComments: true);

    private static string Write(TileConfig config, string header, bool withComments)
    {
        var text = new StringBuilder();
        if (header.Length > 0)
            text.Append(header).Append("\n\n");
        text.Append("version: 1\n");
        foreach ((string section, string description) in TileParameters.Sections)
        {
            if (withComments)
                text.Append($"\n# {description}.\n");
            text.Append($"{section}:\n");
            foreach (TileParameter parameter in TileParameters.All.Where(parameter => parameter.Section == section))
            {
                // A key that the configuration leaves open stays visible as a comment, or would be lost on the next change.
                string? value = parameter.Spell(config);
                if (withComments)
                    AppendCommented(text, value is null ? $"  # {parameter.Name}:" : $"  {parameter.Name}: {value}", Explain(parameter));
                else if (value is not null)
                    text.Append($"  {parameter.Name}: {value}\n");
            }
        }

        return text.ToString();
    }

    private static string Explain(TileParameter parameter)
    {
        string unit = parameter.Unit.Length == 0 ? "" : $" {parameter.Unit}";
        string otherwise = parameter.DefaultText is { } text ? $" (default: {text})" : "";
        return $"{parameter.Range}{unit}. {parameter.Description}{otherwise}.";
    }

    private static void AppendCommented(StringBuilder text, string setting, string comment)
    {
        string line = $"{setting} ".PadRight(CommentColumn) + "#";
        foreach (string word in comment.Split(' '))
        {
            if (line.Length + 1 + word.Length > LineWidth)
            {
                text.Append(line).Append('\n');
                line = new string(' ', CommentColumn) + "#";
            }

            line += " " + word;
        }

        text.Append(line).Append('\n');
    }
}
