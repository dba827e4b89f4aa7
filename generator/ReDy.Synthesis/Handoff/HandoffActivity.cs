using ReDy.Architecture;
using ReDy.Rtl;
using ReDy.Simulation.Activity;

namespace ReDy.Synthesis.Handoff;

/// <summary>Switching of every net of a verification, as the hand-off folder has it.</summary>
public sealed record HandoffActivity
{
    private HandoffActivity(string text, SaifOrigin origin) => (Text, Origin) = (text, origin);

    /// <summary>Where it is in the bundle; <c>opensta_power.tcl</c> beside it reads it from there.</summary>
    public const string Path = HandoffFolder.Folder + "/activity.saif";

    /// <summary>SAIF 2.0.</summary>
    public string Text { get; }
    public SaifOrigin Origin { get; }

    /// <exception cref="InputException">Not readable, or not recorded by <c>redy verify</c> on this configuration.</exception>
    public static HandoffActivity Load(string path, TileConfig config)
    {
        SaifOrigin origin = SaifOrigin.Read(path)
            ?? throw new InputException(
                $"--saif {path}: does not say which configuration it was recorded on, and the manifest of the folder has to; record it with redy verify --netlist --saif {path}");
        SaifOrigin.RefuseOther(path, config);
        return new HandoffActivity(File.ReadAllText(path), origin);
    }

    /// <summary>The one that a folder has already; null: none, or one of another configuration.</summary>
    public static HandoffActivity? In(string folder, TileConfig config)
    {
        string path = System.IO.Path.Combine(folder, Path);
        return File.Exists(path) && SaifOrigin.Read(path) is { } origin && origin == SaifOrigin.Of(config, origin.OfNetlist) ? new HandoffActivity(File.ReadAllText(path), origin) : null;
    }

    /// <summary>What the manifest says of it.</summary>
    internal ManifestActivity Entry(string top) => new(Path, top, Origin.OfNetlist ? "netlist" : "Verilog", Origin.ConfigurationSha256);
}
