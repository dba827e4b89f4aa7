using System.Globalization;
using System.Text.RegularExpressions;

namespace ReDy.Simulation.Tests.Activity;

/// <summary>Counts in a VCD file the slow way: keeps every bit's list of transitions and sums up at the end.</summary>
internal static partial class VcdCount
{
    /// <summary>Hierarchical name with index -> (time at 1, transitions) after <paramref name="from"/>, in the file's time units.</summary>
    public static Dictionary<string, (long AtOne, long Transitions)> Of(string path, long from, long to)
    {
        var names = new List<(string Name, string Code, int Bits, int? Lowest)>();
        var history = new Dictionary<string, List<(long Time, string Value)>>();
        var scopes = new Stack<string>();
        long time = 0;
        foreach (string line in File.ReadLines(path))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (words[0] == "$scope")
                scopes.Push(words[2]);
            else if (words[0] == "$upscope")
                scopes.Pop();
            else if (words[0] == "$var")
                names.Add((string.Join('.', scopes.Reverse().Append(words[4])), words[3], int.Parse(words[2], CultureInfo.InvariantCulture), LowestIndex(words[5])));
            else if (words[0][0] == '#')
                time = long.Parse(words[0][1..], CultureInfo.InvariantCulture);
            else if (words[0][0] == 'b')
                Add(words[1], words[0][1..]);
            else if (words[0][0] is '0' or '1')
                Add(words[0][1..], words[0][..1]);
        }

        var counts = new Dictionary<string, (long, long)>();
        foreach ((string name, string code, int bits, int? lowest) in names)
            for (int bit = 0; bit < bits; bit++)
                counts[lowest is null ? name : $"{name}[{lowest + bit}]"] = Count(history.GetValueOrDefault(code, []), bit, from, to);
        return counts;

        void Add(string code, string value)
        {
            if (!history.TryGetValue(code, out List<(long, string)>? changes))
                history.Add(code, changes = []);
            changes.Add((time, value));
        }
    }

    private static (long AtOne, long Transitions) Count(List<(long Time, string Value)> changes, int bit, long from, long to)
    {
        long atOne = 0, transitions = 0, since = from;
        char now = '0';
        foreach ((long time, string value) in changes)
        {
            char next = bit < value.Length ? value[^(bit + 1)] : '0';
            if (next == now)
                continue;
            if (time > from)
            {
                transitions++;
                atOne += now == '1' ? time - since : 0;
                since = time;
            }

            now = next;
        }

        return (atOne + (now == '1' ? to - since : 0), transitions);
    }

    private static int? LowestIndex(string range) =>
        Range().Match(range) is { Success: true } match ? int.Parse(match.Groups["low"].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^\[(\d+:)?(?<low>\d+)\]$")]
    private static partial Regex Range();
}
