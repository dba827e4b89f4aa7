using ReDy.Architecture;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Calibration;

/// <summary>
/// Thresholds that grow with the weight of the dropped bits: a group drops j bits when its statistic reaches coarseness * 2^j, so that
/// the rounding error stays a given share of what the group carries. Coarser means a smaller number.
/// </summary>
public static class ThresholdFamily
{
    /// <summary>From careful to coarse. A maximum of 16 * 2^j leaves four bits below it, a mean of 2^j none.</summary>
    private static readonly double[] OfMaximum = [32, 24, 16, 12, 8, 6, 4, 3, 2];
    private static readonly double[] OfMean = [16, 8, 6, 4, 3, 2, 1.5, 1, 0.5];

    public static IReadOnlyList<double> Coarseness(GroupStatistic statistic) => statistic == GroupStatistic.Max ? OfMaximum : OfMean;

    /// <summary>The threshold registers of a layer, ascending; what its statistic cannot reach is left out and means never.</summary>
    public static IReadOnlyList<long> Thresholds(TileGeometry geometry, QuantisedProduct product, double coarseness)
    {
        // A sum is compared with a mean over the wordlines that the layer uses; a short last group only drops less.
        int scale = geometry.Config.Precision.Statistic == GroupStatistic.Sum ? Math.Min(geometry.Wordlines, product.Parts.Max(part => part.Weights.Rows)) : 1;
        return [.. Enumerable.Range(1, geometry.MaxDrop).Select(j => (long)Math.Ceiling(coarseness * scale * (1 << j))).Where(threshold => threshold < geometry.ThresholdNever)];
    }
}
