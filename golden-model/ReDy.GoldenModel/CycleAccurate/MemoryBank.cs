using System.Runtime.InteropServices;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>All memories of the tile, and the writes that take effect at the end of the clock.</summary>
internal sealed class MemoryBank
{
    private readonly List<MemoryProbe> probes = [];
    private Memory[] memories = [];
    private MemoryWrite[] writes = new MemoryWrite[256];
    private ulong[] values = new ulong[512];
    private int writeCount;
    private int valueCount;

    public IReadOnlyList<MemoryProbe> Probes => probes;

    /// <summary>Writes of this clock until <see cref="Latch"/>, then of the last clock until the next <see cref="Begin"/>.</summary>
    public ReadOnlySpan<MemoryWrite> Writes => writes.AsSpan(0, writeCount);

    public Memory Add(string name, int depth, int bits)
    {
        var memory = new Memory(this, probes.Count, depth, bits);
        probes.Add(new MemoryProbe(name, depth, bits));
        memories = [.. memories, memory];
        return memory;
    }

    public Memory this[int id] => memories[id];

    public void Begin() => writeCount = valueCount = 0;

    public void Push(int memory, int index, ulong value)
    {
        if (writeCount == writes.Length)
            Array.Resize(ref writes, 2 * writes.Length);
        if (valueCount == values.Length)
            Array.Resize(ref values, 2 * values.Length);
        writes[writeCount++] = new MemoryWrite(memory, index);
        values[valueCount++] = value;
    }

    public unsafe void Push(int memory, int index, ulong* words, int count)
    {
        Push(memory, index, words[0]);
        while (valueCount + count > values.Length)
            Array.Resize(ref values, 2 * values.Length);
        for (int i = 1; i < count; i++)
            values[valueCount++] = words[i];
    }

    public void Latch()
    {
        int from = 0;
        foreach (MemoryWrite write in Writes)
            from += memories[write.Memory].Store(write.Index, values.AsSpan(from));
    }
}

/// <summary>One memory: entries of any width as 64-bit words, and whether each was ever written.</summary>
internal sealed unsafe class Memory
{
    private readonly MemoryBank bank;
    private readonly int id;
    private readonly ulong[] storage;
    private readonly bool[] written;
    private readonly ulong* data;

    public Memory(MemoryBank bank, int id, int depth, int bits)
    {
        this.bank = bank;
        this.id = id;
        Bits = bits;
        Stride = (bits + 63) / 64;
        storage = GC.AllocateArray<ulong>(Math.Max(1, depth * Stride), pinned: true);
        data = (ulong*)Marshal.UnsafeAddrOfPinnedArrayElement(storage, 0);
        written = new bool[depth];
    }

    public int Bits { get; }

    /// <summary>64-bit words per entry.</summary>
    public int Stride { get; }

    /// <summary>Value of an entry of at most 64 bits.</summary>
    public ulong this[int index] => data[index];

    public ulong* Entry(int index) => data + (long)index * Stride;

    public bool IsWritten(int index) => written[index];

    /// <summary>At the end of this clock an entry of at most 64 bits takes <paramref name="value"/>.</summary>
    public void Write(int index, ulong value) => bank.Push(id, index, value);

    /// <summary>At the end of this clock an entry takes <paramref name="words"/>.</summary>
    public void Write(int index, ulong* words) => bank.Push(id, index, words, Stride);

    /// <summary>At once, and without a record: the backdoor.</summary>
    public int Store(int index, ReadOnlySpan<ulong> words)
    {
        written[index] = true;
        if (Stride == 1)
            data[index] = words[0];
        else
            words[..Stride].CopyTo(new Span<ulong>(Entry(index), Stride));
        return Stride;
    }
}
