using CliWrap.Buffered;
using ReDy.Architecture;

namespace ReDy.Cli.Tests;

public sealed class InitTests : IDisposable
{
    private readonly RedyProgram redy = new();

    public static TheoryData<string> Presets() => [.. TilePresets.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public async Task A_preset_is_written_with_comments_and_passes_check(string preset)
    {
        BufferedCommandResult init = await redy.RunAsync("init", "--preset", preset, "my tile.yaml");
        init.ExitCode.ShouldBe(0);
        init.StandardOutput.ShouldBe($"my tile.yaml: preset {preset}\n");
        redy.Read("my tile.yaml").ShouldStartWith($"# Preset {preset}: ");

        BufferedCommandResult check = await redy.RunAsync("check", "my tile.yaml");
        check.ExitCode.ShouldBe(0);
        check.StandardError.ShouldBeEmpty();
        check.StandardOutput.ShouldStartWith("my tile.yaml: legal\n");
    }

    [Fact]
    public async Task Without_arguments_preset_redy_goes_to_tile_yaml_and_nothing_else_is_left()
    {
        (await redy.RunAsync("init")).ExitCode.ShouldBe(0);
        redy.Files.ShouldBe(["tile.yaml"]);
        redy.Read("tile.yaml").ShouldStartWith("# Preset redy: ");
    }

    [Fact]
    public async Task With_schema_the_file_refers_to_the_schema_beside_it()
    {
        (await redy.RunAsync("init", "--schema")).ExitCode.ShouldBe(0);
        redy.Files.ShouldBe(["tile.schema.json", "tile.yaml"]);
        redy.Read("tile.yaml").ShouldStartWith("# yaml-language-server: $schema=tile.schema.json\n");
        redy.Read("tile.schema.json").ShouldBe((await redy.RunAsync("schema")).StandardOutput);
    }

    [Fact]
    public async Task An_existing_file_is_kept()
    {
        redy.Write("tile.yaml", "mine");
        BufferedCommandResult result = await redy.RunAsync("init");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: tile.yaml exists; give another name, or --force to overwrite it\n");
        redy.Read("tile.yaml").ShouldBe("mine");
    }

    [Fact]
    public async Task Force_overwrites()
    {
        redy.Write("tile.yaml", "mine");
        (await redy.RunAsync("init", "--force")).ExitCode.ShouldBe(0);
        redy.Read("tile.yaml").ShouldStartWith("# Preset redy: ");
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_reported()
    {
        BufferedCommandResult result = await redy.RunAsync("init", "none/tile.yaml");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe($"error: none/tile.yaml cannot be written: there is no folder {redy.Folder}/none; make it, or give another name\n");
    }

    [Fact]
    public async Task A_folder_in_the_place_of_the_file_is_reported()
    {
        BufferedCommandResult result = await redy.RunAsync("init", "--force", ".");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: . is a folder; give the name of a file to write\n");
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_reported()
    {
        BufferedCommandResult result = await redy.RunAsync("init", "/proc/tile.yaml");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldStartWith("error: /proc/tile.yaml cannot be written: ");
        result.StandardError.ShouldNotContain("   at ");
    }

    public void Dispose() => redy.Dispose();
}
