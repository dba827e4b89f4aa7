using System.Numerics;
using System.Runtime.CompilerServices;
using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Benchmarks;

/// <summary>
/// The unit that all speeds are given in: one layer of one-bit DACs and crossbars of up to 128 wordlines by population counts of 64-bit
/// words, one thread, no vector instructions. A bit plane of a group's activations is two words, and so is each bit of a
/// bitline's cells; every conversion is two population counts per bit of the cells, limited as the ADC limits it, and
/// shifted and added by its step and slice. Nothing is shared with any engine, so that no work on an engine moves the unit.
/// </summary>
public sealed unsafe class ScalarPopcount
{
    private const int WordsPerPlane = 2;
    private const int WordBits = 64;
    private const int CellBits = 2;

    private readonly TileGeometry geometry;
    private readonly MappedLayer layer;
    private readonly int steps;
    private readonly int slices;
    private readonly int adcMaximum;

    /// <summary>[group][output][slice][bit of the cell][word]</summary>
    private readonly ulong[] cells;
    private readonly bool[] flips;

    /// <summary>[step][word] of one group.</summary>
    private readonly ulong[] planes;

    public ScalarPopcount(TileGeometry geometry, MappedLayer layer)
    {
        if (geometry.Wordlines > WordsPerPlane * WordBits || geometry.Config.Dac.Bits != 1 || geometry.Config.Activations.Bits > 8 || geometry.Config.Cell.Bits != CellBits || geometry.IsDifferential || geometry.Config.Adc.LsbShift != 0 || geometry.Policy != PrecisionPolicy.Static)
            throw new ArgumentException("up to 128 wordlines of 2-bit cells, one-bit DACs, activations of up to 8 bits, offset encoding, no shift in the ADC, static precision", nameof(geometry));
        this.geometry = geometry;
        this.layer = layer;
        steps = geometry.Steps;
        slices = geometry.Slices;
        adcMaximum = (int)geometry.AdcMaximum;
        planes = new ulong[steps * WordsPerPlane];
        cells = new ulong[layer.Groups * layer.Outputs * slices * CellBits * WordsPerPlane];
        flips = new bool[layer.Groups * layer.Outputs * slices];
        for (int g = 0; g < layer.Groups; g++)
        {
            for (int n = 0; n < layer.Outputs; n++)
            {
                CrossbarImage image = layer.Image(g, n / geometry.OutputsPerCrossbar);
                for (int s = 0; s < slices; s++)
                {
                    int bitline = n % geometry.OutputsPerCrossbar * slices + s, place = (g * layer.Outputs + n) * slices + s;
                    flips[place] = image.Flips[bitline];
                    for (int r = 0; r < image.Wordlines; r++)
                    {
                        for (int b = 0; b < CellBits; b++)
                            cells[(place * CellBits + b) * WordsPerPlane + r / WordBits] |= (ulong)((image.Code(r, bitline) >> b) & 1) << (r % WordBits);
                    }
                }
            }
        }
    }

    /// <param name="inputs">[M, K]</param>
    /// <param name="outputs">[M, N], overwritten.</param>
    public void Multiply(ReadOnlySpan<int> inputs, Span<long> outputs)
    {
        int rows = layer.Rows, vectors = inputs.Length / rows;
        outputs.Clear();
        for (int v = 0; v < vectors; v++)
        {
            for (int g = 0; g < layer.Groups; g++)
            {
                long sum = SplitIntoPlanes(inputs.Slice(v * rows + g * geometry.Wordlines, layer.UsedRows(geometry, g)));
                AddGroup(g, sum, outputs.Slice(v * layer.Outputs, layer.Outputs));
            }
        }
    }

    /// <summary>Eight activations at a time: bit t of eight bytes, gathered into one byte of plane t by a multiplication.</summary>
    /// <returns>The sum of the activations.</returns>
    private long SplitIntoPlanes(ReadOnlySpan<int> activations)
    {
        const ulong LowBits = 0x0101_0101_0101_0101, Gather = 0x0102_0408_1020_4080;
        Array.Clear(planes);
        long sum = 0;
        for (int r = 0; r < activations.Length; r += 8)
        {
            ulong bytes = 0;
            for (int i = Math.Min(8, activations.Length - r) - 1; i >= 0; i--)
            {
                bytes = (bytes << 8) | (uint)activations[r + i];
                sum += activations[r + i];
            }

            for (int t = 0; t < steps; t++)
                planes[t * WordsPerPlane + r / WordBits] |= ((((bytes >> t) & LowBits) * Gather) >> 56) << (r % WordBits);
        }

        return sum;
    }

    // Compiled once, fully: a tier that depends on how often it ran would move the unit.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddGroup(int group, long activationSum, Span<long> outputs)
    {
        int place = group * layer.Outputs * slices;
        long offset = -(1L << (geometry.Config.Weights.Bits - 1)) * activationSum, complement = geometry.CellMaximum * activationSum;
        fixed (ulong* plane = planes, firstCells = cells)
        {
            ulong* cell = firstCells + place * CellBits * WordsPerPlane;
            for (int n = 0; n < outputs.Length; n++)
            {
                long y = offset;
                for (int s = 0; s < slices; s++, place++, cell += CellBits * WordsPerPlane)
                {
                    long accumulator = ConvertBitline(cell, plane, steps, adcMaximum);
                    y += (flips[place] ? complement - accumulator : accumulator) << (s * CellBits);
                }

                outputs[n] += y;
            }
        }
    }

    /// <summary>From the last step down: each step is weighed by one shift of what was accumulated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long ConvertBitline(ulong* cell, ulong* planes, int steps, int adcMaximum)
    {
        ulong low0 = cell[0], low1 = cell[1], high0 = cell[2], high1 = cell[3];
        int accumulator = 0;
        for (ulong* plane = planes + (steps - 1) * WordsPerPlane; plane >= planes; plane -= WordsPerPlane)
        {
            int low = BitOperations.PopCount(plane[0] & low0) + BitOperations.PopCount(plane[1] & low1);
            int high = BitOperations.PopCount(plane[0] & high0) + BitOperations.PopCount(plane[1] & high1);
            accumulator = 2 * accumulator + Math.Min(low + 2 * high, adcMaximum);
        }

        return accumulator;
    }
}
