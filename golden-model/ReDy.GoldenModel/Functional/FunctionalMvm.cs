using System.Runtime.ExceptionServices;
using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional.Engines;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional;

/// <summary>What a block of vectors gives: raw accumulators, streamed planes and events.</summary>
/// <param name="Outputs">y, [M, N], row after row; raw accumulators without bias.</param>
/// <param name="Planes">Steps streamed, [M, groups], row after row.</param>
/// <param name="AdcToggles">Bits that toggled at the ADCs' outputs; 0 unless measured.</param>
public sealed record FunctionalResult(long[] Outputs, int[] Planes, EventCounts Events, long AdcToggles = 0);

/// <summary>
/// The functional model: what a layer on crossbars delivers and which events that takes, without clocks. The layer may
/// exceed the tile; since a group never straddles a pass, passes change neither outputs nor events, except that the groups
/// are counted once here while a tile streams them again for every further range of outputs.
/// One call at a time; it uses several threads where that pays.
/// </summary>
public sealed unsafe class FunctionalMvm
{
    /// <summary>A thread costs some ten microseconds: as much as this many multiplications on the fastest engine, with a margin.</summary>
    private const long MultiplicationsPerThread = 1 << 23;

    private readonly TileGeometry geometry;
    private readonly MappedLayer layer;
    private readonly LayerWorker[] workers;
    private readonly CountdownEvent finished = new(1);
    private readonly AdcOutputs adcOutputs;
    private readonly long[] dropHistogram;
    private long vectors, stepsStreamed, dacDrives, saturations, adcToggles;

    /// <param name="geometry">Of the netlist: the layer's policy acts only as far as the netlist's.</param>
    /// <param name="engine">Name of one of <see cref="FunctionalEngines.All"/>; null chooses, see there.</param>
    /// <param name="threads">At most so many; 0 takes the processor's.</param>
    /// <exception cref="InputException">The engine, or the one of REDY_KERNEL, is unknown or cannot do this.</exception>
    public FunctionalMvm(TileGeometry geometry, MappedLayer layer, Measurement measurement = Measurement.Saturations, string? engine = null, int threads = 0)
    {
        this.geometry = geometry;
        this.layer = layer;
        Engine = FunctionalEngines.Choose(geometry, measurement, engine);
        var plan = new LayerPlan(geometry, layer);
        var shared = new LayerSharedData(plan);
        bool isForced = (engine ?? FunctionalEngines.Forced) is not null;
        workers = [.. Enumerable.Range(0, threads > 0 ? threads : Environment.ProcessorCount)
            .Select(_ => new LayerWorker(plan, new LayerEngines(plan, measurement, Engine, isForced, shared), finished))];
        adcOutputs = AdcOutputs.Reset(plan.Adcs);
        dropHistogram = new long[geometry.MaxDrop + 1];
    }

    /// <summary>The engine for large blocks of vectors; single vectors may be left to another one.</summary>
    public FunctionalEngine Engine { get; }

    /// <summary>One block of vectors; call it again for the next block and add up the events.</summary>
    /// <param name="inputs">[M, K], each 0 .. 2^activations.bits - 1.</param>
    public FunctionalResult Multiply(Matrix<ushort> inputs)
    {
        if (inputs.Columns != layer.Rows)
            throw new ArgumentException($"inputs have {inputs.Columns} columns, the layer has {layer.Rows} rows", nameof(inputs));

        long[] outputs = new long[(long)inputs.Rows * layer.Outputs];
        int[] planes = new int[(long)inputs.Rows * layer.Groups];
        Multiply(inputs.Values, outputs, planes);
        long toggles = adcToggles;
        return new FunctionalResult(outputs, planes, TakeEvents(), toggles);
    }

    /// <summary>As the other overload, into memory of the caller; allocates nothing once it has seen its largest block. Events add up until <see cref="TakeEvents"/>.</summary>
    /// <param name="inputs">[M, K]</param>
    /// <param name="outputs">[M, N], overwritten.</param>
    /// <param name="planes">[M, groups], overwritten.</param>
    public void Multiply(ReadOnlySpan<ushort> inputs, Span<long> outputs, Span<int> planes)
    {
        int count = inputs.Length / layer.Rows;
        if (inputs.Length != (long)count * layer.Rows || outputs.Length != (long)count * layer.Outputs || planes.Length != (long)count * layer.Groups)
            throw new ArgumentException($"{inputs.Length} inputs, {outputs.Length} outputs and {planes.Length} planes do not belong to K = {layer.Rows}, N = {layer.Outputs}, {layer.Groups} groups");

        long multiplications = (long)count * layer.Rows * layer.Outputs;
        int threads = (int)Math.Clamp(multiplications / MultiplicationsPerThread, 1, Math.Max(1, Math.Min(workers.Length, count)));
        finished.Reset(threads);
        fixed (ushort* firstInput = inputs)
        fixed (long* firstOutput = outputs)
        fixed (int* firstPlane = planes)
        {
            for (int i = threads - 1; i >= 0; i--)
            {
                int first = (int)((long)count * i / threads), end = (int)((long)count * (i + 1) / threads);
                workers[i].Assign(firstInput + (long)first * layer.Rows, firstOutput + (long)first * layer.Outputs, firstPlane + (long)first * layer.Groups, end - first);
                if (i == 0)
                    workers[i].Execute();
                else
                    ThreadPool.UnsafeQueueUserWorkItem(workers[i], preferLocal: false);
            }

            finished.Wait();
        }

        vectors += count;
        for (int i = 0; i < threads; i++)
            AddCounts(workers[i]);
    }

    /// <summary>Events since the last call of this method.</summary>
    public EventCounts TakeEvents()
    {
        long groups = vectors * layer.Groups;
        var events = new EventCounts
        {
            Vectors = vectors,
            Groups = groups,
            StepsStreamed = stepsStreamed,
            StepsSkipped = groups * geometry.Steps - stepsStreamed,
            CrossbarSteps = stepsStreamed * layer.OutputBlocks,
            Conversions = stepsStreamed * layer.Outputs * geometry.BitlinesPerOutput,
            Saturations = saturations,
            DacDrives = dacDrives,
            DropHistogram = [.. dropHistogram],
        };
        vectors = stepsStreamed = dacDrives = saturations = adcToggles = 0;
        Array.Clear(dropHistogram);
        return events;
    }

    private void AddCounts(LayerWorker worker)
    {
        if (worker.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        stepsStreamed += worker.StepsStreamed;
        dacDrives += worker.DacDrives;
        saturations += worker.Tally.Saturations;
        adcToggles += worker.Tally.AdcToggles + adcOutputs.Append(worker.AdcOutputs);
        for (int d = 0; d < dropHistogram.Length; d++)
            dropHistogram[d] += worker.DropHistogram[d];
    }
}
