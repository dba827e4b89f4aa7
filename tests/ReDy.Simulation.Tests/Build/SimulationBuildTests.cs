using ReDy.Architecture;
using ReDy.Rtl;
using ReDy.Simulation.Build;
using ReDy.Simulation.Tests.Lockstep;
using ReDy.Simulation.Tests.Tools;

namespace ReDy.Simulation.Tests.Build;

[Collection(nameof(EnvironmentCollection))]
public sealed class SimulationBuildTests : IDisposable
{
    private static readonly SignalLayout Layout = SignalLayout.Of(new FakeTile());
    private readonly SimulationFolder folder = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("REDY_VERILATOR", null);
        Environment.SetEnvironmentVariable("REDY_CXX", null);
        folder.Dispose();
    }

    [Fact]
    public async Task The_second_build_of_the_same_configuration_starts_neither_translator_nor_compiler()
    {
        Log("REDY_VERILATOR", "verilator");
        Log("REDY_CXX", "g++");
        using SimulationLibrary first = await Build(FakeTile.Verilog());
        int started = Logged().Length;
        using SimulationLibrary second = await Build(FakeTile.Verilog());

        first.WasCached.ShouldBeFalse();
        second.WasCached.ShouldBeTrue();
        second.Path.ShouldBe(first.Path);
        Logged()[started..].ShouldAllBe(line => line.EndsWith(" --version"));
    }

    [Fact]
    public async Task Another_tile_compiles_itself_and_not_the_runtime()
    {
        Log("REDY_CXX", "g++");
        using SimulationLibrary first = await Build(FakeTile.Verilog());
        int started = Logged().Length;
        using SimulationLibrary second = await Build(FakeTile.Verilog("count_q + 8'd1", "count_q + 8'd2"));

        second.WasCached.ShouldBeFalse();
        string[] commands = Logged()[started..];
        commands.ShouldContain(line => line.Contains("fast_0.cpp"));
        commands.ShouldNotContain(line => line.Contains("verilated.cpp") || line.Contains("redy_simulation.cpp"));
    }

    [Fact]
    public async Task What_is_built_depends_on_every_source_the_variant_and_the_tool()
    {
        var paths = new List<string>();
        foreach (RtlBundle bundle in (RtlBundle[])[FakeTile.Verilog(), FakeTile.Verilog("wide_q <= 0;", "wide_q <= 70'd0;")])
            paths.Add((await Build(bundle)).Path);
        paths.Add((await Build(FakeTile.Verilog(), new SimulationVariant { Assertions = false })).Path);
        Log("REDY_CXX", "g++");
        paths.Add((await Build(FakeTile.Verilog())).Path);

        paths.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task A_compiler_that_fails_leaves_no_library_behind_and_the_next_build_starts_again()
    {
        string compiler = FakeTool.Write(folder, "c++", "clang version 14.0.6", "echo 'fatal error: disk on fire' >&2; exit 1");
        Environment.SetEnvironmentVariable("REDY_CXX", compiler);

        var problem = await Should.ThrowAsync<InputException>(() => Build(FakeTile.Verilog()));

        problem.Message.ShouldContain("C++ compiler ended with exit code 1.");
        problem.Message.ShouldContain("fatal error: disk on fire");
        Directory.GetDirectories(Path.Combine(folder.Cache.Folder, "simulation")).ShouldBeEmpty();

        Environment.SetEnvironmentVariable("REDY_CXX", null);
        (await Build(FakeTile.Verilog())).WasCached.ShouldBeFalse();
    }

    [Fact]
    public async Task Two_builds_at_once_compile_once()
    {
        SimulationLibrary[] libraries = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Build(FakeTile.Verilog()))));

        libraries.Count(library => library.WasCached).ShouldBe(1);
        libraries.Select(library => library.Path).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_unusable_cache_folder_is_named_with_the_remedy()
    {
        File.WriteAllText(folder.File("file"), "");
        var build = new SimulationBuild(FakeTile.Verilog(), Layout, new ContentCache(folder.File("file")));

        var problem = await Should.ThrowAsync<InputException>(() => build.RunAsync(new SimulationVariant()));

        problem.Message.ShouldContain(folder.File("file"));
        problem.Message.ShouldContain("set REDY_CACHE to another folder");
    }

    [Fact]
    public async Task What_an_ended_build_left_is_removed_by_the_next_one()
    {
        using SimulationLibrary library = await Build(FakeTile.Verilog());
        string key = Path.GetDirectoryName(library.Path)!;
        Directory.Move(key, key + ".99999999.tmp");

        (await Build(FakeTile.Verilog())).WasCached.ShouldBeFalse();

        Directory.Exists(key + ".99999999.tmp").ShouldBeFalse();
    }

    private Task<SimulationLibrary> Build(RtlBundle bundle, SimulationVariant? variant = null) =>
        new SimulationBuild(bundle, Layout, folder.Cache).RunAsync(variant ?? new SimulationVariant());

    /// <summary>The real tool behind a script that writes down how it is called.</summary>
    private void Log(string variable, string tool)
    {
        string path = folder.File(tool);
        File.WriteAllText(path, $"#!/bin/sh\necho \"{tool} $*\" >> '{folder.File("log")}'\nexec /usr/bin/{tool} \"$@\"\n");
        FakeTool.MakeExecutable(path);
        Environment.SetEnvironmentVariable(variable, path);
    }

    private string[] Logged() => File.ReadAllLines(folder.File("log"));
}
