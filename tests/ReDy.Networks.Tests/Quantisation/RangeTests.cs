using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Layers;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Tests.Quantisation;

public sealed class RangeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(0, 2.55, 0.01, 0)]
    [InlineData(-1, 1.55, 0.01, 100)]
    [InlineData(1, 2.55, 0.01, 0)]
    [InlineData(-2.55, -1, 0.01, 255)]
    [InlineData(0, 0, 1, 0)]
    public void Codes_span_the_range_and_zero(double least, double greatest, double scale, int zeroPoint)
    {
        QuantisedType type = QuantisedType.Spanning(least, greatest, 8);
        type.Scale.ShouldBe(scale, 1e-12);
        type.ZeroPoint.ShouldBe(zeroPoint);
        type.Value(type.Code(0)).ShouldBe(0);
    }

    [Fact]
    public void The_methods_clip_nothing_the_outermost_and_what_costs_least()
    {
        // A Relu of numbers in 0..1 with one outlier: a thousand images of ten numbers.
        Network network = Network.Load(folder.Write("net.onnx", new OnnxModel().Input("x", 1, 10).Node("Relu", "x", "r").Weights("w", 10, 2).Node("MatMul", "r w", "y").Output("y").Bytes()));
        var random = new Random(1);
        Tensor[] images = [.. Enumerable.Range(0, 1000).Select(_ => new Tensor([1, 10], [.. Enumerable.Range(0, 10).Select(_ => (float)random.NextDouble())]))];
        images[500].Floats[3] = 4;
        double Scale(RangeMethod method) => TypeCalibration.Find(network, images, method, 4)["r"].Scale;
        Scale(RangeMethod.MinMax).ShouldBe(4.0 / 15, 1e-6);
        Scale(RangeMethod.Percentile).ShouldBe(1.0 / 15, 2e-3);
        Scale(RangeMethod.Mse).ShouldBeInRange(0.9 / 15, 1.2 / 15);
    }

    [Fact]
    public void An_empty_calibration_set_is_refused() =>
        Should.Throw<InputException>(() => TypeCalibration.Find(Network.Load(Repository.Small), [], RangeMethod.MinMax, 8)).Message.ShouldStartWith("the calibration set is empty");

    [Fact]
    public void Scales_that_the_file_gives_are_kept()
    {
        OnnxModel model = new OnnxModel().Input("x", 1, 4)
            .Floats("s", [], 0.02f).Integers("z", global::Onnx.TensorProto.Types.DataType.Int8, [], -128)
            .Node("QuantizeLinear", "x s z", "q").Node("DequantizeLinear", "q s z", "d")
            .Floats("ws", [], 0.5f).Integers("w", global::Onnx.TensorProto.Types.DataType.Int8, [4, 1], 1, -2, 3, 127).Node("DequantizeLinear", "w ws", "wd")
            .Node("MatMul", "d wd", "y").Output("y");
        Network network = Network.Load(folder.Write("net.onnx", model.Bytes()));
        network.GivenTypes["x"].ShouldBe(new QuantisedType(0.02f, 0, 8));
        network.Layers.ShouldHaveSingleItem().Matrix!.Weights.ShouldBe([0.5f, -1, 1.5f, 63.5f]);
        TypeCalibration.Find(network, [new Tensor([1, 4], new float[] { 1, 2, 3, 4 })], RangeMethod.MinMax, 8)["x"].Scale.ShouldBe(0.02f);
    }

    public void Dispose() => folder.Dispose();
}
