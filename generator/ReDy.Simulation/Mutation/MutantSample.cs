using System.Text.RegularExpressions;
using ReDy.Architecture;

namespace ReDy.Simulation.Mutation;

/// <summary>
/// Draws mutants evenly over the source lines, by hashes of what a mutant is and not of where it stands in a list: a change of
/// one module leaves the mutants of the others, and so the judgements of their survivors, as they are.
/// </summary>
internal sealed partial class MutantSample(ulong seed)
{
    /// <summary>Enough for samples of several times the number of source lines.</summary>
    private const int MostPerLine = 16;

    private readonly Dictionary<(string Module, string Text), SortedList<ulong, string>> lines = [];

    /// <summary>Which other bit of its port controls a cnot0 or cnot1; Yosys draws it anew with every change of the netlist.</summary>
    public int ControlBit(NetlistMutant mutant, int portBits) =>
        (int)(((ulong)mutant.Bit + 1 + Hash(Identity(mutant)) % (ulong)(portBits - 1)) % (ulong)portBits);

    /// <param name="line">As Yosys applies it.</param>
    public void Add(NetlistMutant mutant, string line)
    {
        if (!lines.TryGetValue((mutant.Module, mutant.Text), out SortedList<ulong, string>? best))
            lines.Add((mutant.Module, mutant.Text), best = []);
        ulong rank = Hash(Identity(mutant));
        if (best.TryAdd(rank, line) && best.Count > MostPerLine)
            best.RemoveAt(MostPerLine);
    }

    /// <summary>As many lines as asked for, or all that there are: one of every source line, then a second one of each, and so on.</summary>
    public IReadOnlyList<string> Draw(int count)
    {
        SortedList<ulong, string>[] order = [.. lines.OrderBy(line => Hash($"{line.Key.Module} {line.Key.Text}")).Select(line => line.Value)];
        return [.. Enumerable.Range(0, MostPerLine).SelectMany(round => order.Where(line => line.Count > round).Select(line => line.Values[round])).Take(count)];
    }

    private static string Identity(NetlistMutant mutant) =>
        $"{mutant.Module} {mutant.Text} {Numbers().Replace(mutant.Cell, "")} {mutant.Port} {mutant.Bit} {mutant.Mode}";

    private ulong Hash(string text)
    {
        const ulong Offset = 14695981039346656037;
        const ulong Prime = 1099511628211;
        ulong hash = Offset;
        foreach (char letter in text)
            hash = (hash ^ letter) * Prime;
        return SeededRandom.Derive(seed, hash);
    }

    /// <summary>Line numbers and running numbers in the names of cells.</summary>
    [GeneratedRegex(@":\d+|\$\d+")]
    private static partial Regex Numbers();
}
