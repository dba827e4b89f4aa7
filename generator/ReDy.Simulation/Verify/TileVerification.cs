using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Rtl;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;

namespace ReDy.Simulation.Verify;

/// <summary>How one tile is verified.</summary>
public sealed record VerificationSettings
{
    public required TileConfig Config { get; init; }

    /// <summary>The Verilog, usually what <see cref="RtlGenerator"/> makes of <see cref="Config"/>.</summary>
    public required RtlBundle Bundle { get; init; }

    /// <summary>The Verilog is a netlist, whose registers synthesis renamed: only ports are compared, no image is loaded by the backdoor.</summary>
    public bool PortsOnly { get; init; }

    /// <summary>Makes the golden model of <see cref="Config"/>.</summary>
    public required Func<ICycleAccurateTile> Model { get; init; }
    public WaveformMode Waveform { get; init; } = WaveformMode.Auto;
    public WaveformFormat WaveformFormat { get; init; } = WaveformFormat.Vcd;

    /// <summary>Without extension.</summary>
    public string WaveformPath { get; init; } = "divergence";
    public ContentCache Cache { get; init; } = new();

    /// <summary>C++ optimisation level of the simulation; null: by the tile's size. Runs of few clocks are over sooner with 0.</summary>
    public int? OptimizationLevel { get; init; }

    /// <summary>Toggles and events are counted on both sides and must be equal.</summary>
    public bool Activity { get; init; } = true;

    /// <summary>The switching of every net is counted; slow, as a waveform of all clocks is.</summary>
    public bool Switching { get; init; }

    /// <summary>First clock of the window in which both are counted.</summary>
    public long MeasureFrom { get; init; }

    /// <summary>Told the clocks run so far.</summary>
    public IProgress<long>? Clocks { get; init; }

    /// <summary>Told in words what is being built.</summary>
    public IProgress<string>? Building { get; init; }
}

/// <summary>What became of a verification.</summary>
public sealed record VerificationResult
{
    public required LockstepResult Lockstep { get; init; }

    /// <summary>Where both the golden model and the Verilog contradict the functional model or the bus protocol.</summary>
    public string? Contradiction { get; init; }
    public required StimulusStatistics Stimulus { get; init; }
    public required long Vectors { get; init; }
    public required int Probes { get; init; }
    public required int Memories { get; init; }
    public required TimeSpan BuildTime { get; init; }
    public required IReadOnlyList<string> Tools { get; init; }

    public bool Passed => Lockstep.Agrees && Contradiction is null;
}

/// <summary>Builds the Verilog, runs it against the golden model under a <see cref="TileStimulus"/> and sums up.</summary>
public static class TileVerification
{
    /// <param name="stimulus">Makes the stimulus, the same every time: a divergence is explained by a second run.</param>
    public static async Task<VerificationResult> RunAsync(VerificationSettings settings, Func<TileStimulus> stimulus, CancellationToken cancellation = default)
    {
        var geometry = new TileGeometry(settings.Config);
        SignalLayout layout = settings.PortsOnly ? SignalLayout.PortsOnly(new TilePorts(geometry)) : SignalLayout.Of(settings.Model());
        var build = new SimulationBuild(settings.Bundle, layout, settings.Cache, settings.Activity ? VerilogEvents.Of(geometry) : null);
        SimulationVariant variant = (settings.Switching ? SimulationVariant.Switching : new SimulationVariant()) with { OptimizationLevel = settings.OptimizationLevel };
        using SimulationLibrary library = await build.RunAsync(variant, settings.Building, cancellation);
        var options = new LockstepOptions
        {
            Activity = settings.Activity,
            MeasureFrom = settings.MeasureFrom,
            SwitchingLibrary = settings.Switching ? () => build.RunAsync(variant, settings.Building, cancellation).GetAwaiter().GetResult() : null,
            Waveform = settings.Waveform,
            WaveformPath = settings.WaveformPath,
            HangClocks = ModelRun.PatienceClocks(geometry),
            Progress = settings.Clocks,
            WaveformLibrary = () =>
                build.RunAsync(new SimulationVariant { Waveform = settings.WaveformFormat, OptimizationLevel = settings.OptimizationLevel }, settings.Building, cancellation).GetAwaiter().GetResult(),
        };
        TileStimulus? first = null;
        LockstepResult lockstep = LockstepRun.Execute(
            settings.Model,
            () =>
            {
                TileStimulus made = stimulus();
                first ??= made;
                return made;
            },
            library, images: null, options, cancellation);
        return new VerificationResult
        {
            Lockstep = lockstep,
            Contradiction = lockstep.Agrees ? first!.Failure : null,
            Stimulus = first!.Statistics,
            Vectors = first.VectorsReceived,
            Probes = layout.Registers.Count,
            Memories = layout.Memories.Count,
            BuildTime = library.BuildTime,
            Tools = [.. library.Tools.Select(tool => $"{tool.Name} {tool.Version}")],
        };
    }
}
