using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;
using ReDy.Networks.Graphs;
using ReDy.Networks.Inference;
using ReDy.Networks.Quantisation;
using ReDy.Rtl;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Networks;

/// <summary>
/// Takes images through a network layer by layer: every product in the Verilog, in lockstep with the golden model, everything between
/// the products on codes beside it. What a layer of the Verilog delivers is what the next one gets, so the class that comes out is the
/// Verilog's.
/// </summary>
public sealed class NetworkVerification
{
    private readonly NetworkVerifyRequest request;
    private readonly TileGeometry geometry;
    private readonly RtlBundle bundle;
    private readonly HashSet<string> tools = [];

    public NetworkVerification(NetworkVerifyRequest request)
    {
        this.request = request;
        geometry = request.Network.Geometry;
        RtlBundle generated = RtlGenerator.Generate(request.Config);
        bundle = request.Fault?.Apply(generated) ?? generated;
    }

    public RtlBundle Bundle => bundle;

    public async Task<NetworkVerifyResult> RunAsync(CancellationToken cancellation = default)
    {
        QuantisedNetwork network = request.Network;
        Dictionary<string, Tensor>[] known = [.. Enumerable.Range(0, request.Images.Count).Select(i => new Dictionary<string, Tensor> { [network.Network.Input] = network.InputCodes(request.Images.Image(i)) })];
        int[] labels = [.. Enumerable.Range(0, request.Images.Count).Select(request.Images.Label)];
        int[] expected = Classes(new BatchInference(network, request.Mapped, request.Setting).Run([.. known.Select(tensors => tensors[network.Network.Input])]));
        var layers = new List<VerifiedLayer>();
        foreach (QuantisedStep step in network.Steps)
        {
            if (step.Product is { } product)
            {
                (Tensor[] outputs, VerifiedLayer layer) = await RunLayerAsync(request.Mapped.Single(mapped => mapped.Product == product), [.. known.Select(tensors => tensors[product.InputTensor])], cancellation);
                layers.Add(layer);
                if (layer.Report is not null)
                    return new NetworkVerifyResult(layers, null, expected, labels, [.. tools]);
                for (int i = 0; i < known.Length; i++)
                    known[i][step.Output] = outputs[i];
            }
            else
            {
                foreach (Dictionary<string, Tensor> tensors in known)
                    tensors[step.Output] = step.Digital!.Compute(tensors);
            }
        }

        return new NetworkVerifyResult(layers, Classes([.. known.Select(tensors => tensors[network.Network.Output])]), expected, labels, [.. tools]);
    }

    private int[] Classes(Tensor[] outputs) => [.. outputs.Select(output => InferenceRun.Class(InferenceRun.Numbers(request.Network, output)))];

    private async Task<(Tensor[] Outputs, VerifiedLayer Layer)> RunLayerAsync(MappedProduct mapped, IReadOnlyList<Tensor> images, CancellationToken cancellation)
    {
        QuantisedProduct product = mapped.Product;
        IReadOnlyList<long> thresholds = request.Setting.Of(product.Name, geometry);
        MappedLayer[] layers = [.. mapped.Under(request.Setting.Policy, thresholds)];
        int vectors = images.Count * product.Matrix.Vectors, all = product.Matrix.Outputs;
        int[][] outputs = [.. images.Select(_ => new int[product.Matrix.Vectors * all])];
        var sum = new VerifiedLayer(product.Name, product.Matrix.GroupRows, product.Matrix.GroupOutputs, 0, 0, 0, 0, 0, 0, 0, 0, EventCounts.None, 0, 0, null);
        for (int p = 0; p < layers.Length && sum.Report is null; p++)
        {
            MatrixPart part = product.Parts[p];
            Matrix<ushort> inputs = product.Vectors(part, images);
            int[] wanted = Wanted(layers[p], product, part, inputs);
            int[] chosen = Sample(layers[p], vectors);
            request.Doing?.Report($"{product.Name}{(layers.Length == 1 ? "" : $", part {p + 1} of {layers.Length}")}");
            (long[] delivered, VerifiedLayer proven) = await ProveAsync(product, part, layers[p], Rows(inputs, chosen), cancellation);
            sum = Added(sum, proven, vectors);
            if (proven.Report is not null)
                break;
            int columns = part.Weights.Columns;
            for (int v = 0; v < chosen.Length; v++)
            {
                for (int n = 0; n < columns; n++)
                {
                    if (delivered[v * columns + n] != wanted[chosen[v] * columns + n])
                        sum = sum with { Mismatches = sum.Mismatches + 1, Report = sum.Report ?? $"WRONG RESULT, layer {product.Name}, vector {chosen[v]}, output {part.FirstOutput + n}: the Verilog delivers {delivered[v * columns + n]}, the functional model of the whole layer {wanted[chosen[v] * columns + n]}\n" };
                    wanted[chosen[v] * columns + n] = (int)delivered[v * columns + n];
                }
            }

            for (int v = 0; v < vectors; v++)
                product.Matrix.Place(wanted.AsSpan(v * columns, columns), v % product.Matrix.Vectors, part.FirstOutput, outputs[v / product.Matrix.Vectors]);
        }

        return ([.. outputs.Select(values => new Tensor(product.Matrix.OutputShape, values))], sum);
    }

