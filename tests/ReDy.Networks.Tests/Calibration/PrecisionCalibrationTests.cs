using ReDy.Architecture;
using ReDy.CostModel;
using ReDy.Networks.Calibration;
using ReDy.Networks.Images;
using ReDy.Networks.Inference;
using ReDy.Networks.Layers;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Tests.Calibration;

/// <summary>Calibration of a network so small that it takes no time: random weights, images labelled by the network itself.</summary>
public sealed class PrecisionCalibrationTests : IDisposable
{
    private static readonly TileGeometry Geometry = new(new TileConfig
    {
        Crossbar = new CrossbarConfig { Wordlines = 32, Bitlines = 32 },
        Ima = new ImaConfig { RowBlocks = 2, ColumnBlocks = 2 },
        Tile = new TileArrayConfig { Rows = 1, Columns = 1 },
    });

    private readonly TemporaryFolder folder = new();
    private readonly string path;
    private readonly Network network;
    private readonly QuantisedNetwork quantised;
    private readonly MappedProduct[] mapped;
    private readonly ImageSet images;

    public PrecisionCalibrationTests()
    {
        path = folder.Write("net.onnx", new OnnxModel().Input("x", 1, 1, 6, 6).Weights("a.weight", 8, 1, 3, 3).Node("Conv", "x a.weight", "c").Node("Relu", "c", "r")
            .Node("Flatten", "r", "f").Weights("b.weight", 128, 4).Node("MatMul", "f b.weight", "y").Output("y").Bytes());
        network = Network.Load(path);
        var random = new Random(9);
        var pixels = new byte[64 * 36];
        random.NextBytes(pixels);
        var unlabelled = new ImageSet([1, 6, 6], pixels, new byte[64], new PixelScaling());
        images = unlabelled with { Labels = Array.ConvertAll(InferenceRun.ExecuteFloat(network, unlabelled).Classes, label => (byte)label) };
        quantised = new QuantisedNetwork(network, Geometry, TypeCalibration.Find(network, images.Images(), RangeMethod.MinMax, 8));
        mapped = [.. quantised.Products.Select(product => new MappedProduct(Geometry, product))];
    }

    [Fact]
    public void The_chosen_point_is_within_the_budget_and_saves_energy()
    {
        CalibrationResult result = Calibrate(5);
        CurvePoint chosen = result.Curve.Single(point => point.IsChosen);
        (100 * (result.Static.Accuracy - result.Chosen.Accuracy)).ShouldBeLessThanOrEqualTo(5);
        chosen.ShareOfStatic.ShouldBeLessThan(0.95);
        chosen.Picojoules.ShouldBeLessThan(result.Curve[0].Picojoules);
        result.Curve.Select(point => point.Picojoules).ShouldBe(result.Curve.Select(point => point.Picojoules).OrderDescending(), "the path only ever saves energy");
    }

    [Fact]
    public void A_larger_budget_never_costs_more_energy() =>
        Calibrate(30).Curve.Single(point => point.IsChosen).Picojoules.ShouldBeLessThanOrEqualTo(Calibrate(2).Curve.Single(point => point.IsChosen).Picojoules);

    [Fact]
    public void Calibration_repeats_exactly() => Calibrate(5).Curve.ShouldBe(Calibrate(5).Curve);

    [Fact]
    public void An_empty_calibration_set_is_refused() =>
        Should.Throw<InputException>(() => Calibration(1).Run(images.Range(0, 0), images)).Message.ShouldStartWith("the calibration set is empty");

    [Fact]
    public void Coarser_thresholds_are_smaller_and_fit_their_registers()
    {
        foreach (GroupStatistic statistic in Enum.GetValues<GroupStatistic>())
        {
            var geometry = new TileGeometry(Geometry.Config with { Precision = new PrecisionConfig { Statistic = statistic } });
            IReadOnlyList<long>[] choices = [.. ThresholdFamily.Coarseness(statistic).Select(coarseness => ThresholdFamily.Thresholds(geometry, quantised.Products.First(), coarseness))];
            choices.ShouldAllBe(thresholds => thresholds.All(threshold => threshold < geometry.ThresholdNever) && thresholds.Count <= geometry.MaxDrop);
            choices.Select(thresholds => thresholds.Count > 0 ? thresholds[0] : long.MaxValue).ShouldBe(choices.Select(thresholds => thresholds.Count > 0 ? thresholds[0] : long.MaxValue).OrderDescending());
        }
    }

    [Fact]
    public void A_plan_comes_back_from_its_file_as_it_was()
    {
        PrecisionPlan plan = Plan(), back = PrecisionPlan.Load(Write(plan), path, network, Geometry);
        back.ToJson().ShouldBe(plan.ToJson());
        back.Types["x"].ShouldBe(plan.Types["x"]);
    }

    [Fact]
    public void A_plan_of_another_network_is_refused() => Refused(Plan() with { NetworkHash = "0" }).ShouldContain("was calibrated for another network (net) than");

    [Fact]
    public void A_plan_for_another_statistic_is_refused_with_the_remedy() => Refused(Plan() with { Statistic = GroupStatistic.Sum }).ShouldContain("thresholds of statistic sum, the tile measures max; set precision.statistic");

    [Fact]
    public void Thresholds_that_do_not_fit_the_registers_are_refused() => Refused(Plan() with { Thresholds = new Dictionary<string, IReadOnlyList<long>> { ["a"] = [512] } }).ShouldContain("layer a has a threshold that does not fit 9 bits (0 .. 511)");

    [Fact]
    public void Thresholds_of_a_layer_that_does_not_exist_are_refused() => Refused(Plan() with { Thresholds = new Dictionary<string, IReadOnlyList<long>> { ["z"] = [5] } }).ShouldContain("layer z is not on the tile; the layers are a, b");

    [Fact]
    public void A_file_that_is_no_plan_is_refused() => Should.Throw<InputException>(() => PrecisionPlan.Load(folder.Write("p.json", "{\"weights\": 8}"u8.ToArray()), path, network, Geometry)).Message.ShouldContain("is not a precision plan");

    public void Dispose() => folder.Dispose();

    private PrecisionCalibration Calibration(double budget) => new(quantised, mapped, new CalibrationRequest(budget, 32, NetworkPricing.All(ComponentTables.Default, Geometry, 32)[0]));

    private CalibrationResult Calibrate(double budget) => Calibration(budget).Run(images, images);

    private PrecisionPlan Plan() => new()
    {
        Network = network.Name,
        NetworkHash = PrecisionPlan.HashOf(path),
        Range = RangeMethod.MinMax,
        Statistic = GroupStatistic.Max,
        BudgetPoints = 0.5,
        AdcModel = "isaac-sar",
        Types = TypeCalibration.Find(network, images.Images(), RangeMethod.MinMax, 8),
        Thresholds = new Dictionary<string, IReadOnlyList<long>> { ["a"] = [16, 32], ["b"] = [] },
    };

    private string Write(PrecisionPlan plan) => folder.Write("plan.json", System.Text.Encoding.UTF8.GetBytes(plan.ToJson()));

    private string Refused(PrecisionPlan plan) => Should.Throw<InputException>(() => PrecisionPlan.Load(Write(plan), path, network, Geometry)).Message;
}
