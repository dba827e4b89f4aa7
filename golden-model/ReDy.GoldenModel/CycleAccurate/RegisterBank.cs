using System.Runtime.InteropServices;
using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// All flip-flops of the tile in two flat arrays: blocks compute next values into <see cref="D"/> from the current ones in
/// <see cref="Q"/>, then <see cref="Latch"/> moves all of them at once. D equals Q between clocks, so a block writes only
/// what changes, and no block can see what another computed in the same clock.
/// </summary>
internal sealed unsafe class RegisterBank
{
    private readonly List<SignalSlot> slots = [];
    private readonly List<(int Offset, uint[] Value)> resets = [];
    private readonly List<(int Offset, int Words)> cleared = [];
    private uint[] current = [];
    private uint[] next = [];

    public IReadOnlyList<SignalSlot> Slots => slots;
    public int Words { get; private set; }

    /// <summary>Values of this clock.</summary>
    public uint* Q { get; private set; }

    /// <summary>Values of the next clock.</summary>
    public uint* D { get; private set; }
    public ReadOnlySpan<uint> Values => current;

    /// <summary>A register of any width; the result is its place in <see cref="Q"/> and <see cref="D"/>.</summary>
    public int Add(string name, int bits, params ReadOnlySpan<uint> reset)
    {
        int offset = Words;
        slots.Add(new SignalSlot(name, bits, offset));
        Words += slots[^1].Words;
        cleared.Add((offset, slots[^1].Words));
        if (reset.ContainsAnyExcept(0u))
            resets.Add((offset, reset.ToArray()));
        return offset;
    }

    /// <summary>Bits of a register that can be read as 64-bit words.</summary>
    public static int WholeLongs(int bits) => 64 * TileGeometry.CeilingDivide(bits, 64);

    /// <summary>A register that starts at 0 and that reset leaves alone.</summary>
    public int AddUncleared(string name, int bits)
    {
        int offset = Words;
        slots.Add(new SignalSlot(name, bits, offset));
        Words += slots[^1].Words;
        return offset;
    }

    /// <summary>After the last register: both arrays come into being, in reset.</summary>
    public void Seal()
    {
        current = GC.AllocateArray<uint>(Words, pinned: true);
        next = GC.AllocateArray<uint>(Words, pinned: true);
        Q = (uint*)Marshal.UnsafeAddrOfPinnedArrayElement(current, 0);
        D = (uint*)Marshal.UnsafeAddrOfPinnedArrayElement(next, 0);
        Reset();
        Latch();
    }

    /// <summary>The next values become the reset values.</summary>
    public void Reset()
    {
        foreach ((int offset, int words) in cleared)
            next.AsSpan(offset, words).Clear();
        foreach ((int offset, uint[] value) in resets)
            value.CopyTo(next.AsSpan(offset));
    }

    public void Latch() => next.AsSpan().CopyTo(current);
}
