using System.Diagnostics;
using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;
using Xunit.Abstractions;

namespace ReDy.GoldenModel.Tests.CycleAccurate;

/// <summary>How fast the model runs. Measures only when REDY_BENCHMARK is set, and then only a Release build tells anything.</summary>
public sealed class TileSpeedTests(ITestOutputHelper report)
{
    [Theory]
    [InlineData(OperandClass.Uniform)]
    [InlineData(OperandClass.Sparse)]
    public void Nanoseconds_per_clock_of_the_default_tile_are_reported(OperandClass operands)
    {
        if (Environment.GetEnvironmentVariable("REDY_BENCHMARK") is null)
            return;
        var geometry = new TileGeometry(new TileConfig());
        Matrix<int> weights = Operands.Weights(geometry, geometry.CapacityRows, geometry.CapacityOutputs, OperandClass.Uniform, 1);
        Matrix<ushort> inputs = Operands.Inputs(geometry, 64, geometry.CapacityRows, operands, 2);
        var driver = new TileDriver(geometry.Config);
        driver.Program(TilePasses.Split(geometry, new CrossbarMapper(geometry).Map(weights))[0].Program);
        driver.Enable();
        Stream(8);
        for (int repeat = 0; repeat < 4; repeat++)
        {
            (double nanoseconds, double perClock) = Stream(32);
            report.WriteLine($"{operands}: {nanoseconds:F0} ns per clock, {perClock:F1} conversions per clock, {driver.Tile.Registers.Length} register words");
        }

        (double Nanoseconds, double ConversionsPerClock) Stream(int vectors)
        {
            int before = driver.Packets.Count;
            long clocks = driver.Tile.Clocks, conversions = driver.Tile.Events.Conversions;
            for (int m = 0; m < vectors; m++)
                driver.Send(inputs.Row(m % inputs.Rows));
            TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
            driver.RunUntilPackets(before + vectors);
            clocks = driver.Tile.Clocks - clocks;
            return ((Process.GetCurrentProcess().TotalProcessorTime - start).TotalNanoseconds / clocks, (driver.Tile.Events.Conversions - conversions) / (double)clocks);
        }
    }
}
