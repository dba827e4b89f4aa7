using System.CommandLine;
using ReDy.Architecture;
using ReDy.Networks.Calibration;
using ReDy.Networks.Graphs;
using ReDy.Networks.Images;
using ReDy.Networks.Inference;
using ReDy.Networks.Layers;
using ReDy.Networks.Quantisation;

namespace ReDy.Cli.Verbs.Networks;

/// <summary>The options by which a verb gets at a tile, a network, its images and its integers.</summary>
internal sealed class NetworkSetup
{
    public Argument<string> Config { get; } = SharedOptions.ConfigFile();
    public Argument<string> File { get; } = NetworkOptions.NetworkFile();
    public Option<string> Data { get; } = NetworkOptions.Data();
    public Option<double> Mean { get; } = NetworkOptions.Mean();
    public Option<double> Deviation { get; } = NetworkOptions.Deviation();
    public Option<int> CalibrationImages { get; } = new("--calibration-images") { Description = "Training images that activations' scales are found on.", DefaultValueFactory = _ => 500 };

    public Option<string> Range { get; } = new("--range") { Description = "How scales are found: min_max, percentile (a ten-thousandth clipped at either end) or mse (least square error).", DefaultValueFactory = _ => TileParameters.Spell(RangeMethod.MinMax) };

    public void AddTo(Command command)
    {
        Range.AcceptOnlyFromAmong([.. Enum.GetValues<RangeMethod>().Select(TileParameters.Spell)]);
        command.Arguments.Add(Config);
        command.Arguments.Add(File);
        foreach (Option option in new Option[] { Data, Mean, Deviation, CalibrationImages, Range })
            command.Options.Add(option);
    }

    /// <param name="plan">Gives the types of tensors; null finds them on calibration images.</param>
    /// <param name="statistic">Instead of the configuration's.</param>
    public LoadedNetwork Load(ParseResult parse, string? plan, GroupStatistic? statistic, ProgressLine progress, CancellationToken cancellation)
    {
        TileConfig config = TileConfigFile.Load(parse.GetRequiredValue(Config));
        if (statistic is { } other)
            config = config with { Precision = config.Precision with { Statistic = other, Thresholds = null } };
        var geometry = new TileGeometry(config);
        string path = parse.GetRequiredValue(File);
        var network = Network.Load(path);
        DataSet data = DataSet.Load(parse.GetRequiredValue(Data), NetworkOptions.Scaling(parse.GetValue(Mean), parse.GetValue(Deviation)));
        data.Test.CheckAgainst(path, network.ImageShape);
        PrecisionPlan? loaded = plan is null ? null : PrecisionPlan.Load(plan, path, network, geometry);
        RangeMethod method = TileParameters.Choose<RangeMethod>(parse.GetRequiredValue(Range))!.Value;
        IReadOnlyDictionary<string, QuantisedType> types = loaded?.Types ?? Types();
        var quantised = new QuantisedNetwork(network, geometry, types);
        return new LoadedNetwork(config, quantised, [.. quantised.Products.Select(product => new MappedProduct(geometry, product))], data, method, types, loaded);

        IReadOnlyDictionary<string, QuantisedType> Types()
        {
            int count = parse.GetValue(CalibrationImages);
            if (count < 1)
                throw new InputException($"--calibration-images {count}: the calibration set is empty; scales come from the values that tensors take on real images: give at least one");
            IReadOnlyList<Tensor> images = data.Calibration.Spread(count).Images();
            return TypeCalibration.Find(network, images, method, config.Activations.Bits, (done, all) => progress.Report("finding scales", done, all), cancellation);
        }
    }
}

/// <summary>A network ready for its tile.</summary>
/// <param name="Plan">The file that gave types and thresholds; null if there was none.</param>
internal sealed record LoadedNetwork(
    TileConfig Config, QuantisedNetwork Quantised, IReadOnlyList<MappedProduct> Mapped, DataSet Data, RangeMethod Range, IReadOnlyDictionary<string, QuantisedType> Types, PrecisionPlan? Plan)
{
    public TileGeometry Geometry => Quantised.Geometry;
    public Network Network => Quantised.Network;

    /// <summary>Of a policy: the plan's thresholds, or the configuration's.</summary>
    public PrecisionSetting Setting(PrecisionPolicy policy) => policy == PrecisionPolicy.Statistical && Plan is not null ? Plan.Setting : PrecisionSetting.Of(policy);
}
