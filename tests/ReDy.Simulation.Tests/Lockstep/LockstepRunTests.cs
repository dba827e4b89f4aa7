using System.Numerics;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;

namespace ReDy.Simulation.Tests.Lockstep;

public sealed class LockstepRunTests : IDisposable
{
    private static readonly SignalLayout Layout = SignalLayout.Of(new FakeTile());
    private readonly SimulationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_tile_that_does_what_the_model_does_agrees_on_every_clock_and_register()
    {
        LockstepResult result = Run(FakeTile.Verilog(), 5000, options: new LockstepOptions { SweepClocks = 1000 });

        result.Agrees.ShouldBeTrue();
        result.Clocks.ShouldBe(5000);
        result.SignalsPerClock.ShouldBe(15 + 4);
        result.Comparisons.ShouldBeGreaterThan((5000 - 1) * 19);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(77)]
    [InlineData(256)]
    public void A_register_that_differs_once_is_reported_at_exactly_that_clock_and_name(int beats)
    {
        long badClock = ClockAfterBeats(beats);

        LockstepResult result = Run(
            FakeTile.Verilog("pointer_q <= pointer_q + 3'd1;", $"begin pointer_q <= pointer_q + 3'd1; total <= total + 1; if (total == {beats - 1}) pointer_q <= pointer_q + 3'd3; end",
                ("reg [2:0] pointer_q;", "reg [2:0] pointer_q; integer total = 0;")), 2000);

        Divergence divergence = result.Divergence.ShouldNotBeNull();
        divergence.Clock.ShouldBe(badClock);
        divergence.First.Signal.ShouldBe("tile.beat_counter.pointer_q");
        divergence.First.Expected.ShouldBe(new BigInteger(beats & 7));
        divergence.First.Actual.ShouldBe(new BigInteger((beats + 2) & 7));
        divergence.Differences.Count.ShouldBe(1);
        divergence.StimulusState.ShouldBe($"{BeatsSent(badClock)} beats sent");
        divergence.ModelState.ShouldBe($"{beats & 255} beats counted");
    }

    [Fact]
    public void A_wide_register_that_differs_in_its_top_bit_is_reported_with_its_instance()
    {
        LockstepResult result = Run(FakeTile.Verilog("wide_q <= {wide_q[68:0], bit_in}", "wide_q <= {wide_q[68] & 1'b0, wide_q[67:0], bit_in}"), 2000);

        Divergence divergence = result.Divergence.ShouldNotBeNull();
        divergence.First.Signal.ShouldStartWith("tile.g_row[");
        divergence.First.Signal.ShouldEndWith(".shifter.wide_q");
        (divergence.First.Expected ^ divergence.First.Actual).ShouldBe(BigInteger.One << 69);
    }

    [Fact]
    public void The_report_shows_the_block_in_the_clocks_before_and_all_signals_that_differ()
    {
        LockstepResult result = Run(FakeTile.Verilog("count_q + 8'd1 + cells", "count_q + (count_q == 8'd100 ? 8'd2 : 8'd1) + cells"), 2000);

        Divergence divergence = result.Divergence.ShouldNotBeNull();
        divergence.Differences.Select(difference => difference.Signal).ShouldBe(["tile.beat_counter.count_q", "tile.m_axis_tdata"]);
        divergence.History.Select(history => history.Signal).ShouldBe(["tile.beat_counter.count_q", "tile.beat_counter.pointer_q"]);
        divergence.History[0].Expected.Count.ShouldBe(16);
        divergence.History[0].Expected[^1].ShouldBe(new BigInteger(101));
        divergence.History[0].Expected[^2].ShouldBe(new BigInteger(100));
        divergence.HistoryFirstClock.ShouldBe(divergence.Clock - 15);
    }

