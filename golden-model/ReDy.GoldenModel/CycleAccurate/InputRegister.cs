using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>IR: the activations of one row block, double-buffered; one group is loaded while the other is streamed.</summary>
internal sealed unsafe class InputRegister
{
    private readonly RegisterBank registers;
    private readonly ActivationRounding rounding;
    private readonly Memory words;
    private readonly EventTally events;
    private readonly int reads;
    private readonly int writeBank, lanes, wordsPerGroup, activationBits, digitBits, planeWords;

    public InputRegister(Netlist netlist, string rowBlockPath, ActivationRounding rounding)
    {
        TileGeometry geometry = netlist.Geometry;
        string path = $"{rowBlockPath}.input_register";
        registers = netlist.Registers;
        events = netlist.Events;
        reads = events.Add(path, TileEvents.Reads("words"), geometry.Wordlines * geometry.Config.Dac.Bits);
        this.rounding = rounding;
        lanes = geometry.LoadLanes;
        wordsPerGroup = geometry.WordsPerGroup;
        activationBits = geometry.Config.Activations.Bits;
        digitBits = geometry.Config.Dac.Bits;
        planeWords = TileGeometry.CeilingDivide(geometry.Wordlines, 64);
        words = netlist.Memories.Add($"{path}.words", 2 * wordsPerGroup, lanes * activationBits);
        writeBank = netlist.Register(path, "write_bank_q", 1);
    }

    /// <summary>Takes the word on the load bus.</summary>
    public void Load(RowLoader rowLoader)
    {
        uint bank = registers.Q[writeBank];
        uint* data = rowLoader.LoadData;
        ulong* word = stackalloc ulong[words.Stride];
        PackedField.Copy(data, 0, (uint*)word, lanes * activationBits);
        words.Write((int)(bank * (uint)wordsPerGroup + rowLoader.LoadWord), word);
        if (rowLoader.LoadLast)
            registers.D[writeBank] = bank ^ 1;
    }

    /// <summary>
    /// Digit <paramref name="plane"/> of every rounded activation: <paramref name="digits"/> as the DACs take them (a digit after
    /// the other), <paramref name="planes"/> the same bit by bit (wordlines of bit 0, then of bit 1, ...). Both are zero before.
    /// </summary>
    public void ReadDigits(uint bank, int plane, int drop, uint* digits, ulong* planes)
    {
        events.Counts[reads]++;
        uint mask = (1u << digitBits) - 1;
        int wordline = 0;
        for (int w = 0; w < wordsPerGroup; w++)
        {
            uint* word = (uint*)words.Entry((int)bank * wordsPerGroup + w);
            for (int lane = 0; lane < lanes; lane++, wordline++)
            {
                uint activation = (uint)PackedField.Read(word, lane * activationBits, activationBits);
                uint digit = (rounding.Round(activation, drop) >> (plane * digitBits)) & mask;
                if (digit == 0)
                    continue;
                PackedField.Write(digits, wordline * digitBits, digitBits, digit);
                for (int bit = 0; bit < digitBits; bit++)
                    planes[bit * planeWords + (wordline >> 6)] |= (ulong)((digit >> bit) & 1) << (wordline & 63);
            }
        }
    }
}
