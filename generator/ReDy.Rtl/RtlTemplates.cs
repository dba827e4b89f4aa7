using System.Reflection;
using Scriban;

namespace ReDy.Rtl;

/// <summary>The templates of <c>rtl-templates/</c>, embedded into this assembly; paths relative to that folder, without <c>.sbn</c>.</summary>
internal static class RtlTemplates
{
    private const string Root = "rtl-templates/";
    private const string Suffix = ".sbn";

    /// <summary>All paths in ordinal order.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Select(name => name.Replace('\\', '/'))
            .Where(name => name.StartsWith(Root, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Root.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal)];

    public static Template Parse(string path)
    {
        Assembly assembly = Assembly.GetExecutingAssembly();
        string name = assembly.GetManifestResourceNames().Single(name => name.Replace('\\', '/') == Root + path + Suffix);
        using Stream resource = assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource);
        Template template = Template.Parse(reader.ReadToEnd(), Root + path + Suffix);
        if (template.HasErrors)
            throw new InvalidOperationException(string.Join(Environment.NewLine, template.Messages));
        return template;
    }
}
