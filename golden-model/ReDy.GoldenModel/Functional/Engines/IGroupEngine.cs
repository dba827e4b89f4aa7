namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>What an engine counts while it converts.</summary>
internal struct ConversionTally
{
    /// <summary>Conversions whose sum exceeded the ADC's range.</summary>
    public long Saturations;

    /// <summary>Bits that differ between one conversion of an ADC and its next.</summary>
    public long AdcToggles;
}

/// <summary>
/// Multiplies groups of one layer. Engines differ in speed only: all give the same outputs and tallies, whatever the images
/// hold. An engine belongs to one thread and keeps its memory, so that nothing is allocated once it has seen its largest block.
/// </summary>
internal interface IGroupEngine
{
    /// <summary>
    /// Adds one group's results, over all output blocks, to the outputs. All groups of a block must come, in ascending order and
    /// with the same vectors: an engine may put a group off until the next.
    /// </summary>
    /// <param name="block">The vectors as the dynamic precision units pass them on.</param>
    /// <param name="vectors">Which of the block's vectors, ascending.</param>
    /// <param name="outputs">y of the block's vectors.</param>
    /// <param name="adcOutputs">Codes that the ADCs last delivered; only used when toggles are measured.</param>
    void AddGroup(VectorBlock block, int group, ReadOnlySpan<int> vectors, OutputSums outputs, AdcOutputs adcOutputs, ref ConversionTally tally);
}
