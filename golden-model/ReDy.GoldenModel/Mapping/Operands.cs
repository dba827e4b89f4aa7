using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;

namespace ReDy.GoldenModel.Mapping;

/// <summary>Kinds of generated operands: each pushes a different part of the hardware to its limits.</summary>
public enum OperandClass
{
    /// <summary>Every weight and activation equally likely.</summary>
    Uniform,

    /// <summary>Most are zero and small values outnumber large ones, as after a ReLU; whole groups may be zero.</summary>
    Sparse,

    /// <summary>Every bit of every cell (before flipping) and activation is one.</summary>
    AllOnes,

    /// <summary>One bit in one activation of each group; weights that differ from the least by one bit.</summary>
    SingleBit,

    /// <summary>Bitline sums at their maximum and around the flip's tie, with activations that reach them.</summary>
    WorstCaseBitlines,

    /// <summary>Nothing but zeros.</summary>
    Zero,
}

/// <summary>Weights and activations of an <see cref="OperandClass"/>, from a seed alone.</summary>
public static class Operands
{
    /// <summary>Signed weights [rows, outputs] that fit <c>weights.bits</c>.</summary>
    public static Matrix<int> Weights(TileGeometry geometry, int rows, int outputs, OperandClass operandClass, ulong seed)
    {
        var random = new SeededRandom(SeededRandom.Derive(seed, 0x77));
        int least = -(1 << (geometry.Config.Weights.Bits - 1));
        int greatest = -least - 1;
        var weights = new Matrix<int>(rows, outputs);
        int[] kinds = [.. Enumerable.Range(0, outputs).Select(_ => random.Below(5))];
        for (int k = 0; k < rows; k++)
        {
            for (int n = 0; n < outputs; n++)
            {
                weights[k, n] = operandClass switch
                {
                    OperandClass.Uniform => random.Between(least, greatest),
                    OperandClass.Sparse => random.OneIn(2) ? 0 : Math.Clamp(SmallNumber(random, greatest) * random.Pick(-1, 1), least, greatest),
                    OperandClass.AllOnes => greatest,
                    OperandClass.SingleBit => least + (1 << random.Below(geometry.Config.Weights.Bits)),
                    OperandClass.WorstCaseBitlines => WorstCaseWeight(geometry, kinds[n], k, least, greatest),
                    _ => 0,
                };
            }
        }

        return weights;
    }

    /// <summary>Unsigned activations [vectors, rows] that fit <c>activations.bits</c>.</summary>
    public static Matrix<ushort> Inputs(TileGeometry geometry, int vectors, int rows, OperandClass operandClass, ulong seed)
    {
        var random = new SeededRandom(SeededRandom.Derive(seed, 0x78));
        var inputs = new Matrix<ushort>(vectors, rows);
        for (int m = 0; m < vectors; m++)
            FillVector(geometry, inputs.Row(m), operandClass, random);
        return inputs;
    }

    private static void FillVector(TileGeometry geometry, Span<ushort> vector, OperandClass operandClass, SeededRandom random)
    {
        int greatest = geometry.ActivationMaximum;
        switch (operandClass)
        {
            case OperandClass.Uniform:
                foreach (ref ushort value in vector)
                    value = (ushort)random.Between(0, greatest);
                break;
            case OperandClass.Sparse:
                for (int first = 0; first < vector.Length; first += geometry.Wordlines)
                {
                    Span<ushort> group = vector[first..Math.Min(vector.Length, first + geometry.Wordlines)];
                    int zeroShare = random.Pick(2, 5, 8, 10);
                    int limit = greatest >> random.Below(geometry.Config.Activations.Bits);
                    foreach (ref ushort value in group)
                        value = random.Below(10) < zeroShare ? (ushort)0 : (ushort)SmallNumber(random, limit);
                }

                break;
            case OperandClass.AllOnes:
                vector.Fill((ushort)greatest);
                break;
            case OperandClass.SingleBit:
                for (int first = 0; first < vector.Length; first += geometry.Wordlines)
                {
                    int rows = Math.Min(geometry.Wordlines, vector.Length - first);
                    vector[first + random.Below(rows)] = (ushort)(1 << random.Below(geometry.Config.Activations.Bits));
                }

                break;
            case OperandClass.WorstCaseBitlines:
                int kind = random.Below(5);
                for (int k = 0; k < vector.Length; k++)
                    vector[k] = (ushort)WorstCaseActivation(geometry, kind, k, greatest, random);
                break;
        }
    }

    /// <summary>Columns at the cells' maximum or minimum, half and half (a tie), and one cell to either side of it.</summary>
    private static int WorstCaseWeight(TileGeometry geometry, int kind, int row, int least, int greatest)
    {
        int wordline = row % geometry.Wordlines;
        int half = geometry.Wordlines / 2;
        return kind switch
        {
            0 => greatest,
            1 => least,
            2 => wordline < half ? greatest : least,
            3 => wordline <= half ? greatest : least,
            _ => wordline % 2 == 0 ? least : greatest,
        };
    }

    /// <summary>Everything driven, only the rows that hold the maximum of a half-and-half column driven, and values at the edge of rounding up.</summary>
    private static int WorstCaseActivation(TileGeometry geometry, int kind, int row, int greatest, SeededRandom random)
    {
        int wordline = row % geometry.Wordlines;
        int half = geometry.Wordlines / 2;
        return kind switch
        {
            0 => greatest,
            1 => wordline < half ? greatest : 0,
            2 => wordline >= half ? greatest : 0,
            3 => wordline % 2 == 1 ? greatest : 0,
            _ => Math.Max(0, greatest - (1 << random.Below(geometry.Config.Activations.Bits)) + random.Between(0, 1)),
        };
    }

    /// <summary>0 .. greatest, each octave equally likely.</summary>
    private static int SmallNumber(SeededRandom random, int greatest) => greatest < 1 ? 0 : random.BetweenOctaves(1, greatest);
}
