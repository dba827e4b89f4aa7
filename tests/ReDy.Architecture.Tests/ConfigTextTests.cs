namespace ReDy.Architecture.Tests;

/// <summary>golden/TOPIC/CASE.yaml is read; golden/TOPIC/CASE.txt is what the user is told. A new file is a new test.</summary>
public sealed class ConfigTextTests
{
    private static readonly string Folder = GoldenFile.InRepository("tests", "ReDy.Architecture.Tests", "golden");

    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => Path.GetRelativePath(Folder, path)[..^".yaml".Length])];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_user_is_told_all_that_is_wrong(string name)
    {
        string text = File.ReadAllText(Path.Combine(Folder, $"{name}.yaml"));
        TileConfigInspection inspection = TileConfigFile.InspectText(text, "tile.yaml");

        IEnumerable<string> told =
        [
            .. inspection.Problems.Select(problem => $"error: {problem}"),
            .. inspection.Warnings.Select(warning => $"warning: {warning}"),
        ];
        GoldenFile.ShouldHold(Path.Combine(Folder, $"{name}.txt"), string.Concat(told.DefaultIfEmpty("legal").Select(line => line + "\n")));
    }

    [Fact]
    public void Every_rule_has_a_case_that_breaks_it()
    {
        HashSet<string> broken = [.. Inspections().SelectMany(inspection => inspection.Problems).Select(problem => problem.Rule)];
        TileConfigRules.Rules.Select(rule => rule.Name).ShouldBeSubsetOf(broken);
    }

    [Fact]
    public void Every_key_has_a_case_that_breaks_its_range()
    {
        HashSet<string> broken = [.. Inspections().SelectMany(inspection => inspection.Problems).Select(problem => problem.Rule)];
        TileParameters.All
            .Where(parameter => parameter.Kind is not (TileParameterKind.Boolean or TileParameterKind.Choice))
            .Select(TileConfigRules.RangeName)
            .ShouldBeSubsetOf(broken);
    }

    private static IEnumerable<TileConfigInspection> Inspections() =>
        Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories)
            .Select(path => TileConfigFile.InspectText(File.ReadAllText(path), "tile.yaml"));
}
