using System.Globalization;
using ReDy.Architecture;

namespace ReDy.Simulation.Activity;

/// <summary>One bit of a net over a run.</summary>
/// <param name="TimeAtOne">In tenths of a clock.</param>
public readonly record struct BitSwitching(long TimeAtOne, long Transitions);

/// <summary>A net of the simulated Verilog.</summary>
/// <param name="Scope">Scopes from the top, separated by dots.</param>
/// <param name="Lowest">Index of the lowest bit; null: a net without index.</param>
/// <param name="Bits">The lowest first.</param>
public sealed record NetSwitching(string Scope, string Name, int? Lowest, IReadOnlyList<BitSwitching> Bits);

/// <summary>
/// SAIF 2.0, backward form: time at 0 and at 1 and transitions of every bit of every net, by instance. Generate blocks are no
/// instances: as in a synthesized netlist, their names are part of the names of what is in them
/// (<c>g_row\[0\].g_column\[1\].ima</c>).
/// </summary>
public static class SaifFile
{
    /// <summary>Units in which <see cref="BitSwitching.TimeAtOne"/> is given.</summary>
    public const int TenthsPerClock = 10;

    private const double FemtosecondsPerMicrosecond = 1e9;

    /// <param name="top">Name of the tile's module: the outermost instance.</param>
    /// <param name="origin">What was simulated.</param>
    /// <param name="clocks">Length of the run.</param>
    /// <param name="clockMegahertz">From which the times follow, to ten femtoseconds.</param>
    public static void Write(TextWriter to, IReadOnlyList<NetSwitching> nets, string top, SaifOrigin origin, long clocks, double clockMegahertz)
    {
        long tenth = (long)Math.Round(FemtosecondsPerMicrosecond / clockMegahertz / TenthsPerClock);
        long duration = clocks * TenthsPerClock * tenth;
        to.Write("(SAIFILE\n(SAIFVERSION \"2.0\")\n(DIRECTION \"backward\")\n");
        to.Write($"(DESIGN \"{top}\")\n(VENDOR \"ReDy\")\n(PROGRAM_NAME \"redy\")\n(VERSION \"{origin}\")\n(DIVIDER / )\n(TIMESCALE 1 fs)\n");
        to.Write(string.Create(CultureInfo.InvariantCulture, $"(DURATION {duration})\n"));
        Write(to, Tree(nets, top), top, 0, duration, tenth);
        to.Write(")\n");
    }

    /// <summary>Every bit by the path that the file has it under, parts separated by <c>/</c>: <c>g_row[0].g_column[1].ima/requantiser/n12</c>.</summary>
    public static IReadOnlyDictionary<string, BitSwitching> ByPath(IReadOnlyList<NetSwitching> nets, string top)
    {
        var paths = new Dictionary<string, BitSwitching>();
        Add(Tree(nets, top), "");
        return paths;

        void Add(Instance instance, string path)
        {
            foreach ((string net, NetSwitching switching) in instance.Nets)
                for (int i = 0; i < switching.Bits.Count; i++)
                    paths[path + net + Index(switching, i)] = switching.Bits[i];
            foreach ((string inner, Instance below) in instance.Instances)
                Add(below, path + inner + "/");
        }
    }

    private static string Index(NetSwitching net, int bit) => net.Lowest is { } lowest ? string.Create(CultureInfo.InvariantCulture, $"[{lowest + bit}]") : "";

    /// <summary>Instances within instances; a generate block's name goes into the names of what is in it.</summary>
    private static Instance Tree(IReadOnlyList<NetSwitching> nets, string top)
    {
        var root = new Instance();
        foreach (NetSwitching net in nets)
        {
            string[] scopes = net.Scope.Split('.');
            int first = Array.IndexOf(scopes, top);
            if (first < 0)
                continue;
            Instance at = root;
            string prefix = "";
            foreach (string scope in scopes.Skip(first + 1))
            {
                prefix += scope;
                if (HierarchicalName.IsGenerateBlock(scope))
                {
                    prefix += ".";
                    continue;
                }

                if (!at.Instances.TryGetValue(prefix, out Instance? inner))
                    at.Instances.Add(prefix, inner = new Instance());
                at = inner;
                prefix = "";
            }

            at.Nets[prefix + net.Name] = net;
        }

        // Verilator lists the ports of the tile one scope further out as well.
        foreach (NetSwitching port in nets.Where(net => !net.Scope.Split('.').Contains(top)))
            root.Nets.TryAdd(port.Name, port);
        return root;
    }

    private static void Write(TextWriter to, Instance instance, string name, int depth, long duration, long tenth)
    {
        string indent = new(' ', depth);
        to.Write($"{indent}(INSTANCE {Escaped(name)}\n");
        if (instance.Nets.Count != 0)
        {
            to.Write($"{indent} (NET\n");
            foreach ((string net, NetSwitching switching) in instance.Nets)
            {
                for (int i = 0; i < switching.Bits.Count; i++)
                {
                    BitSwitching bit = switching.Bits[i];
                    long atOne = bit.TimeAtOne * tenth;
                    to.Write(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{indent}  ({Escaped(net + Index(switching, i))} (T0 {duration - atOne}) (T1 {atOne}) (TX 0) (TC {bit.Transitions}) (IG 0))\n"));
                }
            }

            to.Write($"{indent} )\n");
        }

        foreach ((string inner, Instance below) in instance.Instances)
            Write(to, below, inner, depth + 1, duration, tenth);
        to.Write($"{indent})\n");
    }

    private static string Escaped(string name) =>
        name.Replace("[", @"\[", StringComparison.Ordinal).Replace("]", @"\]", StringComparison.Ordinal);

    private sealed class Instance
    {
        public SortedDictionary<string, NetSwitching> Nets { get; } = new(StringComparer.Ordinal);
        public SortedDictionary<string, Instance> Instances { get; } = new(StringComparer.Ordinal);
    }
}
