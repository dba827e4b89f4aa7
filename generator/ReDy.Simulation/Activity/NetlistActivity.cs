using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.Rtl;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Activity;

/// <summary>
/// What switches in a gate-level netlist, and in the registers of the golden model, while the same vectors go through both at
/// full speed, from the clock that takes the first beat of activations to the one that takes the last result.
/// </summary>
/// <param name="Proof">Every output port of the netlist against the golden model, at every clock.</param>
/// <param name="Registers">Toggles, clock edges and written words of the golden model.</param>
/// <param name="Vectors">In the window.</param>
public sealed record NetlistActivity(VerificationResult Proof, TileActivity Registers, long Vectors)
{
    /// <summary>Of the C++: a netlist is large, and few vectors are enough.</summary>
    private const int BuildLevel = 1;

    /// <summary>Clocks of the window.</summary>
    public long Clocks => Registers.Clocks;

    /// <param name="netlist">With models of its cells and the macros' behaviour.</param>
    /// <param name="building">Told in words what is being built.</param>
    public static async Task<NetlistActivity> MeasureAsync(
        TileConfig config, RtlBundle netlist, StreamedLayer layer, IProgress<long>? clocks = null, IProgress<string>? building = null, CancellationToken cancellation = default)
    {
        building?.Report("counting in the golden model");
        (TileActivity registers, long from) = LayerActivity.WhileStreaming(config, layer, WeightLoading.Axi, cancellation);
        VerifyWorkload? first = null;
        VerificationResult proof = await TileVerification.RunAsync(
            new VerificationSettings
            {
                Config = config,
                Bundle = netlist,
                PortsOnly = true,
                Activity = false,
                Switching = true,
                MeasureFrom = from,
                OptimizationLevel = BuildLevel,
                Model = () => new Tile(config),
                Waveform = Lockstep.WaveformMode.Off,
                Clocks = clocks,
                Building = building,
            },
            () =>
            {
                (TileStimulus stimulus, VerifyWorkload workload) = LayerActivity.Stimulus(config, layer, WeightLoading.Axi);
                first ??= workload;
                return stimulus;
            },
            cancellation);
        return new NetlistActivity(proof.Passed && first!.Mismatch is { } mismatch ? proof with { Contradiction = mismatch } : proof, registers, first!.VectorsCompleted);
    }

    /// <summary>Of every net.</summary>
    public IReadOnlyList<NetSwitching> Switching => Proof.Lockstep.Switching ?? [];

    /// <summary>Every net as SAIF.</summary>
    public void WriteSaif(TextWriter to, string top, TileConfig config) =>
        SaifFile.Write(to, Switching, top, SaifOrigin.Of(config, netlist: true), Clocks, config.Timing.ClockMhz);
}
