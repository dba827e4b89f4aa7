using System.Collections.Concurrent;
using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Images;
using ReDy.Networks.Inference;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Calibration;

/// <summary>What calibration is asked for.</summary>
/// <param name="BudgetPoints">Accuracy that may be lost on held-back images, in percentage points.</param>
/// <param name="SensitivityImages">Calibration images on which each layer's thresholds are tried.</param>
/// <param name="Pricing">What energy is minimised under.</param>
public sealed record CalibrationRequest(double BudgetPoints, int SensitivityImages, NetworkPricing Pricing);

/// <summary>What calibration found.</summary>
/// <param name="Thresholds">By layer.</param>
/// <param name="Static">Streaming every plane, on the held-back images.</param>
/// <param name="Lossless">On the held-back images.</param>
/// <param name="Chosen">The thresholds, on the held-back images.</param>
public sealed record CalibrationResult(
    IReadOnlyDictionary<string, IReadOnlyList<long>> Thresholds, InferenceResult Static, InferenceResult Lossless, InferenceResult Chosen, IReadOnlyList<CurvePoint> Curve);

/// <summary>
/// Finds thresholds layer by layer. First every layer alone is made coarser, on calibration images, to see what that costs in cross
/// entropy and saves in energy. Then layers are made coarser in the order of energy saved per loss expected. The last point
/// on that path which keeps the accuracy of held-back images within the budget is taken, and then whatever later moves still fit.
/// </summary>
public sealed class PrecisionCalibration(QuantisedNetwork network, IReadOnlyList<MappedProduct> mapped, CalibrationRequest request)
{
    /// <summary>Images whose tensors are kept at once.</summary>
    private const int BatchImages = 16;
    private static readonly IReadOnlyList<long> Never = [];

    /// <param name="progress">Told what is being done, how much of it is done, and how much there is.</param>
    public CalibrationResult Run(ImageSet calibration, ImageSet heldBack, Action<string, int, int>? progress = null, CancellationToken cancellation = default)
    {
        if (network.Geometry.Policy != PrecisionPolicy.Statistical)
            throw new InputException($"precision.policy = {TileParameters.Spell(network.Geometry.Policy)}: a tile without statistical precision has no thresholds to calibrate; set precision.policy: statistical");
        if (calibration.Count == 0 || heldBack.Count == 0)
            throw new InputException("the calibration set is empty; give images to find thresholds on and images to judge them by");
        IReadOnlyList<Option[]> options = Sensitivities(calibration.Spread(request.SensitivityImages), progress, cancellation);
        IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<long>>> path = Path(options);
        return Choose(path, heldBack, progress, cancellation);
    }

    private PrecisionSetting NeverDropping => new(PrecisionPolicy.Statistical, network.Products.ToDictionary(product => product.Name, _ => Never));

