namespace ReDy.Architecture.Tests;

public sealed class ActivityFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    private static TileActivity Activity => new()
    {
        Clocks = 1000,
        Registers = [new SignalActivity("tile.g_row[0].g_column[1].ima.g_row_block[2].step_sequencer.offset_q", [3, 40_000_000_000], [2, 0], 17)],
        Ports = [new SignalActivity("tile.interrupt", [1], [1], 0)],
        Memories = [new MemoryActivity("tile.g_row[0].g_column[0].ima.g_row_block[1].input_register.words", 64, 32, 1000)],
        Events = [new EventActivity("tile.g_row[0].row_loader", TileEvents.BusTransfers, 12, 32)],
    };

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Activity_is_read_back_as_it_was_written()
    {
        File.WriteAllText(path, TileActivityFile.Text(Activity));

        TileActivityFile.Text(TileActivityFile.Read(path)).ShouldBe(TileActivityFile.Text(Activity));
        TileActivityFile.Read(path).Registers[0].Rises.ShouldBe([3, 40_000_000_000]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"clocks\": 3}")]
    [InlineData("{\"clocks\": \"many\"}")]
    public void A_file_that_is_no_activity_is_refused_by_name(string text)
    {
        File.WriteAllText(path, text);

        Should.Throw<InputException>(() => TileActivityFile.Read(path)).Message.ShouldStartWith(path);
    }

    [Fact]
    public void Names_tell_instance_and_module()
    {
        SignalActivity register = Activity.Registers[0];
        (register.Signal, register.Module, register.Bits, register.Toggles).ShouldBe(("offset_q", "step_sequencer", 2, 40_000_000_005));
        Activity.Events[0].Module.ShouldBe("row_loader");
        HierarchicalName.Module("tile.g_row[0].g_column[1].ima.g_row_block[0]").ShouldBe("ima");
        Activity.Total("row_loader", TileEvents.BusTransfers).ShouldBe(12);
    }

    [Theory]
    [InlineData("tile.weight_programmer.row_buffer_q", "row_buffer_gate")]
    [InlineData("tile.g_row[0].g_column[0].ima.g_row_block[1].input_register.words", "words_clock_gate")]
    [InlineData("tile.weight_programmer.word_q", null)]
    public void Registers_that_hold_have_a_clock_gate(string name, string? gate) => ClockGates.Of(name).ShouldBe(gate);
}
