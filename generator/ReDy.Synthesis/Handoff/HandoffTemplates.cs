using System.Globalization;
using ReDy.Architecture;
using ReDy.Rtl;
using Scriban;
using Scriban.Runtime;

namespace ReDy.Synthesis.Handoff;

/// <summary>The scripts and constraints that a synthesis flow reads, from the templates beside this file.</summary>
internal static class HandoffTemplates
{
    /// <summary>Share of the clock period that paths through the ports spend outside of the tile.</summary>
    public const int IoPercent = 20;

    /// <summary>Load at the outputs, pF.</summary>
    public const double OutputLoad = 0.05;

    private const string Suffix = ".sbn";

    /// <param name="template">File name without <c>.sbn</c>.</param>
    /// <param name="periodNanoseconds">Of the clock; null: as the configuration says.</param>
    public static string Render(string template, TileConfig config, double? periodNanoseconds = null, IEnumerable<KeyValuePair<string, object>>? more = null)
    {
        using Stream resource = typeof(HandoffTemplates).Assembly.GetManifestResourceStream(template + Suffix)!;
        using var reader = new StreamReader(resource);
        Template parsed = Template.Parse(reader.ReadToEnd(), template + Suffix);
        if (parsed.HasErrors)
            throw new InvalidOperationException(string.Join(Environment.NewLine, parsed.Messages));
        var ports = new TilePorts(new TileGeometry(config));
        var scope = new ScriptObject
        {
            ["prefix"] = config.Rtl.Prefix,
            ["top"] = config.Rtl.Prefix + "tile",
            ["period"] = (periodNanoseconds ?? Math.Round(1000.0 / config.Timing.ClockMhz, 4)).ToString("0.####", CultureInfo.InvariantCulture),
            ["configured"] = periodNanoseconds is null,
            ["io_percent"] = IoPercent,
            ["uncertainty"] = 0,
            ["macros"] = new ScriptArray(RtlBundle.Macros),
            ["load"] = OutputLoad.ToString(CultureInfo.InvariantCulture),
            ["gating"] = config.Rtl.ClockGating,
            ["inputs"] = new ScriptArray(Bits(ports.Inputs)),
            ["outputs"] = new ScriptArray(Bits(ports.Outputs)),
        };
        foreach ((string name, object value) in more ?? [])
            scope[name] = value;
        var context = new TemplateContext
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            EnableRelaxedIndexerAccess = false,
            EnableRelaxedTargetAccess = false,
            EnableRelaxedFunctionAccess = false,
            LoopLimit = 0,
            NewLine = "\n",
        };
        context.PushGlobal(scope);
        return parsed.Render(context);
    }

    /// <summary>Ports as SDC names them; a bus by a pattern over its bits.</summary>
    private static IEnumerable<string> Bits(IEnumerable<SignalSlot> ports) => ports.Select(port => port.Bits == 1 ? port.Name : $"{port.Name}[*]");
}
