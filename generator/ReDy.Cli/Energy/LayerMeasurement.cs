using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Activity;

namespace ReDy.Cli.Energy;

/// <summary>
/// Takes all vectors of a layer through the functional model and says what that costs: events, and the clocks that the
/// throughput recurrence of docs/timing.md gives for the planes that each group streamed.
/// </summary>
internal static class LayerMeasurement
{
    private const int VectorsPerBlock = 256;

    /// <summary>The layer on netlists of every policy up to the configuration's, the static one without a precision unit.</summary>
    /// <param name="simulated">Vectors whose toggles are counted in the clocked model, to price digital logic by; 0: by tables.</param>
    public static IReadOnlyList<PricedRun> Policies(TileConfig config, LayerOperands operands, int simulated, CancellationToken cancellation)
    {
        LayerFiles files = LayerFiles.Read(new TileGeometry(config), operands.Weights, operands.Inputs, operands.Requantise);
        return
        [
            .. Enum.GetValues<PrecisionPolicy>().Where(policy => policy <= config.Precision.Policy)
                .Select(policy => new TileGeometry(config with { Precision = config.Precision with { Policy = policy } }))
                .Select(geometry => WithToggles(Run(geometry, files, cancellation), files, simulated, cancellation)),
        ];
    }

    private static PricedRun WithToggles(PricedRun run, LayerFiles files, int simulated, CancellationToken cancellation)
    {
        Matrix<ushort> inputs = files.Inputs!;
        int vectors = Math.Min(simulated, inputs.Rows);
        return vectors == 0
            ? run
            : run with
            {
                Activity = LayerActivity.Of(run.Geometry.Config, files.Weights!, inputs.Block(0, vectors, 0, inputs.Columns), files.Requantisation, cancellation),
                ActivityVectors = vectors,
            };
    }

    private static PricedRun Run(TileGeometry geometry, LayerFiles files, CancellationToken cancellation)
    {
        Matrix<int> weights = files.Weights!;
        Matrix<ushort> inputs = files.Inputs!;
        MappedLayer layer = new CrossbarMapper(geometry).Map(weights);
        var model = new FunctionalMvm(geometry, layer);
        EventCounts counts = EventCounts.None;
        long emptyGroups = 0;
        var clocks = new LayerClocks(geometry, layer.Rows, layer.Outputs);
        for (int first = 0; first < inputs.Rows; first += VectorsPerBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            FunctionalResult result = model.Multiply(inputs.Block(first, Math.Min(VectorsPerBlock, inputs.Rows - first), 0, inputs.Columns));
            counts += result.Events;
            emptyGroups += result.Planes.Count(planes => planes == 0);
            for (int m = 0; m < result.Planes.Length; m += layer.Groups)
                clocks.Next(result.Planes.AsSpan(m, layer.Groups));
        }

        var shape = new LayerShape(layer.Rows, layer.Outputs, Raw: files.Requantisation is null);
        return new PricedRun(geometry, shape, counts.Vectors, LayerEvents.Of(geometry, shape, counts, emptyGroups), clocks.Total);
    }
}
