using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// Plain integer products of a layer's vectors and groups. The weights are read back from the crossbar images, flips and
/// offset included, so that stuck cells count as what they hold.
/// </summary>
internal interface IProductKernel
{
    /// <summary>Adds the product of the activations and the weights of one group, or of several of even height, to the outputs of each vector.</summary>
    void AddProduct(VectorBlock block, int firstGroup, int groups, ReadOnlySpan<int> vectors, OutputSums outputs);
}

/// <summary>The weights of a whole layer as the product sees them, [group][pair of wordlines][output][wordline of the pair].</summary>
internal sealed unsafe class ProductWeights
{
    /// <summary>Outputs are padded to what the widest kernel takes at once.</summary>
    public const int OutputsAtOnce = 32;

    public ProductWeights(LayerPlan plan)
    {
        TileGeometry geometry = plan.Geometry;
        MappedLayer layer = plan.Layer;
        PaddedOutputs = TileGeometry.CeilingDivide(layer.Outputs, OutputsAtOnce) * OutputsAtOnce;
        PairsPerGroup = TileGeometry.CeilingDivide(geometry.Wordlines, 2);
        Values = new AlignedBuffer<short>((long)layer.Groups * PairsPerGroup * PaddedOutputs * 2);
        for (int g = 0; g < layer.Groups; g++)
        {
            for (int o = 0; o < layer.OutputBlocks; o++)
                Fill(plan, g, o);
        }
    }

    public int PaddedOutputs { get; }
    private int PairsPerGroup { get; }
    private AlignedBuffer<short> Values { get; }

    public short* Group(int group) => Values.Pointer + (long)group * PairsPerGroup * PaddedOutputs * 2;

    private void Fill(LayerPlan plan, int group, int outputBlock)
    {
        TileGeometry geometry = plan.Geometry;
        CrossbarImage image = plan.Layer.Image(group, outputBlock);
        int first = plan.FirstOutput(outputBlock), outputs = plan.Layer.UsedOutputs(geometry, outputBlock);
        int* offsets = plan.Offsets(group);
        short* group0 = Group(group);
        for (int r = 0; r < plan.Layer.UsedRows(geometry, group); r++)
        {
            for (int n = 0; n < outputs; n++)
            {
                long weight = offsets[first + n];
                for (int s = 0; s < plan.BitlinesPerOutput; s++)
                {
                    int c = n * plan.BitlinesPerOutput + s;
                    long part = (long)image.Code(r, c) << plan.SliceShifts[s];
                    weight += plan.IsNegative(image, c) ? -part : part;
                }

                group0[(r / 2 * PaddedOutputs + first + n) * 2 + r % 2] = checked((short)weight);
            }
        }
    }
}

/// <inheritdoc/>
internal sealed unsafe class ProductKernel<TLanes, TVector>(LayerPlan plan, ProductWeights weights) : IProductKernel
    where TLanes : struct, IVectorLanes<TVector>
    where TVector : unmanaged
{
    private const int VectorsAtOnce = 4;

    private readonly AlignedBuffer<int> sums = new(VectorsAtOnce * OutputsAtOnce);

    private static int OutputsPerRegister => sizeof(TVector) / sizeof(int);
    private static int OutputsAtOnce => 2 * OutputsPerRegister;

    public void AddProduct(VectorBlock block, int firstGroup, int groups, ReadOnlySpan<int> vectors, OutputSums outputs)
    {
        int rows = (groups - 1) * plan.Geometry.Wordlines + plan.Layer.UsedRows(plan.Geometry, firstGroup + groups - 1);
        int pairs = TileGeometry.CeilingDivide(rows, 2);
        for (int n = 0; n < plan.Layer.Outputs; n += OutputsAtOnce)
        {
            int count = Math.Min(OutputsAtOnce, plan.Layer.Outputs - n);
            short* firstWeights = weights.Group(firstGroup) + 2 * n;
            for (int i = 0; i < vectors.Length; i += VectorsAtOnce)
            {
                // The last few vectors are computed more than once, and added once.
                int last = vectors.Length - 1;
                int a = vectors[i], b = vectors[Math.Min(i + 1, last)], c = vectors[Math.Min(i + 2, last)], d = vectors[Math.Min(i + 3, last)];
                Multiply(
                    (int*)block.Group(a, firstGroup), (int*)block.Group(b, firstGroup), (int*)block.Group(c, firstGroup), (int*)block.Group(d, firstGroup),
                    firstWeights, 2 * weights.PaddedOutputs, pairs);
                for (int j = 0; j < VectorsAtOnce && i + j <= last; j++)
                    Add(sums.Pointer + j * OutputsAtOnce, count, outputs, (long)vectors[i + j] * plan.Layer.Outputs + n);
            }
        }
    }

    /// <summary>The innermost loop: 4 vectors times 2 registers of outputs, two wordlines at a time. Bound by the multipliers.</summary>
    private void Multiply(int* a, int* b, int* c, int* d, short* weight, int stride, int pairs)
    {
        TVector a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (int k = 0; k < pairs; k++, weight += stride)
        {
            TVector weights0 = TLanes.Load(weight), weights1 = TLanes.Load((byte*)weight + sizeof(TVector));
            TVector activations = TLanes.Broadcast(a[k]);
            a0 = TLanes.AddIntegers(a0, TLanes.MultiplyAddWords(activations, weights0));
            a1 = TLanes.AddIntegers(a1, TLanes.MultiplyAddWords(activations, weights1));
            activations = TLanes.Broadcast(b[k]);
            b0 = TLanes.AddIntegers(b0, TLanes.MultiplyAddWords(activations, weights0));
            b1 = TLanes.AddIntegers(b1, TLanes.MultiplyAddWords(activations, weights1));
            activations = TLanes.Broadcast(c[k]);
            c0 = TLanes.AddIntegers(c0, TLanes.MultiplyAddWords(activations, weights0));
            c1 = TLanes.AddIntegers(c1, TLanes.MultiplyAddWords(activations, weights1));
            activations = TLanes.Broadcast(d[k]);
            d0 = TLanes.AddIntegers(d0, TLanes.MultiplyAddWords(activations, weights0));
            d1 = TLanes.AddIntegers(d1, TLanes.MultiplyAddWords(activations, weights1));
        }

        TVector* to = (TVector*)sums.Pointer;
        to[0] = a0;
        to[1] = a1;
        to[2] = b0;
        to[3] = b1;
        to[4] = c0;
        to[5] = c1;
        to[6] = d0;
        to[7] = d1;
    }

    /// <param name="index">Of the row's first output.</param>
    private static void Add(int* row, int count, OutputSums outputs, long index)
    {
        int n = 0;
        for (; n <= count - OutputsPerRegister; n += OutputsPerRegister)
        {
            if (outputs.AreIntegers)
                TLanes.Store(TLanes.AddIntegers(TLanes.Load(outputs.Integers + index + n), TLanes.Load(row + n)), outputs.Integers + index + n);
            else
                TLanes.AddWidened(row + n, outputs.Longs + index + n);
        }

        for (; n < count; n++)
            outputs.Add(index + n, row[n]);
    }
}
