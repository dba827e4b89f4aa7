using ReDy.Architecture;
using ReDy.Networks.Images;
using ReDy.Networks.Inference;
using ReDy.Networks.Quantisation;
using ReDy.Simulation.Build;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Networks;

/// <summary>A network that is to be computed by the Verilog, in lockstep with the golden model.</summary>
public sealed record NetworkVerifyRequest
{
    public required TileConfig Config { get; init; }
    public required QuantisedNetwork Network { get; init; }
    public required IReadOnlyList<MappedProduct> Mapped { get; init; }
    public required PrecisionSetting Setting { get; init; }

    /// <summary>All of them go through the network together, layer by layer.</summary>
    public required ImageSet Images { get; init; }
    public required StimulusOptions Stimulus { get; init; }

    /// <summary>A layer that would take more clocks than this, with every plane streamed, is sampled.</summary>
    public required long LargestLayerClocks { get; init; }

    /// <summary>A fault to put into the Verilog, to see it caught.</summary>
    public DesignFault? Fault { get; init; }

    /// <summary>The command that repeats the run.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Where waveforms go, without extension.</summary>
    public required string WaveformPath { get; init; }
    public ContentCache Cache { get; init; } = new();

    /// <summary>Told the clocks that the layer at work has run.</summary>
    public IProgress<long>? Clocks { get; init; }

    /// <summary>Told in words what is being done.</summary>
    public IProgress<string>? Doing { get; init; }
}

/// <summary>One layer as the Verilog computed it.</summary>
/// <param name="Vectors">Of all images and parts.</param>
/// <param name="VectorsInVerilog">The others were computed by the functional model alone, because the layer is too large.</param>
/// <param name="Passes">Uses of the tile for one vector, over all parts.</param>
/// <param name="Comparisons">Values of registers, ports and memories.</param>
/// <param name="Outputs">Results of the Verilog that were compared with the functional model of the whole layer.</param>
/// <param name="Events">Of the vectors in Verilog.</param>
/// <param name="StaticConversions">That the same vectors would take with every plane streamed.</param>
/// <param name="Report">What went wrong; null if nothing did.</param>
public sealed record VerifiedLayer(
    string Name, int Rows, int OutputsOfLayer, long Vectors, long VectorsInVerilog, int Passes, long Clocks, int Probes, long Comparisons, int Mismatches, long Outputs,
    EventCounts Events, long StaticConversions, double Seconds, string? Report)
{
    public bool IsSampled => VectorsInVerilog < Vectors;
}

/// <summary>What became of a network's verification.</summary>
/// <param name="Classes">Of each image, as the Verilog's results lead to them; null if a layer failed.</param>
/// <param name="Expected">Of each image, by the functional model alone.</param>
/// <param name="Labels">Of each image.</param>
public sealed record NetworkVerifyResult(IReadOnlyList<VerifiedLayer> Layers, IReadOnlyList<int>? Classes, IReadOnlyList<int> Expected, IReadOnlyList<int> Labels, IReadOnlyList<string> Tools)
{
    public long Clocks => Layers.Sum(layer => layer.Clocks);
    public long Comparisons => Layers.Sum(layer => layer.Comparisons);
    public int Mismatches => Layers.Sum(layer => layer.Mismatches);

    /// <summary>Every product of every layer went through the Verilog.</summary>
    public bool IsComplete => Layers.All(layer => !layer.IsSampled);
    public bool Passed => Mismatches == 0 && Layers.All(layer => layer.Report is null) && Classes is not null && Classes.SequenceEqual(Expected);
}
