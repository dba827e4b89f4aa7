using System.Xml.Linq;

namespace ReDy.GoldenModel.Tests;

/// <summary>Who may reference whom: the independence of the rungs of the proof rests on it.</summary>
public sealed class ProjectReferencesTests
{
    private static readonly IReadOnlyDictionary<string, string[]> References = ReadProjects();

    [Fact]
    public void The_references_share_nothing_with_anything() => References["ReDy.Reference"].ShouldBeEmpty();

    [Fact]
    public void Only_tests_and_benchmarks_see_the_references() =>
        References.Where(project => project.Value.Contains("ReDy.Reference")).ShouldAllBe(project => project.Key.EndsWith(".Tests") || project.Key == "ReDy.Benchmarks");

    [Fact]
    public void The_vocabulary_references_no_project() => References["ReDy.Architecture"].ShouldBeEmpty();

    [Fact]
    public void The_golden_model_sees_the_vocabulary_alone() => References["ReDy.GoldenModel"].ShouldBe(["ReDy.Architecture"]);

    [Fact]
    public void The_Verilog_generator_never_sees_the_golden_model() => References["ReDy.Rtl"].ShouldBe(["ReDy.Architecture"]);

    [Fact]
    public void Networks_see_the_golden_model_and_never_the_Verilog() => References["ReDy.Networks"].ShouldBe(["ReDy.Architecture", "ReDy.CostModel", "ReDy.GoldenModel"]);

    [Fact]
    public void Networks_never_see_ONNX_Runtime() => References["ReDy.OnnxReference"].ShouldContain("ReDy.Networks");

    [Fact]
    public void The_simulation_never_sees_synthesis() => References["ReDy.Simulation"].ShouldNotContain("ReDy.Synthesis");

    private static Dictionary<string, string[]> ReadProjects()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "ReDy.sln")))
            root = root.Parent;
        root.ShouldNotBeNull();
        return root.EnumerateFiles("*.csproj", SearchOption.AllDirectories).ToDictionary(
            project => Path.GetFileNameWithoutExtension(project.Name),
            project => XDocument.Load(project.FullName).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
                .ToArray());
    }
}
