namespace ReDy.Benchmarks;

/// <summary>One case and what BenchmarkDotNet measured: the fastest of its iterations, since whatever else the machine does only adds time.</summary>
/// <param name="Microseconds">Of one run of the case.</param>
/// <param name="BaselineMicroseconds">Of one run of the baseline: the faster of those right before and right after.</param>
public sealed record MeasuredCase(LayerCase Case, double Microseconds, double BaselineMicroseconds)
{
    /// <summary>8-bit multiply-accumulates.</summary>
    public double GigaMacsPerSecond => Case.Multiplications / Microseconds / 1000;

    /// <summary>How many times faster than population counts on one thread, per multiplication.</summary>
    public double Ratio => BaselineMicroseconds / LayerBenchmark.BaselineMultiplications / (Microseconds / Case.Multiplications);

    public double BaselineGigaMacsPerSecond => LayerBenchmark.BaselineMultiplications / BaselineMicroseconds / 1000;
}
