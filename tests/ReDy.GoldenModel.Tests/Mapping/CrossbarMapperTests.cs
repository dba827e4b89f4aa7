using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Tests.Mapping;

public sealed class CrossbarMapperTests
{
    private static readonly TileConfig FourByNine = new()
    {
        Crossbar = new CrossbarConfig { Wordlines = 4, Bitlines = 9 },
        Weights = new WeightsConfig { Bits = 8, Flip = false },
    };

    [Fact]
    public void Slices_of_an_output_lie_side_by_side_least_significant_first()
    {
        CrossbarImage image = Map(FourByNine, new Matrix<int>(1, 2, [0b0100_1110 - 128 + 128 - 128, 127]));
        image.Codes[..9].ShouldBe([0b10, 0b11, 0b00, 0b01, 3, 3, 3, 3, 0]);
    }

    [Fact]
    public void Differential_outputs_have_a_positive_and_a_negative_bitline_per_slice()
    {
        TileConfig config = FourByNine with
        {
            Crossbar = new CrossbarConfig { Wordlines = 4, Bitlines = 17 },
            Weights = new WeightsConfig { Encoding = WeightEncoding.Differential },
        };
        CrossbarImage image = Map(config, new Matrix<int>(1, 2, [0b0110_1101, -128]));
        image.Codes[..17].ShouldBe([1, 0, 3, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
        image.Flips.ShouldAllBe(flip => !flip);
    }

    [Fact]
    public void A_bitline_above_half_of_its_used_rows_is_flipped_and_a_tie_is_not()
    {
        TileConfig config = FourByNine with
        {
            Cell = new CellConfig { Bits = 4 },
            Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 4 },
            Weights = new WeightsConfig { Bits = 4 },
        };
        // Biased weights of four outputs: sums 30, 31, 0 and 60 over four used rows of at most 15 each.
        CrossbarImage image = Map(config, new Matrix<int>(4, 4, [7, 7, -8, 7, 7, 7, -8, 7, -8, -7, -8, 7, -8, -8, -8, 7]));
        image.Flips.ShouldBe([false, true, false, true]);
        Enumerable.Range(0, 8).Select(r => (int)image.Code(r, 1)).ShouldBe([0, 0, 14, 15, 0, 0, 0, 0]);
        Enumerable.Range(0, 8).ShouldAllBe(r => image.Code(r, 3) == 0);
    }

    [Fact]
    public void Groups_and_output_blocks_beyond_a_crossbar_get_images_of_their_own()
    {
        var geometry = new TileGeometry(FourByNine);
        MappedLayer layer = new CrossbarMapper(geometry).Map(Operands.Weights(geometry, 9, 5, OperandClass.Uniform, 1));
        (layer.Groups, layer.OutputBlocks, layer.Images.Count).ShouldBe((3, 3, 9));
        layer.UsedRows(geometry, 2).ShouldBe(1);
        layer.UsedOutputs(geometry, 2).ShouldBe(1);
    }

    private static CrossbarImage Map(TileConfig config, Matrix<int> weights) =>
        new CrossbarMapper(new TileGeometry(config)).MapCrossbar(weights, 0, 0);
}
