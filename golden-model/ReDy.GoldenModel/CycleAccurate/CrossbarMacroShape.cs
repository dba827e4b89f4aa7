using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>What all crossbar macros of a tile have in common; registers lie behind a macro's first one.</summary>
internal sealed class CrossbarMacroShape
{
    public readonly int Adcs, Latency, Bitlines, Wordlines, CellBits, DigitBits, PlaneWords, LsbShift, CodeBits, ValidWords, BitlinesPerAdc, ProgramClocks;
    public readonly uint CodeMaximum;
    public readonly RegisterBank Registers, Internals;

    /// <summary>One ADC that delivers in the clock after its start.</summary>
    public readonly bool IsPlain;

    // Pins that are registers.
    public const int Valid = 0;
    public readonly int Code, Overrange, ProgramBusy;

    // Internals: the stages before the pins (a set of words per stage, one code per word), and the programming time.
    public const int EarlyValid = 0;
    public readonly int EarlyCode, EarlyOverrange, ProgramClocksLeft;

    public CrossbarMacroShape(TileGeometry geometry, RegisterBank registers, RegisterBank internals)
    {
        Registers = registers;
        Internals = internals;
        TileConfig config = geometry.Config;
        Adcs = config.Adc.PerCrossbar;
        Latency = config.Timing.AdcLatency;
        Bitlines = config.Crossbar.Bitlines;
        Wordlines = geometry.Wordlines;
        BitlinesPerAdc = geometry.BitlinesPerAdc;
        CellBits = config.Cell.Bits;
        DigitBits = config.Dac.Bits;
        PlaneWords = TileGeometry.CeilingDivide(Wordlines, 64);
        LsbShift = config.Adc.LsbShift;
        CodeBits = config.Adc.Bits;
        CodeMaximum = (uint)geometry.AdcMaximum;
        ProgramClocks = config.Timing.ProgramClocks;
        IsPlain = Adcs == 1 && Latency == 1;
        ValidWords = TileGeometry.CeilingDivide(Adcs, 32);
        Code = Valid + ValidWords;
        Overrange = Code + TileGeometry.CeilingDivide(Adcs * CodeBits, 32);
        ProgramBusy = Overrange + ValidWords;
        EarlyCode = EarlyValid + ValidWords * (Latency - 1);
        EarlyOverrange = EarlyCode + Adcs * (Latency - 1);
        ProgramClocksLeft = EarlyOverrange + Adcs * (Latency - 1);
    }
}
