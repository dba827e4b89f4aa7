namespace ReDy.GoldenModel.Functional;

/// <summary>
/// Converts the bitlines of one programmed crossbar. Engines differ in speed only: all give the same accumulators and
/// saturations, whatever the image holds.
/// </summary>
public interface ICrossbarEngine
{
    /// <summary>Streams the planes of one group and converts every used bitline in each of them.</summary>
    /// <param name="inputBits">Bit i of the activations, [i * words + w], 64 wordlines to a word, words = ceil(wordlines / 64); unused wordlines are 0.</param>
    /// <param name="steps">Bit t: DAC digit plane t is streamed.</param>
    /// <param name="accumulators">Per used bitline: overwritten with the sum of code &lt;&lt; (t * dac.bits + lsb_shift).</param>
    /// <returns>Conversions whose sum exceeded the ADC's range.</returns>
    long Convert(ReadOnlySpan<ulong> inputBits, uint steps, Span<long> accumulators);
}
