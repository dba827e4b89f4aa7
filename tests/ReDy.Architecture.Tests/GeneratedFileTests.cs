namespace ReDy.Architecture.Tests;

/// <summary>Files of the repository that follow from the table of parameters and the list of rules.</summary>
public sealed class GeneratedFileTests
{
    private static readonly string Configs = GoldenFile.InRepository("generator", "configs");

    public static TheoryData<string> Presets() => [.. TilePresets.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Preset_file_has_every_key_with_its_comment(string preset)
    {
        string path = Path.Combine(Configs, $"{preset}.yaml");
        string text = File.ReadAllText(path);
        string header = text[..text.IndexOf("\n\n", StringComparison.Ordinal)];
        TileConfigInspection inspection = TileConfigFile.InspectText(text, path);

        inspection.Problems.ShouldBeEmpty();
        inspection.Warnings.ShouldBeEmpty();
        GoldenFile.ShouldHold(path, TileConfigWriter.WriteCommented(inspection.Config, header));
    }

    [Fact]
    public void Schema_file_is_what_the_table_of_parameters_gives() =>
        GoldenFile.ShouldHold(Path.Combine(Configs, TileConfigSchema.FileName), TileConfigSchema.Write());

    [Fact]
    public void Documentation_lists_the_parameters_and_rules_as_they_are()
    {
        string path = GoldenFile.InRepository("docs", "configuration.md");
        string document = TileConfigDocumentation.Replace(File.ReadAllText(path), "parameters", TileConfigDocumentation.ParameterTable());
        document = TileConfigDocumentation.Replace(document, "rules", TileConfigDocumentation.RuleTable());
        GoldenFile.ShouldHold(path, document);
    }
}
