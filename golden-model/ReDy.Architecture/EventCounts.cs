namespace ReDy.Architecture;

/// <summary>What happened in the hardware while vectors went through a layer: the events that energy is priced by.</summary>
public sealed record EventCounts
{
    public static EventCounts None { get; } = new();

    /// <summary>Matrix-vector products.</summary>
    public long Vectors { get; init; }

    /// <summary>Groups that passed a dynamic precision unit: vectors times used row blocks, however many column blocks share them.</summary>
    public long Groups { get; init; }

    /// <summary>Bit planes streamed, once per group.</summary>
    public long StepsStreamed { get; init; }

    /// <summary>Bit planes left out, once per group.</summary>
    public long StepsSkipped { get; init; }

    /// <summary>Bit planes applied to a physical crossbar that has used bitlines.</summary>
    public long CrossbarSteps { get; init; }

    /// <summary>Analog-to-digital conversions: used bitlines of every physical crossbar in every streamed step.</summary>
    public long Conversions { get; init; }

    /// <summary>Conversions whose sum exceeded the ADC's range.</summary>
    public long Saturations { get; init; }

    /// <summary>Wordlines driven: used rows of every physical crossbar in every streamed step, whatever the digit.</summary>
    public long DacDrives { get; init; }

    /// <summary>Element d: groups whose low d bits were dropped. Trailing zeros may be missing.</summary>
    public IReadOnlyList<long> DropHistogram { get; init; } = [];

    public static EventCounts operator +(EventCounts a, EventCounts b) => new()
    {
        Vectors = a.Vectors + b.Vectors,
        Groups = a.Groups + b.Groups,
        StepsStreamed = a.StepsStreamed + b.StepsStreamed,
        StepsSkipped = a.StepsSkipped + b.StepsSkipped,
        CrossbarSteps = a.CrossbarSteps + b.CrossbarSteps,
        Conversions = a.Conversions + b.Conversions,
        Saturations = a.Saturations + b.Saturations,
        DacDrives = a.DacDrives + b.DacDrives,
        DropHistogram = [.. Enumerable.Range(0, Math.Max(a.DropHistogram.Count, b.DropHistogram.Count))
            .Select(d => a.DropHistogram.ElementAtOrDefault(d) + b.DropHistogram.ElementAtOrDefault(d))],
    };

    public bool Equals(EventCounts? other) =>
        other is not null
        && (Vectors, Groups, StepsStreamed, StepsSkipped, CrossbarSteps, Conversions, Saturations, DacDrives)
            == (other.Vectors, other.Groups, other.StepsStreamed, other.StepsSkipped, other.CrossbarSteps, other.Conversions, other.Saturations, other.DacDrives)
        && WithoutTrailingZeros(DropHistogram).SequenceEqual(WithoutTrailingZeros(other.DropHistogram));

    public override int GetHashCode() => HashCode.Combine(Vectors, Groups, StepsStreamed, Conversions, Saturations);

    private static IEnumerable<long> WithoutTrailingZeros(IReadOnlyList<long> counts)
    {
        int length = counts.Count;
        while (length > 0 && counts[length - 1] == 0)
            length--;
        return counts.Take(length);
    }
}
