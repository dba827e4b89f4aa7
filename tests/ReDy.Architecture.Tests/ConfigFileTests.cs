using System.Text;

namespace ReDy.Architecture.Tests;

public sealed class ConfigFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("redy config ").FullName;

    [Fact]
    public void A_legal_file_is_loaded_from_a_path_with_spaces()
    {
        string path = Write("my tile.yaml", "crossbar: {wordlines: 64}\nprecision: {statistic: nonzero_mean, thresholds: [1, 2]}\n");
        TileConfig config = TileConfigFile.Load(path);
        config.Crossbar.Wordlines.ShouldBe(64);
        config.Precision.Statistic.ShouldBe(GroupStatistic.NonzeroMean);
        config.Precision.Thresholds.ShouldBe([1, 2]);
        config.Cell.Bits.ShouldBe(2);
    }

    [Fact]
    public void A_byte_order_mark_is_no_problem() =>
        TileConfigFile.Load(Write("bom.yaml", [0xEF, 0xBB, 0xBF, .. "cell: {bits: 1}"u8])).Cell.Bits.ShouldBe(1);

    [Fact]
    public void Loading_an_illegal_file_throws_with_every_problem()
    {
        string path = Write("bad.yaml", "cell: {bits: 9}\ncolour: red\n");
        Should.Throw<InputException>(() => TileConfigFile.Load(path)).Problems.ShouldBe(
        [
            $"cell.bits = 9 ({path}:1): outside 1..4 bits; use at most 4",
            $"colour ({path}:2): unknown key; known sections are {string.Join(", ", TileParameters.Sections.Select(section => section.Name))}, version",
        ]);
    }

    [Fact]
    public void A_missing_file_is_reported_with_the_command_that_writes_one() =>
        Message(Path.Combine(folder, "none.yaml")).ShouldBe($"{folder}/none.yaml: no such file; 'redy init \"{folder}/none.yaml\"' writes one");

    [Fact]
    public void A_folder_is_reported() => Message(folder).ShouldBe($"{folder} is a folder; give the configuration file in it");

    [Fact]
    public void An_empty_name_is_reported() => Message("").ShouldBe("the name of the configuration file is empty; give a file, 'redy init' writes one");

    [Fact]
    public void A_binary_file_is_reported()
    {
        string path = Write("image.yaml", [0x89, (byte)'P', (byte)'N', (byte)'G', 0, 1, 2]);
        Message(path).ShouldBe($"{path} is a binary file; give a YAML text file like 'redy init' writes");
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_reported()
    {
        string path = Write("latin1.yaml", [.. "# gr"u8, 0xFC, .. "n\n"u8]);
        Message(path).ShouldBe($"{path} is not UTF-8 text (byte 4); save it as UTF-8");
    }

    [Fact]
    public void UTF16_text_is_reported()
    {
        string path = Write("utf16.yaml", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("cell: {bits: 1}")]);
        Message(path).ShouldBe($"{path} is UTF-16 text; save it as UTF-8");
    }

    [Fact]
    public void A_file_far_too_large_is_reported()
    {
        string path = Write("large.yaml", new byte[200_000]);
        Message(path).ShouldBe($"{path} has more than 64 KiB and is no configuration file; give a file like 'redy init' writes");
    }

    [Fact]
    public void An_unreadable_file_is_reported()
    {
        // Root may read anything but this: reading a process's memory from address 0 is an I/O error.
        Message("/proc/self/mem").ShouldStartWith("/proc/self/mem cannot be read: ");
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Writing_and_reading_a_preset_gives_the_same_configuration(string preset)
    {
        string text = TileConfigWriter.Write(TilePresets.Config(preset));
        TileConfigWriter.Write(TileConfigFile.Parse(text, "copy.yaml")).ShouldBe(text);
    }

    public static TheoryData<string> Presets() => [.. TilePresets.Names];

    [Fact]
    public void An_empty_file_has_the_figures_of_preset_redy()
    {
        TileConfig empty = TileConfigFile.Parse("", "empty.yaml"), preset = TilePresets.Config("redy");
        foreach (TileParameter parameter in TileParameters.All.Where(parameter => parameter.DefaultText is null))
            parameter.Spell(empty).ShouldBe(parameter.Spell(preset), parameter.Key);
        new TileGeometry(empty).Flip.ShouldBe(new TileGeometry(preset).Flip);
        new TileGeometry(empty).Thresholds.ShouldBe(new TileGeometry(preset).Thresholds);
    }

    [Fact]
    public void Preset_isaac_is_preset_redy_with_the_static_policy()
    {
        TileConfig redy = TilePresets.Config("redy");
        TileConfigWriter.Write(TilePresets.Config("isaac"))
            .ShouldBe(TileConfigWriter.Write(redy with { Precision = redy.Precision with { Policy = PrecisionPolicy.Static } }));
    }

    [Fact]
    public void Preset_tiny_is_one_IMA_of_two_crossbars_of_8_wordlines_and_16_bitlines()
    {
        TileConfig redy = TilePresets.Config("redy");
        TileConfigWriter.Write(TilePresets.Config("tiny")).ShouldBe(TileConfigWriter.Write(redy with
        {
            Crossbar = new() { Wordlines = 8, Bitlines = 16 },
            Ima = redy.Ima with { RowBlocks = 1, ColumnBlocks = 2 },
            Tile = redy.Tile with { Rows = 1, Columns = 1 },
        }));
    }

    [Fact]
    public void Default_thresholds_that_the_statistic_cannot_reach_mean_never()
    {
        var geometry = new TileGeometry(TileConfigFile.Parse("activations: {bits: 4}\nprecision: {max_drop: 3}", "tile.yaml"));
        geometry.Thresholds.ShouldBe([16, 31, 31]);
        geometry.ThresholdNever.ShouldBe(31);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Message(string path) => Should.Throw<InputException>(() => TileConfigFile.Load(path)).Message;

    private string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
