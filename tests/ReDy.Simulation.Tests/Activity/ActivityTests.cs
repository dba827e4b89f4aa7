using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;
using ReDy.Rtl;
using ReDy.Simulation.Activity;
using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;
using ReDy.Simulation.Verify;

namespace ReDy.Simulation.Tests.Activity;

/// <summary>Toggles and events: what is counted, that both sides agree, and that SAIF says the same as a waveform.</summary>
public sealed class ActivityTests
{
    private static readonly TileConfig Tiny = TilePresets.Config("tiny");
    private static readonly TileConfig Gated = Tiny with { Rtl = Tiny.Rtl with { ClockGating = true } };

    [Fact]
    public async Task Toggles_of_the_run_are_those_of_the_golden_models_values_clock_by_clock()
    {
        var point = new CampaignPoint(5, Gated);
        TileActivity activity = (await Verify(point)).Lockstep.Activity.ShouldNotBeNull();

        // The same once more, with a list of values for each register.
        var model = new Tile(Gated);
        TileStimulus stimulus = point.NewStimulus();
        var inputs = new uint[model.Ports.InputWords];
        var values = new List<uint[]>();
        bool counts = false;
        for (long clock = 0; stimulus.Drive(clock, model.Outputs, inputs); clock++)
        {
            if (stimulus.BackdoorImages is { } images)
                model.LoadImages(images);
            if (counts)
                values.Add(model.Registers.ToArray());
            counts |= (inputs[0] & 1) == 0;
            model.Clock(inputs);
        }

        values.Add(model.Registers.ToArray());
        activity.Clocks.ShouldBe(values.Count - 1);
        activity.Registers.Count.ShouldBe(model.Probes.Count);
        foreach ((SignalSlot slot, SignalActivity counted) in model.Probes.Zip(activity.Registers))
        {
            counted.Name.ShouldBe(slot.Name);
            for (int bit = 0; bit < slot.Bits; bit++)
            {
                bool[] series = [.. values.Select(words => ((words[slot.Offset + bit / 32] >> (bit % 32)) & 1) != 0)];
                counted.Rises[bit].ShouldBe(series.Zip(series.Skip(1)).Count(pair => !pair.First && pair.Second), $"{slot.Name}[{bit}]");
                counted.Falls[bit].ShouldBe(series.Zip(series.Skip(1)).Count(pair => pair.First && !pair.Second), $"{slot.Name}[{bit}]");
            }
        }
    }

    [Theory]
    [InlineData(WeightLoading.Axi)]
    [InlineData(WeightLoading.Backdoor)]
    public void A_layer_is_counted_from_the_clock_of_its_first_beat_to_that_of_its_last_result_and_its_software_is_quiet_between(WeightLoading weightsBy)
    {
        var geometry = new TileGeometry(Tiny);
        StreamedLayer layer = StreamedLayer.Draw(geometry, 70, 1);
        (TileActivity activity, long from) = LayerActivity.WhileStreaming(Tiny, layer, weightsBy);

        // The same vectors in a run that goes on to read everything back.
        TileStimulus? stimulus = null;
        var operands = new OperandChoice { Weights = layer.Weights, Inputs = layer.Inputs, Requantisation = layer.Requantisation, Classes = [], Seed = 1 };
        var workload = new VerifyWorkload(geometry, operands, () => stimulus!.Clock);
        stimulus = new TileStimulus(geometry, workload.Layers(), StimulusOptions.Of(1, StallLevel.None) with { WeightsBy = weightsBy }, workload.Complete);
        var model = new Tile(Tiny);
        var inputs = new uint[model.Ports.InputWords];
        PortAccess ports = stimulus.Ports;
        List<long> beats = [], results = [], accesses = [];
        long clock = 0;
        for (; stimulus.Drive(clock, model.Outputs, inputs); clock++)
        {
            if (stimulus.BackdoorImages is { } images)
                model.LoadImages(images);
            if ((inputs[ports.StreamValid] & model.Outputs[ports.StreamReady]) != 0)
                beats.Add(clock);
            if ((model.Outputs[ports.ResultValid] & inputs[ports.ResultReady]) != 0)
                results.Add(clock);
            if ((inputs[ports.WriteAddressValid] | inputs[ports.WriteDataValid] | inputs[ports.ReadAddressValid]) != 0)
                accesses.Add(clock);
            model.Clock(inputs);
        }

        stimulus.VectorsReceived.ShouldBe(70);
        (long first, long last) = (beats[0], results[^1]);
        (from, activity.Clocks).ShouldBe((first, last - first + 1));
        accesses.ShouldAllBe(access => access < first || access > last);
        activity.Clocks.ShouldBe(Recurrence(geometry, layer), "what redy energy scales by");
        (clock - last).ShouldBeGreaterThan(100, "reading back takes long");
    }

