using System.Runtime.InteropServices;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Tools;

namespace ReDy.Simulation.Build;

/// <summary>A compiled tile, ready to be simulated.</summary>
/// <param name="wasCached">Nothing was compiled for it.</param>
/// <param name="buildTime">What it took to get it, from the cache or by building.</param>
public sealed class SimulationLibrary(
    string path, string topModule, SignalLayout layout, SimulationVariant variant, IReadOnlyList<InstalledTool> tools, bool wasCached, TimeSpan buildTime,
    VerilogEvents? events = null) : IDisposable
{
    private readonly nint handle = NativeLibrary.Load(path);

    public string Path { get; } = path;

    /// <summary>Name of the tile's module in the Verilog, the root of names in waveforms.</summary>
    public string TopModule { get; } = topModule;
    public SignalLayout Layout { get; } = layout;
    public SimulationVariant Variant { get; } = variant;

    /// <summary>Events that it can count; null: none.</summary>
    public VerilogEvents? Events { get; } = events;
    public IReadOnlyList<InstalledTool> Tools { get; } = tools;
    public bool WasCached { get; } = wasCached;
    public TimeSpan BuildTime { get; } = buildTime;

    /// <summary>A tile out of the factory. Registers and memories start with random bits from the seed; 0: with zeros.</summary>
    /// <exception cref="InvalidOperationException">The Verilog's registers and the golden model's probes differ.</exception>
    /// <param name="tied">Values of <see cref="SignalLayout.Tied"/> in their order; those that are left out are 0.</param>
    public SimulatedTile Open(uint seed, params ReadOnlySpan<uint> tied) => new(handle, Layout, Events, seed, tied);

    /// <summary>Unloads the library; no tile of it may be in use any more.</summary>
    public void Dispose() => NativeLibrary.Free(handle);
}
