using ReDy.Architecture;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ReDy.Simulation.Mutation;

/// <summary>Why a mutant may survive.</summary>
public enum SurvivorVerdict
{
    /// <summary>No legal input makes any port of the tile differ.</summary>
    Equivalent,

    /// <summary>The tile is changed, but not its ports: what does check it is part of the reason.</summary>
    NotAtThePorts,
}

/// <summary>
/// A survivor that someone looked at. It is known by where it is in the source, so that the judgement stays when lines or
/// cell names move.
/// </summary>
public sealed record SurvivorJudgement
{
    /// <summary>Module without the bundle's prefix.</summary>
    public required string Module { get; init; }

    /// <summary>The source line that the changed cell comes from, spaces reduced to one; empty where Yosys does not know it.</summary>
    public required string Line { get; init; }

    /// <summary>Modes, cell ports and bits that it holds for; empty: any.</summary>
    public IList<string> Modes { get; init; } = [];
    public IList<string> Ports { get; init; } = [];
    public IList<int> Bits { get; init; } = [];
    public IList<int> ControlBits { get; init; } = [];

    /// <summary>Parts of the names of cell and net, e.g. an instance or the kind of cell, which all must be there; empty: any.</summary>
    public IList<string> Names { get; init; } = [];
    public required SurvivorVerdict Verdict { get; init; }
    public required string Reason { get; init; }

    public bool Covers(NetlistMutant mutant) =>
        mutant.Module == Module && mutant.Text == Line && Names.All(name => $"{mutant.Cell} {mutant.Net}".Contains(name, StringComparison.Ordinal))
        && (Modes.Count == 0 || Modes.Contains(mutant.Mode))
        && (Ports.Count == 0 || Ports.Contains(mutant.Port))
        && (Bits.Count == 0 || Bits.Contains(mutant.Bit))
        && (ControlBits.Count == 0 || (mutant.ControlBit is { } bit && ControlBits.Contains(bit)));
}

/// <summary>The committed list of judged survivors.</summary>
public sealed record SurvivorJudgements
{
    public IList<SurvivorJudgement> Survivors { get; init; } = [];

    public SurvivorJudgement? Of(NetlistMutant mutant) => Survivors.FirstOrDefault(judgement => judgement.Covers(mutant));

    /// <exception cref="InputException">The file is not such a list.</exception>
    public static SurvivorJudgements Load(string path)
    {
        try
        {
            return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithEnumNamingConvention(UnderscoredNamingConvention.Instance)
                .WithEnforceRequiredMembers().Build().Deserialize<SurvivorJudgements>(File.ReadAllText(path)) ?? new SurvivorJudgements();
        }
        catch (YamlException problem)
        {
            string why = problem.InnerException is { } inner ? $"{problem.Message} {inner.Message}" : problem.Message;
            throw new InputException(
                $"{path}:{problem.Start.Line}: {why}; each of survivors has module, line, verdict (equivalent or not_at_the_ports) and reason, and may have modes, ports, bits, control_bits, names", problem);
        }
        catch (IOException problem)
        {
            throw new InputException($"{path} cannot be read: {problem.Message} Give a file of judged survivors that is there, or leave --judged out.", problem);
        }
    }
}
