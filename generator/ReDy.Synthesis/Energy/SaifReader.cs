using System.Globalization;
using System.Text;
using ReDy.Architecture;

namespace ReDy.Synthesis.Energy;

/// <summary>Transitions of every net of a run, from a SAIF file.</summary>
/// <param name="Transitions">By instance path from below the top, parts separated by <c>/</c>, then the net; e.g. <c>requantiser/n123</c>.</param>
/// <param name="DurationSeconds">Length of the run.</param>
public sealed record RecordedActivity(IReadOnlyDictionary<string, long> Transitions, double DurationSeconds);

/// <summary>Reads SAIF 2.0 in the backward form, as simulators write it.</summary>
internal static class SaifReader
{
    /// <exception cref="InputException">Not readable, or no SAIF file of this tile.</exception>
    public static RecordedActivity Read(string path, string top)
    {
        try
        {
            using StreamReader file = File.OpenText(path);
            return Read(file, path, top);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--saif {path} cannot be read: {exception.Message}", exception);
        }
    }

    private static RecordedActivity Read(TextReader file, string path, string top)
    {
        var transitions = new Dictionary<string, long>();
        var open = new Stack<(string Kind, int ScopeLength)>();
        var words = new List<string>();
        var scope = new StringBuilder();
        double duration = 0, unit = 1e-15;
        bool inTop = false;
        while (Token(file) is { } token)
        {
            if (token == "(")
            {
                if (words is ["INSTANCE", ..])
                    inTop |= words[^1] == top;
                if (words is ["INSTANCE", ..] && words[^1] != top)
                    scope.Append(words[^1]).Append('/');
                if (words.Count > 0)
                    open.Push((words[0], scope.Length));
                words = [];
            }
            else if (token == ")")
            {
                if (words is ["DURATION", { } time])
                    duration = double.Parse(time, CultureInfo.InvariantCulture);
                else if (words is ["TIMESCALE", { } count, { } name])
                    unit = double.Parse(count, CultureInfo.InvariantCulture) * name switch { "fs" => 1e-15, "ps" => 1e-12, "ns" => 1e-9, "us" => 1e-6, _ => 1e-15 };
                else if (words is ["TC", { } edges] && open.TryPeek(out (string Kind, int) net))
                    transitions[scope + net.Kind] = long.Parse(edges, CultureInfo.InvariantCulture);
                else if (words.Count == 0 && open.Count > 0 && open.Pop().Kind == "INSTANCE")
                    scope.Length = Math.Max(0, scope.ToString().TrimEnd('/').LastIndexOf('/') + 1);
                words = [];
            }
            else
            {
                words.Add(token);
            }
        }

        return inTop && duration > 0
            ? new RecordedActivity(transitions, duration * unit)
            : throw new InputException($"--saif {path}: no SAIF file with an instance {top}; record one with redy verify --netlist --saif");
    }

    /// <summary>A parenthesis or a word; a backslash takes the next character as it is.</summary>
    private static string? Token(TextReader file)
    {
        while (file.Peek() is >= 0 and int space && char.IsWhiteSpace((char)space))
            file.Read();
        int first = file.Read();
        if (first < 0)
            return null;
        if (first is '(' or ')')
            return ((char)first).ToString();
        var word = new StringBuilder();
        for (int letter = first; ; letter = file.Read())
        {
            if (letter == '\\')
                letter = file.Read();
            if (letter != '"')
                word.Append((char)letter);
            if (file.Peek() is < 0 or '(' or ')' || char.IsWhiteSpace((char)file.Peek()))
                return word.ToString();
        }
    }
}
