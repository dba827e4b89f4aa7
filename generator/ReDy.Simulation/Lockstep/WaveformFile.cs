using System.Globalization;
using System.Text;
using ReDy.Simulation.Build;

namespace ReDy.Simulation.Lockstep;

/// <summary>A waveform that a simulated tile writes, and beside it a GTKWave save file that shows the signals of interest.</summary>
internal sealed class WaveformFile
{
    /// <summary>Time units per clock in the waveform; clock n begins at n times this.</summary>
    private const int UnitsPerClock = 10;

    private readonly SimulatedTile tile;
    private readonly string topModule;

    private WaveformFile(SimulatedTile tile, string path, string topModule) => (this.tile, Path, this.topModule) = (tile, path, topModule);

    public string Path { get; }

    public static WaveformFile Open(SimulatedTile tile, SimulationLibrary library, LockstepOptions options)
    {
        string path = System.IO.Path.GetFullPath(options.WaveformPath + (library.Variant.Waveform == WaveformFormat.Fst ? ".fst" : ".vcd"));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        tile.OpenWaveform(path);
        return new WaveformFile(tile, path, library.TopModule);
    }

    /// <param name="signals">Hierarchical names and widths to show, e.g. those that differ.</param>
    /// <param name="markedClock">Where GTKWave's marker goes.</param>
    public void Close(IReadOnlyList<(string Name, int Bits)> signals, long markedClock = -1)
    {
        tile.CloseWaveform();
        if (signals.Count == 0)
            return;
        var save = new StringBuilder();
        save.Append(CultureInfo.InvariantCulture, $"[dumpfile] \"{Path}\"\n");
        if (markedClock >= 0)
            save.Append(CultureInfo.InvariantCulture, $"*0 {markedClock * UnitsPerClock}\n");
        save.Append("@22\n");
        save.Append(CultureInfo.InvariantCulture, $"{topModule}.aclk\n");
        foreach ((string name, int bits) in signals)
            save.Append(CultureInfo.InvariantCulture, $"{topModule}{name[SignalLayout.Root.Length..]}{(bits > 1 ? $"[{bits - 1}:0]" : "")}\n");
        File.WriteAllText(System.IO.Path.ChangeExtension(Path, ".gtkw"), save.ToString());
    }
}
