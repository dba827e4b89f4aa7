using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>A layer on a tile, as far as its events depend on it.</summary>
/// <param name="Rows">K.</param>
/// <param name="Outputs">N.</param>
/// <param name="Raw">Outputs leave as raw accumulators.</param>
public sealed record LayerShape(int Rows, int Outputs, bool Raw);

/// <summary>
/// The events of a layer that the functional model computed. What it counts itself is taken over; the others follow from the
/// layer's passes through the tile, as docs/energy.md derives them. The clocked model counts them all one by one.
/// </summary>
public static class LayerEvents
{
    /// <param name="geometry">Of the netlist.</param>
    /// <param name="counts">Of the functional model.</param>
    /// <param name="emptyGroups">Groups that streamed no plane.</param>
    public static IReadOnlyDictionary<ChargedEvent, EventTotal> Of(TileGeometry geometry, LayerShape layer, EventCounts counts, long emptyGroups)
    {
        int outputBlocks = TileGeometry.CeilingDivide(layer.Outputs, geometry.OutputsPerCrossbar);
        int blocksPerPass = geometry.Config.Tile.Columns * geometry.ColumnBlocks;
        int rowPasses = TileGeometry.CeilingDivide(layer.Rows, geometry.CapacityRows);
        int outputPasses = TileGeometry.CeilingDivide(outputBlocks, blocksPerPass);

        // IMA columns that hold the layer, over all passes: each has its own input registers and precision units.
        int columns = Enumerable.Range(0, outputPasses).Sum(pass => TileGeometry.CeilingDivide(Math.Min(blocksPerPass, outputBlocks - pass * blocksPerPass), geometry.ColumnBlocks));

        // A result of a crossbar is kept in parts where ADC ranges split its bitlines.
        long resultParts = Enumerable.Range(0, outputBlocks).Sum(block => ResultParts(geometry, Math.Min(geometry.OutputsPerCrossbar, layer.Outputs - block * geometry.OutputsPerCrossbar)));
        long written = (counts.Groups - emptyGroups) * resultParts;

        // The drain reads the output registers of all row blocks of a tile column, used or not.
        long read = counts.Vectors * rowPasses * geometry.Groups * resultParts;

        long vectors = counts.Vectors;
        long writtenBeats = 0, readBeats = 0, outputBeats = 0;
        for (int pass = 0; pass < rowPasses; pass++)
        {
            int rows = Math.Min(geometry.CapacityRows, layer.Rows - pass * geometry.CapacityRows);
            writtenBeats += TileGeometry.CeilingDivide(rows, geometry.ActivationsPerBeat);
            readBeats += Enumerable.Range(0, geometry.Config.Tile.Rows).Sum(tileRow => geometry.BeatsOf(tileRow, rows));
            int bytes = layer.Raw || pass < rowPasses - 1 ? geometry.RawOutputBytes : geometry.OutputBytes;
            for (int first = 0; first < layer.Outputs; first += geometry.CapacityOutputs)
                outputBeats += TileGeometry.CeilingDivide(Math.Min(geometry.CapacityOutputs, layer.Outputs - first) * bytes, geometry.Config.Tile.StreamBytes);
        }

        int wordBits = geometry.LoadLanes * geometry.Config.Activations.Bits;
        int beatBits = geometry.ActivationsPerBeat * geometry.Config.Activations.Bits;
        long words = counts.Groups * geometry.WordsPerGroup;
        var events = new Dictionary<ChargedEvent, EventTotal>
        {
            [ChargedEvent.Conversions] = Each(counts.Conversions),
            [ChargedEvent.Samples] = Each(counts.Conversions),
            [ChargedEvent.ShiftAndAdds] = Each(counts.Conversions),
            [ChargedEvent.DacDrives] = Each(counts.DacDrives),
            [ChargedEvent.CrossbarReads] = Each(counts.CrossbarSteps),
            // Every output block drives the same wordlines, so the cells of all of them are the drives of one times all used bitlines.
            [ChargedEvent.CellReads] = Each(counts.DacDrives / outputBlocks * layer.Outputs * geometry.BitlinesPerOutput),
            [ChargedEvent.InputWrites] = Each(words * columns, wordBits),
            [ChargedEvent.InputReads] = Each(counts.StepsStreamed * columns, geometry.Wordlines * geometry.Config.Dac.Bits),
            [ChargedEvent.ResultWrites] = Each(written, geometry.GroupResultBits),
            [ChargedEvent.ResultReads] = Each(read, geometry.GroupResultBits),
            [ChargedEvent.BufferWrites] = Each(vectors * writtenBeats * outputPasses, beatBits),
            [ChargedEvent.BufferReads] = Each(vectors * readBeats * outputPasses, beatBits),
            [ChargedEvent.BusTransfers] = Each(words * outputPasses, wordBits),
            [ChargedEvent.WordsMeasured] = Each(words * columns),
            [ChargedEvent.Decisions] = Each(counts.Groups * columns),
            [ChargedEvent.Requantisations] = Each(vectors * layer.Outputs * rowPasses),
            [ChargedEvent.BiasReads] = Each(vectors * layer.Outputs * rowPasses, geometry.Config.Outputs.BiasBits),
            [ChargedEvent.ScaleReads] = Each(vectors * layer.Outputs * rowPasses, TileGeometry.ShiftBits + geometry.Config.Outputs.MultiplierBits),
            [ChargedEvent.OutputBeats] = Each(vectors * outputBeats, geometry.Config.Tile.StreamBytes * 8),
        };
        return events;

        static EventTotal Each(long count, int bits = 1) => new(count, (double)count * bits);
    }

    private static long ResultParts(TileGeometry geometry, int outputs)
    {
        int used = outputs * geometry.BitlinesPerOutput;
        return Enumerable.Range(0, geometry.Config.Adc.PerCrossbar).Sum(adc =>
        {
            int first = adc * geometry.BitlinesPerAdc, end = Math.Min(used, first + geometry.BitlinesPerAdc);
            return end <= first ? 0 : (end - 1) / geometry.BitlinesPerOutput - first / geometry.BitlinesPerOutput + 1;
        });
    }
}
