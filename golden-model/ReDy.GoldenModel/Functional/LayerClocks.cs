using ReDy.Architecture;

namespace ReDy.GoldenModel.Functional;

/// <summary>
/// Clocks that a tile takes for the vectors of a layer, all passes together: vectors arrive a beat per clock, outputs leave
/// without stalls, each pass begins when the last one is over. Programming the cells between passes is not included.
/// </summary>
public sealed class LayerClocks
{
    private readonly List<Pass> passes = [];

    /// <param name="rows">K, of any size.</param>
    /// <param name="outputs">N, of any size.</param>
    public LayerClocks(TileGeometry geometry, int rows, int outputs)
    {
        for (int firstOutput = 0; firstOutput < outputs; firstOutput += geometry.CapacityOutputs)
        {
            for (int firstRow = 0; firstRow < rows; firstRow += geometry.CapacityRows)
            {
                int used = Math.Min(geometry.CapacityRows, rows - firstRow);
                var pipeline = new VectorPipeline(geometry, used, Math.Min(geometry.CapacityOutputs, outputs - firstOutput));
                passes.Add(new Pass(
                    pipeline, firstRow / geometry.Wordlines, TileGeometry.CeilingDivide(used, geometry.Wordlines), TileGeometry.CeilingDivide(used, geometry.ActivationsPerBeat)));
            }
        }
    }

    /// <summary>From the first beat in to the last beat out, summed over the passes.</summary>
    public long Total => passes.Sum(pass => pass.Left);

    /// <summary>Of the pass that takes longest: the pace where every pass has a tile of its own.</summary>
    public long SlowestPass => passes.Max(pass => pass.Left);

    /// <param name="planes">Planes that the next vector streams, for every group of the layer.</param>
    public void Next(ReadOnlySpan<int> planes)
    {
        foreach (Pass pass in passes)
        {
            pass.Accepted += pass.Beats;
            pass.Left = pass.Pipeline.Next(pass.Accepted, planes.Slice(pass.FirstGroup, pass.Groups)) + 1;
        }
    }

    private sealed class Pass(VectorPipeline pipeline, int firstGroup, int groups, int beats)
    {
        public VectorPipeline Pipeline { get; } = pipeline;
        public int FirstGroup { get; } = firstGroup;
        public int Groups { get; } = groups;
        public int Beats { get; } = beats;
        public long Accepted { get; set; }
        public long Left { get; set; }
    }
}
