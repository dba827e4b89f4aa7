using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>Where a component's energy comes from; one for each component of a report.</summary>
public enum Pricing
{
    /// <summary>Events times table rows.</summary>
    Published,

    /// <summary>Toggles and clock pins of its registers times the energy of a flip-flop.</summary>
    Measured,
}

/// <summary>One kind of event of one component, priced.</summary>
/// <param name="Event">As tables and <see cref="TileEvents"/> name it; of static power the unit of hardware.</param>
/// <param name="Count">Events, or bits moved where the row is per bit; of static power units of hardware.</param>
/// <param name="Each">Picojoules per event or bit; of static power milliwatts per unit.</param>
/// <param name="IsStatic">Static power over the time of the run.</param>
public sealed record EnergyLine(
    string Component, Pricing Pricing, string Event, double Count, bool PerBit, CostValue Each, double Picojoules, bool IsStatic);

/// <summary>A run of a layer under one policy, as far as energy depends on it.</summary>
/// <param name="Events">Totals by event.</param>
/// <param name="Clocks">From the first beat in to the last beat out.</param>
/// <param name="Activity">Toggles of a simulated part of the run; null: digital logic is priced by table rows.</param>
/// <param name="ActivityVectors">Vectors in <paramref name="Activity"/>; its energies are scaled to <paramref name="Clocks"/>.</param>
public sealed record PricedRun(
    TileGeometry Geometry, LayerShape Layer, long Vectors, IReadOnlyDictionary<ChargedEvent, EventTotal> Events, long Clocks,
    TileActivity? Activity = null, long ActivityVectors = 0)
{
    public PrecisionPolicy Policy => Geometry.Policy;
    public double Seconds => Clocks / (Geometry.Config.Timing.ClockMhz * 1e6);

    /// <summary>Multiply-accumulates of weights.bits x activations.bits.</summary>
    public double Macs => (double)Vectors * Layer.Rows * Layer.Outputs;

    /// <summary>The same counted as multiplications of 8 x 8 bits.</summary>
    public double EightBitMacs => Macs * Geometry.Config.Weights.Bits * Geometry.Config.Activations.Bits / 64;
}

/// <summary>Energy of a run with one model of the ADC: every joule is an event count times a table row.</summary>
public sealed record EnergyReport(PricedRun Run, AdcModel Adc, int InterleavedAdcs, IReadOnlyList<EnergyLine> Lines)
{
    private const double PicojoulesPerJoule = 1e12;
    private const int OperationsPerMac = 2;

    /// <summary>How its digital logic is priced.</summary>
    public Pricing Digital => Run.Activity is null ? Pricing.Published : Pricing.Measured;

    /// <summary>Energy of all clock pins, as far as it is measured.</summary>
    public double ClockPinPicojoules => Lines.Where(line => line.Pricing == Pricing.Measured && line.Event == ChargedEvent.FlipFlopClocks.Name).Sum(line => line.Picojoules);

    public double Picojoules => Lines.Sum(line => line.Picojoules);
    public double PicojoulesPerVector => Run.Vectors == 0 ? 0 : Picojoules / Run.Vectors;
    public double PicojoulesPerMac => Run.EightBitMacs == 0 ? 0 : Picojoules / Run.EightBitMacs;
    public double Milliwatts => Run.Clocks == 0 ? 0 : Picojoules / PicojoulesPerJoule / Run.Seconds * 1e3;
    public double TeraOperationsPerWatt => Picojoules == 0 ? 0 : OperationsPerMac * Run.EightBitMacs / Picojoules;

    public double Of(string component) => Lines.Where(line => line.Component == component).Sum(line => line.Picojoules);

    public double ShareOf(string component) => Picojoules == 0 ? 0 : Of(component) / Picojoules;

    /// <summary>1 - this / baseline.</summary>
    public double SavingFrom(EnergyReport baseline) => baseline.Picojoules == 0 ? 0 : 1 - Picojoules / baseline.Picojoules;
}
