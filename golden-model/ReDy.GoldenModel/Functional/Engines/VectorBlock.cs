using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// A block of input vectors as the dynamic precision units pass them on: rounded activations and a decision per group. Groups are
/// decided on one after the other, and share their memory unless an engine multiplies several at once: it then stays in the caches.
/// </summary>
internal sealed unsafe class VectorBlock
{
    /// <summary>Kernels read whole vector registers from any row on; what follows a vector is the next one or these.</summary>
    private const int ReadBeyond = 128;

    private readonly MappedLayer layer;
    private readonly int wordlines;
    private readonly int groupOffset;
    private readonly int[] usedRows;
    private readonly GroupPrecision precision;
    private readonly long[][] thresholds;
    private AlignedBuffer<ushort> activations = new(ReadBeyond);
    private GroupDecision[] decisions = [];
    private int capacity;

    /// <param name="keepsGroups">Whether the groups before are still there when one is loaded; else only that one.</param>
    public VectorBlock(TileGeometry geometry, MappedLayer layer, bool keepsGroups)
    {
        wordlines = geometry.Wordlines;
        usedRows = [.. Enumerable.Range(0, layer.Groups).Select(group => layer.UsedRows(geometry, group))];
        this.layer = layer;
        precision = new GroupPrecision(geometry, layer.Policy);
        thresholds = [.. layer.Thresholds.Select(group => group.ToArray())];

        // A whole number of cache lines per vector.
        groupOffset = keepsGroups ? wordlines : 0;
        Stride = TileGeometry.CeilingDivide((keepsGroups ? layer.Groups : 1) * wordlines, 32) * 32;
    }

    /// <summary>Vectors in the block.</summary>
    public int Count { get; private set; }

    /// <summary>Activations from one vector to the next.</summary>
    private int Stride { get; }

    /// <summary>One decision per vector.</summary>
    public ReadOnlySpan<GroupDecision> Decisions(int group) => decisions.AsSpan(group * capacity, Count);

    /// <summary>The rounded activations of one group's wordlines; those that have no row read zeros.</summary>
    public ushort* Group(int vector, int group) => activations.Pointer + (long)vector * Stride + group * groupOffset;

    /// <summary>Makes room; nothing is decided yet.</summary>
    public void Begin(int count)
    {
        Reserve(count);
        Count = count;
    }

    /// <summary>Decides on one group of all vectors, right before an engine takes it: what was rounded is still near by then.</summary>
    /// <param name="inputs">[count, K], each 0 .. 2^activations.bits - 1.</param>
    public void Load(ReadOnlySpan<ushort> inputs, int group)
    {
        int rows = layer.Rows, first = group * wordlines, used = usedRows[group];
        Span<GroupDecision> ofGroup = decisions.AsSpan(group * capacity, Count);
        for (int v = 0; v < ofGroup.Length; v++, first += rows)
        {
            var rounded = new Span<ushort>(Group(v, group), wordlines);
            ofGroup[v] = precision.Decide(inputs.Slice(first, used), rounded[..used], thresholds[group]);
            if (used < wordlines)
                rounded[used..].Clear();
        }
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
