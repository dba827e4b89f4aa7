using System.Text;
using Onnx;
using ReDy.Architecture;
using ReDy.Networks.Layers;

namespace ReDy.Networks.Tests.Onnx;

/// <summary>Files that are no usable networks: what is wrong is said with the place and the remedy.</summary>
public sealed class BadNetworkTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_text_file_is_not_a_network() => Problem(Encoding.ASCII.GetBytes("weights: 8\n")).ShouldContain("is not an ONNX file");

    [Fact]
    public void An_empty_file_is_not_a_network() => Problem([]).ShouldContain("is not an ONNX file, or has no nodes");

    [Fact]
    public void A_network_that_is_cut_off_is_refused()
    {
        byte[] whole = File.ReadAllBytes(Repository.Small);
        Problem(whole[..(whole.Length / 2)]).ShouldContain("is not an ONNX file");
    }

    [Fact]
    public void An_operator_that_is_not_supported_is_named_with_its_node_and_place()
    {
        OnnxModel model = new OnnxModel().Input("x", 1, 2, 3, 3).Node("Relu", "x", "r").Node("NonZero", "r", "n").Node("Det", "r", "y").Output("y");
        string[] problems = Problems(model.Bytes());
        problems.Length.ShouldBe(2);
        problems[0].ShouldEndWith("operator NonZero is not supported: node 'NonZero of n', 2 of 3, reads 'r', delivers 'n'; export the network without it, or end it before");
        problems[1].ShouldContain("node 'Det of y', 3 of 3");
    }

    [Fact]
    public void An_operator_of_a_foreign_domain_is_not_taken_for_a_standard_one()
    {
        OnnxModel model = new OnnxModel().Input("x", 1, 2, 3, 3).Node("Relu", "x", "y").Output("y");
        model.Proto.Graph.Node[0].Domain = "com.example";
        Problem(model.Bytes()).ShouldContain("operator com.example.Relu is not supported");
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_found()
    {
        OnnxModel model = new OnnxModel().Input("x", 1, 1, 3, 3).Floats("w", [1, 1, 1, 2], 1, float.NaN).Node("Conv", "x w", "y").Output("y");
        Problem(model.Bytes()).ShouldEndWith("weights 'w': element 1 of 1x1x1x2 is NaN; a trained network has finite weights: train or export it again");
    }

    [Fact]
    public void Weights_in_a_file_that_is_not_there_are_missed_by_name()
    {
        OnnxModel model = External("weights.bin", 16);
        Problem(model.Bytes()).ShouldContain("its values lie in weights.bin, which is not beside the network");
    }

    [Fact]
    public void Weights_in_a_file_that_is_cut_off_are_noticed()
    {
        folder.Write("weights.bin", new byte[15]);
        Problem(External("weights.bin", 16).Bytes()).ShouldContain("bytes 0 .. 15 of weights.bin, which has 15");
    }

    [Fact]
    public void Weights_in_a_file_beside_the_network_are_read()
    {
        folder.Write("weights.bin", [.. new float[] { 1, 2, 3, 4 }.SelectMany(BitConverter.GetBytes)]);
        Network network = Network.Load(folder.Write("net.onnx", External("weights.bin", 16).Bytes()));
        network.TileLayers.Single().Matrix!.Weights.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Sizes_that_the_file_leaves_open_must_be_given()
    {
        OnnxModel model = new OnnxModel().Input("x", 0, 3, 0, 0).Node("Relu", "x", "y").Output("y");
        Problem(model.Bytes()).ShouldEndWith("the input 'x' ?x3x?x? leaves sizes open; give them, for instance --input 1x3x48x192");
        Should.Throw<InputException>(() => Network.Load(folder.Path("net.onnx"), [1, 4, 8, 8])).Message.ShouldContain("images of 1x4x8x8 do not fit");
        Network.Load(folder.Path("net.onnx"), [1, 3, 8, 8]).ImageShape.ShouldBe([1, 3, 8, 8]);
    }

    [Fact]
    public void An_image_too_small_for_a_window_is_told_with_the_node()
    {
        OnnxModel model = new OnnxModel().Input("x", 1, 1, 2, 2).Weights("w", 1, 1, 3, 3).Node("Conv", "x w", "y").Output("y");
        Problem(model.Bytes()).ShouldContain("node 'Conv of y' (Conv): a window of 3x3 does not fit into 2x2 rows and columns");
    }

    [Fact]
    public void Weights_that_do_not_fit_their_input_are_told_with_the_node()
    {
        OnnxModel model = new OnnxModel().Input("x", 1, 3, 8, 8).Weights("w", 4, 2, 3, 3).Node("Conv", "x w", "y").Output("y");
        Problem(model.Bytes()).ShouldContain("node 'Conv of y' (Conv): 1 groups of weights 4x2x3x3 do not fit an input 1x3x8x8");
    }

    [Fact]
    public void A_tensor_that_nothing_delivers_is_missed()
    {
        OnnxModel model = new OnnxModel().Input("x", 1, 3, 8, 8).Node("Add", "x z", "y").Output("y");
        Problem(model.Bytes()).ShouldContain("node 'Add of y' (Add) reads 'z', which nothing before it delivers");
    }

    public void Dispose() => folder.Dispose();

    private static OnnxModel External(string file, int bytes)
    {
        OnnxModel model = new OnnxModel().Input("x", 1, 1, 4, 4).Node("Conv", "x w", "y").Output("y");
        var weights = new TensorProto { Name = "w", DataType = (int)TensorProto.Types.DataType.Float, DataLocation = TensorProto.Types.DataLocation.External };
        weights.Dims.AddRange([1, 1, 2, 2]);
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = file });
        weights.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{bytes}" });
        model.Proto.Graph.Initializer.Add(weights);
        return model;
    }

    private string Problem(byte[] content) => Problems(content).ShouldHaveSingleItem();

    private string[] Problems(byte[] content)
    {
        string path = folder.Write("net.onnx", content);
        string[] problems = [.. Should.Throw<InputException>(() => Network.Load(path)).Problems];
        problems.ShouldAllBe(problem => problem.StartsWith(path));
        return problems;
    }
}
