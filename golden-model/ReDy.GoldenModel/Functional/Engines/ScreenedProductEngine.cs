using System.Runtime.InteropServices;
using ReDy.Architecture;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// Where no conversion can saturate and no bit is shifted out, crossbars, ADCs and shift-and-add together are an integer product.
/// Screening proves that, exactly: for all vectors at once from what a crossbar's bitlines hold, else vector by vector from
/// the number of wordlines that are driven with anything but zero. What cannot be proven goes to a bit-serial engine.
/// Steps, conversions and (absent) saturations are known without converting; toggles are not.
/// </summary>
internal sealed unsafe class ScreenedProductEngine : IGroupEngine
{
    private readonly LayerPlan plan;
    private readonly IProductKernel product;
    private readonly LayerEngines remainder;

    /// <summary>The weights of so many rows, for the outputs that are computed at once, stay in the first-level cache.</summary>
    private const int LargestRunRows = 512;

    /// <summary>
    /// Groups in a row whose every crossbar is proven by its bitlines are multiplied as one, when the last of them comes: how many
    /// end with this group; 0 in the middle of such a run, -1 for groups that are not proven.
    /// </summary>
    private readonly int[] runs;

    /// <summary>Most driven wordlines with which no sum can exceed the ADC's range, whatever the cells hold.</summary>
    private readonly long drivenWordlines;
    private readonly List<int> proven = [];
    private readonly List<int> rest = [];

    public ScreenedProductEngine(LayerPlan plan, IProductKernel product, LayerEngines remainder)
    {
        this.plan = plan;
        this.product = product;
        this.remainder = remainder;
        TileGeometry geometry = plan.Geometry;
        runs = FindRuns(plan);
        drivenWordlines = geometry.AdcMaximum / (geometry.CellMaximum * geometry.DacMaximum);
    }

    /// <summary>Codes that lose bits are not products. Whatever the cells hold, activations and weights must fit words, and a group's sums 32 bits.</summary>
    public static bool Supports(TileGeometry geometry, Measurement measurement)
    {
        long weight = LayerPlan.GreatestWeight(geometry);
        return geometry.Config.Adc.LsbShift == 0
            && measurement != Measurement.AdcToggles
            && geometry.ActivationMaximum <= short.MaxValue
            && weight <= short.MaxValue
            && weight * geometry.ActivationMaximum * geometry.Wordlines <= int.MaxValue;
    }

    public void AddGroup(VectorBlock block, int group, ReadOnlySpan<int> vectors, OutputSums outputs, AdcOutputs adcOutputs, ref ConversionTally tally)
    {
        if (runs[group] >= 0)
        {
            if (runs[group] > 0)
                product.AddProduct(block, group - runs[group] + 1, runs[group], vectors, outputs);
            return;
        }

        proven.Clear();
        rest.Clear();
        int wordlines = plan.Layer.UsedRows(plan.Geometry, group);
        foreach (int v in vectors)
            (DrivenWordlines(block.Group(v, group), wordlines) <= drivenWordlines ? proven : rest).Add(v);
        if (proven.Count != 0)
            product.AddProduct(block, group, 1, CollectionsMarshal.AsSpan(proven), outputs);
        if (rest.Count != 0)
            remainder.For(rest.Count).AddGroup(block, group, CollectionsMarshal.AsSpan(rest), outputs, adcOutputs, ref tally);
    }

    private static int[] FindRuns(LayerPlan plan)
    {
        TileGeometry geometry = plan.Geometry;
        long groupSum = LayerPlan.GreatestWeight(geometry) * geometry.ActivationMaximum * geometry.Wordlines;
        long longest = geometry.Wordlines % 2 != 0 ? 1 : Math.Max(1, Math.Min(int.MaxValue / groupSum, LargestRunRows / geometry.Wordlines));
        int[] runs = [.. Enumerable.Range(0, plan.Layer.Groups)
            .Select(group => Enumerable.Range(0, plan.Layer.OutputBlocks).All(o => !plan.CanSaturate(plan.Crossbar(group, o))) ? 1 : -1)];
        for (int group = 1; group < runs.Length; group++)
        {
            if (runs[group] < 0 || runs[group - 1] <= 0 || runs[group - 1] >= longest)
                continue;
            runs[group] += runs[group - 1];
            runs[group - 1] = 0;
        }

        return runs;
    }

    private static int DrivenWordlines(ushort* activations, int wordlines) => wordlines - new ReadOnlySpan<ushort>(activations, wordlines).Count((ushort)0);
}
