namespace ReDy.Reference;

/// <summary>
/// The bit-serial arithmetic as its equations stand on paper: one loop per index, no packing, no shortcuts. Slow, and
/// written without a look at the golden model, which must agree with it on everything.
/// </summary>
public static class NaiveBitSerial
{
    /// <param name="weights">Signed, [K, N], row after row.</param>
    /// <param name="inputs">Unsigned, [M, K], row after row.</param>
    public static BitSerialResult Multiply(BitSerialParameters p, int vectors, int rows, int outputs, int[] weights, int[] inputs)
    {
        int R = p.Wordlines;
        int groups = (rows + R - 1) / R;
        int S = (p.WeightBits + p.CellBits - 1) / p.CellBits;
        int polarities = p.Differential ? 2 : 1;
        int planes = (p.ActivationBits + p.DacBits - 1) / p.DacBits;
        int outputsPerCrossbar = p.Bitlines / (S * polarities);
        int bitlinesPerCrossbar = outputsPerCrossbar * S * polarities;
        int bitlinesPerAdc = (bitlinesPerCrossbar + p.AdcsPerCrossbar - 1) / p.AdcsPerCrossbar;
        int crossbarsPerGroup = (outputs + outputsPerCrossbar - 1) / outputsPerCrossbar;
        int cellTop = (int)Math.Pow(2, p.CellBits) - 1;
        long codeTop = (long)Math.Pow(2, p.AdcBits) - 1;

        // Program the cells: stored[bitline of the whole layer][row of K], bitline = (n * S + s) * polarities + polarity.
        int columns = outputs * S * polarities;
        int[][] stored = new int[columns][];
        bool[][] flip = new bool[columns][];
        for (int n = 0; n < outputs; n++)
        {
            for (int s = 0; s < S; s++)
            {
                for (int polarity = 0; polarity < polarities; polarity++)
                {
                    int c = (n * S + s) * polarities + polarity;
                    stored[c] = new int[rows];
                    flip[c] = new bool[groups];
                    for (int k = 0; k < rows; k++)
                    {
                        long w = weights[k * outputs + n];
                        long unsigned = p.Differential
                            ? (polarity == 0 ? (w > 0 ? w : 0) : (w < 0 ? -w : 0))
                            : w + (long)Math.Pow(2, p.WeightBits - 1);
                        for (int below = 0; below < s; below++)
                            unsigned /= cellTop + 1;
                        stored[c][k] = (int)(unsigned % (cellTop + 1));
                    }

                    for (int g = 0; g < groups && p.Flip; g++)
                    {
                        int end = Math.Min(rows, (g + 1) * R);
                        double sum = 0;
                        for (int k = g * R; k < end; k++)
                            sum += stored[c][k];
                        flip[c][g] = sum > (end - g * R) * cellTop / 2.0;
                        for (int k = g * R; k < end && flip[c][g]; k++)
                            stored[c][k] = cellTop - stored[c][k];
                    }
                }
            }
        }

        long[] y = new long[vectors * outputs];
        int[] streamed = new int[vectors * groups];
        int[] drops = new int[vectors * groups];
        long conversions = 0, saturations = 0, crossbarSteps = 0, dacDrives = 0, adcToggles = 0;
        long[,,] adcOutput = new long[groups, crossbarsPerGroup, p.AdcsPerCrossbar];
        int[] x = new int[R];
        int[] digit = new int[R];
        long[] acc = new long[columns];

        for (int m = 0; m < vectors; m++)
        {
            for (int g = 0; g < groups; g++)
            {
                int used = Math.Min(R, rows - g * R);
                for (int r = 0; r < used; r++)
                    x[r] = inputs[m * rows + g * R + r];
                int drop = p.Policy == "statistical" ? Drop(p, x, used, p.Thresholds[g]) : 0;
                drops[m * groups + g] = drop;

                long X = 0;
                for (int r = 0; r < used; r++)
                {
                    x[r] = Round(p, x[r], drop);
                    X += x[r];
                }

                Array.Clear(acc);
                for (int t = 0; t < planes; t++)
                {
                    bool any = false;
                    for (int r = 0; r < used; r++)
                    {
                        digit[r] = (int)(x[r] / (long)Math.Pow(2, t * p.DacBits) % (long)Math.Pow(2, p.DacBits));
                        any |= digit[r] != 0;
                    }

                    if (p.Policy != "static" && !any)
                        continue;
                    streamed[m * groups + g]++;
                    crossbarSteps += crossbarsPerGroup;
                    dacDrives += (long)crossbarsPerGroup * used;
                    for (int c = 0; c < columns; c++)
                    {
                        int sum = 0;
                        int[] column = stored[c];
                        for (int r = 0; r < used; r++)
                            sum += digit[r] * column[g * R + r];
                        long code = sum / (long)Math.Pow(2, p.AdcLsbShift);
                        conversions++;
                        if (code > codeTop)
                        {
                            saturations++;
                            code = codeTop;
                        }

                        ref long output = ref adcOutput[g, c / bitlinesPerCrossbar, c % bitlinesPerCrossbar / bitlinesPerAdc];
                        for (long bit = 1; bit <= codeTop; bit *= 2)
                            adcToggles += code / bit % 2 != output / bit % 2 ? 1 : 0;
                        output = code;

                        acc[c] += code * (long)Math.Pow(2, t * p.DacBits + p.AdcLsbShift);
                    }
                }

                for (int n = 0; n < outputs; n++)
                {
                    for (int s = 0; s < S; s++)
                    {
                        long weight = (long)Math.Pow(2, s * p.CellBits);
                        if (p.Differential)
                        {
                            y[m * outputs + n] += weight * (acc[(n * S + s) * 2] - acc[(n * S + s) * 2 + 1]);
                        }
                        else
                        {
                            int c = n * S + s;
                            y[m * outputs + n] += weight * (flip[c][g] ? cellTop * X - acc[c] : acc[c]);
                        }
                    }

                    if (!p.Differential)
                        y[m * outputs + n] -= (long)Math.Pow(2, p.WeightBits - 1) * X;
                }
            }
        }

        return new BitSerialResult
        {
            Outputs = y,
            Planes = streamed,
            Drops = drops,
            Conversions = conversions,
            Saturations = saturations,
            AdcToggles = adcToggles,
            CrossbarSteps = crossbarSteps,
            DacDrives = dacDrives,
        };
    }

