namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Fields of up to 64 bits inside a register that is laid out as 32-bit words, least significant first.</summary>
internal static unsafe class PackedField
{
    public static ulong Mask(int bits) => bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1;

    public static long SignExtend(ulong value, int bits) => (long)(value << (64 - bits)) >> (64 - bits);

    public static ulong Read(uint* words, int bit, int bits)
    {
        uint* word = words + (bit >> 5);
        int shift = bit & 31;
        ulong value = word[0];
        if (shift + bits > 32)
            value |= (ulong)word[1] << 32;
        value >>= shift;
        if (shift + bits > 64)
            value |= (ulong)word[2] << (64 - shift);
        return value & Mask(bits);
    }

    public static long ReadSigned(uint* words, int bit, int bits) => SignExtend(Read(words, bit, bits), bits);

    /// <summary>Replaces one field; bits of <paramref name="value"/> above the field are cut off.</summary>
    public static void Write(uint* words, int bit, int bits, ulong value)
    {
        uint* word = words + (bit >> 5);
        int shift = bit & 31;
        ulong mask = Mask(bits);
        value &= mask;
        word[0] = (word[0] & ~(uint)(mask << shift)) | (uint)(value << shift);
        if (shift + bits > 32)
            word[1] = (word[1] & ~(uint)(mask >> (32 - shift))) | (uint)(value >> (32 - shift));
        if (shift + bits > 64)
            word[2] = (word[2] & ~(uint)(mask >> (64 - shift))) | (uint)(value >> (64 - shift));
    }

    /// <summary>Copies any number of bits to a register of exactly that width; what lies above them in its last word becomes 0.</summary>
    public static void Copy(uint* source, int bit, uint* target, int bits)
    {
        for (; bits > 0; bits -= 32, bit += 32)
            *target++ = (uint)Read(source, bit, Math.Min(bits, 32));
    }
}
