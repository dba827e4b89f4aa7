using System.Globalization;
using System.Text;
using ReDy.GoldenModel.Functional.Engines;
using ReDy.Simulation.Lockstep;

namespace ReDy.Benchmarks;

/// <summary>The measurements of one machine as Markdown, ratios first, with plots.</summary>
public sealed class PerformanceReport(
    Machine machine, IReadOnlyList<MeasuredCase> cases, IReadOnlyList<MemoryUse> memory, IReadOnlyList<(int Crossbars, double Milliseconds)> generations, IReadOnlyList<CycleModelComparison> tiles)
{
    private readonly StringBuilder text = new();

    /// <returns>Path of the Markdown file.</returns>
    public string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        Introduce();
        Kernels();
        Counters();
        Batches();
        Gain("Precision", "precision", "Planes that are not streamed are not computed. Half of the activations are zero; with 4 steps all are multiples of 16.",
            "8 steps", "4 steps", measured => measured.Case.Bits == ActivationBits.HighFour);
        Gain("Threads", "threads", "Twice the layer's vectors, so that the work outweighs the start of a thread.", "1 thread", "2 threads", measured => measured.Case.Threads == 2);
        Memory();
        Growth(folder);
        Tiles();
        Generation(folder);
        string path = Path.Combine(folder, $"{machine.Slug}.md");
        File.WriteAllText(path, text.ToString());
        return path;
    }

    private IEnumerable<MeasuredCase> Topic(string topic) => cases.Where(measured => measured.Case.Topic == topic);

    private void Introduce()
    {
        double slowest = cases.Min(measured => measured.BaselineGigaMacsPerSecond), fastest = cases.Max(measured => measured.BaselineGigaMacsPerSecond);
        Line($"# Measured on {machine.Processor}, {machine.Family}");
        Line();
        Line("Written by `make bench`; [performance.md](../performance.md) says how to read it.");
        Line();
        Line("| | |");
        Line("|---|---|");
        Line($"| processor | {machine.Processor}, {machine.Family}, {machine.Cores} cores visible |");
        Line($"| instruction sets | {machine.InstructionSets} |");
        Line($"| system | {machine.System} |");
        Line($"| runtime | {machine.Runtime} |");
        Line($"| baseline: scalar population counts, one thread | {Number(slowest)} to {Number(fastest)} GMAC/s while this was measured |");
        Line();
        Line("`ratio` is the speed per multiplication against the baseline, which is measured again right before and after each row.");
    }

    private void Kernels()
    {
        Heading("Engines", "K = 576, N = 64, M = 784 vectors, 8-bit ADC, all eight steps, one thread; outputs, conversions and saturations.");
        Line("| engine | ratio | GMAC/s | µs per layer |");
        Line("|---|---:|---:|---:|");
        foreach (MeasuredCase measured in Topic("kernels").OrderBy(measured => measured.Ratio))
        {
            string name = measured.Case.Computation switch
            {
                Computation.NaiveBitSerial => "naive bit-serial reference (never an engine)",
                Computation.PlainProduct => "plain scalar product (never an engine)",
                _ => $"`{measured.Case.Engine}`",
            };
            double layer = measured.Microseconds * LayerWorkload.Vectors / measured.Case.Vectors;
            Line($"| {name} | {Number(measured.Ratio)} | {Number(measured.GigaMacsPerSecond)} | {layer.ToString("N0", CultureInfo.InvariantCulture)} |");
        }
    }

    private void Counters()
    {
        Heading("Cost of counting", "Values and saturations without flip encoding, so that conversions may saturate and must be told from sums at the edge; toggles with it.");
        Line("| engine | values | saturations | toggles of ADC outputs |");
        Line("|---|---:|---:|---:|");
        foreach (IGrouping<string, MeasuredCase> engine in Topic("counters").GroupBy(measured => measured.Case.Engine))
        {
            string cells = string.Join(" | ", Enum.GetValues<Measurement>().Select(measurement => Number(engine.Single(measured => measured.Case.Measurement == measurement).Ratio)));
            Line($"| `{engine.Key}` | {cells} |");
        }
    }

    private void Batches()
    {
        Heading("Vectors per block", "Ratio with so many vectors at a time. Left to itself, ReDy gives blocks of few vectors to the engine that is fastest for them.");
        string[] engines = [.. FunctionalEngines.All.Select(engine => engine.Name).Where(engine => Topic("batches").Any(measured => measured.Case.Engine == engine))];
        Line($"| vectors | {string.Join(" | ", engines.Select(engine => $"`{engine}`"))} |");
        Line($"|---:|{string.Concat(engines.Select(_ => "---:|"))}");
        foreach (IGrouping<int, MeasuredCase> batch in Topic("batches").GroupBy(measured => measured.Case.Vectors).OrderBy(batch => batch.Key))
        {
            IEnumerable<string> ratios = engines.Select(engine => batch.FirstOrDefault(measured => measured.Case.Engine == engine) is { } measured ? Number(measured.Ratio) : "");
            Line($"| {batch.Key} | {string.Join(" | ", ratios)} |");
        }
    }

    private void Gain(string heading, string topic, string explanation, string before, string after, Func<MeasuredCase, bool> isAfter)
    {
        Heading(heading, explanation);
        Line($"| engine | ratio with {before} | ratio with {after} | gain |");
        Line("|---|---:|---:|---:|");
        foreach (IGrouping<string, MeasuredCase> engine in Topic(topic).GroupBy(measured => measured.Case.Engine))
        {
            if (engine.FirstOrDefault(isAfter) is not { } second)
                continue;
            MeasuredCase first = engine.First(measured => !isAfter(measured));
            Line($"| `{engine.Key}` | {Number(first.Ratio)} | {Number(second.Ratio)} | {Number(second.Ratio / first.Ratio)} |");
        }
    }

    private void Memory()
    {
        Heading("Memory", "One run of the layer, crossbar images and engine included, in a process of its own. Operands are the caller's weights, inputs, outputs and planes.");
        Line("| engine | operands and everything else / operands | operands, kB | allocated, kB | growth of the process at its peak, kB |");
        Line("|---|---:|---:|---:|---:|");
        foreach (MemoryUse use in memory)
            Line($"| `{use.Engine}` | {Number(use.Multiple)} | {Kilobytes(use.OperandBytes)} | {Kilobytes(use.ManagedBytes)} | {Kilobytes(use.PeakBytes)} |");

        static string Kilobytes(long bytes) => (bytes / 1000).ToString("N0", CultureInfo.InvariantCulture);
    }

    private void Growth(string folder)
    {
        Heading("Growth", "Time of the layer with one of its sizes changed, at the baseline's speed in the Engines table's run; both axes logarithmic.");
        foreach ((string size, Func<LayerCase, double> value) in new (string, Func<LayerCase, double>)[] { ("K", c => c.Rows), ("N", c => c.Outputs), ("M", c => c.Vectors) })
        {
            // Ratios times one baseline: what the machine did in between drops out.
            double baseline = Topic("kernels").Max(measured => measured.BaselineGigaMacsPerSecond);
            MeasuredCase[] grown = [.. Topic($"growth {size}")];
            string[] engines = [.. grown.Select(measured => measured.Case.Engine).Distinct()];
            IEnumerable<(string, IEnumerable<(double, double)>)> curves = engines.Select(engine => (engine, grown.Concat(Topic("kernels"))
                .Where(measured => measured.Case.Engine == engine)
                .Select(measured => (value(measured.Case), measured.Case.Multiplications / (measured.Ratio * baseline) / 1000))));
            Plot(folder, $"growth-{size.ToLowerInvariant()}", $"Time against {size}", size, "microseconds", curves);
        }
    }

    private void Tiles()
    {
        Heading("Cycle-accurate model and Verilator", "The same clocks of the same tile, in turns: each side alone through recorded pin values, and lockstep, which runs the two side by side under a stimulus and compares every register at every clock.");
        Line("| tile | crossbars | golden model / Verilog, clocks per second | lockstep / Verilog alone, time | golden model, clocks/s | Verilog alone, clocks/s | lockstep, clocks/s | tools |");
        Line("|---|---:|---:|---:|---:|---:|---:|---|");
        foreach (CycleModelComparison tile in tiles)
        {
            LockstepCost cost = tile.Cost;
            Line($"| {tile.Name} | {tile.Crossbars} | {Number(cost.ModelSpeed)} | {Number(cost.LockstepRatio)} | {Thousands(cost.ModelClocksPerSecond)} "
                + $"| {Thousands(cost.VerilogClocksPerSecond)} | {Thousands(cost.LockstepClocksPerSecond)} | {tile.Tools} |");
        }

        static string Thousands(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
    }

    private void Generation(string folder)
    {
        Heading("Generation of Verilog", "In memory, all files. Modules are instantiated, not copied, so that a larger tile is hardly more text.");
        Line("| crossbars | milliseconds |");
        Line("|---:|---:|");
        foreach ((int crossbars, double milliseconds) in generations)
            Line($"| {crossbars} | {Number(milliseconds)} |");
        Line();
        Plot(folder, "growth-crossbars", "Generation against crossbars", "crossbars", "milliseconds", [("generation", generations.Select(point => ((double)point.Crossbars, point.Milliseconds)))]);
    }

    private void Plot(string folder, string name, string title, string sizeAxis, string costAxis, IEnumerable<(string, IEnumerable<(double, double)>)> curves)
    {
        string file = $"{machine.Slug}-{name}.svg";
        File.WriteAllText(Path.Combine(folder, file), CostPlot.Svg(title, sizeAxis, costAxis, curves));
        Line($"![{title}]({file})");
    }

    private void Heading(string heading, string explanation)
    {
        Line();
        Line($"## {heading}");
        Line();
        Line(explanation);
        Line();
    }

    private void Line(string line = "") => text.Append(line).Append('\n');

    /// <summary>Three significant digits.</summary>
    private static string Number(double value) =>
        value.ToString(value >= 100 ? "N0" : value >= 10 ? "N1" : value >= 1 ? "N2" : "G3", CultureInfo.InvariantCulture);
}
