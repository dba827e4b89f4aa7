using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Inference;
using ReDy.Networks.Layers;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Tests.Inference;

/// <summary>Layers on the tile against a direct convolution of codes, written for these tests: loops over what the standard defines.</summary>
public sealed class ProductModelTests : IDisposable
{
    private static readonly TileGeometry Small = new(new TileConfig
    {
        Crossbar = new CrossbarConfig { Wordlines = 16, Bitlines = 16 },
        Ima = new ImaConfig { RowBlocks = 2, ColumnBlocks = 1 },
        Tile = new TileArrayConfig { Rows = 1, Columns = 1 },
    });

    /// <summary>Crossbars that hold several groups of a convolution at once.</summary>
    private static readonly TileGeometry Large = new(new TileConfig());

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, int, int, int, int[], int[], int[], int> Convolutions() => new()
    {
        { "plain", 3, 5, 3, [1, 1, 1, 1], [1, 1], [1, 1], 1 },
        { "asymmetric padding and stride", 3, 5, 3, [0, 2, 1, 1], [2, 1], [1, 1], 1 },
        { "dilated", 2, 3, 2, [1, 0, 1, 0], [1, 1], [2, 3], 1 },
        { "grouped", 4, 6, 3, [1, 1, 1, 1], [1, 1], [1, 1], 2 },
        { "depthwise", 5, 5, 3, [1, 1, 1, 1], [1, 2], [1, 1], 5 },
        { "more groups than a crossbar holds", 20, 20, 3, [1, 1, 1, 1], [1, 1], [1, 1], 20 },
        { "pairs of channels", 20, 30, 3, [0, 1, 1, 0], [1, 1], [1, 1], 10 },
        { "pointwise", 20, 9, 1, [0, 0, 0, 0], [1, 1], [1, 1], 1 },
    };

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void A_layer_is_the_convolution_of_its_codes(string name, int channels, int outputs, int kernel, int[] pads, int[] strides, int[] dilations, int groups)
    {
        foreach (TileGeometry geometry in new[] { Small, Large })
            ALayerIsTheConvolutionOfItsCodes(geometry, name, channels, outputs, kernel, pads, strides, dilations, groups);
    }

    private void ALayerIsTheConvolutionOfItsCodes(TileGeometry geometry, string name, int channels, int outputs, int kernel, int[] pads, int[] strides, int[] dilations, int groups)
    {
        OnnxModel model = new OnnxModel().Input("x", 1, channels, 7, 6).Weights("w", outputs, channels / groups, kernel, kernel).Weights("b", outputs)
            .Node("Conv", "x w b", "c", ("pads", pads), ("strides", strides), ("dilations", dilations), ("group", groups)).Node("Relu", "c", "r")
            .Weights("v", 2, outputs, 1, 1).Node("Conv", "r v", "y").Output("y");
        Network network = Network.Load(folder.Write("net.onnx", model.Bytes()));
        var random = new Random(3);
        Tensor[] images = [.. Enumerable.Range(0, 3).Select(_ => new Tensor(network.ImageShape, [.. Enumerable.Range(0, channels * 42).Select(_ => (float)(3 * random.NextDouble() - 1))]))];
        var quantised = new QuantisedNetwork(network, geometry, TypeCalibration.Find(network, images, RangeMethod.MinMax, 8));
        QuantisedProduct product = quantised.Products.First();
        product.InputType.ZeroPoint.ShouldBeGreaterThan(0, name);

        Tensor[] codes = [.. images.Select(quantised.InputCodes)];
        var onTile = new ProductModel(geometry, new MappedProduct(geometry, product), PrecisionPolicy.Lossless, []);
        (Tensor[] computed, LayerActivity activity) = onTile.Run(codes);
        activity.Events.Vectors.ShouldBe(images.Length * product.Matrix.Vectors * product.Parts.Count);

        // What is left in memory of more images is not seen by fewer.
        (Tensor[] alone, LayerActivity activityAlone) = onTile.Run([codes[^1]]);
        alone[0].Integers.ShouldBe(computed[^1].Integers);
        activityAlone.Events.Vectors.ShouldBe(product.Matrix.Vectors * product.Parts.Count);
        float[] kernels = network.Graph.Constants["w"].Floats, biases = network.Graph.Constants["b"].Floats;
        int[] shape = computed[0].Shape;
        for (int image = 0; image < images.Length; image++)
        {
            for (int i = 0; i < computed[image].Length; i++)
            {
                int n = i / (shape[2] * shape[3]), y = i / shape[3] % shape[2], x = i % shape[3];
                double scale = kernels.Skip(n * kernels.Length / outputs).Take(kernels.Length / outputs).Max(Math.Abs) / 127.0, unit = scale * product.InputType.Scale;
                long sum = (long)Math.Round(biases[n] / unit);
                for (int k = 0; k < kernels.Length / outputs; k++)
                {
                    int c = (n / (outputs / groups) * (channels / groups)) + (k / (kernel * kernel)), row = y * strides[0] - pads[0] + k / kernel % kernel * dilations[0], column = x * strides[1] - pads[1] + k % kernel * dilations[1];
                    if (row is >= 0 and < 7 && column is >= 0 and < 6)
                        sum += (long)Math.Round(kernels[n * kernels.Length / outputs + k] / scale) * (codes[image].Integers[(c * 7 + row) * 6 + column] - product.InputType.ZeroPoint);
                }

                FixedPoint factor = FixedPoint.Of(unit / product.OutputType.Scale, 16, 62)!.Value;
                computed[image].Integers[i].ShouldBe((int)Math.Clamp(factor.Apply(Math.Max(0, sum)), 0, 255), $"{name}, image {image}, output {i}");
            }
        }
    }

