using System.Text.Json;

namespace ReDy.Simulation.Mutation;

/// <summary>
/// The constant bits at the cells of a netlist. Yosys lists changes of these, too; holding a bit at 0 that is 0 changes nothing.
/// </summary>
internal sealed class NetlistConstants : IDisposable
{
    private readonly JsonDocument netlist;
    private readonly Dictionary<string, JsonElement> connections;

    /// <param name="json">Written by <c>write_json</c>.</param>
    public NetlistConstants(string json, string topModule)
    {
        netlist = JsonDocument.Parse(json);
        connections = netlist.RootElement.GetProperty("modules").GetProperty(topModule).GetProperty("cells").EnumerateObject()
            .ToDictionary(cell => cell.Name, cell => cell.Value.GetProperty("connections"));
    }

    public bool IsChange(NetlistMutant mutant) => mutant.Mode switch
    {
        "const0" => Constant(mutant, mutant.Bit) != '0',
        "const1" => Constant(mutant, mutant.Bit) != '1',
        "cnot0" => Constant(mutant, mutant.ControlBit!.Value) != '1',
        "cnot1" => Constant(mutant, mutant.ControlBit!.Value) != '0',
        _ => true,
    };

    public int PortBits(string cell, string port) => connections[cell].GetProperty(port).GetArrayLength();

    public void Dispose() => netlist.Dispose();

    /// <summary>'0', '1' or 'x', or null where a net is connected.</summary>
    private char? Constant(NetlistMutant mutant, int bit)
    {
        JsonElement connected = connections[mutant.Cell].GetProperty(mutant.Port)[bit];
        return connected.ValueKind == JsonValueKind.String ? connected.GetString()![0] : null;
    }
}
