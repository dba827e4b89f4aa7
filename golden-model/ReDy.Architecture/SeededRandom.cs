using System.Numerics;

namespace ReDy.Architecture;

/// <summary>
/// SplitMix64: random numbers that depend on the seed alone, so that a seed printed today replays on every machine and
/// every version of .NET.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>A seed for part <paramref name="index"/> of the work that <paramref name="seed"/> stands for.</summary>
    public static ulong Derive(ulong seed, ulong index) =>
        new SeededRandom(new SeededRandom(seed).NextUInt64() ^ (index * 0xD1B54A32D192ED03)).NextUInt64();

    public ulong NextUInt64()
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in 0 .. <paramref name="count"/>-1.</summary>
    public int Below(int count) => (int)Math.BigMul(NextUInt64(), (ulong)count, out _);

    /// <summary>Uniform in <paramref name="minimum"/> .. <paramref name="maximum"/>, both included.</summary>
    public int Between(int minimum, int maximum) => minimum + (int)Math.BigMul(NextUInt64(), (ulong)((long)maximum - minimum + 1), out _);

    /// <summary>As <see cref="Between"/>, every octave equally likely.</summary>
    public int BetweenOctaves(int minimum, int maximum)
    {
        int octave = Between(BitOperations.Log2((uint)minimum), BitOperations.Log2((uint)maximum));
        return Between(Math.Max(minimum, 1 << octave), (int)Math.Min(maximum, (2L << octave) - 1));
    }

    /// <summary>True once in <paramref name="count"/> times.</summary>
    public bool OneIn(int count) => Below(count) == 0;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];
}
