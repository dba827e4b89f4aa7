using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;
using ReDy.Reference;

namespace ReDy.Benchmarks;

/// <summary>
/// The layer that everything is measured on: a 3x3 convolution of 64 channels on 28x28 pixels as a matrix. K = 576 rows are five
/// groups on crossbars of 128 wordlines, N = 64 outputs are 256 bitlines, M = 784 vectors; 8-bit ADC, 2-bit cells.
/// </summary>
public sealed class LayerWorkload
{
    public const int Rows = 576;
    public const int Outputs = 64;
    public const int Vectors = 784;

    private readonly LayerCase which;
    private readonly LayerOperands operands;
    private readonly FunctionalMvm? engine;
    private readonly ScalarPopcount? unit;
    private readonly BitSerialParameters? parameters;

    /// <summary>The inputs for what is no engine, which takes 32-bit integers.</summary>
    private readonly int[] integers = [];

    public LayerWorkload(LayerCase which)
        : this(new LayerOperands(which))
    {
    }

    public LayerWorkload(LayerOperands operands)
    {
        this.operands = operands;
        which = operands.Case;
        TileGeometry geometry = operands.Geometry;
        MappedLayer layer = new CrossbarMapper(geometry).Map(new Matrix<int>(which.Rows, which.Outputs, operands.Weights));
        if (which.Computation == Computation.Engine)
            engine = new FunctionalMvm(geometry, layer, which.Measurement, which.Engine, which.Threads);
        else if (which.Computation == Computation.ScalarPopcount)
            unit = new ScalarPopcount(geometry, layer);
        else
            parameters = Parameters(geometry, layer);
        if (engine is null)
            integers = Array.ConvertAll(operands.Inputs, value => (int)value);
    }

    /// <summary>Multiplies all vectors once.</summary>
    public void Run()
    {
        switch (which.Computation)
        {
            case Computation.Engine:
                engine!.Multiply(operands.Inputs, operands.Outputs, operands.Planes);
                break;
            case Computation.ScalarPopcount:
                unit!.Multiply(integers, operands.Outputs);
                break;
            case Computation.NaiveBitSerial:
                NaiveBitSerial.Multiply(parameters!, which.Vectors, which.Rows, which.Outputs, operands.Weights, integers);
                break;
            default:
                PlainIntegerProduct.Multiply(which.Vectors, which.Rows, which.Outputs, operands.Weights, integers);
                break;
        }
    }

    private static BitSerialParameters Parameters(TileGeometry geometry, MappedLayer layer) => new()
    {
        Wordlines = geometry.Wordlines,
        Bitlines = geometry.Config.Crossbar.Bitlines,
        CellBits = geometry.Config.Cell.Bits,
        WeightBits = geometry.Config.Weights.Bits,
        Differential = geometry.IsDifferential,
        Flip = geometry.Flip,
        ActivationBits = geometry.Config.Activations.Bits,
        DacBits = geometry.Config.Dac.Bits,
        AdcBits = geometry.Config.Adc.Bits,
        AdcLsbShift = geometry.Config.Adc.LsbShift,
        AdcsPerCrossbar = geometry.Config.Adc.PerCrossbar,
        Policy = "static",
        Statistic = "max",
        Rounding = "nearest",
        MaxDrop = 0,
        Thresholds = [.. layer.Thresholds.Select(group => group.ToArray())],
    };
}
