using ReDy.Architecture;
using ReDy.Architecture.Tests;

namespace ReDy.CostModel.Tests;

/// <summary>golden/CASE.yaml is a user's table; golden/CASE.txt is what the user is told. A new file is a new test.</summary>
public sealed class TableTextTests
{
    private static readonly string Folder = GoldenFile.InRepository("tests", "ReDy.CostModel.Tests", "golden");

    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_user_is_told_all_that_is_wrong(string name)
    {
        string told;
        try
        {
            Worked.Price(ComponentTables.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.yaml")), "mine.yaml"));
            told = "well\n";
        }
        catch (InputException exception)
        {
            told = string.Concat(exception.Problems.Select(problem => $"error: {problem}\n"));
        }

        GoldenFile.ShouldHold(Path.Combine(Folder, $"{name}.txt"), told);
    }
}
