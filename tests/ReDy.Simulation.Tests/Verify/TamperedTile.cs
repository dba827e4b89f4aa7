using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Tests.Verify;

/// <summary>A tile with something wrong at its pins or in its cells, to see that the stimulus notices.</summary>
internal sealed class TamperedTile(ICycleAccurateTile tile) : ICycleAccurateTile
{
    private readonly uint[] outputs = new uint[tile.Ports.OutputWords];
    private readonly uint[] inputs = new uint[tile.Ports.InputWords];
    private long clock;

    /// <summary>Changes the outputs of a clock.</summary>
    public Action<long, uint[]>? Pins { get; init; }

    /// <summary>Changes, or looks at, the inputs of a clock.</summary>
    public Action<long, uint[]>? Inputs { get; init; }
    public Func<CrossbarImage, CrossbarImage> Image { get; init; } = image => image;

    public TileGeometry Geometry => tile.Geometry;
    public TilePorts Ports => tile.Ports;
    public IReadOnlyList<SignalSlot> Probes => tile.Probes;
    public IReadOnlyList<MemoryProbe> Memories => tile.Memories;
    public ReadOnlySpan<uint> Registers => tile.Registers;
    public ReadOnlySpan<MemoryWrite> MemoryWrites => tile.MemoryWrites;

    public ReadOnlySpan<uint> Outputs
    {
        get
        {
            tile.Outputs.CopyTo(outputs);
            Pins?.Invoke(clock, outputs);
            return outputs;
        }
    }

    public void Clock(ReadOnlySpan<uint> values)
    {
        values.CopyTo(inputs);
        Inputs?.Invoke(clock, inputs);
        tile.Clock(inputs);
        clock++;
    }

    public bool TryReadMemory(int memory, int index, Span<uint> words) => tile.TryReadMemory(memory, index, words);

    public void LoadImages(IReadOnlyList<CrossbarImage> images) => tile.LoadImages([.. images.Select(Image)]);

    public string DescribeState() => tile.DescribeState();
}
