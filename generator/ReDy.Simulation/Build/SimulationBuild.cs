using System.Diagnostics;
using System.Globalization;
using System.Text;
using ReDy.Architecture;
using ReDy.Rtl;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Tools;

namespace ReDy.Simulation.Build;

/// <summary>
/// Turns a bundle into a <see cref="SimulationLibrary"/>: Verilator translates it, the C++ compiler builds it together with
/// <c>testbenches/verilator</c>. Everything is cached by content; an unchanged configuration compiles nothing.
/// </summary>
/// <param name="bundle">The Verilog.</param>
/// <param name="layout">What is driven and compared.</param>
/// <param name="events">Events that the simulation can count; null: none.</param>
public sealed class SimulationBuild(RtlBundle bundle, SignalLayout layout, ContentCache cache, VerilogEvents? events = null)
{
    /// <summary>Changes whenever the same inputs would be built differently.</summary>
    private const string Recipe = "2";

    private const string ClassName = "Vredy";
    private const string LibraryFile = "libredy.so";
    private const string CommandsFile = "build.sh";

    /// <summary>Verilator starts a new C++ file after about this many operations (its own measure).</summary>
    private const int OutputSplit = 20000;

    /// <summary>Loops with more turns stay loops: the default tile's C++ is 28 instead of 78 MB and runs as fast.</summary>
    private const int UnrollCount = 8;

    private readonly ProbeVisibility visibility = new(bundle, layout, events);

    /// <summary>The library, from the cache or newly built.</summary>
    /// <param name="progress">Told what is being done, in words.</param>
    public async Task<SimulationLibrary> RunAsync(SimulationVariant variant, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        Verilator verilator = await Verilator.FindAsync(cancellation);
        CppCompiler compiler = await CppCompiler.FindAsync(cancellation);
        var clock = Stopwatch.StartNew();
        string[] commonFlags = CommonFlags(variant);
        string[] verilatorArguments = VerilatorArguments(variant);
        string key = ContentCache.Hash(
        [
            Recipe, verilator.Tool.Path, verilator.Tool.Version, compiler.Tool.Path, compiler.Tool.Version, variant.ToString(),
            .. commonFlags, .. LinkFlags(variant), .. verilatorArguments, visibility.ConfigurationFile, PortList(""), .. TestbenchSources.All.Values,
            .. bundle.SimulationSources.SelectMany(path => (string[])[path, bundle[path].Content]),
        ]);
        (string folder, bool wasCached) = await cache.GetAsync("simulation", key, async work =>
        {
            progress?.Report("translating the Verilog");
            TestbenchSources.WriteTo(work);
            foreach (string path in bundle.SimulationSources)
                WriteText(Path.Combine(work, path), bundle[path].Content);
            WriteText(Path.Combine(work, "probes.vlt"), visibility.ConfigurationFile);
            await verilator.TranslateAsync(work, verilatorArguments, cancellation);
            WriteText(Path.Combine(work, "redy_ports.inc"), PortList(File.ReadAllText(Path.Combine(work, ClassName + ".h"))));

            string include = await verilator.IncludeFolderAsync(cancellation);
            string[] flags = [.. commonFlags, "-I.", "-I" + include, "-I" + Path.Combine(include, "vltstd")];
            progress?.Report("compiling the simulation");
            string runtime = await RuntimeAsync(GlobalSources(Path.Combine(work, ClassName + "_classes.mk")), include, verilator, compiler, flags, cancellation);
            IReadOnlyList<CompileJob> jobs = CompileJob.OfTile(work, ClassName, variant.OptimizationLevel);
            await CompileJob.RunAllAsync(work, compiler, jobs, flags, cancellation);
            string[] runtimeObjects = Directory.GetFiles(runtime, "*.o").Order(StringComparer.Ordinal).ToArray();
            await compiler.LinkAsync(work, [.. jobs.Select(job => job.ObjectFile), .. runtimeObjects], LibraryFile, LinkFlags(variant), cancellation);
            WriteText(Path.Combine(work, CommandsFile), BuildScript(verilator, compiler, flags, verilatorArguments, jobs, runtimeObjects, variant));
            foreach (CompileJob job in jobs)
                File.Delete(Path.Combine(work, job.ObjectFile));
        }, cancellation);
        return new SimulationLibrary(Path.Combine(folder, LibraryFile), bundle.TopModule, layout, variant, [verilator.Tool, compiler.Tool], wasCached, clock.Elapsed, events);
    }

    private string[] VerilatorArguments(SimulationVariant variant) =>
    [
        "--cc", "-O3", "--Mdir", ".", "--prefix", ClassName, "--top-module", bundle.TopModule, "--no-timing", "-Wno-fatal", "-Wno-lint",
        "--x-assign", "fast", "--x-initial", "unique", "--output-split", OutputSplit.ToString(CultureInfo.InvariantCulture),
        "--unroll-count", UnrollCount.ToString(CultureInfo.InvariantCulture),
        .. variant.Assertions ? (string[])["--assert", "+define+REDY_ASSERTIONS"] : [],
        .. variant.Waveform switch { WaveformFormat.Vcd => ["--trace"], WaveformFormat.Fst => (string[])["--trace-fst"], _ => [] },
        .. variant.Waveform is null ? (string[])[] : ["--trace-max-width", "65536", "--trace-max-array", "64"],
        .. variant.Waveform is null || variant.Parameters ? (string[])[] : ["--no-trace-params"],
        "probes.vlt", .. bundle.SimulationSources,
    ];

