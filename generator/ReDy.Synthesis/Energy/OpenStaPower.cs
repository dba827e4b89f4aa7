using System.Globalization;
using System.Text.RegularExpressions;
using ReDy.Architecture;

namespace ReDy.Synthesis.Energy;

/// <summary>Power of the standard cells in mW, as OpenSTA reports it.</summary>
public sealed partial record OpenStaPower(double Internal, double Switching, double Leakage)
{
    private const double MilliwattsPerWatt = 1e3;
    private const string TotalsMark = "=== power", CellsMark = "=== cells", EndMark = "=== end";

    public double Total => Internal + Switching + Leakage;

    /// <summary>Reads what opensta_power.tcl printed: the sum over all cells, less those of the macros.</summary>
    /// <param name="macros">Paths of the instances.</param>
    public static OpenStaPower Read(string text, IEnumerable<string> macros)
    {
        string totals = Between(text, TotalsMark, CellsMark);
        double[] sum = Numbers(TotalRow().Match(totals), totals);
        HashSet<string> left = [.. macros];
        foreach (Match row in CellRow().Matches(Between(text, CellsMark, EndMark)))
        {
            if (!left.Remove(row.Groups[5].Value.Replace(@"\", "", StringComparison.Ordinal)))
                continue;
            double[] macro = Numbers(row, row.Value);
            for (int i = 0; i < sum.Length; i++)
                sum[i] -= macro[i];
        }

        return new OpenStaPower(sum[0] * MilliwattsPerWatt, sum[1] * MilliwattsPerWatt, sum[2] * MilliwattsPerWatt);
    }

    private static double[] Numbers(Match row, string text) => row.Success
        ? [.. Enumerable.Range(1, 3).Select(i => double.Parse(row.Groups[i].Value, CultureInfo.InvariantCulture))]
        : throw new InputException($"OpenSTA's power report is not as expected: {text.Trim().Split('\n').LastOrDefault()}. Run synthesis/opensta_power.tcl by hand in the run's folder");

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal), to = from < 0 ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0 ? "" : text[(from + start.Length)..to];
    }

    [GeneratedRegex(@"^Total\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)", RegexOptions.Multiline)]
    private static partial Regex TotalRow();

    [GeneratedRegex(@"^\s*(\d\S*)\s+(\d\S*)\s+(\d\S*)\s+(\d\S*)\s+(\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex CellRow();
}