    [Fact]
    public void A_product_of_several_rows_is_the_matrix_product_of_their_codes()
    {
        OnnxModel model = new OnnxModel().Input("x", 1, 3, 20).Weights("w", 20, 9).Node("MatMul", "x w", "y").Output("y");
        Network network = Network.Load(folder.Write("net.onnx", model.Bytes()));
        var random = new Random(3);
        Tensor[] inputs = [.. Enumerable.Range(0, 2).Select(_ => new Tensor([1, 3, 20], [.. Enumerable.Range(0, 60).Select(_ => (float)(3 * random.NextDouble() - 1))]))];
        var quantised = new QuantisedNetwork(network, Small, TypeCalibration.Find(network, inputs, RangeMethod.MinMax, 8));
        QuantisedProduct product = quantised.Products.Single();
        Tensor[] codes = [.. inputs.Select(quantised.InputCodes)];
        (Tensor[] computed, _) = new ProductModel(Small, new MappedProduct(Small, product), PrecisionPolicy.Lossless, []).Run(codes);
        float[] weights = network.Graph.Constants["w"].Floats;
        double scale = weights.Max(Math.Abs) / 127.0;
        for (int input = 0; input < inputs.Length; input++)
        {
            long[] expected = [.. Enumerable.Range(0, 27).Select(i => Enumerable.Range(0, 20).Sum(k =>
                (long)Math.Round(weights[k * 9 + i % 9] / scale) * (codes[input].Integers[i / 9 * 20 + k] - product.InputType.ZeroPoint)))];
            computed[input].Integers.Select(value => (long)value).ShouldBe(expected);
        }
    }

    [Fact]
    public void Lossless_and_static_give_the_same_scores()
    {
        Network network = Network.Load(Repository.Residual);
        var geometry = new TileGeometry(new TileConfig());
        var random = new Random(5);
        Tensor[] images = [.. Enumerable.Range(0, 2).Select(_ => new Tensor(network.ImageShape, [.. Enumerable.Range(0, 784).Select(_ => (float)random.NextDouble())]))];
        var quantised = new QuantisedNetwork(network, geometry, TypeCalibration.Find(network, images, RangeMethod.MinMax, 8));
        quantised.HostSteps.ShouldBeEmpty();
        MappedProduct[] mapped = [.. quantised.Products.Select(product => new MappedProduct(geometry, product))];
        Tensor[] Scores(PrecisionPolicy policy) => new BatchInference(quantised, mapped, PrecisionSetting.Of(policy)).Run([.. images.Select(quantised.InputCodes)]);
        Scores(PrecisionPolicy.Lossless).Select(scores => scores.Integers).ShouldBe(Scores(PrecisionPolicy.Static).Select(scores => scores.Integers));

        // The integers stay near the numbers: the shortcut's additions and the average are in them.
        double[] exact = [.. new GraphRun(network.Graph).Output(images[0]).Floats.Select(value => (double)value)], coded = InferenceRun.Numbers(quantised, Scores(PrecisionPolicy.Static)[0]);
        double largest = exact.Max(Math.Abs);
        for (int c = 0; c < exact.Length; c++)
            coded[c].ShouldBe(exact[c], 0.1 * largest);
    }

    [Fact]
    public void Outputs_and_activations_of_different_widths_are_refused()
    {
        Network network = Network.Load(Repository.Small);
        var geometry = new TileGeometry(new TileConfig { Outputs = new OutputsConfig { Bits = 6 } });
        Should.Throw<InputException>(() => new QuantisedNetwork(network, geometry, new Dictionary<string, QuantisedType>())).Message.ShouldStartWith("outputs.bits = 6 and activations.bits = 8 differ");
    }

    public void Dispose() => folder.Dispose();
}
