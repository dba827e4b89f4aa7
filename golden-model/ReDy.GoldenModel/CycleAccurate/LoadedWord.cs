using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// What the word on a row's load bus adds to a DPU's accumulators. All IMAs of the row see the same bus, so it is worked out once per row.
/// </summary>
internal sealed unsafe class LoadedWord
{
    private readonly RowLoader rowLoader;
    private readonly ActivationRounding rounding;
    private readonly int lanes, activationBits, sumBits, orFields, sumFields;
    private readonly uint[] orWords, sumWords;

    public LoadedWord(TileGeometry geometry, RowLoader rowLoader, ActivationRounding rounding)
    {
        this.rowLoader = rowLoader;
        this.rounding = rounding;
        lanes = geometry.LoadLanes;
        activationBits = geometry.Config.Activations.Bits;
        sumBits = geometry.GroupSumBits;
        orFields = geometry.OrFields;
        sumFields = geometry.SumFields;
        orWords = new uint[(orFields * activationBits + 31) / 32];
        sumWords = new uint[(sumFields * sumBits + 31) / 32];
    }

    /// <summary>Packed as <c>or_q</c>.</summary>
    public ReadOnlySpan<uint> Or => orWords;

    /// <summary>Packed as <c>sum_q</c>.</summary>
    public ReadOnlySpan<uint> Sum => sumWords;
    public uint Maximum { get; private set; }
    public uint NonzeroCount { get; private set; }

    public void Settle()
    {
        if (!rowLoader.LoadValid)
            return;
        uint* data = rowLoader.LoadData;
        Maximum = NonzeroCount = 0;
        uint* activations = stackalloc uint[lanes];
        for (int i = 0; i < lanes; i++)
        {
            uint activation = (uint)PackedField.Read(data, i * activationBits, activationBits);
            activations[i] = activation;
            Maximum = Math.Max(Maximum, activation);
            if (activation != 0)
                NonzeroCount++;
        }

        fixed (uint* orAt = orWords, sumAt = sumWords)
        {
            for (int drop = 0; drop < Math.Max(orFields, sumFields); drop++)
            {
                uint or = 0, sum = 0;
                for (int i = 0; i < lanes; i++)
                {
                    uint rounded = rounding.Round(activations[i], drop);
                    or |= rounded;
                    sum += rounded;
                }

                if (drop < orFields)
                    PackedField.Write(orAt, drop * activationBits, activationBits, or);
                if (drop < sumFields)
                    PackedField.Write(sumAt, drop * sumBits, sumBits, sum);
            }
        }
    }
}
