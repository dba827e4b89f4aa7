namespace ReDy.Cli;

/// <summary>Columns of text, aligned with spaces: words to the left, numbers to the right.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";

    private readonly bool[] leftAligned;
    private readonly List<string[]> lines = [];

    /// <param name="titles">Of the columns; one that begins with '&lt;' is aligned to the left.</param>
    public TextTable(params IReadOnlyList<string> titles)
    {
        leftAligned = [.. titles.Select(title => title.StartsWith('<'))];
        Add([.. titles.Select(title => title.TrimStart('<'))]);
    }

    /// <summary>Cells that are missing at the end stay empty.</summary>
    public void Add(params IReadOnlyList<string> cells) =>
        lines.Add([.. Enumerable.Range(0, leftAligned.Length).Select(column => column < cells.Count ? cells[column] : "")]);

    public void Write(TextWriter writer)
    {
        int[] widths = [.. leftAligned.Select((_, column) => lines.Max(line => line[column].Length))];
        foreach (string[] line in lines)
            writer.WriteLine(string.Join(Gap, line.Select((cell, column) => leftAligned[column] ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
    }
}
