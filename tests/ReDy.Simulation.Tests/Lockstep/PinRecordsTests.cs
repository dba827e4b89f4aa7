using ReDy.Simulation.Build;
using ReDy.Simulation.Lockstep;

namespace ReDy.Simulation.Tests.Lockstep;

public sealed class PinRecordsTests
{
    [Fact]
    public void Recorded_pins_and_images_bring_a_model_alone_to_the_registers_and_memories_of_lockstep()
    {
        SignalLayout layout = SignalLayout.Of(new FakeTile());
        var stimulus = new KeptImages(new FakeStimulus(1000) { ImagesClock = 300, ImageCode = 5 });
        var compared = new FakeTile();
        var recorder = new ClockRecorder(compared, stimulus, layout, images: null, new LockstepOptions { SweepClocks = 100 });
        var alone = new FakeTile();
        var inputs = new uint[layout.InputWords];

        while (!recorder.Ended)
        {
            var chunk = new ClockRecords();
            while (chunk.Clocks < 128 && recorder.Record(chunk))
            {
            }

            new PinRecords(chunk, layout, stimulus.Loaded).Run(alone, inputs);
            alone.Registers.ToArray().ShouldBe(compared.Registers.ToArray());
        }

        stimulus.Loaded.ShouldBeEmpty();
        for (int memory = 0; memory < layout.Memories.Count; memory++)
        {
            for (int index = 0; index < layout.Memories[memory].Depth; index++)
                Entry(alone, memory, index).ShouldBe(Entry(compared, memory, index));
        }
    }

    private static (bool Written, uint Value) Entry(FakeTile tile, int memory, int index)
    {
        var words = new uint[1];
        return (tile.TryReadMemory(memory, index, words), words[0]);
    }
}
