using System.Text.RegularExpressions;
using ReDy.Architecture;
using ReDy.Architecture.Tests;

namespace ReDy.Rtl.Tests;

public sealed class RegisterMapTests
{
    private static readonly TileGeometry Default = new(new TileConfig());

    [Fact]
    public void Offsets_ascend_by_whole_words_within_the_address_space()
    {
        int[] offsets = [.. RegisterMap.All.Select(register => register.Offset)];
        offsets.ShouldBe(offsets.Distinct().Order());
        offsets.ShouldAllBe(offset => offset % 4 == 0 && offset < 1 << TilePorts.RegisterAddressBits);
    }

    [Fact]
    public void Fields_do_not_overlap()
    {
        foreach (TileRegister register in RegisterMap.All)
        {
            uint taken = 0;
            foreach (RegisterField field in register.Fields(Default))
            {
                (taken & field.Mask).ShouldBe(0u, $"{register.Name}.{field.Name}");
                taken |= field.Mask;
            }
        }
    }

    [Fact]
    public void The_register_file_decodes_every_register_of_the_tile_and_no_other()
    {
        foreach (TileConfig config in SampleTiles.All.Values)
        {
            string verilog = RtlGenerator.Generate(config)[$"rtl/{config.Rtl.Prefix}register_file.v"].Content;
            IReadOnlyList<TileRegister> registers = RegisterMap.Of(new TileGeometry(config));
            foreach (TileRegister register in RegisterMap.All.Except(RegisterMap.Counters))
            {
                bool exists = registers.Contains(register);
                Regex.IsMatch(verilog, $"localparam \\[9:0\\] ADDRESS_{register.Name} += 10'h{register.Offset / 4:X3};").ShouldBe(exists, register.Name);
                Regex.IsMatch(verilog, $"ADDRESS_{register.Name}: +read_data = ").ShouldBe(exists && register.IsReadable, $"read of {register.Name}");
            }
        }
    }

    [Fact]
    public void The_documentation_has_the_registers_of_the_default_tile() =>
        GoldenFile.ShouldHold(GoldenFile.InRepository("docs", "registers.md"), RegisterMapDocument.Write(Default));

    [Theory]
    [InlineData("redy_registers.h")]
    [InlineData("registers.md")]
    [InlineData("redy_tile_simulation.f")]
    [InlineData("redy_tile_synthesis.f")]
    [InlineData("rtl/redy_interrupt_controller.v")]
    [InlineData("rtl/redy_register_file.v")]
    [InlineData("rtl/redy_tile.v")]
    public void Emitted_files_of_the_tiny_tile_are_as_they_were_read_last(string path) =>
        GoldenFile.ShouldHold(GoldenFile.InRepository("tests", "ReDy.Rtl.Tests", "golden", Path.GetFileName(path)), RtlGenerator.Generate(SampleTiles.Tiny)[path].Content);
}
