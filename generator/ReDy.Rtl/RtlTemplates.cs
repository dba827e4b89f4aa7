using System.Collections.Concurrent;
using System.Reflection;
using Scriban;
using Scriban.Runtime;

namespace ReDy.Rtl;

/// <summary>The templates of <c>rtl-templates/</c>, embedded into this assembly; a template's name is its file name without <c>.sbn</c>.</summary>
internal static class RtlTemplates
{
    private const string Root = "rtl-templates/";
    private const string Suffix = ".sbn";

    private static readonly ConcurrentDictionary<string, Template> Parsed = new();

    /// <summary>In ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Root, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Root.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal)];

    public static string Render(string name, ScriptObject scope) => Parsed.GetOrAdd(name, Parse).Render(TemplateScope.Context(scope));

    private static Template Parse(string name)
    {
        using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Root + name + Suffix)!;
        using var reader = new StreamReader(resource);
        Template template = Template.Parse(reader.ReadToEnd(), Root + name + Suffix);
        if (template.HasErrors)
            throw new InvalidOperationException(string.Join(Environment.NewLine, template.Messages));
        return template;
    }
}
