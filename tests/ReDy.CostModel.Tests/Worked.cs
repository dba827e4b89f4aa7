using ReDy.Architecture;

namespace ReDy.CostModel.Tests;

/// <summary>The layer that docs/energy.md works out by hand: 576 x 64 weights, 784 vectors, every plane streamed on an ISAAC-like tile.</summary>
internal static class Worked
{
    public const int Rows = 576, Outputs = 64, Vectors = 784;

    public static TileGeometry Geometry { get; } = new(TilePresets.Config("isaac"));

    public static PricedRun Run()
    {
        const int groups = 5, blocks = 2;
        long steps = (long)Vectors * groups * Geometry.Steps;
        var counts = new EventCounts
        {
            Vectors = Vectors,
            Groups = (long)Vectors * groups,
            StepsStreamed = steps,
            CrossbarSteps = steps * blocks,
            Conversions = steps * Outputs * Geometry.BitlinesPerOutput,
            DacDrives = (long)Vectors * Geometry.Steps * Rows * blocks,
        };
        var layer = new LayerShape(Rows, Outputs, Raw: true);
        return new PricedRun(Geometry, layer, Vectors, LayerEvents.Of(Geometry, layer, counts, 0), Clocks: 784 * 1024);
    }

    public static EnergyReport Price(ComponentTable table, string? adc = null) =>
        EnergyPricing.Price(new CostArithmetic(table, Geometry, 32, adc is null ? null : table.AdcModel(adc)), Run());
}
