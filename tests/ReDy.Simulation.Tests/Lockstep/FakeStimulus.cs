using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Lockstep;

namespace ReDy.Simulation.Tests.Lockstep;

/// <summary>Two clocks of reset, then pseudo-random beats in about half of the clocks.</summary>
/// <param name="clocks">How long.</param>
/// <param name="lastBeat">No beats after this clock.</param>
/// <param name="seed">Of the random generator.</param>
internal sealed class FakeStimulus(long clocks, long lastBeat = long.MaxValue, int seed = 7) : IStimulus
{
    private readonly TilePorts ports = new(FakeTile.SmallGeometry);
    private readonly Random random = new(seed);

    public const int ResetClocks = 2;

    /// <summary>The clock in which the images are loaded.</summary>
    public long ImagesClock { get; init; } = -1;
    public byte ImageCode { get; init; }

    public long Progress { get; private set; }
    public IReadOnlyList<CrossbarImage>? BackdoorImages { get; private set; }

    public bool Drive(long clock, ReadOnlySpan<uint> outputs, Span<uint> inputs)
    {
        if (clock == clocks)
            return false;
        inputs[ports.Input("aresetn").Offset] = clock < ResetClocks ? 0u : 1u;
        bool beat = clock <= lastBeat && random.Next(2) == 1;
        inputs[ports.Input("s_axis_tvalid").Offset] = beat ? 1u : 0u;
        inputs[ports.Input("s_axis_tdata").Offset] = (uint)random.Next();
        BackdoorImages = clock == ImagesClock ? [new CrossbarImage(1, 2, [ImageCode, 1], [false, false])] : null;
        if (beat)
            Progress++;
        return true;
    }

    public string DescribeState() => $"{Progress} beats sent";
}
