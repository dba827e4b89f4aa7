using ReDy.Rtl;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Tests;

/// <summary>A folder for one test, gone after it. Simulations are cached beside it, for all tests of the machine.</summary>
public sealed class SimulationFolder : IDisposable
{
    public SimulationFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "redy tests", Guid.NewGuid().ToString("N"));

    /// <summary>A cache that only this test has.</summary>
    public ContentCache Cache => new(System.IO.Path.Combine(Path, "cache"));

    public string File(string name) => System.IO.Path.Combine(Path, name);

    internal static SimulationLibrary Library(RtlBundle bundle, SignalLayout layout, SimulationVariant? variant = null, ContentCache? cache = null) =>
        new SimulationBuild(bundle, layout, cache ?? new ContentCache()).RunAsync(variant ?? new SimulationVariant()).GetAwaiter().GetResult();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