    /// <summary>What the functional model of the whole part makes of the vectors.</summary>
    private int[] Wanted(MappedLayer layer, QuantisedProduct product, MatrixPart part, Matrix<ushort> inputs)
    {
        long[] accumulators = new FunctionalMvm(geometry, layer).Multiply(inputs).Outputs;
        int[] outputs = new int[accumulators.Length];
        new PartOutputs(geometry, product, part).Finish(accumulators, outputs);
        return outputs;
    }

    /// <summary>The vectors that go through the Verilog: all, or as many at even distances as the clocks allow.</summary>
    private int[] Sample(MappedLayer layer, int vectors)
    {
        int rows = Math.Min(layer.Rows, geometry.CapacityRows), outputs = Math.Min(layer.Outputs, geometry.CapacityOutputs);
        long perVector = (long)new VectorPipeline(geometry, rows, outputs).StaticClocksPerVector * TilePasses.Split(geometry, layer).Count;
        int count = (int)Math.Clamp(request.LargestLayerClocks / perVector, 1, vectors);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * vectors / count))];
    }

    private async Task<(long[] Delivered, VerifiedLayer Layer)> ProveAsync(QuantisedProduct product, MatrixPart part, MappedLayer layer, Matrix<ushort> inputs, CancellationToken cancellation)
    {
        var passes = new LayerPasses(geometry, layer, product.RequantisationOf(part), raw: product.IsRaw);
        List<(TileLayer Layer, long[] Values)> received = [];
        VerificationResult result = await TileVerification.RunAsync(
            new VerificationSettings
            {
                Config = request.Config,
                Bundle = bundle,
                Model = () => new Tile(request.Config),
                WaveformPath = request.WaveformPath,
                Cache = request.Cache,
                Clocks = request.Clocks,
                Building = request.Doing,
            },
            () =>
            {
                // A divergence is explained by a second run: only one run's results are kept.
                received = [];
                List<(TileLayer, long[])> own = received;
                return new TileStimulus(geometry, passes.Layers(product.Name, inputs), request.Stimulus, (done, values) => own.Add((done, values)));
            },
            cancellation);
        tools.UnionWith(result.Tools);
        var delivered = new long[inputs.Rows * part.Weights.Columns];
        for (int p = 0; p < passes.Passes.Count && result.Passed; p++)
        {
            TilePass pass = passes.Passes[p];
            for (int i = 0; i < received[p].Values.Length && pass.IsLast; i++)
                delivered[i / pass.Outputs * part.Weights.Columns + pass.FirstOutput + i % pass.Outputs] = received[p].Values[i];
        }

        EventCounts events = received.Aggregate(EventCounts.None, (sum, done) => sum + done.Layer.Events);
        long staticConversions = received.Sum(done => (long)done.Layer.Vectors * TileGeometry.CeilingDivide(done.Layer.Program.Rows, geometry.Wordlines) * geometry.Steps * done.Layer.Program.Outputs * geometry.BitlinesPerOutput);
        string? report = FailureReport.Of(result, request.Stimulus.Seed, request.CommandLine);
        return (delivered, new VerifiedLayer(
            product.Name, layer.Rows, layer.Outputs, 0, inputs.Rows, passes.Passes.Count, result.Lockstep.Clocks, result.Probes, result.Lockstep.Comparisons,
            result.Lockstep.Divergence?.Differences.Count ?? (report is null ? 0 : 1), delivered.Length, events, staticConversions, result.Lockstep.Elapsed.TotalSeconds,
            report is null ? null : $"layer {product.Name}: {report}"));
    }

    private static VerifiedLayer Added(VerifiedLayer sum, VerifiedLayer part, int vectors) => sum with
    {
        Vectors = sum.Vectors + vectors,
        VectorsInVerilog = sum.VectorsInVerilog + part.VectorsInVerilog,
        Passes = sum.Passes + part.Passes,
        Clocks = sum.Clocks + part.Clocks,
        Probes = part.Probes,
        Comparisons = sum.Comparisons + part.Comparisons,
        Mismatches = sum.Mismatches + part.Mismatches,
        Outputs = sum.Outputs + part.Outputs,
        Events = sum.Events + part.Events,
        StaticConversions = sum.StaticConversions + part.StaticConversions,
        Seconds = sum.Seconds + part.Seconds,
        Report = sum.Report ?? part.Report,
    };

    private static Matrix<ushort> Rows(Matrix<ushort> inputs, int[] chosen)
    {
        var rows = new Matrix<ushort>(chosen.Length, inputs.Columns);
        for (int i = 0; i < chosen.Length; i++)
            inputs.Row(chosen[i]).CopyTo(rows.Row(i));
        return rows;
    }
}