    private static string[] CommonFlags(SimulationVariant variant) =>
    [
        "-std=gnu++17", "-fPIC", "-fvisibility=hidden", "-w", "-include", TestbenchSources.PrintHeader, "-DVERILATOR=1", "-DVM_COVERAGE=0", "-DVM_SC=0",
        $"-DVM_TRACE={(variant.Waveform is null ? 0 : 1)}", $"-DVM_TRACE_VCD={(variant.Waveform == WaveformFormat.Vcd ? 1 : 0)}",
        $"-DVM_TRACE_FST={(variant.Waveform == WaveformFormat.Fst ? 1 : 0)}",
        .. variant.Waveform switch { WaveformFormat.Vcd => ["-DREDY_TRACE_VCD"], WaveformFormat.Fst => (string[])["-DREDY_TRACE_FST"], _ => [] },
    ];

    private static string[] LinkFlags(SimulationVariant variant) =>
        ["-Wl,-Bsymbolic", "-Wl,--no-undefined", "-pthread", "-latomic", .. variant.Waveform == WaveformFormat.Fst ? (string[])["-lz"] : []];

    /// <summary>The Verilator runtime and the part of the testbench that no tile changes: compiled once per variant and tool version.</summary>
    private async Task<string> RuntimeAsync(
        IReadOnlyList<string> sources, string include, Verilator verilator, CppCompiler compiler, string[] flags, CancellationToken cancellation)
    {
        string key = ContentCache.Hash(
        [
            Recipe, verilator.Tool.Version, compiler.Tool.Path, compiler.Tool.Version, .. flags, .. sources,
            .. TestbenchSources.Runtime.SelectMany(file => (string[])[file, TestbenchSources.All[file]]),
        ]);
        (string folder, _) = await cache.GetAsync("runtime", key, async work =>
        {
            TestbenchSources.WriteTo(work);
            string[] all = [.. sources.Select(source => Path.Combine(include, source + ".cpp")), TestbenchSources.Simulation];
            await CompileJob.RunAllAsync(work, compiler, [.. all.Select(source => new CompileJob(source, Path.GetFileNameWithoutExtension(source) + ".o", 2))], flags, cancellation);
        }, cancellation);
        return folder;
    }

    /// <summary>Runtime sources that this translation needs, as Verilator lists them.</summary>
    private static IReadOnlyList<string> GlobalSources(string makeFile)
    {
        var sources = new List<string>();
        bool listing = false;
        foreach (string line in File.ReadLines(makeFile))
        {
            if (listing && line.Trim().TrimEnd('\\').Trim() is { Length: > 0 } name)
                sources.Add(name);
            listing = listing ? line.TrimEnd().EndsWith('\\') : line.StartsWith("VM_GLOBAL_", StringComparison.Ordinal);
        }

        return sources;
    }

    /// <summary>
    /// The ports with their names in C++: Verilator puts a prefix before names that mean something there. The test enable of a
    /// clock-gated tile stays low; high, it lets every gated register run, which is for scan only.
    /// </summary>
    private string PortList(string header) =>
        string.Concat(layout.Inputs.Concat(layout.Tied).Concat(layout.Outputs).Select(port =>
        {
            string name = HierarchicalName.Leaf(port.Name);
            string member = header.Contains($"(&__SYM__{name},", StringComparison.Ordinal) ? "__SYM__" + name : name;
            return $"REDY_PORT({name}, {member}, {port.Bits})\n";
        }))
        + (header.Contains("(&test_enable,", StringComparison.Ordinal) ? "REDY_LOW(test_enable)\n" : "");

    /// <summary>The commands of the build, to be repeated by hand.</summary>
    private static string BuildScript(
        Verilator verilator, CppCompiler compiler, string[] flags, string[] verilatorArguments, IReadOnlyList<CompileJob> jobs, string[] runtimeObjects, SimulationVariant variant)
    {
        var script = new StringBuilder("#!/bin/sh\n# Builds the simulation library again, here.\nset -e\ncd \"$(dirname \"$0\")\"\n");
        script.Append(Command(verilator.Tool.Path, verilatorArguments));
        foreach (CompileJob job in jobs)
            script.Append(Command(compiler.Tool.Path, [job.LevelFlag, .. flags, "-c", job.Source, "-o", job.ObjectFile]));
        script.Append(Command(compiler.Tool.Path, ["-shared", .. jobs.Select(job => job.ObjectFile), .. runtimeObjects, "-o", LibraryFile, .. LinkFlags(variant)]));
        return script.ToString();
    }

    private static string Command(string program, IReadOnlyList<string> arguments) =>
        string.Join(' ', arguments.Prepend(program).Select(argument => argument.Contains(' ') ? $"'{argument}'" : argument)) + "\n";

    private static void WriteText(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
