using System.Runtime.Intrinsics;
using ReDy.Architecture;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>One engine of the functional model, and whether this processor has what it needs.</summary>
/// <param name="Name">As in <c>REDY_KERNEL</c>.</param>
/// <param name="Needs">Instruction sets.</param>
public sealed record FunctionalEngine(string Name, string Purpose, string Needs, bool IsAvailable)
{
    internal Func<TileGeometry, Measurement, bool> IsCapable { get; init; } = (_, _) => true;

    /// <summary>Why a configuration or measurement is refused.</summary>
    internal string Limits { get; init; } = "none";

    /// <summary>Blocks of fewer vectors are left to the portable engine.</summary>
    public int FewestVectors { get; init; } = 1;

    /// <summary>Whether the engine may multiply several groups at once, and so reads those before too.</summary>
    internal bool KeepsGroups { get; init; }

    /// <summary>Whether the engine computes this configuration and measurement at all.</summary>
    public bool Supports(TileGeometry geometry, Measurement measurement) => IsCapable(geometry, measurement);
}

/// <summary>
/// The engines by name, fastest first. Which one computes follows from what is measured, the configuration and the number of
/// vectors; the environment variable REDY_KERNEL forces one.
/// </summary>
public static class FunctionalEngines
{
    public const string EnvironmentVariable = "REDY_KERNEL";

    internal static FunctionalEngine Screened { get; } = new(
        "screened", "integer product wherever saturation is provably impossible, the next engine elsewhere", "AVX2 or AVX-512", Avx2Lanes.IsSupported)
    {
        IsCapable = ScreenedProductEngine.Supports,
        KeepsGroups = true,
        Limits = "it needs adc.lsb_shift = 0 and weights and sums of a group that fit 16 and 32 bits, and cannot count toggles of ADC outputs",
    };

    internal static FunctionalEngine Vbmi { get; } = new(
        "avx512-vbmi", "lookup of 6 wordlines for 64 steps at once", "AVX-512 VBMI and GFNI", VbmiLanes.IsSupported)
    {
        IsCapable = LookupEngine<VbmiLanes, Vector512<byte>>.Supports,
        Limits = LookupLimits,
        FewestVectors = 8,
    };

    internal static FunctionalEngine Avx2 { get; } = new(
        "avx2", "lookup of 4 wordlines for 32 steps at once", "AVX2", Avx2Lanes.IsSupported)
    {
        IsCapable = LookupEngine<Avx2Lanes, Vector256<byte>>.Supports,
        Limits = LookupLimits,
        FewestVectors = 8,
    };

    internal static FunctionalEngine Portable { get; } = new(
        "portable", "population counts of bit planes; every configuration, single vectors", "nothing", true);

    private const string LookupLimits =
        "bitline sums must fit 16 bits, four steps of all slices 31 bits, and toggles of ADC outputs are counted up to adc.bits = 8";

    /// <summary>Fastest first.</summary>
    public static IReadOnlyList<FunctionalEngine> All { get; } = [Screened, Vbmi, Avx2, Portable];

    /// <summary>The engine that REDY_KERNEL forces; null if it is unset or empty.</summary>
    public static string? Forced => Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } name ? name : null;

    /// <summary>The fastest engine for large blocks of vectors.</summary>
    /// <param name="name">Forces an engine; null leaves the choice to REDY_KERNEL, then to what is asked for.</param>
    /// <exception cref="InputException">The forced engine does not exist, or not here, or does not support this.</exception>
    public static FunctionalEngine Choose(TileGeometry geometry, Measurement measurement, string? name = null)
    {
        string source = name is null ? $"{EnvironmentVariable} = {Forced}" : $"engine '{name}'";
        name ??= Forced;
        if (name is null)
            return All.First(engine => engine.IsAvailable && engine.Supports(geometry, measurement));

        FunctionalEngine forced = Named(name, source);
        if (!forced.Supports(geometry, measurement))
            throw new InputException($"{source}: the engine does not support this configuration: {forced.Limits}; choose 'portable', or leave the choice to ReDy");
        return forced;
    }

    /// <summary>Before anything is read: whether REDY_KERNEL, if it is set, names an engine that runs here.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static void CheckForced()
    {
        if (Forced is { } name)
            Named(name, $"{EnvironmentVariable} = {name}");
    }

    private static FunctionalEngine Named(string name, string source)
    {
        FunctionalEngine engine = All.FirstOrDefault(engine => engine.Name == name)
            ?? throw new InputException($"{source}: there is no such engine; choose one of {string.Join(", ", All.Select(engine => engine.Name))}");
        return engine.IsAvailable
            ? engine
            : throw new InputException($"{source}: this processor lacks what the engine needs ({engine.Needs}); choose one of {string.Join(", ", All.Where(engine => engine.IsAvailable).Select(engine => engine.Name))}");
    }

    /// <summary>The engines that bit-serial work falls back to, fastest first.</summary>
    internal static FunctionalEngine ChooseBitSerial(TileGeometry geometry, Measurement measurement) =>
        All.First(engine => engine != Screened && engine.IsAvailable && engine.Supports(geometry, measurement));
}
