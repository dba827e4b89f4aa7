using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ReDy.Architecture;

/// <summary>
/// <see cref="TileActivity"/> as JSON: <c>clocks</c>, then <c>events</c>, <c>registers</c>, <c>ports</c> and <c>memories</c>, a line for each entry.
/// Rises and falls are lists, bit 0 first. The same activity gives the same text.
/// </summary>
public static class TileActivityFile
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = false };

    public static string Text(TileActivity activity)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\n  \"clocks\": {activity.Clocks}");
        List("events", activity.Events.Select(one => new EventLine(one.Instance, one.Event, one.Count, one.BitsEach)));
        List("registers", activity.Registers.Select(one => new RegisterLine(one.Name, one.Bits, one.ClockEdges, one.Rises, one.Falls)));
        List("ports", activity.Ports.Select(one => new RegisterLine(one.Name, one.Bits, one.ClockEdges, one.Rises, one.Falls)));
        List("memories", activity.Memories.Select(one => new MemoryLine(one.Name, one.Depth, one.Bits, one.ClockEdges)));
        return text.Append("\n}\n").ToString();

        void List<T>(string name, IEnumerable<T> lines)
        {
            string[] entries = [.. lines.Select(line => "    " + JsonSerializer.Serialize(line, Options))];
            text.Append(CultureInfo.InvariantCulture, $",\n  \"{name}\": [{(entries.Length == 0 ? "" : "\n")}").AppendJoin(",\n", entries)
                .Append(entries.Length == 0 ? "]" : "\n  ]");
        }
    }

    /// <exception cref="InputException">The file cannot be read or is not an activity file.</exception>
    public static TileActivity Read(string path)
    {
        try
        {
            Content content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Options) ?? throw new JsonException("it is empty");
            return new TileActivity
            {
                Clocks = content.Clocks,
                Events = [.. content.Events.Select(line => new EventActivity(line.Instance, line.Event, line.Count, line.BitsEach))],
                Registers = [.. content.Registers.Select(line => new SignalActivity(line.Name, line.Rises, line.Falls, line.ClockEdges))],
                Ports = [.. content.Ports.Select(line => new SignalActivity(line.Name, line.Rises, line.Falls, line.ClockEdges))],
                Memories = [.. content.Memories.Select(line => new MemoryActivity(line.Name, line.Depth, line.Bits, line.ClockEdges))],
            };
        }
        catch (JsonException problem)
        {
            string line = problem.LineNumber is { } number ? $":{number + 1}" : "";
            throw new InputException($"{path}{line}: no activity file: {problem.Message} Make it anew with 'redy verify'.", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {problem.Message}", problem);
        }
    }

    private sealed record EventLine(string Instance, string Event, long Count, int BitsEach);

    private sealed record RegisterLine(string Name, int Bits, long ClockEdges, IReadOnlyList<long> Rises, IReadOnlyList<long> Falls);

    private sealed record MemoryLine(string Name, int Depth, int Bits, long ClockEdges);

    private sealed record Content
    {
        public required long Clocks { get; init; }
        public required IReadOnlyList<EventLine> Events { get; init; }
        public required IReadOnlyList<RegisterLine> Registers { get; init; }
        public required IReadOnlyList<RegisterLine> Ports { get; init; }
        public required IReadOnlyList<MemoryLine> Memories { get; init; }
    }
}
