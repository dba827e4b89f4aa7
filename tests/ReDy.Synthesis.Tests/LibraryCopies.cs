using System.Globalization;
using System.Text.RegularExpressions;
using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Tests;

/// <summary>Variants of the installed library, in folders with a space in their names.</summary>
internal static class LibraryCopies
{
    private static readonly string[] Delays = ["cell_rise", "cell_fall", "rise_transition", "fall_transition"];

    /// <summary>Without some of its cells.</summary>
    public static string InstalledLibrary(this ScratchFolder folder, string file, Regex without) =>
        Write(folder, file, Copy(Installed(), group => group.Name == "cell" && without.IsMatch(group.Argument)));

    /// <summary>With clock pins that only the flip-flops' states tell.</summary>
    public static string LibraryWithoutClockMarks(this ScratchFolder folder, string file)
    {
        File.WriteAllText(folder.File(file), Regex.Replace(Installed().ToString(), @"\bclock : ""?true""?;", ""));
        return folder.File(file);
    }

    /// <summary>With all delays and transitions multiplied, under operating conditions of its own.</summary>
    public static string SlowLibrary(this ScratchFolder folder, string file, double factor)
    {
        return Write(folder, file, Copy(Installed(), _ => false, Slower));

        LibertyGroup? Slower(LibertyGroup group)
        {
            if (group.Name == "operating_conditions")
                return new LibertyGroup(group.Name, "slow").Add("process", "1").Add("voltage", "1.62").Add("temperature", "125");
            if (!Delays.Contains(group.Name))
                return null;
            var slower = new LibertyGroup(group.Name, group.Arguments);
            foreach (LibertyAttribute attribute in group.Attributes)
                slower.Add(attribute.Name == "values" ? attribute with { Values = [.. attribute.Values.Select(Row)] } : attribute);
            return slower;
        }

        string Row(string values) => string.Join(", ", values.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(value => (factor * double.Parse(value, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture)));
    }

    private static LibertyGroup Installed() => LibertyReader.ReadFile(StandardCells.Load().LibertyPath);

    private static string Write(ScratchFolder folder, string file, LibertyGroup library)
    {
        File.WriteAllText(folder.File(file), library.ToString());
        return folder.File(file);
    }

    private static LibertyGroup Copy(LibertyGroup group, Predicate<LibertyGroup> leftOut, Func<LibertyGroup, LibertyGroup?>? replaced = null)
    {
        if (replaced?.Invoke(group) is { } other)
            return other;
        var copy = new LibertyGroup(group.Name, group.Arguments);
        foreach (LibertyAttribute one in group.Attributes.Where(one => one.Name != "default_operating_conditions"))
            copy.Add(one);
        foreach (LibertyGroup inner in group.Groups.Where(inner => !leftOut(inner)))
            copy.Add(Copy(inner, leftOut, replaced));
        return copy;
    }
}
