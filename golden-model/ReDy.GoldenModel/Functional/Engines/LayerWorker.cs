using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>One thread's share of a layer's vectors: a contiguous range, block by block, with memory and counts of its own.</summary>
internal sealed unsafe class LayerWorker : IThreadPoolWorkItem
{
    /// <summary>Enough to make up for tables built per block; few enough for a block's indices to stay in the second-level cache.</summary>
    private const int LargestBlock = 1024;

    /// <summary>Limits the block's copy of the activations where vectors are long.</summary>
    private const int LargestBlockActivations = 1 << 23;

    /// <summary>Where all groups wait to be multiplied together: their activations then still are in the second-level cache, and no tables are built per block.</summary>
    private const int LargestKeptActivations = 1 << 17;

    private readonly LayerPlan plan;
    private readonly LayerEngines engines;
    private readonly VectorBlock block;
    private readonly int blockVectors;
    private readonly int[] everyVector;
    private readonly CountdownEvent finished;
    private readonly OutputSums sums;
    private ushort* inputs;
    private long* outputs;
    private int* planes;
    private int vectors;
    private ConversionTally tally;

    /// <param name="finished">Signalled when <see cref="Execute"/> ends.</param>
    public LayerWorker(LayerPlan plan, LayerEngines engines, CountdownEvent finished)
    {
        this.plan = plan;
        this.engines = engines;
        this.finished = finished;
        block = new VectorBlock(plan.Geometry, plan.Layer, engines.KeepsGroups);
        blockVectors = Math.Clamp((engines.KeepsGroups && !plan.CanSaturateAnywhere ? LargestKeptActivations : LargestBlockActivations) / plan.Layer.Rows, 64, LargestBlock);
        sums = new OutputSums(plan);
        everyVector = [.. Enumerable.Range(0, blockVectors)];
        AdcOutputs = new AdcOutputs(plan.Adcs);
        DropHistogram = new long[plan.Geometry.MaxDrop + 1];
    }

    public AdcOutputs AdcOutputs { get; }
    public long[] DropHistogram { get; }
    public ConversionTally Tally => tally;
    public long StepsStreamed { get; private set; }
    public long DacDrives { get; private set; }

    /// <summary>What made the range fail; thrown by the thread that waits.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gives the worker its range; the memory must stay where it is until it has finished.</summary>
    /// <param name="inputs">[vectors, K]</param>
    /// <param name="outputs">[vectors, N], overwritten.</param>
    /// <param name="planes">[vectors, groups], overwritten.</param>
    public void Assign(ushort* inputs, long* outputs, int* planes, int vectors)
    {
        this.inputs = inputs;
        this.outputs = outputs;
        this.planes = planes;
        this.vectors = vectors;
        AdcOutputs.Clear();
        Array.Clear(DropHistogram);
        tally = default;
        StepsStreamed = DacDrives = 0;
        Failure = null;
    }

    public void Execute()
    {
        try
        {
            MappedLayer layer = plan.Layer;
            for (int first = 0; first < vectors; first += blockVectors)
            {
                int count = Math.Min(blockVectors, vectors - first);
                var blockInputs = new ReadOnlySpan<ushort>(inputs + (long)first * layer.Rows, count * layer.Rows);
                IGroupEngine engine = engines.For(count);
                block.Begin(count);
                sums.Begin(outputs + (long)first * layer.Outputs, count);
                for (int g = 0; g < layer.Groups; g++)
                {
                    block.Load(blockInputs, g);
                    CountSteps(g, planes + (long)first * layer.Groups);
                    engine.AddGroup(block, g, everyVector.AsSpan(0, count), sums, AdcOutputs, ref tally);
                }

                sums.Finish();
            }
        }
        catch (Exception exception)
        {
            Failure = exception;
        }
        finally
        {
            finished.Signal();
        }
    }

    private void CountSteps(int group, int* blockPlanes)
    {
        MappedLayer layer = plan.Layer;
        ReadOnlySpan<GroupDecision> decisions = block.Decisions(group);
        long streamed = 0;
        for (int v = 0; v < decisions.Length; v++)
        {
            int steps = decisions[v].StreamedSteps;
            blockPlanes[(long)v * layer.Groups + group] = steps;
            DropHistogram[decisions[v].Drop]++;
            streamed += steps;
        }

        StepsStreamed += streamed;
        DacDrives += streamed * layer.OutputBlocks * layer.UsedRows(plan.Geometry, group);
    }
}