    private static int Drop(BitSerialParameters p, int[] x, int used, long[] thresholds)
    {
        long sum = 0, max = 0, count = 0;
        for (int r = 0; r < used; r++)
        {
            sum += x[r];
            max = x[r] > max ? x[r] : max;
            count += x[r] != 0 ? 1 : 0;
        }

        int reached = 0;
        foreach (long threshold in thresholds)
        {
            bool reaches = p.Statistic switch
            {
                "sum" => sum >= threshold,
                "max" => max >= threshold,
                "nonzero_mean" => count > 0 && sum >= threshold * count,
                _ => throw new ArgumentException(p.Statistic),
            };
            reached += reaches ? 1 : 0;
        }

        return reached < p.MaxDrop ? reached : p.MaxDrop;
    }

    private static int Round(BitSerialParameters p, int x, int drop)
    {
        int unit = (int)Math.Pow(2, drop);
        int greatestMultiple = ((int)Math.Pow(2, p.ActivationBits) - 1) / unit * unit;
        int rounded = p.Rounding switch
        {
            "nearest" => (int)Math.Floor((x + unit / 2.0) / unit) * unit,
            "truncate" => x - x % unit,
            _ => throw new ArgumentException(p.Rounding),
        };
        return drop == 0 ? x : Math.Min(rounded, greatestMultiple);
    }
}
