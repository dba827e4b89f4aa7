using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Tests.Mapping;

public sealed class TilePassesTests
{
    /// <summary>K = 2 * 2 * 4 = 16, N = 2 * 1 * 2 = 4.</summary>
    private static readonly TileGeometry Geometry = new(new TileConfig
    {
        Crossbar = new CrossbarConfig { Wordlines = 4, Bitlines = 9 },
        Ima = new ImaConfig { RowBlocks = 2, ColumnBlocks = 1 },
        Tile = new TileArrayConfig { Rows = 2, Columns = 2 },
    });

    private static readonly Matrix<int> Weights = Operands.Weights(Geometry, 37, 9, OperandClass.Uniform, 5);
    private static readonly MappedLayer Layer = new CrossbarMapper(Geometry).Map(Weights);

    private static readonly Requantisation Scale = new()
    {
        Bias = [.. Enumerable.Range(0, 9).Select(n => 100L + n)],
        Multiplier = [.. Enumerable.Range(0, 9).Select(n => 200L + n)],
        Shift = [.. Enumerable.Range(0, 9).Select(n => 10 + n)],
        ZeroPoint = 3,
        Relu = true,
    };

    [Fact]
    public void Rows_are_split_within_ranges_of_outputs() =>
        TilePasses.Split(Geometry, Layer).Select(pass => (pass.FirstRow, pass.Rows, pass.FirstOutput, pass.Outputs)).ShouldBe(
        [
            (0, 16, 0, 4), (16, 16, 0, 4), (32, 5, 0, 4),
            (0, 16, 4, 4), (16, 16, 4, 4), (32, 5, 4, 4),
            (0, 16, 8, 1), (16, 16, 8, 1), (32, 5, 8, 1),
        ]);

    [Fact]
    public void Only_the_last_pass_over_the_rows_has_bias_and_requantisation_and_all_but_the_first_accumulate()
    {
        TilePass[] passes = [.. TilePasses.Split(Geometry, Layer, Scale).Skip(3).Take(3)];
        passes.Select(pass => pass.Program.Accumulate).ShouldBe([false, true, true]);
        passes.Select(pass => pass.Program.Raw).ShouldBe([true, true, false]);
        passes.Select(pass => pass.Program.Relu).ShouldBe([false, false, true]);
        passes.Select(pass => pass.IsLast).ShouldBe([false, false, true]);
        passes[1].Program.Bias.ShouldBe([0, 0, 0, 0]);
        passes[2].Program.Bias.ShouldBe([104, 105, 106, 107]);
        passes[2].Program.Multiplier.ShouldBe([204, 205, 206, 207]);
        passes[2].Program.Shift.ShouldBe([14, 15, 16, 17]);
        passes[2].Program.ZeroPoint.ShouldBe(3);
    }

    [Fact]
    public void Images_stand_in_the_tiles_crossbar_order_and_unused_crossbars_are_blank()
    {
        TilePass pass = TilePasses.Split(Geometry, Layer)[6];
        pass.Program.Images.Count.ShouldBe(Geometry.Crossbars);
        // Crossbar ((r*columns + c)*row_blocks + b)*column_blocks + k holds group r*row_blocks + b and output block c.
        pass.Program.Images[0].ShouldBeSameAs(Layer.Image(0, 4));
        pass.Program.Images[1].ShouldBeSameAs(Layer.Image(1, 4));
        pass.Program.Images[2].Codes.ShouldAllBe(code => code == 0);
        pass.Program.Images[4].ShouldBeSameAs(Layer.Image(2, 4));
        TilePasses.Split(Geometry, Layer)[0].Program.Images[2].ShouldBeSameAs(Layer.Image(0, 1));
    }

    [Fact]
    public void Thresholds_are_the_smallest_that_the_netlist_has_registers_for_per_used_group()
    {
        MappedLayer layer = Layer with { Thresholds = [.. Enumerable.Range(0, 10).Select(g => (IReadOnlyList<long>)[90L, 80, 70, 60, 50 + g])] };
        TilePasses.Split(Geometry, layer)[2].Program.Thresholds.ShouldBe([[58L, 60, 70, 80], [59L, 60, 70, 80]]);
    }

    [Fact]
    public void Netlists_that_never_drop_get_no_thresholds()
    {
        var geometry = new TileGeometry(Geometry.Config with { Precision = new PrecisionConfig { Policy = PrecisionPolicy.Lossless } });
        TilePasses.Split(geometry, new CrossbarMapper(geometry).Map(Weights))[0].Program.Thresholds.ShouldBeEmpty();
    }

    [Fact]
    public void Partial_sums_and_events_of_the_passes_add_up_to_the_layers()
    {
        Matrix<ushort> inputs = Operands.Inputs(Geometry, 6, 37, OperandClass.Sparse, 9);
        FunctionalResult whole = new FunctionalMvm(Geometry, Layer).Multiply(inputs);
        long[] outputs = new long[6 * 9];
        EventCounts events = EventCounts.None;
        foreach (TilePass pass in TilePasses.Split(Geometry, Layer))
        {
            FunctionalResult part = new FunctionalMvm(Geometry, pass.Layer).Multiply(inputs.Block(0, 6, pass.FirstRow, pass.Rows));
            events += part.Events;
            for (int m = 0; m < 6; m++)
            {
                for (int n = 0; n < pass.Outputs; n++)
                    outputs[m * 9 + pass.FirstOutput + n] += part.Outputs[m * pass.Outputs + n];
            }
        }

        outputs.ShouldBe(whole.Outputs);
        (events.Conversions, events.CrossbarSteps, events.DacDrives, events.Saturations)
            .ShouldBe((whole.Events.Conversions, whole.Events.CrossbarSteps, whole.Events.DacDrives, whole.Events.Saturations));
        events.StepsStreamed.ShouldBe(3 * whole.Events.StepsStreamed);
    }
}