    [Fact]
    public async Task Registers_behind_a_gate_see_only_the_clocks_that_it_lets_through()
    {
        TileActivity gated = (await Verify(new CampaignPoint(5, Gated))).Lockstep.Activity.ShouldNotBeNull();
        TileActivity free = (await Verify(new CampaignPoint(5, Tiny))).Lockstep.Activity.ShouldNotBeNull();

        SignalActivity digits = gated.Registers.Single(register => register.Signal == "drive_digits_q");
        digits.ClockEdges.ShouldBeInRange(1, gated.Clocks / 4);
        gated.Registers.Where(register => ClockGates.Of(register.Name) is null).ShouldAllBe(register => register.ClockEdges == gated.Clocks);
        MemoryActivity words = gated.Memories.Single(memory => memory.Name.EndsWith("input_register.words", StringComparison.Ordinal));
        words.ClockEdges.ShouldBe(gated.Total("input_register", TileEvents.Writes("words")));
        free.Registers.ShouldAllBe(register => register.ClockEdges == free.Clocks);
        free.Memories.ShouldAllBe(memory => memory.ClockEdges == free.Clocks);
    }

    [Fact]
    public async Task Saif_of_a_run_agrees_with_a_waveform_of_the_same_run_and_with_the_toggles()
    {
        using var folder = new SimulationFolder();
        var point = new CampaignPoint(3, Gated);
        SignalLayout layout = SignalLayout.Of(new Tile(Gated));
        var build = new SimulationBuild(RtlGenerator.Generate(Gated), layout, new ContentCache(), VerilogEvents.Of(point.Geometry));
        SimulationVariant variant = SimulationVariant.Switching with { OptimizationLevel = 0 };
        using SimulationLibrary library = await build.RunAsync(variant);
        LockstepResult Run(LockstepOptions options) => LockstepRun.Execute(() => new Tile(Gated), point.NewStimulus, library, images: null, options);
        SimulationLibrary Again() => build.RunAsync(variant).GetAwaiter().GetResult();
        LockstepResult counted = Run(new LockstepOptions { Activity = true, SwitchingLibrary = Again, Waveform = WaveformMode.Off });
        LockstepResult recorded = Run(new LockstepOptions { Waveform = WaveformMode.Full, WaveformLibrary = Again, WaveformPath = folder.File("run") });
        TileActivity activity = counted.Activity.ShouldNotBeNull();
        using (var file = new StreamWriter(folder.File("run.saif")))
            SaifFile.Write(file, counted.Switching.ShouldNotBeNull(), "redy_tile", SaifOrigin.Of(Gated, netlist: false), activity.Clocks, 1000);
        SaifText saif = SaifText.Read(folder.File("run.saif"));

        // At 1 GHz a clock is 1,000,000 fs and 10 units of the waveform; counting begins one clock after the run does.
        const long Unit = 100_000;
        saif.Timescale.ShouldBe("1 fs");
        saif.Duration.ShouldBe(activity.Clocks * 1_000_000);
        long end = 10 * counted.Clocks;
        Dictionary<string, (long AtOne, long Transitions)> vcd = VcdCount.Of(recorded.Waveform.ShouldNotBeNull(), end - 10 * activity.Clocks, end);
        Dictionary<string, (long AtOne, long Transitions)> bySlashes = [];
        foreach ((string name, (long, long) value) in vcd)
            if (name.IndexOf("redy_tile", StringComparison.Ordinal) is >= 0 and int top) // what is outside of it depends on the version of Verilator
                bySlashes.TryAdd(name[top..].Replace('.', '/'), value);
        saif.Bits.Count.ShouldBeGreaterThan(2000);
        foreach ((string name, (long t0, long t1, long tx, long tc, long ig)) in saif.Bits)
        {
            string path = name.Replace('.', '/');
            (long atOne, long transitions) = bySlashes.GetValueOrDefault(path, (-1, -1));
            (t1, tc).ShouldBe((atOne * Unit, transitions), name);
            (t0 + t1, tx, ig).ShouldBe((saif.Duration, 0, 0), name);
        }

        foreach (SignalActivity signal in activity.Registers.Concat(activity.Ports))
        {
            for (int bit = 0; bit < signal.Bits; bit++)
            {
                string name = "redy_" + signal.Name.Replace('.', '/');
                (long _, long _, long _, long tc, long _) = Find(saif, name, bit);
                tc.ShouldBe(signal.Rises[bit] + signal.Falls[bit], $"{name}[{bit}]");
            }
        }
    }

