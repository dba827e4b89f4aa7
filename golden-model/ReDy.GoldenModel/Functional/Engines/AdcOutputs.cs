using System.Numerics;

namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// The output registers of a layer's ADCs over one range of vectors: a register holds its code until the ADC's next
/// conversion, through groups of zeros and skipped planes. Ranges that were converted apart are joined with <see cref="Append"/>.
/// </summary>
internal sealed class AdcOutputs(int adcs)
{
    private const int None = -1;

    private readonly int[] first = Filled(adcs);
    private readonly int[] last = Filled(adcs);

    /// <summary>As after reset: every register holds 0.</summary>
    public static AdcOutputs Reset(int adcs)
    {
        var outputs = new AdcOutputs(adcs);
        Array.Clear(outputs.first);
        Array.Clear(outputs.last);
        return outputs;
    }

    public void Clear()
    {
        Array.Fill(first, None);
        Array.Fill(last, None);
    }

    /// <summary>The register takes the first code of a sequence and at its end holds the last one.</summary>
    /// <returns>Bits that toggle when the first code arrives; the sequence's own are the caller's.</returns>
    public int Take(int adc, int firstCode, int lastCode)
    {
        int before = last[adc];
        last[adc] = lastCode;
        if (before != None)
            return BitOperations.PopCount((uint)(before ^ firstCode));
        first[adc] = firstCode;
        return 0;
    }

    /// <summary>Joins the range that follows this one.</summary>
    /// <returns>Bits that toggle between the two.</returns>
    public long Append(AdcOutputs next)
    {
        long toggles = 0;
        for (int adc = 0; adc < last.Length; adc++)
        {
            if (next.last[adc] != None)
                toggles += Take(adc, next.first[adc], next.last[adc]);
        }

        return toggles;
    }

    private static int[] Filled(int adcs)
    {
        int[] codes = new int[adcs];
        Array.Fill(codes, None);
        return codes;
    }
}
