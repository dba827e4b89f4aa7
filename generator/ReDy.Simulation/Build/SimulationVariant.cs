namespace ReDy.Simulation.Build;

/// <summary>Waveform file formats. FST files are about ten times smaller and take more than twice as long to write.</summary>
public enum WaveformFormat
{
    Vcd,
    Fst,
}

/// <summary>How a simulation library is compiled.</summary>
public sealed record SimulationVariant
{
    /// <summary>The waveform format that can be written; null: none (tracing costs nothing only when it is not compiled in).</summary>
    public WaveformFormat? Waveform { get; init; }

    /// <summary>Can count the switching of every net of the hardware: VCD, but without parameters and assertions.</summary>
    public static SimulationVariant Switching { get; } = new() { Waveform = WaveformFormat.Vcd, Assertions = false, Parameters = false };

    /// <summary>Parameters are in waveforms too, as constant nets.</summary>
    public bool Parameters { get; init; } = true;

    /// <summary>The assertions at the end of the Verilog modules stop the run.</summary>
    public bool Assertions { get; init; } = true;

    /// <summary>C++ optimisation level of the tile; null: by its size, so that small tiles build fast and large ones run fast.</summary>
    public int? OptimizationLevel { get; init; }
}
