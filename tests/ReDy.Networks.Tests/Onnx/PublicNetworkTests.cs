using ReDy.Networks.Graphs;
using ReDy.Networks.Layers;
using ReDy.OnnxReference;

namespace ReDy.Networks.Tests.Onnx;

/// <summary>Whole networks, tensor by tensor, against ONNX Runtime. The larger public ones: <c>make networks</c>.</summary>
public sealed class PublicNetworkTests
{
    public static TheoryData<string, int[]?> Networks() => new()
    {
        { Repository.Small, null },
        { Repository.Residual, null },
        { Repository.Classifier, [1, 3, 48, 192] },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_tensor_is_what_ONNX_Runtime_computes(string path, int[]? shape)
    {
        Network network = Network.Load(path, shape);
        IReadOnlyList<TensorAgreement> agreement = OnnxRuntimeReference.Compare(path, network.Source, RandomImage(network));
        agreement.Count.ShouldBeGreaterThan(10);
        agreement.Max(tensor => tensor.Difference).ShouldBeLessThan(OnnxRuntimeReference.Tolerance);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Preparing_a_network_does_not_change_what_it_computes(string path, int[]? shape)
    {
        Network network = Network.Load(path, shape);
        Tensor image = RandomImage(network);
        float[] before = new GraphRun(network.Source).Output(image).Floats, after = new GraphRun(network.Graph).Output(image).Floats;
        float largest = before.Max(Math.Abs);
        after.Zip(before, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5f * largest);
    }

    [Fact]
    public void Batch_normalisation_disappears_into_the_weights()
    {
        Network network = Network.Load(Repository.Residual);
        network.Source.Nodes.Count(node => node.Operator == "BatchNormalization").ShouldBe(16);
        network.FoldedNormalisations.ShouldBe(16);
        network.Graph.Nodes.ShouldNotContain(node => node.Operator == "BatchNormalization");
    }

    private static Tensor RandomImage(Network network)
    {
        var random = new Random(7);
        return new Tensor(network.ImageShape, [.. Enumerable.Range(0, Tensor.Size(network.ImageShape)).Select(_ => (float)random.NextDouble())]);
    }
}
