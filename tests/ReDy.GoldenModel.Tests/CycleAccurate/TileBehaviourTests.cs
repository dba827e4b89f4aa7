using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Tests.CycleAccurate;

/// <summary>What software and the neighbours on the streams see of a tile.</summary>
public sealed class TileBehaviourTests
{
    private static readonly TileConfig Small = TileConfigs.Small;

    [Theory]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(11, true)]
    [InlineData(1, false)]
    public void Requantised_outputs_equal_the_functional_models(int outputBits, bool relu)
    {
        TileConfig config = Small with { Outputs = Small.Outputs with { Bits = outputBits } };
        const int outputs = 11;
        var requantisation = new Requantisation
        {
            Bias = [.. Enumerable.Range(0, outputs).Select(n => (long)(n - 5) * 3000)],
            Multiplier = [.. Enumerable.Range(0, outputs).Select(n => 30000L + 777 * n)],
            Shift = [.. Enumerable.Range(0, outputs).Select(n => n == 0 ? 0 : 32 - outputBits + n % 3)],
            ZeroPoint = (1 << outputBits) / 3,
            Relu = relu,
        };
        var layer = new TileLayer(config, 30, outputs, vectors: 5, seed: 3, requantisation);
        TileDriver driver = Run(layer, stallSeed: 4);

        var requantiser = new Requantiser(layer.Geometry, requantisation, outputs);
        for (int m = 0; m < 5; m++)
        {
            int[] expected = new int[outputs];
            requantiser.Requantise(layer.Accumulators(m), expected);
            driver.Packet(m).ShouldBe(expected);
        }
    }

    [Fact]
    public void Weights_programmed_over_the_bus_give_the_same_outputs_as_the_backdoor()
    {
        TileConfig config = TileConfigs.Tiny;
        var layer = new TileLayer(config, 8, 8, vectors: 3, seed: 5);
        var driver = new TileDriver(config);
        driver.Program(layer.Program, overBus: true);
        driver.Enable();
        Send(driver, layer, 3);
        driver.RunUntilPackets(3);

        for (int m = 0; m < 3; m++)
            driver.RawPacket(m).ShouldBe(layer.Accumulators(m));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Read_back_returns_the_code_of_every_used_cell(int adcs)
    {
        TileConfig config = TileConfigs.Tiny with { Adc = new AdcConfig { PerCrossbar = adcs }, Timing = new TimingConfig { AdcLatency = 2, ConvertClocks = 2, SettleClocks = 3 } };
        var layer = new TileLayer(config, 8, 8, vectors: 1, seed: 6);
        var driver = new TileDriver(config);
        driver.Program(layer.Program);
        for (int crossbar = 0; crossbar < layer.Geometry.Crossbars; crossbar++)
        {
            driver.Write(RegisterMap.ProgramCrossbar, (uint)crossbar);
            for (int row = 0; row < 8; row++)
            {
                driver.Write(RegisterMap.ProgramRow, (uint)row);
                for (int bitline = 0; bitline < layer.Geometry.UsedBitlines; bitline++)
                {
                    driver.Write(RegisterMap.ProgramBitline, (uint)bitline);
                    driver.Command(ProgramCommand.ReadBack);
                    driver.Read(RegisterMap.Readback).ShouldBe(layer.Program.Images[crossbar].Code(row, bitline));
                }
            }
        }

        driver.Tile.Events.ShouldBe(EventCounts.None);
    }

    [Fact]
    public void Layers_in_both_banks_follow_each_other_without_waiting()
    {
        TileConfig config = Small;
        var first = new TileLayer(config, 32, 16, vectors: 6, seed: 7);
        var second = new TileLayer(config, 9, 3, vectors: 6, seed: 7, weights: OperandClass.Uniform);
        LayerProgram shared = second.Program with { Images = first.Program.Images };
        var driver = new TileDriver(config);
        driver.Program(first.Program, bank: 0);
        driver.Program(shared, bank: 1);

        // Both layers lie on the same cells: the second uses their upper left corner.
        var geometry = new TileGeometry(config);
        MappedLayer corner = new CrossbarMapper(geometry).Map(first.Weights.Block(0, 32, 0, 3));
        FunctionalResult cornerResult = new FunctionalMvm(geometry, corner).Multiply(Widened(second.Inputs, 32));
        for (int i = 0; i < 6; i++)
        {
            uint bank = (uint)i % 2;
            driver.Enable(bank);
            driver.Send(bank == 0 ? first.Inputs.Row(i) : second.Inputs.Row(i));
            driver.RunUntil(() => driver.BeatsLeft == 0);
        }

        driver.RunUntilPackets(6);
        for (int i = 0; i < 6; i++)
            driver.RawPacket(i).ShouldBe(i % 2 == 0 ? first.Accumulators(i) : cornerResult.Outputs[(3 * i)..(3 * i + 3)]);
    }

    [Fact]
    public void Layer_registers_of_a_bank_in_use_refuse_writes_and_those_of_the_other_bank_do_not()
    {
        var layer = new TileLayer(Small, 32, 16, vectors: 1, seed: 8);
        var driver = new TileDriver(Small);
        driver.Program(layer.Program);
        driver.Enable();
        driver.Send(layer.Inputs.Row(0));
        driver.RunUntil(() => driver.BeatsLeft == 0);

        driver.TryWrite(RegisterMap.LayerRows, 5).ShouldBeFalse();
        driver.TryWrite(RegisterMap.OutputBias, 5).ShouldBeFalse();
        driver.Read(RegisterMap.Error).ShouldBe(1u << (int)TileError.Bank);
        (driver.Read(RegisterMap.Status) & 4).ShouldBe(4u);
        driver.Write(RegisterMap.LayerWindow, 1);
        driver.Write(RegisterMap.LayerRows, 5);
        driver.Read(RegisterMap.LayerRows).ShouldBe(5u);
        driver.RunUntilPackets(1);
        driver.RawPacket(0).ShouldBe(layer.Accumulators(0));
    }

    [Theory]
    [InlineData(10, 25)]
    [InlineData(1, 20)]
    [InlineData(40, 25)]
    [InlineData(33, 33)]
    public void A_packet_of_the_wrong_length_is_dropped_and_the_next_one_is_not(int shorter, int longer)
    {
        var layer = new TileLayer(Small, 32, 16, vectors: 3, seed: 9);
        var driver = new TileDriver(Small, stallSeed: 9);
        driver.Program(layer.Program);
        driver.Enable();
        driver.Send(layer.Inputs.Row(0));
        driver.SendBytes(new byte[shorter]);
        driver.Send(layer.Inputs.Row(1));
        driver.SendBytes(new byte[longer]);
        driver.Send(layer.Inputs.Row(2));
        driver.RunUntilPackets(3);
        driver.Run(100);

        driver.Packets.Count.ShouldBe(3);
        for (int m = 0; m < 3; m++)
            driver.RawPacket(m).ShouldBe(layer.Accumulators(m));
        driver.Read(RegisterMap.Error).ShouldBe(1u << (int)TileError.Stream);
        driver.Write(RegisterMap.Error, 1);
        driver.Read(RegisterMap.Error).ShouldBe(0u);
    }

    [Fact]
    public void A_layer_that_is_not_set_up_refuses_packets()
    {
        var driver = new TileDriver(Small);
        driver.Enable();
        driver.SendBytes(new byte[8]);
        driver.RunUntil(() => driver.BeatsLeft == 0);
        driver.Run(50);
        driver.Read(RegisterMap.Error).ShouldBe(1u << (int)TileError.Stream);
        driver.Packets.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-9)]
    [InlineData(2)]
    [InlineData(30)]
    public void Partial_sums_are_added_and_a_packet_of_the_wrong_length_spoils_only_its_own_vector(int excess)
    {
        const int outputs = 13;
        var layer = new TileLayer(Small, 32, outputs, vectors: 4, seed: 10);
        var driver = new TileDriver(Small, stallSeed: 10);
        driver.Program(layer.Program with { Accumulate = true });
        driver.Enable();
        long[][] partials = [.. Enumerable.Range(0, 4).Select(m => Enumerable.Range(0, outputs + (m == 1 ? excess : 0)).Select(n => (long)(1000 * m - 77 * n)).ToArray())];
        for (int m = 0; m < 4; m++)
        {
            driver.Send(layer.Inputs.Row(m));
            driver.SendPartial(partials[m]);
        }

        driver.RunUntilPackets(4);
        driver.Run(20);
        for (int m = 0; m < 4; m++)
            driver.RawPacket(m).ShouldBe([.. layer.Accumulators(m).Select((y, n) => y + (n < partials[m].Length ? partials[m][n] : 0))], $"vector {m}");
        driver.Read(RegisterMap.Error).ShouldBe(excess == 0 ? 0u : 1u << (int)TileError.Partial);
    }

    [Fact]
    public void Reset_in_flight_empties_the_tile_and_leaves_the_cells()
    {
        var layer = new TileLayer(Small, 32, 16, vectors: 3, seed: 12);
        for (int clocks = 10; clocks < 400; clocks += 37)
        {
            var driver = new TileDriver(Small);
            driver.Program(layer.Program);
            driver.Enable();
            Send(driver, layer, 3);
            driver.Run(clocks);
            driver.PulseReset();
            driver.Packets.Clear();
            driver.Run(200);
            driver.Packets.ShouldBeEmpty();
            driver.Read(RegisterMap.Status).ShouldBe(1u);

            driver.Program(layer.Program, backdoor: false);
            driver.Enable();
            Send(driver, layer, 3);
            driver.RunUntilPackets(3);
            for (int m = 0; m < 3; m++)
                driver.RawPacket(m).ShouldBe(layer.Accumulators(m), $"reset after {clocks} clocks");
        }
    }

    [Theory]
    [InlineData(PrecisionPolicy.Static)]
    [InlineData(PrecisionPolicy.Lossless)]
    public void A_statistical_tile_runs_the_policies_below_it(PrecisionPolicy policy)
    {
        var geometry = new TileGeometry(Small);
        var layer = new TileLayer(Small.WithPolicy(policy), 32, 16, vectors: 4, seed: 13, inputs: OperandClass.Sparse);
        var driver = new TileDriver(Small);
        driver.Program(layer.Program);
        driver.Enable();
        Send(driver, layer, 4);
        driver.RunUntilPackets(4);

        for (int m = 0; m < 4; m++)
            driver.RawPacket(m).ShouldBe(layer.Accumulators(m));
        driver.Tile.Events.ShouldBe(layer.Expected.Events);
        geometry.Policy.ShouldBe(PrecisionPolicy.Statistical);
    }

    [Fact]
    public void Every_register_of_the_map_is_where_the_tile_decodes_it()
    {
        var driver = new TileDriver(Small);
        foreach (TileRegister register in RegisterMap.Of(driver.Geometry))
        {
            driver.TryRead((uint)register.Offset, out uint value).ShouldBe(register.IsReadable, register.Name);
            value.ShouldBe(register.IsReadable ? register.Reset(driver.Geometry) : 0, register.Name);
        }

        uint[] offsets = [.. RegisterMap.Of(driver.Geometry).Select(register => (uint)register.Offset)];
        for (uint address = 0; address < 0x1000; address += 4)
        {
            if (offsets.Contains(address))
                continue;
            driver.TryRead(address, out _).ShouldBeFalse($"{address:x3}");
            driver.TryWrite(address, 0).ShouldBeFalse($"{address:x3}");
        }

        driver.Read(RegisterMap.Error).ShouldBe(1u << (int)TileError.Access);
    }

    [Fact]
    public void A_partial_write_is_refused()
    {
        var driver = new TileDriver(Small);
        driver.TryWrite(RegisterMap.Control, 1, strobe: 7).ShouldBeFalse();
        driver.Read(RegisterMap.Control).ShouldBe(0u);
        driver.Read(RegisterMap.Error).ShouldBe(1u << (int)TileError.Access);
    }

    [Fact]
    public void Commands_are_refused_while_a_vector_is_in_the_tile_or_their_target_does_not_exist()
    {
        var layer = new TileLayer(Small, 32, 16, vectors: 1, seed: 14);
        var driver = new TileDriver(Small);
        driver.Program(layer.Program);
        driver.Enable();
        driver.Send(layer.Inputs.Row(0));
        driver.RunUntil(() => driver.BeatsLeft == 0);
        driver.TryWrite(RegisterMap.Command, (uint)ProgramCommand.WriteRow).ShouldBeFalse();
        driver.RunUntilPackets(1);

        driver.Write(RegisterMap.ProgramCrossbar, (uint)layer.Geometry.Crossbars);
        driver.TryWrite(RegisterMap.Command, (uint)ProgramCommand.WriteRow).ShouldBeFalse();
        driver.Write(RegisterMap.ProgramCrossbar, 0);
        driver.TryWrite(RegisterMap.Command, 4).ShouldBeFalse();
        driver.Read(RegisterMap.Error).ShouldBe(1u << (int)TileError.Program);
    }

    [Fact]
    public void The_interrupt_rises_when_an_unmasked_event_is_pending_and_falls_when_it_is_cleared()
    {
        var layer = new TileLayer(Small, 32, 16, vectors: 1, seed: 15);
        var driver = new TileDriver(Small);
        driver.Program(layer.Program);
        driver.Write(RegisterMap.InterruptMask, 1u << (int)TileInterrupt.VectorDone);
        driver.Enable();
        driver.Output("interrupt").ShouldBe(0u);
        driver.Send(layer.Inputs.Row(0));
        driver.RunUntilPackets(1);
        driver.Run(3);
        driver.Output("interrupt").ShouldBe(1u);
        driver.Read(RegisterMap.InterruptPending).ShouldBe((1u << (int)TileInterrupt.VectorDone) | (1u << (int)TileInterrupt.TileIdle));
        driver.Write(RegisterMap.InterruptPending, 1u << (int)TileInterrupt.VectorDone);
        driver.Run(2);
        driver.Output("interrupt").ShouldBe(0u);
    }

    [Fact]
    public void Memory_writes_name_the_entries_that_a_clock_wrote()
    {
        var layer = new TileLayer(Small, 32, 16, vectors: 1, seed: 16);
        var driver = new TileDriver(Small);
        driver.Program(layer.Program);
        driver.Enable();
        driver.Send(layer.Inputs.Row(0));
        Tile tile = driver.Tile;
        int buffer = tile.Memories.ToList().FindIndex(memory => memory.Name == "tile.activation_buffer.memory");
        uint[] word = new uint[tile.Memories[buffer].WordsPerEntry];
        tile.TryReadMemory(buffer, 0, word).ShouldBeFalse();
        driver.RunUntil(() => tile.MemoryWrites.Contains(new MemoryWrite(buffer, 0)));
        tile.TryReadMemory(buffer, 0, word).ShouldBeTrue();
        for (int i = 0; i < 8; i++)
            ((word[i / 4] >> (8 * (i % 4))) & 255).ShouldBe((uint)layer.Inputs[0, i]);
    }

    [Fact]
    public void The_state_is_described_in_words_while_vectors_are_in_the_tile()
    {
        var layer = new TileLayer(Small, 32, 16, vectors: 3, seed: 17);
        var driver = new TileDriver(Small);
        driver.Program(layer.Program);
        driver.Enable();
        Send(driver, layer, 3);
        driver.Run(60);
        driver.Tile.DescribeState().ShouldContain("converts plane");
    }

    private static TileDriver Run(TileLayer layer, ulong? stallSeed)
    {
        var driver = new TileDriver(layer.Geometry.Config, stallSeed);
        driver.Program(layer.Program);
        driver.Enable();
        Send(driver, layer, layer.Inputs.Rows);
        driver.RunUntilPackets(layer.Inputs.Rows);
        return driver;
    }

    private static void Send(TileDriver driver, TileLayer layer, int vectors)
    {
        for (int m = 0; m < vectors; m++)
            driver.Send(layer.Inputs.Row(m));
    }

    /// <summary>Vectors with zeros behind: rows of K that a short layer does not use.</summary>
    private static Matrix<ushort> Widened(Matrix<ushort> inputs, int columns)
    {
        var wide = new Matrix<ushort>(inputs.Rows, columns);
        for (int m = 0; m < inputs.Rows; m++)
            inputs.Row(m).CopyTo(wide.Row(m));
        return wide;
    }
}
