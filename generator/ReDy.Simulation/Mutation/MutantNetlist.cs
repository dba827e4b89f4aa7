using System.Numerics;
using System.Text.RegularExpressions;
using ReDy.Rtl;
using ReDy.Simulation.Build;
using ReDy.Simulation.Tools;

namespace ReDy.Simulation.Mutation;

/// <summary>
/// The digital modules of a tile as one flat netlist with random changes in it, all at once: input <see cref="SelectPort"/>
/// switches on one of them, 0 none. The analog macros stay instances of their behavioural view.
/// </summary>
public sealed partial record MutantNetlist
{
    public const string SelectPort = "mutant_select";

    /// <summary>Changes whenever the same bundle would be changed differently.</summary>
    private const string Recipe = "3";

    private const string SourceNetlistFile = "netlist.il";
    private const string ConnectionsFile = "netlist.json";
    private const string AllFile = "all_mutants.txt";
    private const string SampleFile = "mutants.ys";
    private const string NetlistFile = "netlist.v";

    /// <summary>For simulation, with one more input than the tile.</summary>
    public required RtlBundle Bundle { get; init; }
    public required IReadOnlyList<NetlistMutant> Mutants { get; init; }
    public required InstalledTool Yosys { get; init; }

    /// <summary>Bits of <see cref="SelectPort"/>.</summary>
    public required int SelectBits { get; init; }

    /// <param name="prefix">Of the bundle's module names.</param>
    /// <exception cref="InvalidOperationException">Yosys found fewer places to change.</exception>
    public static async Task<MutantNetlist> MakeAsync(RtlBundle bundle, string prefix, int count, ulong seed, ContentCache cache, CancellationToken cancellation = default)
    {
        Tools.Yosys yosys = await Tools.Yosys.FindAsync(cancellation);
        int selectBits = BitOperations.Log2((uint)count) + 1;
        string list = ListScript(bundle);
        string key = ContentCache.Hash(
            [Recipe, yosys.Tool.Version, list, $"{count} {seed}", .. bundle.DigitalSources.SelectMany(path => (string[])[path, bundle[path].Content])]);
        (string folder, _) = await cache.GetAsync("mutants", key, async work =>
        {
            foreach (string path in bundle.DigitalSources)
            {
                string file = Path.Combine(work, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await File.WriteAllTextAsync(file, bundle[path].Content, cancellation);
            }

            await RunAsync(yosys, work, "list.ys", list, cancellation);
            IReadOnlyList<string> sample = Draw(work, bundle, prefix, count, seed);
            await File.WriteAllLinesAsync(Path.Combine(work, SampleFile), sample.Select((line, i) => $"mutate -ctrl {SelectPort} {selectBits} {i + 1}{line["mutate".Length..]}"), cancellation);
            await RunAsync(yosys, work, "apply.ys", $"read_rtlil {SourceNetlistFile}\nscript {SampleFile}\nwrite_verilog -noattr {NetlistFile}\n", cancellation);
            foreach (string large in new[] { SourceNetlistFile, ConnectionsFile, AllFile })
                File.Delete(Path.Combine(work, large));
        }, cancellation);

        IReadOnlyDictionary<string, string[]> sources = NetlistMutant.SourceLines(bundle);
        NetlistMutant[] mutants = [.. File.ReadLines(Path.Combine(folder, SampleFile)).Select(line => NetlistMutant.Parse(line, sources, prefix))];
        return mutants.Length == count
            ? new MutantNetlist { Bundle = bundle.WithNetlist(File.ReadAllText(Path.Combine(folder, NetlistFile))), Mutants = mutants, SelectBits = selectBits, Yosys = yosys.Tool }
            : throw new InvalidOperationException($"The netlist has only {mutants.Length} places to change, {count} mutants were asked for.");
    }

    private static async Task RunAsync(Tools.Yosys yosys, string folder, string file, string script, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, file), script, cancellation);
        await yosys.RunAsync(folder, file, cancellation);
    }

    /// <summary>
    /// Lists all changes that Yosys can make. Cells keep the source line of the module that they come from: instances and nets
    /// lose theirs before flattening, or every cell would also carry those of all instances around it. Memories themselves stay as
    /// they are (half of their pins are options of Yosys' memory cell, which it cannot write as Verilog when they change); the
    /// logic at their pins does not.
    /// </summary>
    private static string ListScript(RtlBundle bundle) =>
        $"""
        read_verilog {string.Join(' ', bundle.DigitalSources)}
        hierarchy -check -top {bundle.TopModule}
        proc
        setattr -unset src {string.Join(' ', bundle.DigitalSources.Select(path => "*/t:" + Path.GetFileNameWithoutExtension(path)))}
        setattr -unset src */w:*
        flatten
        opt -full
        wreduce
        memory_collect
        opt_clean -purge
        check -assert
        write_rtlil {SourceNetlistFile}
        write_json {ConnectionsFile}
        mutate -list 0 -o {AllFile} t:* t:$mem* %d

        """;

    private static IReadOnlyList<string> Draw(string folder, RtlBundle bundle, string prefix, int count, ulong seed)
    {
        using var constants = new NetlistConstants(File.ReadAllText(Path.Combine(folder, ConnectionsFile)), bundle.TopModule);
        IReadOnlyDictionary<string, string[]> sources = NetlistMutant.SourceLines(bundle);
        var sample = new MutantSample(seed);
        foreach (string line in File.ReadLines(Path.Combine(folder, AllFile)))
        {
            NetlistMutant mutant = NetlistMutant.Parse(line, sources, prefix);
            if (mutant.ControlBit is not null)
                mutant = mutant with { ControlBit = sample.ControlBit(mutant, constants.PortBits(mutant.Cell, mutant.Port)) };
            if (constants.IsChange(mutant))
                sample.Add(mutant, ControlBit().Replace(line, $"-ctrlbit {mutant.ControlBit}"));
        }

        return sample.Draw(count);
    }

    [GeneratedRegex(@"-ctrlbit \d+")]
    private static partial Regex ControlBit();
}
