using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>A block of input vectors as the dynamic precision units pass them on: rounded activations and a decision per group.</summary>
internal sealed unsafe class VectorBlock
{
    /// <summary>Kernels read whole vector registers from any row on; what follows a vector is the next one or these.</summary>
    private const int ReadBeyond = 128;

    private readonly MappedLayer layer;
    private readonly int wordlines;
    private readonly int[] usedRows;
    private readonly GroupPrecision precision;
    private readonly long[][] thresholds;
    private AlignedBuffer<ushort> activations = new(ReadBeyond);
    private GroupDecision[] decisions = [];
    private int capacity;

    public VectorBlock(TileGeometry geometry, MappedLayer layer)
    {
        wordlines = geometry.Wordlines;
        usedRows = [.. Enumerable.Range(0, layer.Groups).Select(group => layer.UsedRows(geometry, group))];
        this.layer = layer;
        precision = new GroupPrecision(geometry, layer.Policy);
        thresholds = [.. layer.Thresholds.Select(group => group.ToArray())];

        // Wordlines of the last group that have no row read zeros. A whole number of cache lines per vector.
        Stride = TileGeometry.CeilingDivide(layer.Groups * geometry.Wordlines, 32) * 32;
    }

    /// <summary>Vectors in the block.</summary>
    public int Count { get; private set; }

    /// <summary>Activations from one vector to the next.</summary>
    public int Stride { get; }

    /// <summary>Rounded activations, [vector * Stride + row of K].</summary>
    public ushort* Activations => activations.Pointer;

    /// <summary>One decision per vector.</summary>
    public ReadOnlySpan<GroupDecision> Decisions(int group) => decisions.AsSpan(group * capacity, Count);

    /// <summary>The rounded activations of one group's wordlines.</summary>
    public ushort* Group(int vector, int group) => activations.Pointer + (long)vector * Stride + group * wordlines;

    /// <summary>Makes room; nothing is decided yet.</summary>
    public void Begin(int count)
    {
        Reserve(count);
        Count = count;
    }

    /// <summary>Decides on one group of all vectors, right before an engine takes it: what was rounded is still near by then.</summary>
    /// <param name="inputs">[count, K], each 0 .. 2^activations.bits - 1.</param>
    public void Load(ReadOnlySpan<int> inputs, int group)
    {
        int rows = layer.Rows, first = group * wordlines, used = usedRows[group];
        Span<GroupDecision> ofGroup = decisions.AsSpan(group * capacity, Count);
        for (int v = 0; v < ofGroup.Length; v++)
            ofGroup[v] = precision.Decide(inputs.Slice(v * rows + first, used), new Span<ushort>(Group(v, group), used), thresholds[group]);
    }

    private void Reserve(int count)
    {
        if (count <= capacity)
            return;
        capacity = count;
        activations = new AlignedBuffer<ushort>((long)count * Stride + ReadBeyond);
        decisions = new GroupDecision[(long)count * layer.Groups];
    }
}
