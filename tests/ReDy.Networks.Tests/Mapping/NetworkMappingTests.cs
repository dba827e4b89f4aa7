using ReDy.Architecture;
using ReDy.Networks.Layers;
using ReDy.Networks.Mapping;

namespace ReDy.Networks.Tests.Mapping;

public sealed class NetworkMappingTests : IDisposable
{
    private static readonly TileGeometry Redy = new(new TileConfig());
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_layer_takes_a_crossbar_for_every_block_of_rows_and_outputs()
    {
        LayerMapping conv4 = NetworkMapping.Of(Redy, Network.Load(Repository.Small)).Layers[3];
        (conv4.RowBlocks, conv4.ColumnBlocks, conv4.Crossbars, conv4.Imas, conv4.Tiles).ShouldBe((5, 2, 10, 2, 1));
        conv4.CellUtilisation.ShouldBe(576.0 * 64 * 4 / (10 * 128 * 128));
        conv4.ClocksPerVector.ShouldBe(8 * 128);
        conv4.ClocksPerImage.ShouldBe(16 * 8 * 128);
    }

    [Fact]
    public void A_layer_larger_than_a_tile_takes_several()
    {
        LayerMapping layer = NetworkMapping.Of(new TileGeometry(new TileConfig { Tile = new TileArrayConfig { Rows = 1, Columns = 1 } }), Network.Load(Repository.Small)).Layers[4];
        (layer.Crossbars, layer.Tiles).ShouldBe((16, 2));
    }

    [Theory]
    [InlineData(96, 1, 14, 7)]
    [InlineData(96, 2, 7, 7)]
    [InlineData(40, 20, 0, 2)]
    public void Groups_of_a_convolution_share_a_crossbar_as_rows_and_outputs_allow(int channels, int groupChannels, int groupsPerPart, int parts)
    {
        OnnxModel model = new OnnxModel().Input("x", 1, channels, 8, 8).Weights("w", channels, groupChannels, 3, 3).Node("Conv", "x w", "y", ("group", channels / groupChannels), ("pads", new[] { 1, 1, 1, 1 })).Output("y");
        Network network = Network.Load(folder.Write("net.onnx", model.Bytes()));
        IReadOnlyList<PartShape> shapes = PartShape.Of(Redy, network.TileLayers.Single().Matrix!);
        shapes.Count.ShouldBe(parts);
        shapes.Sum(part => part.Groups).ShouldBe(channels / groupChannels);
        shapes[0].Groups.ShouldBe(Math.Max(1, groupsPerPart));
    }

    [Fact]
    public void Copies_go_to_the_slowest_layer_while_tiles_last()
    {
        Network network = Network.Load(Repository.Small);
        NetworkMapping one = NetworkMapping.Of(Redy, network), more = NetworkMapping.Of(Redy, network, 24);
        one.Tiles.ShouldBe(6);
        one.ClocksPerImage.ShouldBe(784 * 1024);
        more.Tiles.ShouldBe(24);
        more.Layers.Select(layer => layer.Copies).ShouldBe([13, 4, 4, 1, 1, 1]);
        more.ClocksPerImage.ShouldBe(61 * 1024);
    }

    [Fact]
    public void Too_few_tiles_for_one_copy_are_refused() =>
        Should.Throw<InputException>(() => NetworkMapping.Of(Redy, Network.Load(Repository.Small), 5)).Message.ShouldStartWith("--tiles 5: one copy of each layer takes 6 tiles");

    public void Dispose() => folder.Dispose();
}
