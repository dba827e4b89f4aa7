using CliWrap.Buffered;

namespace ReDy.Cli.Tests;

/// <summary><c>redy synth</c> where something is missing. That it works: the tests of ReDy.Synthesis.</summary>
public sealed class SynthTests : IDisposable
{
    private readonly RedyProgram redy = new();

    [Theory]
    [InlineData("synth", "yosys", "error: OpenSTA (sta) is not installed. Install it: apt install opensta (or set REDY_OPENSTA to its path).\n")]
    [InlineData("synth", "sta", "error: Yosys (yosys) is not installed. Install it: apt install yosys (or set REDY_YOSYS to its path).\n")]
    [InlineData("verify --netlist", "verilator", "error: Yosys (yosys) is not installed. Install it: apt install yosys (or set REDY_YOSYS to its path).\n")]
    public async Task A_missing_tool_is_told_with_the_command_that_installs_it(string verb, string installed, string message)
    {
        await redy.RunAsync("init", "--preset", "tiny", "tile.yaml");
        string tools = Directory.CreateDirectory(Path.Combine(redy.Folder, "tools")).FullName;
        File.CreateSymbolicLink(Path.Combine(tools, installed), $"/usr/bin/{installed}");
        string[] words = verb.Split(' ');
        BufferedCommandResult result = await redy.RunAsync(new Dictionary<string, string?> { ["PATH"] = tools }, [words[0], "tile.yaml", .. words[1..]]);
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe(message);
        redy.Folders.ShouldBe(["tools"]);
    }

    [Theory]
    [InlineData("slow", "--corner slow: write NAME=FILE, a name of letters and digits and a Liberty file", "slow")]
    [InlineData("nominal=a.lib", "--corner nominal=a.lib: there is a corner nominal already, that of the library which is mapped to; give each a name of its own", "a.lib")]
    [InlineData("slow=a.lib", "--corner slow=a.lib: there is a corner slow already; give each a name of its own", "a.lib", "--corner", "slow=a.lib")]
    public async Task A_wrong_corner_is_refused_before_anything_is_mapped(string corner, string message, string file, params string[] more)
    {
        await redy.RunAsync("init", "--preset", "tiny", "tile.yaml");
        redy.Write(file, "");
        BufferedCommandResult result = await redy.RunAsync(["synth", "tile.yaml", "--corner", corner, .. more]);
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe($"error: {message}\n");
    }

    public void Dispose() => redy.Dispose();
}
