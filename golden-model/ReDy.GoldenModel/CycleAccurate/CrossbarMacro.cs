using System.Buffers.Binary;
using System.Numerics;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>
/// The analog macro: cells, DACs, sample-and-hold and ADCs. The digits that are held are common to a row block's crossbars,
/// so the step sequencer keeps them. A value, so that those of a row block lie side by side.
/// </summary>
internal readonly unsafe struct CrossbarMacro
{
    private readonly CrossbarMacroShape shape;
    private readonly Memory cells;
    private readonly ulong* cellData;
    private readonly int at, internalsAt;

    public CrossbarMacro(Netlist netlist, string crossbarPath)
    {
        string path = $"{crossbarPath}.crossbar_macro";
        RegisterBank registers = netlist.Registers, internals = netlist.Internals;
        shape = netlist.CrossbarMacroShape;
        cells = netlist.Memories.Add($"{path}.cell_array.cells", shape.CellBits * shape.Bitlines, shape.Wordlines);
        cellData = cells.Entry(0);

        at = netlist.Register(path, "valid", shape.Adcs);
        registers.AddUncleared($"{path}.code", shape.Adcs * shape.CodeBits);
        registers.AddUncleared($"{path}.overrange", shape.Adcs);
        netlist.Register(path, "program_busy", 1);
        internalsAt = internals.Add($"{path}.early_valid", 32 * shape.ValidWords * (shape.Latency - 1));
        internals.AddUncleared($"{path}.early_code", 32 * shape.Adcs * (shape.Latency - 1));
        internals.AddUncleared($"{path}.early_overrange", 32 * shape.Adcs * (shape.Latency - 1));
        internals.Add($"{path}.program_clocks_left", 32);
    }

    public bool ProgramBusy => shape.Registers.Q[at + shape.ProgramBusy] != 0;

    public bool Valid(int adc) => ((shape.Registers.Q[at + (adc >> 5)] >> (adc & 31)) & 1) != 0;

    public uint Code(int adc) => shape.IsPlain ? shape.Registers.Q[at + shape.Code] : (uint)PackedField.Read(shape.Registers.Q + at + shape.Code, adc * shape.CodeBits, shape.CodeBits);

    /// <summary>Valid conversions in this clock that exceeded the ADC's range.</summary>
    public uint Saturations
    {
        get
        {
            uint* pins = shape.Registers.Q + at;
            uint* overrange = pins + shape.Overrange;
            if (shape.IsPlain)
                return *pins & *overrange;
            uint count = 0;
            for (int w = 0; w < shape.ValidWords; w++)
                count += (uint)BitOperations.PopCount(pins[w] & overrange[w]);
            return count;
        }
    }

    /// <summary>Moves the conversion pipeline; ADCs first .. first+count-1 start.</summary>
    /// <param name="held">The digits in the sample-and-hold, bit 0 of all wordlines first.</param>
    public void EvaluateConversions(ulong* held, int first, int count, int bitlineSelect)
    {
        if (shape.IsPlain)
        {
            ConvertPlainly(held, count, bitlineSelect);
            return;
        }

        for (int s = shape.Latency - 1; s > 0; s--)
            MoveToStage(s);
        uint* validBits = shape.Latency == 1 ? shape.Registers.D + at : shape.Internals.D + internalsAt;
        for (int w = 0; w < shape.ValidWords; w++)
        {
            int from = Math.Clamp(first - 32 * w, 0, 32), to = Math.Clamp(first + count - 32 * w, 0, 32);
            validBits[w] = (uint)PackedField.Mask(to) & ~(uint)PackedField.Mask(from);
        }

        for (int a = first; a < first + count; a++)
        {
            long scaled = BitlineSum(held, a * shape.BitlinesPerAdc + bitlineSelect) >> shape.LsbShift;
            bool exceeds = scaled > shape.CodeMaximum;
            Put(0, a, exceeds ? shape.CodeMaximum : (uint)scaled, exceeds ? 1u : 0);
        }
    }

    /// <summary>One ADC that delivers in the next clock: the common case without loops.</summary>
    private void ConvertPlainly(ulong* held, int count, int bitline)
    {
        uint* d = shape.Registers.D + at;
        d[CrossbarMacroShape.Valid] = (uint)count;
        if (count == 0)
            return;
        long scaled = BitlineSum(held, bitline) >> shape.LsbShift;
        bool exceeds = scaled > shape.CodeMaximum;
        d[shape.Code] = exceeds ? shape.CodeMaximum : (uint)scaled;
        d[shape.Overrange] = exceeds ? 1u : 0;
    }

    private void MoveToStage(int stage)
    {
        uint* early = shape.Internals.Q + internalsAt;
        uint* from = early + (stage - 1) * shape.ValidWords;
        uint* to = stage == shape.Latency - 1 ? shape.Registers.D + at : shape.Internals.D + internalsAt + stage * shape.ValidWords;
        for (int w = 0; w < shape.ValidWords; w++)
        {
            to[w] = from[w];
            for (uint left = from[w]; left != 0; left &= left - 1)
            {
                int a = 32 * w + BitOperations.TrailingZeroCount(left);
                int place = (stage - 1) * shape.Adcs + a;
                Put(stage, a, early[shape.EarlyCode + place], early[shape.EarlyOverrange + place]);
            }
        }
    }

    private void Put(int stage, int adc, uint value, uint exceeds)
    {
        if (stage == shape.Latency - 1)
        {
            PackedField.Write(shape.Registers.D + at + shape.Code, adc * shape.CodeBits, shape.CodeBits, value);
            PackedField.Write(shape.Registers.D + at + shape.Overrange, adc, 1, exceeds);
        }
        else
        {
            shape.Internals.D[internalsAt + shape.EarlyCode + stage * shape.Adcs + adc] = value;
            shape.Internals.D[internalsAt + shape.EarlyOverrange + stage * shape.Adcs + adc] = exceeds;
        }
    }

    /// <summary>What the held digits draw through a bitline's cells.</summary>
    private long BitlineSum(ulong* held, int bitline)
    {
        int words = shape.PlaneWords, digitBits = shape.DigitBits;
        nint nextBit = shape.Bitlines * words;
        ulong* column = cellData + bitline * words;
        long sum = 0;
        for (int bit = 0; bit < shape.CellBits; bit++, column += nextBit)
        {
            ulong* digit = held;
            for (int plane = 0; plane < digitBits; plane++, digit += words)
            {
                int count = 0;
                for (int w = 0; w < words; w++)
                    count += BitOperations.PopCount(digit[w] & column[w]);
                sum += (long)count << (bit + plane);
            }
        }

        return sum;
    }

    /// <param name="strobe">The row takes <paramref name="rowData"/> at the end of this clock, and the macro is busy from then on.</param>
    public void EvaluateProgramming(bool strobe, int row, uint* rowData)
    {
        uint left = shape.Internals.Q[internalsAt + shape.ProgramClocksLeft];
        if (strobe)
        {
            left = (uint)shape.ProgramClocks;
            WriteRow(row, rowData);
        }
        else if (left > 0)
        {
            left--;
        }

        shape.Internals.D[internalsAt + shape.ProgramClocksLeft] = left;
        shape.Registers.D[at + shape.ProgramBusy] = left != 0 ? 1u : 0;
    }

    private void WriteRow(int row, uint* rowData)
    {
        ulong* column = stackalloc ulong[cells.Stride];
        for (int bit = 0; bit < shape.CellBits; bit++)
        {
            for (int c = 0; c < shape.Bitlines; c++)
            {
                int index = bit * shape.Bitlines + c;
                for (int w = 0; w < cells.Stride; w++)
                    column[w] = cells.Entry(index)[w];
                ulong value = PackedField.Read(rowData, c * shape.CellBits + bit, 1);
                column[row >> 6] = (column[row >> 6] & ~(1UL << (row & 63))) | (value << (row & 63));
                cells.Write(index, column);
            }
        }
    }

    public void LoadCells(CrossbarImage image)
    {
        for (int bit = 0; bit < shape.CellBits; bit++)
        {
            for (int c = 0; c < shape.Bitlines; c += 8)
            {
                for (int r = 0; r < shape.Wordlines; r += 8)
                    LoadBlock(image, bit, c, r);
            }
        }

        cells.MarkWritten();
    }

    /// <summary>One bit of eight wordlines' cells on eight bitlines: a row's codes are bytes side by side, and become a bit of each byte.</summary>
    private void LoadBlock(CrossbarImage image, int bit, int bitline, int wordline)
    {
        const ulong LowestBits = 0x0101_0101_0101_0101;
        int rows = Math.Min(8, shape.Wordlines - wordline), columns = Math.Min(8, shape.Bitlines - bitline);
        ulong block = 0;
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<byte> codes = image.Codes.AsSpan((wordline + r) * image.Bitlines + bitline, columns);
            ulong row = 0;
            if (columns == 8)
                row = BinaryPrimitives.ReadUInt64LittleEndian(codes);
            else
                for (int c = 0; c < columns; c++)
                    row |= (ulong)codes[c] << (8 * c);
            block |= ((row >> bit) & LowestBits) << r;
        }

        for (int c = 0; c < columns; c++, block >>= 8)
            ((byte*)cells.Entry(bit * shape.Bitlines + bitline + c))[wordline / 8] = (byte)block;
    }
}
