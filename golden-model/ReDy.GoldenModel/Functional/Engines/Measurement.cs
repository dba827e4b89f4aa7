namespace ReDy.GoldenModel.Functional.Engines;

/// <summary>
/// What a run of the functional model delivers besides outputs and the events that follow from the precision decisions alone
/// (steps, conversions, DAC drives, drops). Each includes the ones before it.
/// </summary>
public enum Measurement
{
    /// <summary>Outputs; saturations are not counted and show as 0.</summary>
    Values,

    /// <summary>Besides, the conversions that exceeded the ADC's range.</summary>
    Saturations,

    /// <summary>Besides, the bits that toggle at the ADCs' outputs, conversion by conversion.</summary>
    AdcToggles,
}