    [Fact]
    public void A_memory_entry_that_is_written_wrong_is_reported_in_the_clock_of_the_write()
    {
        LockstepResult result = Run(FakeTile.Verilog("words[pointer_q] <= data;", "words[pointer_q] <= pointer_q == 3'd5 ? ~data : data;"), 2000);

        Divergence divergence = result.Divergence.ShouldNotBeNull();
        divergence.Clock.ShouldBe(ClockAfterBeats(6) - 1);
        divergence.First.Signal.ShouldBe("tile.beat_counter.words[5]");
        (divergence.First.Expected ^ divergence.First.Actual).ShouldBe(new BigInteger(0xfff));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000_000)]
    public void A_memory_entry_that_only_the_Verilog_writes_is_found_by_a_sweep_and_reported_at_its_first_clock(int sweepClocks)
    {
        // After its third beat the model has written entries 0 to 2; the Verilog spoils entry 0 with the fourth.
        LockstepResult result = Run(
            FakeTile.Verilog("if (aresetn && beat) words[pointer_q] <= data;", "if (aresetn && beat) begin words[pointer_q] <= data; if (pointer_q == 3) words[0] <= ~words[0]; end"), 30,
            new LockstepOptions { SweepClocks = sweepClocks }, lastBeat: ClockAfterBeats(4) - 1);

        Divergence divergence = result.Divergence.ShouldNotBeNull();
        divergence.First.Signal.ShouldBe("tile.beat_counter.words[0]");
        divergence.Clock.ShouldBe(ClockAfterBeats(4) - 1);
    }

    [Fact]
    public void Backdoor_images_reach_both_sides_in_the_clock_that_the_stimulus_names()
    {
        LockstepResult result = LockstepRun.Execute(
            () => new FakeTile(), () => new FakeStimulus(1000, lastBeat: 400) { ImagesClock = 300, ImageCode = 3 },
            SimulationFolder.Library(FakeTile.Verilog(), Layout), images: null, new LockstepOptions());

        result.Agrees.ShouldBeTrue();
    }

    [Fact]
    public void Backdoor_images_can_be_loaded_before_the_first_clock()
    {
        CrossbarImage[] images = [new CrossbarImage(1, 2, [2, 9], [false, false])];

        LockstepResult result = LockstepRun.Execute(
            () => new FakeTile(), () => new FakeStimulus(100), SimulationFolder.Library(FakeTile.Verilog(), Layout), images, new LockstepOptions());

        result.Agrees.ShouldBeTrue();
    }

    [Fact]
    public void A_standstill_is_reported_as_a_hang_with_both_states()
    {
        LockstepResult result = Run(FakeTile.Verilog(), 1_000_000, new LockstepOptions { HangClocks = 300 }, lastBeat: 100);

        Hang hang = result.Hang.ShouldNotBeNull();
        hang.IdleClocks.ShouldBe(300);
        hang.Clock.ShouldBeInRange(380, 402);
        hang.ModelState.ShouldBe($"{BeatsCounted(101)} beats counted");
        hang.StimulusState.ShouldBe($"{BeatsSent(101)} beats sent");
    }

    [Fact]
    public void A_failed_assertion_ends_the_run_with_its_file_and_instance()
    {
        LockstepResult result = Run(FakeTile.Verilog("count == count_q", "count_q != 8'd20"), 2000);

        DesignStop stop = result.Stop.ShouldNotBeNull();
        stop.Clock.ShouldBe(ClockAfterBeats(20));
        stop.Message.ShouldContain("fake_beat_counter.v");
        stop.Message.ShouldContain("Assertion failed");
        stop.ModelState.ShouldBe("20 beats counted");
    }

    [Fact]
    public void A_fatal_error_in_the_Verilog_does_not_end_the_program()
    {
        LockstepResult result = Run(
            FakeTile.Verilog("if (aresetn && beat) words[pointer_q] <= data;", "if (aresetn && beat) words[pointer_q] <= data; if (count_q == 8'd9) $fatal(1, \"nine\");"), 2000);

        result.Stop.ShouldNotBeNull().Message.ShouldContain("nine");
    }

    [Theory]
    [InlineData(WaveformFormat.Vcd, ".vcd")]
    [InlineData(WaveformFormat.Fst, ".fst")]
    public void A_divergence_comes_with_a_waveform_of_the_clocks_around_it(WaveformFormat format, string extension)
    {
        var bundle = FakeTile.Verilog("count_q + 8'd1 + cells", "count_q + (count_q == 8'd100 ? 8'd2 : 8'd1) + cells");
        LockstepResult result = Run(bundle, 2000, new LockstepOptions
        {
            WaveformPath = folder.File("divergence"),
            WaveformLibrary = () => SimulationFolder.Library(bundle, Layout, new SimulationVariant { Waveform = format }),
        });

        result.Waveform.ShouldBe(folder.File("divergence" + extension));
        new FileInfo(result.Waveform!).Length.ShouldBeGreaterThan(500);
        string save = File.ReadAllText(folder.File("divergence.gtkw"));
        save.ShouldContain("fake_tile.beat_counter.count_q[7:0]");
        if (format == WaveformFormat.Fst)
            return;
        string[] lines = File.ReadAllLines(result.Waveform!);
        long[] times = [.. lines.Where(line => line.StartsWith('#')).Select(line => long.Parse(line[1..]))];
        times[0].ShouldBe((result.Divergence!.Clock - 200) * 10);
        times[^1].ShouldBeInRange((result.Divergence.Clock + 19) * 10, (result.Divergence.Clock + 21) * 10);
        lines.ShouldContain(line => line.Contains("count_q [7:0]"));
    }

    [Fact]
    public void A_full_waveform_holds_every_clock()
    {
        LockstepResult result = Run(FakeTile.Verilog(), 300, new LockstepOptions
        {
            Waveform = WaveformMode.Full,
            WaveformPath = folder.File("run"),
            WaveformLibrary = () => SimulationFolder.Library(FakeTile.Verilog(), Layout, new SimulationVariant { Waveform = WaveformFormat.Vcd }),
        });

        result.Agrees.ShouldBeTrue();
        File.ReadAllLines(folder.File("run.vcd")).Last(line => line.StartsWith('#')).ShouldBe("#2995");
    }

    [Fact]
    public void Registers_that_differ_in_name_or_width_are_all_listed()
    {
        var bundle = FakeTile.Verilog("reg [2:0] pointer_q;", "reg [3:0] pointer_q; reg extra_q; always @(posedge aclk) extra_q <= beat;");
        var problem = Should.Throw<InvalidOperationException>(() => Run(bundle, 10));

        problem.Message.ShouldContain("tile.beat_counter.pointer_q: 3 bits in the golden model, 4 bits in the Verilog");
        problem.Message.ShouldContain("tile.beat_counter.extra_q: 1 bits in the Verilog, no probe of the golden model covers it");
        problem.Message.ShouldNotContain("fake_q");
    }

    [Fact]
    public void A_probe_that_the_Verilog_lacks_is_named()
    {
        var problem = Should.Throw<InvalidOperationException>(() => Run(FakeTile.Verilog("pointer_q", "pointer"), 10));

        problem.Message.ShouldContain("tile.beat_counter.pointer_q: in the golden model (3 bits), not in the Verilog");
    }

    [Fact]
    public void Cancelling_ends_the_run()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Should.Throw<OperationCanceledException>(() => LockstepRun.Execute(
            () => new FakeTile(), () => new FakeStimulus(long.MaxValue), SimulationFolder.Library(FakeTile.Verilog(), Layout), null, new LockstepOptions(), cancellation.Token));
    }

    private static LockstepResult Run(ReDy.Rtl.RtlBundle bundle, long clocks, LockstepOptions? options = null, long lastBeat = long.MaxValue) =>
        LockstepRun.Execute(() => new FakeTile(), () => new FakeStimulus(clocks, lastBeat), SimulationFolder.Library(bundle, Layout), null, options ?? new LockstepOptions());

    /// <summary>The clock in which the registers show that many beats.</summary>
    private static long ClockAfterBeats(int beats)
    {
        long clock = 0;
        while (BeatsCounted(clock) < beats)
            clock++;
        return clock;
    }

    private static long BeatsCounted(long clock) => Beats(FakeStimulus.ResetClocks, clock);
    private static long BeatsSent(long clock) => Beats(0, clock + 1);

    private static long Beats(long first, long end)
    {
        var stimulus = new FakeStimulus(long.MaxValue);
        var inputs = new uint[SignalLayout.Of(new FakeTile()).InputWords];
        long beats = 0;
        for (long clock = 0; clock < end; clock++)
        {
            long before = stimulus.Progress;
            stimulus.Drive(clock, default, inputs);
            beats += clock >= first ? stimulus.Progress - before : 0;
        }

        return beats;
    }
}
