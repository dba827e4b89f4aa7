using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReDy.Architecture;
using ReDy.Networks.Inference;
using ReDy.Networks.Layers;
using ReDy.Networks.Quantisation;

namespace ReDy.Networks.Calibration;

/// <summary>One point of the trade between energy and accuracy, measured on held-back images.</summary>
/// <param name="Accuracy">Share of the held-back images.</param>
/// <param name="LossPoints">Against <c>static</c>, in percentage points.</param>
/// <param name="Picojoules">Per image.</param>
/// <param name="ShareOfStatic">Of the energy of streaming every plane.</param>
/// <param name="IsChosen">The plan's own point.</param>
public sealed record CurvePoint(double Accuracy, double LossPoints, double Picojoules, double ShareOfStatic, double ConversionsShareOfStatic, bool IsChosen);

/// <summary>The types of a network's tensors and the threshold registers of its layers, as calibration found them: a file for run and verify.</summary>
public sealed record PrecisionPlan
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;
    public required string Network { get; init; }

    /// <summary>SHA-256 of the ONNX file: thresholds of one network mean nothing for another.</summary>
    public required string NetworkHash { get; init; }
    public required RangeMethod Range { get; init; }
    public required GroupStatistic Statistic { get; init; }
    public required double BudgetPoints { get; init; }

    /// <summary>What energy was minimised under.</summary>
    public required string AdcModel { get; init; }
    public required IReadOnlyDictionary<string, QuantisedType> Types { get; init; }

    /// <summary>By the layer's name; an empty list means that nothing is ever dropped.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<long>> Thresholds { get; init; }
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];

    [JsonIgnore]
    public PrecisionSetting Setting => new(PrecisionPolicy.Statistical, Thresholds);

    private static JsonSerializerOptions JsonOptions { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonOptions) + "\n";

    public static string HashOf(string networkPath) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(networkPath)));

    /// <summary>A plan for this network and tile.</summary>
    /// <exception cref="InputException">Not a plan, or one of another network, statistic or tile.</exception>
    public static PrecisionPlan Load(string path, string networkPath, Network network, TileGeometry geometry)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file; 'redy network calibrate' writes one");
        PrecisionPlan plan;
        try
        {
            plan = JsonSerializer.Deserialize<PrecisionPlan>(File.ReadAllText(path), JsonOptions) ?? throw new JsonException("it is empty");
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path} is not a precision plan: {exception.Message.Split('.')[0]}; 'redy network calibrate' writes one", exception);
        }

        plan.Check(path, networkPath, network, geometry);
        return plan;
    }

    private void Check(string path, string networkPath, Network network, TileGeometry geometry)
    {
        if (Version != CurrentVersion)
            throw new InputException($"{path}: is of version {Version}, this program reads version {CurrentVersion}; calibrate again");
        if (NetworkHash != HashOf(networkPath))
            throw new InputException($"{path}: was calibrated for another network ({Network}) than {networkPath}; calibrate again");
        var problems = new List<string>();
        if (geometry.Policy == PrecisionPolicy.Statistical && Statistic != geometry.Config.Precision.Statistic)
            problems.Add($"{path}: thresholds of statistic {TileParameters.Spell(Statistic)}, the tile measures {TileParameters.Spell(geometry.Config.Precision.Statistic)}; set precision.statistic, or calibrate for this tile");
        if (Types.Values.FirstOrDefault(type => type.Bits != geometry.Config.Activations.Bits && type.Bits != QuantisedType.AccumulatorBits) is { } other)
            problems.Add($"{path}: codes of {other.Bits} bits, the tile has activations.bits = {geometry.Config.Activations.Bits}; calibrate for this tile");
        foreach ((string layer, IReadOnlyList<long> thresholds) in Thresholds)
        {
            if (network.TileLayers.All(known => known.Name != layer))
                problems.Add($"{path}: layer {layer} is not on the tile; the layers are {string.Join(", ", network.TileLayers.Select(known => known.Name))}");
            else if (geometry.Policy == PrecisionPolicy.Statistical && thresholds.Count > geometry.MaxDrop)
                problems.Add($"{path}: layer {layer} has {thresholds.Count} thresholds, the tile precision.max_drop = {geometry.MaxDrop}; calibrate for this tile");
            else if (geometry.Policy == PrecisionPolicy.Statistical && thresholds.Any(threshold => threshold < 0 || threshold > geometry.ThresholdNever))
                problems.Add($"{path}: layer {layer} has a threshold that does not fit {geometry.ThresholdBits} bits (0 .. {geometry.ThresholdNever}); calibrate for this tile");
        }

        if (problems.Count != 0)
            throw new InputException(problems);
    }
}