    /// <summary>For each layer: its thresholds from never to coarse, with energy and loss where they alone are changed.</summary>
    private IReadOnlyList<Option[]> Sensitivities(ImageSet images, Action<string, int, int>? progress, CancellationToken cancellation)
    {
        QuantisedProduct[] products = [.. network.Products];
        int done = 0, batches = TileGeometry.CeilingDivide(images.Count, BatchImages);
        Option[][] options = [.. products.Select(product => new[] { new Option(Never, batches) }.Concat(
            ThresholdFamily.Coarseness(network.Geometry.Config.Precision.Statistic).Select(coarseness => new Option(ThresholdFamily.Thresholds(network.Geometry, product, coarseness), batches))
                .Where(option => option.Thresholds.Count > 0)).ToArray())];
        bool areProbabilities = InferenceRun.EndsInSoftmax(network.Network);
        ConcurrentBag<(BatchInference Baseline, ProductModel[][] Models)> workers = [];
        Parallel.For(
            0, batches, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            batch =>
            {
                if (!workers.TryTake(out (BatchInference Baseline, ProductModel[][] Models) worker))
                    worker = (new BatchInference(network, mapped, NeverDropping), Models(options));
                int first = batch * BatchImages, count = Math.Min(BatchImages, images.Count - first);
                Dictionary<string, Tensor>[] known = [.. Enumerable.Range(first, count).Select(i => new Dictionary<string, Tensor> { [network.Network.Input] = network.InputCodes(images.Image(i)) })];
                worker.Baseline.Activity.Clear();
                worker.Baseline.Run(known, 0);
                double baseline = Loss(known);
                for (int p = 0; p < products.Length; p++)
                {
                    int step = network.Steps.TakeWhile(other => other.Product != products[p]).Count();
                    options[p][0].Saw(batch, 0, request.Pricing.Picojoules(products[p], worker.Baseline.Activity[products[p].Name]));
                    for (int o = 1; o < options[p].Length; o++)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        Dictionary<string, Tensor>[] changed = [.. known.Select(tensors => new Dictionary<string, Tensor>(tensors))];
                        var after = worker.Baseline.Fresh();
                        after.Run(changed, step, (products[p].Name, worker.Models[p][o]));
                        options[p][o].Saw(batch, Loss(changed) - baseline, request.Pricing.Picojoules(products[p], after.Activity[products[p].Name]));
                    }
                }

                progress?.Invoke("trying thresholds", Interlocked.Increment(ref done), batches);
                workers.Add(worker);

                double Loss(Dictionary<string, Tensor>[] tensors) =>
                    tensors.Select((values, i) => InferenceRun.CrossEntropy(InferenceRun.Numbers(network, values[network.Network.Output]), images.Label(first + i), areProbabilities)).Sum();
            });
        return options;
    }

    private ProductModel[][] Models(Option[][] options) =>
        [.. mapped.Select((layer, p) => options[p].Select(option => new ProductModel(network.Geometry, layer, PrecisionPolicy.Statistical, option.Thresholds)).ToArray())];

    /// <summary>Settings from never dropping on: each step makes one layer coarser, the one that saves most energy for the loss it adds.</summary>
    private List<IReadOnlyDictionary<string, IReadOnlyList<long>>> Path(IReadOnlyList<Option[]> options)
    {
        string[] names = [.. network.Products.Select(product => product.Name)];
        int[] chosen = new int[options.Count];
        var path = new List<IReadOnlyDictionary<string, IReadOnlyList<long>>> { Setting() };
        while (true)
        {
            (int Layer, int Option, double Worth) best = (-1, 0, 0);
            for (int p = 0; p < options.Count; p++)
            {
                for (int o = chosen[p] + 1; o < options[p].Length; o++)
                {
                    double saved = options[p][chosen[p]].Picojoules - options[p][o].Picojoules;
                    // What seems to make the network surer is noise: it costs nothing, and the largest saving among such goes first.
                    double worth = saved / Math.Max(options[p][o].Loss - options[p][chosen[p]].Loss, 1e-4);
                    if (saved > 0 && worth > best.Worth)
                        best = (p, o, worth);
                }
            }

            if (best.Layer < 0)
                return path;
            chosen[best.Layer] = best.Option;
            path.Add(Setting());
        }

        IReadOnlyDictionary<string, IReadOnlyList<long>> Setting() => names.Select((name, p) => (name, options[p][chosen[p]].Thresholds)).ToDictionary();
    }

    /// <summary>The furthest point of the path within the budget, by bisection, and the points measured on the way.</summary>
    private CalibrationResult Choose(IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<long>>> path, ImageSet heldBack, Action<string, int, int>? progress, CancellationToken cancellation)
    {
        int runs = 0, most = 2 + (int)Math.Ceiling(Math.Log2(path.Count + 1)) + CurvePoints + LaterMoves;
        InferenceResult full = Measure(PrecisionSetting.Of(PrecisionPolicy.Static)), lossless = Measure(NeverDropping);
        var measured = new SortedDictionary<int, InferenceResult> { [0] = lossless };
        for (int i = 1; i <= CurvePoints; i++)
            At(i * (path.Count - 1) / CurvePoints);
        int within = measured.Where(point => IsWithin(point.Value)).Max(point => point.Key), beyond = measured.Keys.FirstOrDefault(point => point > within, path.Count);
        while (beyond - within > 1)
        {
            int middle = (within + beyond) / 2;
            if (IsWithin(At(middle)))
                within = middle;
            else
                beyond = middle;
        }

        // Beyond that point single layers may still become coarser: the move that broke the budget need not be the next best one.
        (IReadOnlyDictionary<string, IReadOnlyList<long>> setting, InferenceResult result) = (path[within], measured[within]);
        for (int tries = 0, next = within + 1; tries < LaterMoves && next < path.Count; next++)
        {
            var moved = new Dictionary<string, IReadOnlyList<long>>(setting);
            foreach (string layer in moved.Keys.Where(layer => !path[next][layer].SequenceEqual(path[next - 1][layer])).ToArray())
                moved[layer] = path[next][layer];
            InferenceResult candidate = Measure(new PrecisionSetting(PrecisionPolicy.Statistical, moved));
            tries++;
            if (IsWithin(candidate) && request.Pricing.Picojoules(network, candidate) < request.Pricing.Picojoules(network, result))
                (setting, result) = (moved, candidate);
        }

        double fullEnergy = request.Pricing.Picojoules(network, full);
        CurvePoint[] curve = [.. measured.Where(point => point.Value != result).Select(point => Point(point.Value, false)).Append(Point(result, true)).OrderByDescending(point => point.Picojoules)];
        return new CalibrationResult(setting, full, lossless, result, curve);

        InferenceResult At(int point) => measured.TryGetValue(point, out InferenceResult? known) ? known : measured[point] = Measure(new PrecisionSetting(PrecisionPolicy.Statistical, path[point]));

        bool IsWithin(InferenceResult result) => 100 * (full.Accuracy - result.Accuracy) <= request.BudgetPoints;

        InferenceResult Measure(PrecisionSetting setting)
        {
            runs++;
            return InferenceRun.Execute(network, mapped, setting, heldBack, images => progress?.Invoke("judging on held-back images", Math.Min(runs - 1, most - 1) * heldBack.Count + images, most * heldBack.Count), cancellation);
        }

        CurvePoint Point(InferenceResult result, bool isChosen)
        {
            double energy = request.Pricing.Picojoules(network, result);
            return new CurvePoint(
                result.Accuracy, Math.Round(100 * (full.Accuracy - result.Accuracy), 4), energy / heldBack.Count, energy / fullEnergy,
                (double)result.Events.Conversions / full.Events.Conversions, isChosen);
        }
    }

    /// <summary>Points of the curve that are measured in any case, evenly along the path.</summary>
    private const int CurvePoints = 5;

    /// <summary>Moves beyond the budget that are tried one by one.</summary>
    private const int LaterMoves = 8;

    /// <summary>One choice of thresholds for one layer, with what each batch of images saw of it.</summary>
    private sealed class Option(IReadOnlyList<long> thresholds, int batches)
    {
        private readonly double[] losses = new double[batches], energies = new double[batches];

        public IReadOnlyList<long> Thresholds { get; } = thresholds;

        /// <summary>Cross entropy that it adds, and energy of the layer, over all images: summed in order, so that a run repeats exactly.</summary>
        public double Loss => losses.Sum();
        public double Picojoules => energies.Sum();

        public void Saw(int batch, double loss, double picojoules) => (losses[batch], energies[batch]) = (loss, picojoules);
    }
}
