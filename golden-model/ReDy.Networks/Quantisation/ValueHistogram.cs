namespace ReDy.Networks.Quantisation;

/// <summary>The values that one tensor takes on calibration images: extremes first, then a histogram between them.</summary>
internal sealed class ValueHistogram
{
    private const int Bins = 2048;

    /// <summary>Share of the values beyond a percentile range, at each end.</summary>
    private const double ClippedShare = 1e-4;

    /// <summary>Candidate ranges of the least square error: so many steps down to nothing.</summary>
    private const int Candidates = 100;
    private readonly long[] counts = new long[Bins];
    private double least, greatest;
    private long total;

    public void See(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }
    }

    /// <summary>After every value has been seen.</summary>
    public void Count(ReadOnlySpan<float> values)
    {
        double width = (greatest - least) / Bins;
        foreach (float value in values)
            counts[width == 0 ? 0 : Math.Clamp((int)((value - least) / width), 0, Bins - 1)]++;
        total += values.Length;
    }

    public QuantisedType Type(RangeMethod method, int bits) => method switch
    {
        RangeMethod.MinMax => QuantisedType.Spanning(least, greatest, bits),
        RangeMethod.Percentile => QuantisedType.Spanning(Percentile(0, 1), Percentile(Bins - 1, -1), bits),
        _ => LeastError(bits),
    };

    /// <summary>The edge of the first bin, from an end inwards, with which more than the clipped share has been passed.</summary>
    private double Percentile(int from, int step)
    {
        long passed = 0;
        int bin = from;
        for (; bin >= 0 && bin < Bins; bin += step)
        {
            passed += counts[bin];
            if (passed > ClippedShare * total)
                break;
        }

        return least + (greatest - least) / Bins * (step > 0 ? bin : bin + 1);
    }

    private QuantisedType LeastError(int bits)
    {
        QuantisedType best = QuantisedType.Spanning(least, greatest, bits);
        double bestError = double.PositiveInfinity;
        for (int i = Candidates; i > 0; i--)
        {
            double share = (double)i / Candidates;
            QuantisedType candidate = QuantisedType.Spanning(least * share, greatest * share, bits);
            double error = 0, width = (greatest - least) / Bins;
            for (int bin = 0; bin < Bins && error < bestError; bin++)
            {
                if (counts[bin] == 0)
                    continue;
                double value = least + (bin + 0.5) * width, off = value - candidate.Value(candidate.Code(value));
                error += counts[bin] * off * off;
            }

            if (error < bestError)
                (best, bestError) = (candidate, error);
        }

        return best;
    }
}
