using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ReDy.Architecture;
using ReDy.Simulation.Activity;

namespace ReDy.Simulation.Build;

/// <summary>How a run of records ended.</summary>
public enum SimulationStatus
{
    /// <summary>The simulation itself failed; see <see cref="SimulatedTile.Text"/>. It cannot be continued.</summary>
    Failed = -1,
    RanAll = 0,

    /// <summary>An output or register was not as expected, just before the rising edge.</summary>
    SignalDiffers = 1,

    /// <summary>A memory entry was not as expected, after the rising edge.</summary>
    MemoryDiffers = 2,

    /// <summary>$stop, $finish or a failed assertion in the Verilog.</summary>
    DesignStopped = 3,
}

/// <summary>One simulated tile inside a loaded <see cref="SimulationLibrary"/>. Not to be used by two threads at once.</summary>
public sealed unsafe class SimulatedTile : IDisposable
{
    private readonly delegate* unmanaged<nint, void> destroy;
    private readonly delegate* unmanaged<nint, byte*> text;
    private readonly delegate* unmanaged<nint, uint*, int*, int, int> run;
    private readonly delegate* unmanaged<nint, uint*, void> readSignals;
    private readonly delegate* unmanaged<nint, int, int, uint*, void> readMemory;
    private readonly delegate* unmanaged<nint, int*, void> failedEntry;
    private readonly delegate* unmanaged<nint, byte*, int> traceOpen;
    private readonly delegate* unmanaged<nint, void> traceClose;
    private readonly delegate* unmanaged<nint, byte*, int> measure;
    private readonly delegate* unmanaged<nint, int> switchingOpen;
    private readonly delegate* unmanaged<nint, byte*> switchingRead;
    private readonly delegate* unmanaged<nint, long*, long*, long*, long*, int> readMeasured;
    private readonly SignalLayout layout;
    private readonly VerilogEvents? events;
    private nint simulation;

