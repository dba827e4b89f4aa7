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

    [Theory]
    [InlineData("synth", "NaN")]
    [InlineData("synth", "Infinity")]
    [InlineData("synth", "0.00001")]
    [InlineData("power", "NaN")]
    [InlineData("power", "Infinity")]
    [InlineData("power", "-3")]
    public async Task A_clock_that_is_no_period_is_refused(string verb, string clock)
    {
        await redy.RunAsync("init", "--preset", "tiny", "tile.yaml");
        BufferedCommandResult result = await redy.RunAsync(verb, "tile.yaml", "--clock", clock);
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldMatch("^error: --clock [^:]+: a clock period is a number of ns, at least 0.001, such as 10\n$");
        redy.Folders.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_folders_of_all_compared_netlists_are_checked_before_the_first_one_is_mapped()
    {
        await redy.RunAsync("init", "--preset", "tiny", "tile.yaml");
        Directory.CreateDirectory(Path.Combine(redy.Folder, "out-statistical"));
        redy.Write("out-statistical/mine.txt", "");
        BufferedCommandResult result = await redy.RunAsync("power", "tile.yaml", "--compare", "policies", "-o", "out");
        result.ExitCode.ShouldBe(2);
        result.StandardError.ShouldBe("error: --output out-statistical has files in it that are not those of a run (no result.json); name a new folder or empty this one\n");
        redy.Folders.ShouldBe(["out-statistical"]);
    }

    public void Dispose() => redy.Dispose();
}
