using System.Diagnostics;
using System.Globalization;
using ReDy.GoldenModel.Functional.Engines;

namespace ReDy.Benchmarks;

/// <summary>Memory that one engine takes for the layer, measured in a process of its own so that nothing else is counted.</summary>
/// <param name="OperandBytes">Weights, inputs, outputs and planes as the caller holds them.</param>
/// <param name="ManagedBytes">All that .NET allocated for crossbar images, engine and multiplication; nothing that was freed in between is deducted.</param>
/// <param name="PeakBytes">By how much the process's peak of resident memory, .NET's own included, exceeds what was resident before; 0 where the system does not tell.</param>
public sealed record MemoryUse(string Engine, long OperandBytes, long ManagedBytes, long PeakBytes)
{
    /// <summary>First argument of the process that measures.</summary>
    public const string Option = "--memory";

    private const int WarmUpMilliseconds = 1000;
    private const string StatusFile = "/proc/self/status";
    private const string ResetFile = "/proc/self/clear_refs";
    private const string ResetPeak = "5";

    /// <summary>Operands and everything else, in multiples of the operands.</summary>
    public double Multiple => (OperandBytes + Math.Max(ManagedBytes, PeakBytes)) / (double)OperandBytes;

    public static IReadOnlyList<MemoryUse> Measure() =>
        [.. FunctionalEngines.All.Where(engine => engine.IsAvailable).Select(engine => Start(engine.Name))];

    /// <summary>What the started process does: multiplies something small until its code is compiled for good, then measures.</summary>
    public static void Report(string engine)
    {
        for (long end = Environment.TickCount64 + WarmUpMilliseconds; Environment.TickCount64 < end;)
            new LayerWorkload(new LayerCase("memory", engine) { Vectors = 64, Rows = 136, Outputs = 40 }).Run();
        var operands = new LayerOperands(new LayerCase("memory", engine));

        // Memory that was never written is not resident yet.
        Array.Clear(operands.Outputs);
        Array.Clear(operands.Planes);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (File.Exists(ResetFile))
            File.WriteAllText(ResetFile, ResetPeak);
        long resident = Status("VmRSS"), allocated = GC.GetTotalAllocatedBytes(precise: true);
        new LayerWorkload(operands).Run();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{operands.Bytes} {allocated} {Status("VmHWM") - resident}"));
    }

    private static MemoryUse Start(string engine)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(MemoryUse).Assembly.Location, Option, engine]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {start.FileName}");
        string line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        long[] numbers = [.. line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return new MemoryUse(engine, numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>In bytes; the file gives kibibytes.</summary>
    private static long Status(string key)
    {
        if (!File.Exists(StatusFile))
            return 0;
        string line = File.ReadLines(StatusFile).First(line => line.StartsWith(key, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
