using System.Globalization;
using Xunit.Abstractions;

namespace ReDy.GoldenModel.Tests.Functional;

/// <summary>
/// First rung of the proof. REDY_AGREEMENT_MVMS, REDY_AGREEMENT_FULL_MVMS and REDY_AGREEMENT_SEED set the size and seed
/// (<c>make agreement</c> runs a million); REDY_AGREEMENT_POINT replays one point alone.
/// </summary>
public sealed class AgreementTests(ITestOutputHelper output)
{
    [Fact]
    public void The_functional_model_agrees_with_both_references_on_random_layers_and_configurations()
    {
        var agreement = new Agreement();
        ulong seed = (ulong)Setting("REDY_AGREEMENT_SEED", 20260101);
        long point = Setting("REDY_AGREEMENT_POINT", -1);
        if (point >= 0)
            agreement.RunPoint(seed, (ulong)point, Setting("REDY_AGREEMENT_FULL_MVMS", 0) != 0);
        else
            agreement.Run(seed, Setting("REDY_AGREEMENT_MVMS", 20_000), Setting("REDY_AGREEMENT_FULL_MVMS", 0));

        output.WriteLine($"root seed {seed}: {agreement}");
        foreach ((string dimension, SortedDictionary<string, long> values) in agreement.Coverage)
            output.WriteLine($"  {dimension}: {(values.Count > 20 ? $"{values.Count} values" : string.Join(", ", values.Select(value => $"{value.Key} x{value.Value}")))}");
        agreement.Mismatches.ShouldBeEmpty();
    }

    private static long Setting(string name, long otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