    internal SimulatedTile(nint library, SignalLayout layout, VerilogEvents? events, uint seed, ReadOnlySpan<uint> tied)
    {
        this.events = events;
        this.layout = layout;
        destroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "redy_destroy");
        text = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "redy_text");
        run = (delegate* unmanaged<nint, uint*, int*, int, int>)NativeLibrary.GetExport(library, "redy_run");
        readSignals = (delegate* unmanaged<nint, uint*, void>)NativeLibrary.GetExport(library, "redy_read_signals");
        readMemory = (delegate* unmanaged<nint, int, int, uint*, void>)NativeLibrary.GetExport(library, "redy_read_memory");
        failedEntry = (delegate* unmanaged<nint, int*, void>)NativeLibrary.GetExport(library, "redy_failed_entry");
        traceOpen = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(library, "redy_trace_open");
        traceClose = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "redy_trace_close");
        switchingOpen = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "redy_switching_open");
        switchingRead = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "redy_switching_read");
        measure = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(library, "redy_measure");
        readMeasured = (delegate* unmanaged<nint, long*, long*, long*, long*, int>)NativeLibrary.GetExport(library, "redy_read_measured");
        var create = (delegate* unmanaged<uint, nint>)NativeLibrary.GetExport(library, "redy_create");
        var variables = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "redy_variables");
        var bind = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(library, "redy_bind");

        simulation = create(seed);
        try
        {
            if (Text.Length > 0)
                throw new InvalidOperationException($"The simulation cannot be started: {Text}");
            ProbeVisibility.Check(layout, Parse(Marshal.PtrToStringUTF8((nint)variables(simulation))!), events);
            fixed (byte* lines = Encoding.UTF8.GetBytes(Describe(layout, tied) + '\0'))
                if (bind(simulation, lines) != 0)
                    throw new InvalidOperationException($"The simulation does not take the signal layout: {Text}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the Verilog printed in the last call, and why it failed if it did.</summary>
    public string Text => Marshal.PtrToStringUTF8((nint)text(simulation)) ?? "";

    /// <summary>Runs recorded clocks.</summary>
    /// <param name="record">Written by <see cref="Lockstep.ClockRecorder"/>.</param>
    /// <param name="clocks">How many; afterwards how many were completed.</param>
    /// <param name="compare">False: inputs are applied, nothing is compared.</param>
    public SimulationStatus Run(ReadOnlySpan<uint> record, ref int clocks, bool compare)
    {
        fixed (uint* words = record)
        fixed (int* count = &clocks)
            return (SimulationStatus)run(simulation, words, count, compare ? 1 : 0);
    }

    /// <summary>Actual outputs and registers, into a vector laid out by <see cref="SignalLayout"/>; inputs are left alone.</summary>
    public void ReadSignals(Span<uint> vector)
    {
        fixed (uint* words = vector)
            readSignals(simulation, words);
    }

    public void ReadMemory(int memory, int index, Span<uint> entry)
    {
        fixed (uint* words = entry)
            readMemory(simulation, memory, index, words);
    }

    /// <summary>Memory and index of the entry that ended the last run with <see cref="SimulationStatus.MemoryDiffers"/>.</summary>
    public (int Memory, int Index) FailedEntry
    {
        get
        {
            int* pair = stackalloc int[2];
            failedEntry(simulation, pair);
            return (pair[0], pair[1]);
        }
    }

    /// <summary>Starts to write a waveform file; every clock from now on is in it.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void OpenWaveform(string path)
    {
        int result;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
            result = traceOpen(simulation, name);
        if (result == 1)
            throw new InvalidOperationException("This simulation library was built without waveforms.");
        if (result != 0)
            throw new InputException($"The waveform file {path} cannot be written. Choose another folder for the run.");
    }

    public void CloseWaveform() => traceClose(simulation);

    /// <summary>To be called besides <see cref="Measure"/>: the switching of every net is counted in the same clocks.</summary>
    public void MeasureSwitching()
    {
        if (switchingOpen(simulation) != 0)
            throw new InvalidOperationException("This simulation library was built without VCD.");
    }

    /// <summary>Ends that: every net, its times in tenths of a clock.</summary>
    public IReadOnlyList<NetSwitching> ReadSwitching()
    {
        var nets = new List<NetSwitching>();
        foreach (string line in Marshal.PtrToStringUTF8((nint)switchingRead(simulation))!.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ');
            int lowest = int.Parse(fields[2], CultureInfo.InvariantCulture);
            nets.Add(new NetSwitching(fields[0], fields[1], lowest < 0 ? null : lowest, [.. fields.Skip(4).Select(Bit)]));
        }

        return nets;

        static BitSwitching Bit(string pair)
        {
            int colon = pair.IndexOf(':', StringComparison.Ordinal);
            return new BitSwitching(long.Parse(pair.AsSpan(0, colon), CultureInfo.InvariantCulture), long.Parse(pair.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        }
    }

    /// <summary>From now on toggles and events are counted in every clock that is compared.</summary>
    /// <exception cref="InvalidOperationException">The Verilog has not the signals that make an event.</exception>
    public void Measure()
    {
        fixed (byte* rules = Encoding.UTF8.GetBytes((events?.Rules ?? "") + '\0'))
            if (measure(simulation, rules) != 0)
                throw new InvalidOperationException($"The simulation cannot count events: {Text}");
    }

    /// <summary>Ends the measurement with the values after the last rising edge.</summary>
    /// <param name="probes">Width of every event, as the golden model lists them.</param>
    public TileActivity ReadMeasured(bool clockGating, IReadOnlyDictionary<string, EventActivity> probes)
    {
        var rises = new long[32 * layout.Words];
        var falls = new long[32 * layout.Words];
        IReadOnlyList<string> names = events?.Names ?? [];
        var counts = new long[names.Count + 1];
        long clocks = 0;
        fixed (long* up = rises, down = falls, happened = counts)
            if (readMeasured(simulation, up, down, happened, &clocks) != 0)
                throw new InvalidOperationException($"The simulation's counts cannot be read: {Text}");
        return MeasuredActivity.Of(layout, clockGating, clocks, rises, falls, names.Select((name, i) => probes[name] with { Count = counts[i] }));
    }

    public void Dispose()
    {
        if (simulation != 0)
            destroy(simulation);
        simulation = 0;
    }

    private static string Describe(SignalLayout layout, ReadOnlySpan<uint> tied)
    {
        var lines = new StringBuilder();
        for (int i = 0; i < layout.Tied.Count; i++)
            lines.Append(CultureInfo.InvariantCulture, $"t {layout.Tied[i].Name} {layout.Tied[i].Bits} {(i < tied.Length ? tied[i] : 0)}\n");
        foreach (SignalSlot slot in layout.Inputs)
            lines.Append(CultureInfo.InvariantCulture, $"i {slot.Name} {slot.Bits} {slot.Offset}\n");
        foreach (SignalSlot slot in layout.Compared)
            lines.Append(CultureInfo.InvariantCulture, $"c {slot.Name} {slot.Bits} {slot.Offset}\n");
        foreach (var memory in layout.Memories)
            lines.Append(CultureInfo.InvariantCulture, $"m {memory.Name} {memory.Bits} {memory.Depth}\n");
        return lines.ToString();
    }

    private static Dictionary<string, (int Bits, int Depth)> Parse(string lines)
    {
        var variables = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ');
            variables[fields[0]] = (int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture));
        }

        return variables;
    }
}
