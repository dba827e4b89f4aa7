using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;
using ReDy.Simulation.Activity;

namespace ReDy.CostModel.Tests;

/// <summary>The events that are derived from the functional model are those that the clocked model counts one by one.</summary>
public sealed class LayerEventsTests
{
    private const int Vectors = 5;
    private const long MaxCells = 20_000;

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 24).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Derived_events_are_those_of_the_clocked_model(ulong seed)
    {
        TileConfig config = RandomTileConfigs.FromSeed(seed, MaxCells);
        var geometry = new TileGeometry(config);
        var random = new SeededRandom(SeededRandom.Derive(seed, 0x65));

        // Up to two passes along K and along N.
        int rows = random.Between(1, 2 * geometry.CapacityRows), outputs = random.Between(1, 2 * geometry.CapacityOutputs);
        Matrix<int> weights = Operands.Weights(geometry, rows, outputs, OperandClass.Sparse, seed);
        Matrix<ushort> inputs = Operands.Inputs(geometry, Vectors, rows, OperandClass.Sparse, seed);
        FunctionalResult result = new FunctionalMvm(geometry, new CrossbarMapper(geometry).Map(weights)).Multiply(inputs);
        IReadOnlyDictionary<ChargedEvent, EventTotal> derived = LayerEvents.Of(geometry, new LayerShape(rows, outputs, Raw: true), result.Events, result.Planes.Count(planes => planes == 0));

        TileActivity counted = LayerActivity.Of(config, weights, inputs, requantisation: null);
        foreach ((ChargedEvent charge, EventTotal total) in derived.Where(entry => entry.Key != ChargedEvent.CellReads))
        {
            List<EventActivity> instances = [.. counted.Events.Where(one => one.Event == charge.Name && one.Module == charge.Module)];
            instances.ShouldNotBeEmpty($"{charge.Module}.{charge.Name}");
            ((double)instances.Sum(one => one.Count)).ShouldBe(total.Count, $"{charge.Module}.{charge.Name}");
            if (total.Bits != total.Count)
                ((double)instances.Sum(one => one.Bits)).ShouldBe(total.Bits, $"{charge.Module}.{charge.Name}, bits");
        }
    }

    [Fact]
    public void Cells_read_are_drives_times_samples_per_read_of_every_crossbar()
    {
        var geometry = new TileGeometry(TilePresets.Config("tiny"));
        Matrix<int> weights = Operands.Weights(geometry, 6, 5, OperandClass.Sparse, 1);
        Matrix<ushort> inputs = Operands.Inputs(geometry, Vectors, 6, OperandClass.Sparse, 1);
        FunctionalResult result = new FunctionalMvm(geometry, new CrossbarMapper(geometry).Map(weights)).Multiply(inputs);
        double derived = LayerEvents.Of(geometry, new LayerShape(6, 5, Raw: true), result.Events, 0)[ChargedEvent.CellReads].Count;

        TileActivity counted = LayerActivity.Of(geometry.Config, weights, inputs, requantisation: null);
        long cells = counted.Events.GroupBy(one => one.Instance).Where(instance => Count(instance, TileEvents.CrossbarReads) != 0)
            .Sum(instance => Count(instance, TileEvents.DacDrives) * Count(instance, TileEvents.Samples) / Count(instance, TileEvents.CrossbarReads));
        derived.ShouldBe(cells);
        derived.ShouldBePositive();

        static long Count(IEnumerable<EventActivity> instance, string name) => instance.FirstOrDefault(one => one.Event == name)?.Count ?? 0;
    }

    [Fact]
    public void Every_register_and_memory_belongs_to_one_component_or_to_a_hard_macro()
    {
        string[] macros = ["crossbar_macro", "cell_array", "activation_buffer", "bias_memory", "scale_memory"];
        for (ulong seed = 1; seed <= 8; seed++)
        {
            TileConfig config = RandomTileConfigs.FromSeed(seed, MaxCells);
            var geometry = new TileGeometry(config);
            TileActivity activity = LayerActivity.Of(
                config, Operands.Weights(geometry, 1, 1, OperandClass.Uniform, seed), Operands.Inputs(geometry, 1, 1, OperandClass.Uniform, seed), requantisation: null);
            foreach (string module in activity.Registers.Select(register => register.Module).Concat(activity.Memories.Select(memory => memory.Module)).Distinct())
                (ComponentKind.All.Count(kind => kind.Modules.Contains(module)) + macros.Count(macro => macro == module)).ShouldBe(1, module);
        }
    }
}
