using System.Runtime.InteropServices;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>All memories of the tile, and the writes that take effect at the end of the clock.</summary>
internal sealed class MemoryBank
{
    private const int ChunkWords = 1 << 16;

    private readonly List<MemoryProbe> probes = [];
    private readonly List<ulong[]> chunks = [];
    private readonly List<Memory> memories = [];
    private int chunkUsed;
    private MemoryWrite[] writes = new MemoryWrite[256];
    private int[] pendingIndices = new int[256];
    private ulong[] values = new ulong[512];
    private int writeCount;
    private int pendingCount;
    private int valueCount;

    public IReadOnlyList<MemoryProbe> Probes => probes;

    /// <summary>Writes since the last <see cref="Begin"/>.</summary>
    public ReadOnlySpan<MemoryWrite> Writes => writes.AsSpan(0, writeCount);

    public Memory this[int id] => memories[id];

    public Memory Add(string name, int depth, int bits)
    {
        var memory = new Memory(this, probes.Count, depth, bits);
        probes.Add(new MemoryProbe(name, depth, bits));
        memories.Add(memory);
        return memory;
    }

    /// <summary>Zeroed words that stay where they are. Memories of one block come to lie together.</summary>
    public unsafe ulong* Allocate(int words)
    {
        if (chunks.Count == 0 || chunkUsed + words > chunks[^1].Length)
        {
            chunks.Add(GC.AllocateArray<ulong>(Math.Max(words, ChunkWords), pinned: true));
            chunkUsed = 0;
        }

        var place = (ulong*)Marshal.UnsafeAddrOfPinnedArrayElement(chunks[^1], chunkUsed);
        chunkUsed += words;
        return place;
    }

    public void Begin() => writeCount = 0;

    public void Record(int memory, int index)
    {
        if (writeCount == writes.Length)
            Array.Resize(ref writes, 2 * writes.Length);
        writes[writeCount++] = new MemoryWrite(memory, index);
    }

    public unsafe void Push(int memory, int index, ulong value) => Push(memory, index, &value, 1);

    public unsafe void Push(int memory, int index, ulong* words, int count)
    {
        if (pendingCount == pendingIndices.Length)
            Array.Resize(ref pendingIndices, 2 * pendingIndices.Length);
        pendingIndices[pendingCount++] = writeCount;
        Record(memory, index);
        while (valueCount + count > values.Length)
            Array.Resize(ref values, 2 * values.Length);
        for (int i = 0; i < count; i++)
            values[valueCount++] = words[i];
    }

    /// <summary>The end of the clock: pushed values are stored.</summary>
    public void Latch()
    {
        int from = 0;
        for (int i = 0; i < pendingCount; i++)
        {
            MemoryWrite write = writes[pendingIndices[i]];
            from += memories[write.Memory].Store(write.Index, values.AsSpan(from));
        }

        pendingCount = valueCount = 0;
    }
}

/// <summary>One memory: entries of any width as 64-bit words, and whether each was ever written.</summary>
internal sealed unsafe class Memory
{
    private readonly MemoryBank bank;
    private readonly ulong* data;
    private readonly bool* written;
    private readonly int id;

    public Memory(MemoryBank bank, int id, int depth, int bits)
    {
        this.bank = bank;
        this.id = id;
        Depth = depth;
        Bits = bits;
        Words = (bits + 31) / 32;
        Stride = (bits + 63) / 64;
        data = bank.Allocate(depth * Stride + (depth + 7) / 8);
        written = (bool*)(data + depth * Stride);
    }

    public int Depth { get; }
    public int Bits { get; }

    /// <summary>32-bit words that hold an entry's bits.</summary>
    public int Words { get; }

    /// <summary>64-bit words from one entry to the next.</summary>
    public int Stride { get; }

    /// <summary>Value of an entry of at most 64 bits.</summary>
    public ulong this[int index] => data[index];

    public ulong* Entry(int index) => data + (long)index * Stride;

    public bool IsWritten(int index) => written[index];

    /// <summary>At the end of this clock an entry of at most 64 bits takes <paramref name="value"/>.</summary>
    public void Write(int index, ulong value) => bank.Push(id, index, value);

    /// <summary>At the end of this clock an entry takes <paramref name="words"/>.</summary>
    public void Write(int index, ulong* words) => bank.Push(id, index, words, Stride);

    /// <summary>As <see cref="Write(int, ulong)"/>, but stored at once: for memories that only their writer reads, and before it writes.</summary>
    /// <param name="isFirst">Whether the entry may never have been written.</param>
    public void WriteNow(int index, ulong value, bool isFirst)
    {
        data[index] = value;
        if (isFirst)
            written[index] = true;
        bank.Record(id, index);
    }

    /// <summary>All entries hold values: the backdoor stored them.</summary>
    public void MarkWritten() => new Span<bool>(written, Depth).Fill(true);

    /// <summary>At once, and without a record: the end of the clock, and the backdoor.</summary>
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
