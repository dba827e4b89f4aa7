using ReDy.Architecture;
using ReDy.Rtl;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ReDy.Simulation.Verify;

/// <summary>Where a hand-made fault is.</summary>
public enum FaultSide
{
    /// <summary>In a module of the generated Verilog.</summary>
    Verilog,

    /// <summary>In a source file of the golden model.</summary>
    Model,

    /// <summary>In a source file of the simulation, where it counts what switches in the Verilog.</summary>
    Simulation,
}

/// <summary>
/// A hand-made design fault: text of one file that is replaced by other text. Used to see that verification catches it and
/// points to the right place.
/// </summary>
public sealed record DesignFault
{
    public required string Name { get; init; }

    /// <summary>What kind of mistake it stands for.</summary>
    public string Kind { get; init; } = "";
    public FaultSide Side { get; init; } = FaultSide.Verilog;

    /// <summary>The module, without the bundle's prefix; or the golden model's or simulation's source file, relative to the repository.</summary>
    public required string File { get; init; }
    public required string Find { get; init; }
    public required string Replace { get; init; }

    /// <summary>Modules of which the report must name one.</summary>
    public string[] Report { get; init; } = [];

    /// <summary>The configuration that shows it, as YAML; empty: preset tiny.</summary>
    public string Configuration { get; init; } = "";

    /// <exception cref="InputException">The file is not a fault file.</exception>
    public static DesignFault Load(string path)
    {
        try
        {
            return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithEnforceRequiredMembers().Build()
                .Deserialize<DesignFault>(System.IO.File.ReadAllText(path));
        }
        catch (YamlException problem)
        {
            throw new InputException($"{path}:{problem.Start.Line}: {problem.Message}; a fault file has name, kind, side, file, find, replace, report, configuration", problem);
        }
        catch (IOException problem)
        {
            throw new InputException($"{path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>The bundle with the fault in it.</summary>
    /// <exception cref="InputException">The text to replace is not there exactly once.</exception>
    public RtlBundle Apply(RtlBundle bundle)
    {
        RtlFile[] hits = [.. bundle.Files.Where(file => System.IO.Path.GetFileNameWithoutExtension(file.Path).EndsWith("_" + File, StringComparison.Ordinal) && file.Content.Contains(Find, StringComparison.Ordinal))];
        if (hits is not [{ } hit])
            throw new InputException($"fault '{Name}': {hits.Length} Verilog files named {File} contain the text to find, one must");
        return new RtlBundle(bundle.TopModule, [.. bundle.Files.Select(file => file == hit ? file with { Content = Changed(file.Content) } : file)]);
    }

    /// <summary>The text with the fault in it.</summary>
    public string Changed(string text)
    {
        int at = text.IndexOf(Find, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(Find, at + 1, StringComparison.Ordinal) >= 0)
            throw new InputException($"fault '{Name}': the text to find must be in {File} exactly once");
        return string.Concat(text.AsSpan(0, at), Replace, text.AsSpan(at + Find.Length));
    }
}
