using System.Runtime.CompilerServices;

namespace ReDy.Simulation.Lockstep;

/// <summary>
/// Records of consecutive clocks as <c>testbenches/verilator/redy_simulation.cpp</c> reads them. A record is: flags, number of
/// changed words, pairs (word of the vector, value); with <see cref="HasPoke"/> the entries to write before the edge, with
/// <see cref="HasWrites"/> those to compare after it, each as a count and (memory, index, words…).
/// </summary>
internal sealed class ClockRecords
{
    public const uint CompareSignals = 1;
    public const uint HasPoke = 2;
    public const uint HasWrites = 4;

    private const int FirstCapacity = 1 << 16;
    private uint[] words = new uint[FirstCapacity];
    private int length;

    public int Clocks { get; set; }

    /// <summary>Number of values that comparing these records compares.</summary>
    public long Comparisons { get; set; }
    public ReadOnlySpan<uint> Words => words.AsSpan(0, length);
    public int Length => length;

    public ref uint this[int at] => ref words[at];

    public void Clear() => (length, Clocks, Comparisons) = (0, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint word)
    {
        if (length == words.Length)
            Array.Resize(ref words, 2 * words.Length);
        words[length++] = word;
    }

    /// <summary>Room for this many words at the end; <see cref="Advance"/> says how many were used.</summary>
    public Span<uint> Reserve(int count)
    {
        if (length + count > words.Length)
            Array.Resize(ref words, Math.Max(2 * words.Length, length + count));
        return words.AsSpan(length, count);
    }

    public void Advance(int count) => length += count;
}
