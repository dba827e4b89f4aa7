using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
using ReDy.Networks.Layers;
using ReDy.Networks.Mapping;

namespace ReDy.Cli.Verbs.Networks;

/// <summary><c>redy network map</c>: the crossbars, IMAs and tiles that a network takes, and the pace at which images follow one another.</summary>
internal sealed class MapVerb : INetworkVerb
{
    private readonly Argument<string> config = SharedOptions.ConfigFile();
    private readonly Argument<string> file = NetworkOptions.NetworkFile();
    private readonly Option<string?> input = NetworkOptions.Input();
    private readonly Option<int?> tiles = new("--tiles") { Description = "Tiles there are: while they last, the slowest layer gets another copy." };
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 20;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy network map tile.yaml net.onnx", "one copy of each layer"),
        new("redy network map tile.yaml net.onnx --tiles 168", "copies of slow layers, as far as the tiles of ISAAC's chip go"),
    ];

    public Command Build()
    {
        var command = new Command("map", "Lay a network out on crossbars, IMAs and tiles.") { config, file, input, tiles, json };
        command.SetAction(parse =>
        {
            var geometry = new TileGeometry(TileConfigFile.Load(parse.GetRequiredValue(config)));
            var network = Network.Load(parse.GetRequiredValue(file), NetworkOptions.Shape(parse.GetValue(input)));
            var mapping = NetworkMapping.Of(geometry, network, parse.GetValue(tiles));
            if (parse.GetValue(json))
                Terminal.WriteJson(ForMachines(mapping));
            else
                Print(mapping);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(NetworkMapping mapping)
    {
        var table = new TextTable("<layer", "K x N", "groups", "parts", "blocks", "crossbars", "cells used", "IMAs", "tiles", "copies", "vectors", "clocks/vector", "clocks/image");
        foreach (LayerMapping layer in mapping.Layers)
        {
            table.Add(
                layer.Layer.Name, $"{layer.Layer.Matrix!.GroupRows} x {layer.Layer.Matrix.GroupOutputs}", $"{layer.Layer.Matrix.Groups}", $"{layer.Parts}", $"{layer.RowBlocks} x {layer.ColumnBlocks}",
                $"{layer.Crossbars}", Percent(layer.CellUtilisation), $"{layer.Imas}", $"{layer.Tiles}", $"{layer.Copies}", Number(layer.Layer.Matrix.Vectors), Number(layer.ClocksPerVector), Number(layer.ClocksPerImage));
        }

        table.Write(Console.Out);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"tiles           {mapping.Tiles} of {mapping.Geometry.Crossbars} crossbars each; {Number(mapping.Crossbars)} crossbars hold weights ({Percent((double)mapping.Crossbars / mapping.Tiles / mapping.Geometry.Crossbars)})");
        Console.Out.WriteLine($"pace            an image every {Number(mapping.ClocksPerImage)} clocks with every plane streamed: {mapping.ImagesPerSecond.ToString("N0", CultureInfo.InvariantCulture)} images per second at {mapping.Geometry.Config.Timing.ClockMhz} MHz");
    }

    private static object ForMachines(NetworkMapping mapping) => new
    {
        mapping.Tiles,
        mapping.Crossbars,
        mapping.ClocksPerImage,
        mapping.ImagesPerSecond,
        Layers = mapping.Layers.Select(layer => new
        {
            layer.Layer.Name,
            Rows = layer.Layer.Matrix!.GroupRows,
            Outputs = layer.Layer.Matrix.GroupOutputs,
            layer.Layer.Matrix.Groups,
            layer.Parts,
            layer.RowBlocks,
            layer.ColumnBlocks,
            layer.Crossbars,
            layer.CellUtilisation,
            layer.Imas,
            layer.Tiles,
            layer.Copies,
            layer.Layer.Matrix.Vectors,
            layer.ClocksPerVector,
            layer.ClocksPerImage,
        }),
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
