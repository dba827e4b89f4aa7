using ReDy.Synthesis.Liberty;

namespace ReDy.Synthesis.Netlist;

/// <summary>A place that a net drives: a bit of an instance's input, or of an output port of the module (no instance).</summary>
internal sealed record Sink(int Instance, int Pin, int Bit, double Load);

/// <summary>A module while buffers are put into it.</summary>
internal sealed class ModuleEdit
{
    private const int OutputPort = -1;

    private readonly GateModule module;
    private readonly LibertyCell bufferCell;
    private readonly string bufferInput, bufferOutput;
    private readonly StandardCells cells;
    private readonly List<(string Name, string Type, List<(string Name, PinDirection Direction, NetBit[] Bits)> Pins)> instances;
    private readonly List<(string Name, PinDirection Direction, NetBit[] Bits)> ports;
    private int nextNet;

    public ModuleEdit(GateModule module, StandardCells cells)
    {
        (this.module, this.cells, bufferCell) = (module, cells, cells.Buffer);
        (bufferInput, bufferOutput) = (bufferCell.Inputs.First().Name, bufferCell.Outputs.First().Name);
        instances = [.. module.Instances.Select(instance => (instance.Name, instance.Type, instance.Pins.Select(pin => (pin.Name, pin.Direction, pin.Bits.ToArray())).ToList()))];
        ports = [.. module.Ports.Select(port => (port.Name, port.Direction, port.Bits.ToArray()))];
        nextNet = 2 + Math.Max(
            ports.SelectMany(port => port.Bits).Select(bit => bit.Number).DefaultIfEmpty(1).Max(),
            instances.SelectMany(instance => instance.Pins).SelectMany(pin => pin.Bits).Select(bit => bit.Number).DefaultIfEmpty(1).Max());
    }

    public int BufferCount { get; private set; }

    /// <summary>Output ports that are wired to another port or are constant get a buffer or a tie cell.</summary>
    public void IsolateOutputs()
    {
        var driven = ports.Where(port => port.Direction == PinDirection.Input).SelectMany(port => port.Bits).ToHashSet();
        foreach ((_, PinDirection direction, NetBit[] bits) in ports)
        {
            if (direction != PinDirection.Output)
                continue;
            for (int i = 0; i < bits.Length; i++)
            {
                if (bits[i].IsConstant || driven.Add(bits[i]))
                    continue;
                var output = new NetBit(nextNet++);
                AddBuffer(bits[i], output);
                bits[i] = output;
                driven.Add(output);
            }
        }
    }

    /// <summary>Every net with all that it drives, in a stable order.</summary>
    public IEnumerable<(NetBit Net, List<Sink> Sinks)> Sinks(Func<string, string, int, double> load)
    {
        var sinks = new SortedDictionary<int, List<Sink>>();
        for (int i = 0; i < instances.Count; i++)
            for (int p = 0; p < instances[i].Pins.Count; p++)
                if (instances[i].Pins[p] is (var pin, PinDirection.Input, var bits))
                    for (int b = 0; b < bits.Length; b++)
                        if (!bits[b].IsConstant)
                            Add(bits[b], new Sink(i, p, b, load(instances[i].Type, pin, b)));
        return sinks.Select(entry => (new NetBit(entry.Key), entry.Value)).ToArray();

        void Add(NetBit net, Sink sink)
        {
            if (!sinks.TryGetValue(net.Number, out List<Sink>? list))
                sinks[net.Number] = list = [];
            list.Add(sink);
        }
    }

    /// <summary>A new buffer in front of the sinks; what is returned is the buffer's input as a sink.</summary>
    public Sink Buffer(IReadOnlyList<Sink> group, double load)
    {
        var output = new NetBit(nextNet++);
        int buffer = AddBuffer(NetBit.Zero, output);
        Connect(output, group);
        return new Sink(buffer, 0, 0, load);
    }

    public void Connect(NetBit net, IEnumerable<Sink> sinks)
    {
        foreach (Sink sink in sinks)
            instances[sink.Instance].Pins[sink.Pin].Bits[sink.Bit] = net;
    }

    /// <summary>What each bit of an input port drives inside.</summary>
    public double[] PortLoads(GatePort port, Func<string, string, int, double> load)
    {
        var sums = new Dictionary<NetBit, double>();
        foreach ((NetBit net, List<Sink> sinks) in allSinks ??= [.. Sinks(load)])
            sums[net] = sinks.Sum(sink => sink.Load);
        return [.. port.Bits.Select(bit => sums.GetValueOrDefault(bit))];
    }

    private (NetBit Net, List<Sink> Sinks)[]? allSinks;

    public GateModule Result() => new()
    {
        Name = module.Name,
        Ports = [.. ports.Select(port => new GatePort(port.Name, port.Direction, port.Bits))],
        Instances = [.. instances.Select(instance => new GateInstance(instance.Name, instance.Type, [.. instance.Pins.Select(pin => new GatePin(pin.Name, pin.Direction, pin.Bits))]))],
        NetNames = Renamed(),
    };

    /// <summary>Ports that got a buffer keep their name; the net before it keeps its own.</summary>
    private Dictionary<NetBit, string> Renamed()
    {
        var names = new Dictionary<NetBit, string>();
        foreach ((string name, _, NetBit[] bits) in ports)
            for (int i = 0; i < bits.Length; i++)
                if (!bits[i].IsConstant)
                    names.TryAdd(bits[i], bits.Length == 1 ? name : $"{name}[{i}]");
        var used = names.Values.ToHashSet();
        foreach ((NetBit net, string name) in module.NetNames)
            if (!names.ContainsKey(net) && used.Add(name))
                names[net] = name;
        return names;
    }

    private int AddBuffer(NetBit input, NetBit output)
    {
        instances.Add(($"fan_out_{BufferCount++}", bufferCell.Name, [(bufferInput, PinDirection.Input, [input]), (bufferOutput, PinDirection.Output, [output])]));
        return instances.Count - 1;
    }
}
