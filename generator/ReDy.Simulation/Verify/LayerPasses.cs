using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <summary>
/// A layer of any size as a sequence of passes through the tile. Raw results of a pass are the partial sums of the next one
/// over the same outputs: the values that the functional model expects, which the tile has delivered when that pass begins.
/// </summary>
public sealed class LayerPasses
{
    private readonly IReadOnlyList<TilePass> passes;
    private readonly PassModel[] models;

    /// <param name="sharedImages">Passes of the same layer whose images these use, so that the weights need not be written again.</param>
    /// <param name="raw">Deliver y + bias as raw accumulators.</param>
    public LayerPasses(TileGeometry geometry, MappedLayer layer, Requantisation? requantisation, IReadOnlyList<TilePass>? sharedImages = null, bool raw = false)
    {
        passes = TilePasses.Split(geometry, layer, requantisation, raw);
        if (sharedImages is not null)
            passes = [.. passes.Zip(sharedImages, (pass, shared) => pass with { Program = pass.Program with { Images = shared.Program.Images } })];
        models = [.. passes.Select(pass => new PassModel(geometry, pass.Layer, pass.Program))];
    }

    public IReadOnlyList<TilePass> Passes => passes;

    /// <summary>The layers of one block of input vectors [vectors, K], pass after pass.</summary>
    public IEnumerable<TileLayer> Layers(string name, Matrix<ushort> inputs)
    {
        TileLayer? previous = null;
        for (int p = 0; p < passes.Count; p++)
        {
            TilePass pass = passes[p];
            IReadOnlyList<long[]>? partials = pass.Program.Accumulate ? Rows(previous!) : null;
            string label = passes.Count == 1 ? name : $"{name}, pass {p + 1} of {passes.Count}";
            previous = models[p].Layer(label, inputs.Block(0, inputs.Rows, pass.FirstRow, pass.Rows), partials);
            yield return previous;
        }
    }

    private static long[][] Rows(TileLayer layer) =>
        [.. layer.Expected.Chunk(layer.Program.Outputs)];
}
