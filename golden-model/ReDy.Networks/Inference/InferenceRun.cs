using System.Collections.Concurrent;
using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Images;
using ReDy.Networks.Layers;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Inference;

/// <summary>What a network made of some images.</summary>
/// <param name="Classes">Of each image; of equal scores the first.</param>
/// <param name="Loss">Mean cross entropy: how sure of the right classes.</param>
/// <param name="Layers">By the layer's name; empty in floating point.</param>
public sealed record InferenceResult(int[] Classes, int Correct, double Loss, IReadOnlyDictionary<string, LayerActivity> Layers)
{
    public double Accuracy => Classes.Length == 0 ? 0 : (double)Correct / Classes.Length;
    public EventCounts Events => Layers.Values.Aggregate(EventCounts.None, (sum, layer) => sum + layer.Events);
    public IReadOnlyList<long> GroupsBySteps => Layers.Values.Aggregate((IReadOnlyList<long>)[], (sum, layer) => PartActivity.Added(sum, layer.GroupsBySteps));

    /// <summary>One tile that does all layers one after the other.</summary>
    public long Clocks => Layers.Values.Sum(layer => layer.Clocks);

    /// <summary>A tile for every pass of every layer, images following one another: the slowest one's.</summary>
    public long PipelinedClocks => Layers.Count == 0 ? 0 : Layers.Values.Max(layer => layer.SlowestPassClocks);
}

/// <summary>Runs images through a network, in integers on the tile's functional model or in floating point, on all cores.</summary>
public static class InferenceRun
{
    /// <summary>Images that a model multiplies at once: enough vectors for its fast paths, little enough to stay in the cache.</summary>
    private const int BatchImages = 16;

    /// <param name="progress">Told the images done so far.</param>
    public static InferenceResult Execute(
        QuantisedNetwork network, IReadOnlyList<MappedProduct> mapped, PrecisionSetting setting, ImageSet images, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        images.CheckAgainst(network.Network.Name, network.Network.ImageShape);
        var judge = new Judge(images, EndsInSoftmax(network.Network));

        // A worker's models and their memory serve batch after batch, whichever thread has the next one.
        ConcurrentBag<BatchInference> workers = [];
        Parallel.For(
            0, TileGeometry.CeilingDivide(images.Count, BatchImages),
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            batch =>
            {
                if (!workers.TryTake(out BatchInference? worker))
                    worker = new BatchInference(network, mapped, setting);
                int first = batch * BatchImages, count = Math.Min(BatchImages, images.Count - first);
                Tensor[] outputs = worker.Run([.. Enumerable.Range(first, count).Select(i => network.InputCodes(images.Image(i)))]);
                for (int i = 0; i < count; i++)
                    judge.See(first + i, Numbers(network, outputs[i]));
                progress?.Invoke(judge.Seen);
                workers.Add(worker);
            });
        return judge.Result(network.Products.ToDictionary(
            product => product.Name, product => workers.Aggregate(LayerActivity.None, (sum, worker) => sum + worker.Activity.GetValueOrDefault(product.Name, LayerActivity.None))));
    }

    /// <summary>The network as it was trained.</summary>
    public static InferenceResult ExecuteFloat(Network network, ImageSet images, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        images.CheckAgainst(network.Name, network.ImageShape);
        var judge = new Judge(images, EndsInSoftmax(network));
        var run = new GraphRun(network.Graph);
        Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            judge.See(i, Array.ConvertAll(run.Output(images.Image(i)).Floats, value => (double)value));
            progress?.Invoke(judge.Seen);
        });
        return judge.Result(new Dictionary<string, LayerActivity>());
    }

    /// <summary>Cross entropy of scores: how unlikely they make the right class.</summary>
    internal static double CrossEntropy(double[] scores, int label, bool areProbabilities)
    {
        if (areProbabilities)
            return -Math.Log(Math.Max(scores[label], 1e-12));
        double largest = scores.Max();
        return Math.Log(scores.Sum(score => Math.Exp(score - largest))) + largest - scores[label];
    }

    /// <summary>The class that an output names: the first of its largest scores.</summary>
    public static int Class(double[] scores)
    {
        int best = 0;
        for (int c = 1; c < scores.Length; c++)
        {
            if (scores[c] > scores[best])
                best = c;
        }

        return best;
    }

    /// <summary>An output of integer inference as real numbers; exact for raw accumulators up to the scale they share.</summary>
    public static double[] Numbers(QuantisedNetwork network, Tensor output) =>
        network.Types.TryGetValue(network.Network.Output, out QuantisedType? type)
            ? Array.ConvertAll(output.Integers, type.Value)
            : Array.ConvertAll(output.Floats, value => (double)value);

    internal static bool EndsInSoftmax(Network network) => network.Graph.Nodes[^1].Operator == "Softmax";

    /// <summary>Compares outputs with labels, from several cores at once.</summary>
    private sealed class Judge(ImageSet images, bool areProbabilities)
    {
        private readonly int[] classes = new int[images.Count];
        private readonly double[] losses = new double[images.Count];
        private int seen;

        public int Seen => Volatile.Read(ref seen);

        public void See(int image, double[] scores)
        {
            int label = images.Label(image);
            if (label >= scores.Length)
                throw new InputException($"image {image} is of class {label}, the network knows {scores.Length} classes; give the data set it was trained on");
            classes[image] = Class(scores);
            losses[image] = CrossEntropy(scores, label, areProbabilities);
            Interlocked.Increment(ref seen);
        }

        public InferenceResult Result(IReadOnlyDictionary<string, LayerActivity> layers) =>
            new(classes, classes.Where((guess, i) => guess == images.Label(i)).Count(), losses.Length == 0 ? 0 : losses.Average(), layers);
    }
}
