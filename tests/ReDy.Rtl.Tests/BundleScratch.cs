using ReDy.Architecture;

namespace ReDy.Rtl.Tests;

/// <summary>A folder for one test, with a space in its name, gone after it.</summary>
public sealed class BundleScratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("redy rtl ").FullName;

    public string At(string path) => Path.Combine(Folder, path);

    /// <summary>The bundle in a folder of its own; returns the folder.</summary>
    public string Write(RtlBundle bundle, string name = "bundle")
    {
        BundleFolder.Write(bundle, At(name));
        return At(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>Small tiles that between them have every structure of the templates.</summary>
public static class SampleTiles
{
    public static TileConfig Tiny { get; } = TilePresets.Config("tiny");

    public static IReadOnlyDictionary<string, TileConfig> All { get; } = new Dictionary<string, TileConfig>
    {
        ["tiny"] = Tiny,
        ["static"] = Tiny with { Precision = Tiny.Precision with { Policy = PrecisionPolicy.Static } },
        ["static, differential"] = Tiny with { Weights = new() { Encoding = WeightEncoding.Differential }, Precision = Tiny.Precision with { Policy = PrecisionPolicy.Static } },
        ["lossless"] = Tiny with { Precision = Tiny.Precision with { Policy = PrecisionPolicy.Lossless } },
        ["lossless, differential"] = Tiny with { Weights = new() { Encoding = WeightEncoding.Differential }, Precision = Tiny.Precision with { Policy = PrecisionPolicy.Lossless } },
        ["differential, nonzero mean"] = Tiny with { Weights = new() { Encoding = WeightEncoding.Differential }, Precision = Tiny.Precision with { Statistic = GroupStatistic.NonzeroMean } },
        ["no flips, sum, truncate"] = Tiny with { Weights = Tiny.Weights with { Flip = false }, Precision = Tiny.Precision with { Statistic = GroupStatistic.Sum, Rounding = DropRounding.Truncate } },
        ["statistical that drops nothing"] = Tiny with { Precision = Tiny.Precision with { MaxDrop = 0, Thresholds = [] } },
        ["clock gating"] = Tiny with { Rtl = Tiny.Rtl with { ClockGating = true } },
        ["clock gating, static, no flips, three ADCs"] = Tiny with
        {
            Adc = Tiny.Adc with { PerCrossbar = 3 },
            Weights = Tiny.Weights with { Flip = false },
            Precision = Tiny.Precision with { Policy = PrecisionPolicy.Static },
            Rtl = Tiny.Rtl with { ClockGating = true },
        },
        ["one bit of everything"] = Tiny with
        {
            Activations = new() { Bits = 1 },
            Adc = new() { Bits = 1 },
            Outputs = Tiny.Outputs with { Bits = 1, MultiplierBits = 1 },
            Cell = new() { Bits = 1 },
            Weights = new() { Bits = 2 },
            Precision = new() { MaxDrop = 0, Thresholds = [] },
            Rtl = new() { CounterBits = 8, Prefix = "" },
        },
        ["odd numbers, long latencies"] = Tiny with
        {
            Crossbar = new() { Wordlines = 6, Bitlines = 19 },
            Ima = new() { RowBlocks = 3, ColumnBlocks = 1, LoadLanes = 3 },
            Tile = new() { Rows = 2, Columns = 3, BufferKib = 2, StreamBytes = 24, VectorQueue = 3, OutputFifo = 3 },
            Activations = new() { Bits = 11 },
            Dac = new() { Bits = 3 },
            Weights = new() { Bits = 5 },
            Adc = new() { PerCrossbar = 2, LsbShift = 1, Bits = 5 },
            Timing = new() { SettleClocks = 3, ConvertClocks = 2, AdcLatency = 3, DpuLatency = 4, ProgramClocks = 1 },
            Precision = new() { Statistic = GroupStatistic.NonzeroMean, MaxDrop = 3 },
            Rtl = new() { ClockGating = true, Prefix = "odd_", CounterBits = 64 },
        },
    };
}
