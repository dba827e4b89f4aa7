using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Functional.Engines;
using ReDy.GoldenModel.Mapping;
using ReDy.Reference;

namespace ReDy.GoldenModel.Tests.Functional;

/// <summary>What <see cref="AgreementTests"/> does not reach with its small layers: threads, blocks, calls, memory, refusals, changed images.</summary>
public sealed class EngineTests
{
    /// <summary>Without flips sums may exceed the ADC, so that every counter moves.</summary>
    private static readonly TileGeometry Saturating = new(new TileConfig { Weights = new WeightsConfig { Flip = false }, Adc = new AdcConfig { Bits = 7, PerCrossbar = 2 } });

    private static readonly MappedLayer Layer = new CrossbarMapper(Saturating).Map(Operands.Weights(Saturating, 250, 40, OperandClass.Uniform, 5));

    /// <summary>More than a block, and enough work for two threads.</summary>
    private static readonly Matrix<ushort> Inputs = Operands.Inputs(Saturating, 2100, 250, OperandClass.Sparse, 6);

    public static TheoryData<string> Engines => [.. FunctionalEngines.All.Where(engine => engine.IsAvailable).Select(engine => engine.Name)];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Two_threads_deliver_and_count_what_one_does(string engine)
    {
        FunctionalResult one = new FunctionalMvm(Saturating, Layer, Finest(engine), engine, threads: 1).Multiply(Inputs);
        FunctionalResult two = new FunctionalMvm(Saturating, Layer, Finest(engine), engine, threads: 2).Multiply(Inputs);
        ShouldBeSame(two, one);
        one.Events.Saturations.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Large_blocks_equal_single_vectors(string engine)
    {
        FunctionalResult expected = new FunctionalMvm(Saturating, Layer, Finest(engine), "portable").Multiply(Inputs);
        ShouldBeSame(new FunctionalMvm(Saturating, Layer, Finest(engine), engine).Multiply(Inputs), expected);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Toggles_and_events_of_two_calls_add_up_to_those_of_one(string engine)
    {
        Matrix<ushort> inputs = Inputs.Block(0, 50, 0, Inputs.Columns);
        FunctionalResult whole = new FunctionalMvm(Saturating, Layer, Finest(engine), engine).Multiply(inputs);
        var model = new FunctionalMvm(Saturating, Layer, Finest(engine), engine);
        FunctionalResult first = model.Multiply(inputs.Block(0, 17, 0, inputs.Columns));
        FunctionalResult second = model.Multiply(inputs.Block(17, 33, 0, inputs.Columns));
        (first.Events + second.Events).ShouldBe(whole.Events);
        (first.AdcToggles + second.AdcToggles).ShouldBe(whole.AdcToggles);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Nothing_is_allocated_once_the_largest_block_has_been_seen(string engine)
    {
        var model = new FunctionalMvm(Saturating, Layer, Finest(engine), engine, threads: 1);
        Matrix<ushort> inputs = Inputs.Block(0, 100, 0, Inputs.Columns);
        long[] outputs = new long[100 * Layer.Outputs];
        int[] planes = new int[100 * Layer.Groups];
        model.Multiply(inputs.Values, outputs, planes);

        // The test runner has been seen to add 6 kilobytes to the count of one call; outside of it no call of thousands moved it,
        // from cold code on and beside threads that allocated and collected. What every call allocates is the least of ten.
        long least = long.MaxValue;
        for (int call = 0; call < 10; call++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.Multiply(inputs.Values, outputs, planes);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        least.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Memory_stays_below_three_times_operands_and_results(string engine)
    {
        // The layer of the benchmark. Whatever is allocated counts, even if it could be freed before the peak.
        var geometry = new TileGeometry(new TileConfig());
        Matrix<int> weights = Operands.Weights(geometry, 576, 64, OperandClass.Uniform, 5);
        Matrix<ushort> inputs = Operands.Inputs(geometry, 784, 576, OperandClass.Sparse, 6);
        long[] outputs = new long[784 * 64];
        int[] planes = new int[784 * 5];
        long operands = sizeof(int) * (weights.Values.Length + planes.Length) + sizeof(ushort) * inputs.Values.Length + sizeof(long) * outputs.Length;
        long before = GC.GetAllocatedBytesForCurrentThread();
        new FunctionalMvm(geometry, new CrossbarMapper(geometry).Map(weights), Finest(engine), engine, threads: 1).Multiply(inputs.Values, outputs, planes);
        (operands + GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(3 * operands);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Outputs_beyond_32_bits_are_whole(string engine)
    {
        // Without flips, so that the codes make the sum, and with an ADC for a full bitline.
        var geometry = new TileGeometry(new TileConfig
        {
            Weights = new WeightsConfig { Bits = 12, Flip = false },
            Activations = new ActivationsConfig { Bits = 12 },
            Adc = new AdcConfig { Bits = 9 },
            Precision = new PrecisionConfig { Policy = PrecisionPolicy.Lossless },
        });
        Matrix<int> weights = Operands.Weights(geometry, 300, 20, OperandClass.AllOnes, 5);
        Matrix<ushort> inputs = Operands.Inputs(geometry, 40, 300, OperandClass.AllOnes, 6);
        long[] expected = PlainIntegerProduct.Multiply(40, 300, 20, weights.Values, inputs.Integers());
        expected[0].ShouldBeGreaterThan(int.MaxValue);
        new FunctionalMvm(geometry, new CrossbarMapper(geometry).Map(weights), engine: engine).Multiply(inputs).Outputs.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Stuck_cells_count_as_what_they_hold(string engine)
    {
        var geometry = new TileGeometry(new TileConfig());
        MappedLayer healthy = new CrossbarMapper(geometry).Map(Operands.Weights(geometry, 200, 20, OperandClass.Uniform, 5));
        var random = new SeededRandom(7);
        MappedLayer stuck = healthy with
        {
            Images = [.. healthy.Images.Select(image => image with { Codes = [.. image.Codes.Select(code => random.OneIn(50) ? (byte)random.Between(0, 3) : code)] })],
        };
        Matrix<ushort> inputs = Operands.Inputs(geometry, 40, 200, OperandClass.Uniform, 8);
        FunctionalResult expected = new FunctionalMvm(geometry, stuck, Finest(engine), "portable").Multiply(inputs);
        ShouldBeSame(new FunctionalMvm(geometry, stuck, Finest(engine), engine).Multiply(inputs), expected);
    }

    [Fact]
    public void Screening_splits_vectors_between_product_and_bit_serial_engine()
    {
        // Cells at their maximum without flips: a vector is proven only by how few wordlines it drives.
        var geometry = new TileGeometry(new TileConfig { Weights = new WeightsConfig { Flip = false }, Precision = new PrecisionConfig { Policy = PrecisionPolicy.Static } });
        MappedLayer layer = new CrossbarMapper(geometry).Map(Operands.Weights(geometry, 128, 8, OperandClass.AllOnes, 1));
        var inputs = new Matrix<ushort>(128, 128);
        for (int m = 0; m < 128; m++)
            inputs.Row(m)[..(m + 1)].Fill(255);
        FunctionalResult result = new FunctionalMvm(geometry, layer, engine: FunctionalEngines.All[0].IsAvailable ? "screened" : null).Multiply(inputs);

        // 85 wordlines of 3 are 255. From 86 on, all 8 steps of the 4 bitlines of all 8 outputs saturate.
        result.Events.Saturations.ShouldBe((128 - 85) * 8 * 8 * 4);
        ShouldBeSame(result, new FunctionalMvm(geometry, layer, engine: "portable").Multiply(inputs));
    }

    [Fact]
    public void An_unknown_engine_is_refused_with_the_known_ones() =>
        Should.Throw<InputException>(() => new FunctionalMvm(Saturating, Layer, engine: "fast")).Message
            .ShouldBe("engine 'fast': there is no such engine; choose one of screened, avx512-vbmi, avx2, portable");

    [Theory]
    [MemberData(nameof(Engines))]
    public void An_engine_that_cannot_count_toggles_of_wide_ADCs_is_refused(string engine)
    {
        if (engine == "portable")
            return;
        var wide = new TileGeometry(new TileConfig { Adc = new AdcConfig { Bits = 9 } });
        Should.Throw<InputException>(() => FunctionalEngines.Choose(wide, Measurement.AdcToggles, engine)).Message
            .ShouldStartWith($"engine '{engine}': the engine does not support this configuration: ");
    }

    private static Measurement Finest(string engine) => engine == "screened" ? Measurement.Saturations : Measurement.AdcToggles;

    private static void ShouldBeSame(FunctionalResult actual, FunctionalResult expected)
    {
        actual.Outputs.AsSpan().SequenceEqual(expected.Outputs).ShouldBeTrue();
        actual.Planes.AsSpan().SequenceEqual(expected.Planes).ShouldBeTrue();
        actual.Events.ShouldBe(expected.Events);
        actual.AdcToggles.ShouldBe(expected.AdcToggles);
    }
}
