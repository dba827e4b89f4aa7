using System.Numerics;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// The analog macro: cells, DACs, sample-and-hold and ADCs. The digits that are held are common to a row block's crossbars,
/// so the step sequencer keeps them.
/// </summary>
internal sealed unsafe class CrossbarMacro
{
    private readonly RegisterBank registers, internals;
    private readonly TileGeometry geometry;
    private readonly StepSequencer sequencer;
    private readonly Memory cells;
    private readonly int adcs, latency, bitlines, cellBits, digitBits, planeWords, lsbShift, codeBits, validWords, bitlinesPerAdc;
    private readonly bool isPlain;
    private readonly ulong* cellData;
    private readonly uint codeMaximum;
    private readonly int valid, code, overrange, programBusy;
    private readonly int earlyValid, earlyCode, earlyOverrange, programClocksLeft;

    public CrossbarMacro(Netlist netlist, string crossbarPath, StepSequencer sequencer)
    {
        string path = $"{crossbarPath}.crossbar_macro";
        registers = netlist.Registers;
        internals = netlist.Internals;
        geometry = netlist.Geometry;
        this.sequencer = sequencer;
        TileConfig config = geometry.Config;
        adcs = config.Adc.PerCrossbar;
        latency = config.Timing.AdcLatency;
        bitlines = config.Crossbar.Bitlines;
        bitlinesPerAdc = geometry.BitlinesPerAdc;
        cellBits = config.Cell.Bits;
        digitBits = config.Dac.Bits;
        planeWords = TileGeometry.CeilingDivide(geometry.Wordlines, 64);
        lsbShift = config.Adc.LsbShift;
        codeBits = config.Adc.Bits;
        codeMaximum = (uint)geometry.AdcMaximum;
        isPlain = adcs == 1 && latency == 1;
        validWords = TileGeometry.CeilingDivide(adcs, 32);

        cells = netlist.Memories.Add($"{path}.cell_array.cells", cellBits * bitlines, geometry.Wordlines);
        cellData = cells.Entry(0);
        valid = netlist.Register(path, "valid", adcs);
        code = registers.AddUncleared($"{path}.code", adcs * codeBits);
        overrange = registers.AddUncleared($"{path}.overrange", adcs);
        programBusy = netlist.Register(path, "program_busy", 1);

        // Stages before the pins: a set of words per stage, one code per word.
        earlyValid = internals.Add($"{path}.early_valid", 32 * validWords * (latency - 1));
        earlyCode = internals.AddUncleared($"{path}.early_code", 32 * adcs * (latency - 1));
        earlyOverrange = internals.AddUncleared($"{path}.early_overrange", 32 * adcs * (latency - 1));
        programClocksLeft = internals.Add($"{path}.program_clocks_left", 32);
    }

    public bool ProgramBusy => registers.Q[programBusy] != 0;

    public bool Valid(int adc) => ((registers.Q[valid + (adc >> 5)] >> (adc & 31)) & 1) != 0;

    public uint Code(int adc) => isPlain ? registers.Q[code] : (uint)PackedField.Read(registers.Q + code, adc * codeBits, codeBits);

    /// <summary>Valid conversions in this clock that exceeded the ADC's range.</summary>
    public uint Saturations
    {
        get
        {
            uint count = 0;
            for (int w = 0; w < validWords; w++)
                count += (uint)BitOperations.PopCount(registers.Q[valid + w] & registers.Q[overrange + w]);
            return count;
        }
    }

    /// <summary>Moves the conversion pipeline; ADCs first .. first+count-1 start.</summary>
    public void EvaluateConversions(int first, int count, int bitlineSelect)
    {
        if (isPlain)
        {
            ConvertPlainly(count, bitlineSelect);
            return;
        }

        for (int s = latency - 1; s > 0; s--)
            MoveToStage(s);
        uint* validBits = latency == 1 ? registers.D + valid : internals.D + earlyValid;
        for (int w = 0; w < validWords; w++)
        {
            int from = Math.Clamp(first - 32 * w, 0, 32), to = Math.Clamp(first + count - 32 * w, 0, 32);
            validBits[w] = (uint)PackedField.Mask(to) & ~(uint)PackedField.Mask(from);
        }

        for (int a = first; a < first + count; a++)
        {
            long scaled = BitlineSum(a * bitlinesPerAdc + bitlineSelect) >> lsbShift;
            bool exceeds = scaled > codeMaximum;
            Put(0, a, exceeds ? codeMaximum : (uint)scaled, exceeds ? 1u : 0);
        }
    }

