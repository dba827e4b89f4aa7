using System.Globalization;
using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.Synthesis.Flow;

namespace ReDy.Synthesis.Energy;

/// <summary>Power of the standard cells in mW, as OpenSTA reports it.</summary>
public sealed partial record OpenStaPower(double Internal, double Switching, double Leakage)
{
    private const double MilliwattsPerWatt = 1e3;

    public double Total => Internal + Switching + Leakage;

    /// <summary>Whether that OpenSTA takes the activity of single nets: opensta_power.tcl says so.</summary>
    public static bool TakesSaif(StaReport report) => report["tool"].Contains("read_saif 1");

    /// <summary>Reads what opensta_power.tcl printed: the sum over all cells, less those of the macros.</summary>
    /// <param name="macros">Paths of the instances, each of which must be in the report.</param>
    /// <exception cref="InputException">The report lacks something.</exception>
    public static OpenStaPower Read(StaReport report, IEnumerable<string> macros)
    {
        double[] sum = Numbers(report["power"].Select(line => TotalRow().Match(line)).FirstOrDefault(row => row.Success) ?? throw report.Unusable("its power report has no total"));
        Dictionary<string, double[]> rows = report["macros"].Select(line => CellRow().Match(line)).Where(row => row.Success)
            .ToDictionary(row => row.Groups[4].Value.Replace(@"\", "", StringComparison.Ordinal), Numbers);
        foreach (string macro in macros)
        {
            if (!rows.TryGetValue(macro, out double[]? row))
                throw report.Unusable($"its power report lacks the macro {macro}, whose power is to be left out");
            for (int i = 0; i < sum.Length; i++)
                sum[i] -= row[i];
        }

        return new OpenStaPower(sum[0] * MilliwattsPerWatt, sum[1] * MilliwattsPerWatt, sum[2] * MilliwattsPerWatt);
    }

    private static double[] Numbers(Match row) => [.. Enumerable.Range(1, 3).Select(i => double.Parse(row.Groups[i].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^Total\s+(\d\S*)\s+(\d\S*)\s+(\d\S*)\s")]
    private static partial Regex TotalRow();

    [GeneratedRegex(@"^\s*(\d\S*)\s+(\d\S*)\s+(\d\S*)\s+\d\S*\s+(\S+)\s*$")]
    private static partial Regex CellRow();
}