    [Fact]
    public void An_event_that_only_one_side_counts_is_named() =>
        MeasuredActivity.OnOneSide(["tile.x.a", "tile.x.b"], ["tile.x.b", "tile.x.c"])
            .ShouldBe(["tile.x.a: counted in the golden model, not in the Verilog", "tile.x.c: counted in the Verilog, not in the golden model"]);

    [Fact]
    public void Differences_name_instance_bit_and_both_counts()
    {
        var expected = new TileActivity
        {
            Clocks = 10,
            Registers = [new SignalActivity("tile.x.a_q", [1, 5], [1, 4], 10)],
            Ports = [],
            Memories = [new MemoryActivity("tile.x.words", 2, 8, 10)],
            Events = [new EventActivity("tile.x", "reads", 3, 8)],
        };
        TileActivity actual = expected with
        {
            Registers = [new SignalActivity("tile.x.a_q", [1, 6], [1, 4], 9)],
            Memories = [],
            Events = [new EventActivity("tile.x", "reads", 4, 8)],
        };

        ActivityDifference.Between(expected, expected).ShouldBeEmpty();
        ActivityDifference.Between(expected, actual).ShouldBe(
        [
            new ActivityDifference("tile.x", "reads", 3, 4),
            new ActivityDifference("tile.x.a_q", "clock_edges", 10, 9) { Instance = "tile.x" },
            new ActivityDifference("tile.x.a_q[1]", "rises", 5, 6) { Instance = "tile.x" },
            new ActivityDifference("tile.x.words", "clock_edges", 10, -1) { Instance = "tile.x" },
        ]);
    }

    [Fact]
    public async Task Every_signal_that_makes_an_event_is_in_the_Verilog_and_the_golden_model_counts_the_same_events()
    {
        foreach (TileConfig config in new[] { Gated, Tiny with { Adc = Tiny.Adc with { PerCrossbar = 3 } } })
        {
            var model = new Tile(config);
            var layout = SignalLayout.Of(model);
            using SimulationLibrary library = await new SimulationBuild(RtlGenerator.Generate(config), layout, new ContentCache(), VerilogEvents.Of(new TileGeometry(config)))
                .RunAsync(new SimulationVariant { OptimizationLevel = 0 });
            using SimulatedTile tile = library.Open(1);
            Should.NotThrow(tile.Measure);
            IEnumerable<string> modelEvents = new ModelActivity(model, new uint[layout.Words]).Events().Select(one => $"{one.Instance}.{one.Event}");
            MeasuredActivity.OnOneSide(modelEvents, library.Events!.Names).ShouldBeEmpty();
        }
    }

    /// <summary>Clocks by docs/timing.md.</summary>
    private static long Recurrence(TileGeometry geometry, StreamedLayer layer)
    {
        MappedLayer mapped = new CrossbarMapper(geometry).Map(layer.Weights);
        int[] planes = new FunctionalMvm(geometry, mapped).Multiply(layer.Inputs).Planes;
        var clocks = new LayerClocks(geometry, mapped.Rows, mapped.Outputs);
        foreach (int[] vector in planes.Chunk(mapped.Groups))
            clocks.Next(vector);
        return clocks.Total;
    }

    private static (long T0, long T1, long Tx, long Tc, long Ig) Find(SaifText saif, string path, int bit)
    {
        // Generate blocks are joined to what is in them by dots.
        string joined = System.Text.RegularExpressions.Regex.Replace(path, @"(g_[a-z_]+\[\d+\])/", "$1.");
        return saif.Bits.TryGetValue($"{joined}[{bit}]", out var found) ? found : saif.Bits[joined];
    }

    private static async Task<VerificationResult> Verify(CampaignPoint point)
    {
        var settings = new VerificationSettings
        {
            Config = point.Config,
            Bundle = RtlGenerator.Generate(point.Config),
            Model = () => new Tile(point.Config),
            Waveform = WaveformMode.Off,
            OptimizationLevel = 0,
        };
        VerificationResult result = await TileVerification.RunAsync(settings, point.NewStimulus);
        FailureReport.Of(result, point.Seed, "this test").ShouldBeNull();
        return result;
    }
}
