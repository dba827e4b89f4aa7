using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Tests.Mapping;

public sealed class OperandsTests
{
    public static TheoryData<OperandClass> Classes => new(Enum.GetValues<OperandClass>());

    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_class_fits_the_bits_of_any_legal_configuration_and_repeats_from_its_seed(OperandClass operandClass)
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var geometry = new TileGeometry(RandomTileConfigs.FromSeed(seed, 4096));
            int half = 1 << (geometry.Config.Weights.Bits - 1);
            Matrix<int> weights = Operands.Weights(geometry, 13, 5, operandClass, seed);
            Matrix<ushort> inputs = Operands.Inputs(geometry, 3, 13, operandClass, seed);
            weights.Values.ShouldAllBe(weight => weight >= -half && weight < half);
            inputs.Values.ShouldAllBe(activation => activation >= 0 && activation <= geometry.ActivationMaximum);
            Operands.Weights(geometry, 13, 5, operandClass, seed).Values.ShouldBe(weights.Values);
            Operands.Inputs(geometry, 3, 13, operandClass, seed).Values.ShouldBe(inputs.Values);
        }
    }

    [Fact]
    public void Worst_case_bitlines_reach_the_largest_stored_sum()
    {
        var geometry = new TileGeometry(new TileConfig());
        MappedLayer layer = new CrossbarMapper(geometry).Map(Operands.Weights(geometry, 128, 32, OperandClass.WorstCaseBitlines, 1));
        CrossbarImage image = layer.Images[0];
        Enumerable.Range(0, 128).Max(c => Enumerable.Range(0, 128).Sum(r => (long)image.Code(r, c))).ShouldBe(geometry.StoredBitlineSumMaximum);
    }

    [Fact]
    public void Single_bit_vectors_have_one_bit_in_each_group()
    {
        var geometry = new TileGeometry(new TileConfig { Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 8 } });
        Matrix<ushort> inputs = Operands.Inputs(geometry, 10, 20, OperandClass.SingleBit, 4);
        for (int m = 0; m < 10; m++)
            inputs.Row(m).ToArray().Chunk(8).ShouldAllBe(group => group.Sum(activation => int.PopCount(activation)) == 1);
    }
}