    /// <summary>One ADC that delivers in the next clock: the common case without loops.</summary>
    private void ConvertPlainly(int count, int bitline)
    {
        uint* d = registers.D;
        d[valid] = (uint)count;
        if (count == 0)
            return;
        long scaled = BitlineSum(bitline) >> lsbShift;
        bool exceeds = scaled > codeMaximum;
        d[code] = exceeds ? codeMaximum : (uint)scaled;
        d[overrange] = exceeds ? 1u : 0;
    }

    private void MoveToStage(int stage)
    {
        uint* from = internals.Q + earlyValid + (stage - 1) * validWords;
        uint* to = stage == latency - 1 ? registers.D + valid : internals.D + earlyValid + stage * validWords;
        for (int w = 0; w < validWords; w++)
        {
            to[w] = from[w];
            for (uint left = from[w]; left != 0; left &= left - 1)
            {
                int a = 32 * w + BitOperations.TrailingZeroCount(left);
                Put(stage, a, internals.Q[earlyCode + (stage - 1) * adcs + a], internals.Q[earlyOverrange + (stage - 1) * adcs + a]);
            }
        }
    }

    private void Put(int stage, int adc, uint value, uint exceeds)
    {
        if (stage == latency - 1)
        {
            PackedField.Write(registers.D + code, adc * codeBits, codeBits, value);
            PackedField.Write(registers.D + overrange, adc, 1, exceeds);
        }
        else
        {
            internals.D[earlyCode + stage * adcs + adc] = value;
            internals.D[earlyOverrange + stage * adcs + adc] = exceeds;
        }
    }

    /// <summary>What the held digits draw through a bitline's cells.</summary>
    private long BitlineSum(int bitline)
    {
        long sum = 0;
        ulong* held = sequencer.Held;
        ulong* column = cellData + bitline * planeWords;
        for (int bit = 0; bit < cellBits; bit++, column += bitlines * planeWords)
        {
            if (planeWords == 2 && digitBits == 1)
            {
                sum += (long)(BitOperations.PopCount(held[0] & column[0]) + BitOperations.PopCount(held[1] & column[1])) << bit;
                continue;
            }

            ulong* digit = held;
            for (int plane = 0; plane < digitBits; plane++, digit += planeWords)
            {
                int count = 0;
                for (int w = 0; w < planeWords; w++)
                    count += BitOperations.PopCount(digit[w] & column[w]);
                sum += (long)count << (bit + plane);
            }
        }

        return sum;
    }

    /// <param name="strobe">The row takes <paramref name="rowData"/> at the end of this clock, and the macro is busy from then on.</param>
    public void EvaluateProgramming(bool strobe, int row, uint* rowData)
    {
        uint left = internals.Q[programClocksLeft];
        if (strobe)
        {
            left = (uint)geometry.Config.Timing.ProgramClocks;
            WriteRow(row, rowData);
        }
        else if (left > 0)
        {
            left--;
        }

        internals.D[programClocksLeft] = left;
        registers.D[programBusy] = left != 0 ? 1u : 0;
    }

    private void WriteRow(int row, uint* rowData)
    {
        ulong* column = stackalloc ulong[cells.Stride];
        for (int bit = 0; bit < cellBits; bit++)
        {
            for (int c = 0; c < bitlines; c++)
            {
                int index = bit * bitlines + c;
                for (int w = 0; w < cells.Stride; w++)
                    column[w] = cells.Entry(index)[w];
                ulong value = PackedField.Read(rowData, c * cellBits + bit, 1);
                column[row >> 6] = (column[row >> 6] & ~(1UL << (row & 63))) | (value << (row & 63));
                cells.Write(index, column);
            }
        }
    }

    public void LoadCells(CrossbarImage image)
    {
        ulong[] column = new ulong[cells.Stride];
        for (int bit = 0; bit < cellBits; bit++)
        {
            for (int c = 0; c < bitlines; c++)
            {
                Array.Clear(column);
                for (int r = 0; r < geometry.Wordlines; r++)
                    column[r >> 6] |= (ulong)((image.Code(r, c) >> bit) & 1) << (r & 63);
                cells.Store(bit * bitlines + c, column);
            }
        }
    }
}
