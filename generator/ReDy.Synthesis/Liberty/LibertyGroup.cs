using System.Text;

namespace ReDy.Synthesis.Liberty;

/// <summary>
/// A group of a Liberty file, such as <c>cell (NAND2X1) { area : 24; pin(A) { … } }</c>: its name, its arguments, its
/// attributes and the groups inside it, in the order of the file.
/// </summary>
/// <param name="name">What kind of group it is, e.g. <c>cell</c>.</param>
/// <param name="arguments">What stands in the parentheses, without quotation marks.</param>
public sealed class LibertyGroup(string name, params IReadOnlyList<string> arguments)
{
    private readonly List<LibertyAttribute> attributes = [];
    private readonly List<LibertyGroup> groups = [];

    /// <summary>Both, as they came: some readers only know names that stand above.</summary>
    private readonly List<object> content = [];

    public string Name { get; } = name;
    public IReadOnlyList<string> Arguments { get; } = arguments;
    public IReadOnlyList<LibertyAttribute> Attributes => attributes;
    public IReadOnlyList<LibertyGroup> Groups => groups;

    /// <summary>The first argument, or nothing.</summary>
    public string Argument => Arguments.Count > 0 ? Arguments[0] : "";

    /// <summary>Line of the file in which the group begins; 0 if it was not read from one.</summary>
    public int Line { get; init; }

    public LibertyGroup Add(LibertyAttribute attribute)
    {
        attributes.Add(attribute);
        content.Add(attribute);
        return this;
    }

    /// <summary>Adds <c>name : value ;</c>.</summary>
    public LibertyGroup Add(string name, string value) => Add(new LibertyAttribute(name, [value], IsComplex: false));

    /// <summary>Adds <c>name (value, …) ;</c>.</summary>
    public LibertyGroup AddComplex(string name, params IReadOnlyList<string> values) => Add(new LibertyAttribute(name, values, IsComplex: true));

    public LibertyGroup Add(LibertyGroup group)
    {
        groups.Add(group);
        content.Add(group);
        return this;
    }

    public IEnumerable<LibertyGroup> GroupsNamed(string name) => groups.Where(group => group.Name == name);

    /// <summary>The value of a simple attribute, or the first of a complex one; null without it.</summary>
    public string? this[string attribute] => attributes.LastOrDefault(one => one.Name == attribute)?.Values[0];

    /// <summary>As Liberty text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, 0);
        return text.ToString();
    }

    private void Write(StringBuilder text, int depth)
    {
        string indent = new(' ', 2 * depth);
        text.Append(indent).Append(Name).Append(" (").AppendJoin(", ", Arguments).Append(") {\n");
        foreach (object item in content)
        {
            if (item is LibertyGroup group)
                group.Write(text, depth + 1);
            else
                text.Append(indent).Append("  ").Append(item).Append('\n');
        }

        text.Append(indent).Append("}\n");
    }
}

/// <summary>An attribute of a group: <c>area : 24;</c> or, if it is complex, <c>capacitive_load_unit (1, pf);</c>.</summary>
public sealed record LibertyAttribute(string Name, IReadOnlyList<string> Values, bool IsComplex)
{
    public override string ToString() => IsComplex ? $"{Name} ({string.Join(", ", Values.Select(Quoted))});" : $"{Name} : {Quoted(Values[0])};";

    private static string Quoted(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '+') ? value : $"\"{value}\"";
}
