using System.CommandLine;

namespace ReDy.Cli.Verbs.Networks;

/// <summary><c>redy network</c>: what is done with a trained network in an ONNX file.</summary>
public sealed class NetworkVerb : IVerb
{
    private readonly List<(Command Command, IReadOnlyList<Example> Examples)> subverbs = [];

    public int Order => 57;

    public IReadOnlyList<Example> Examples => [.. Verbs().Select(verb => verb.Examples[0])];

    public IEnumerable<(Command Command, IReadOnlyList<Example> Examples)> Subverbs => subverbs;

    public Command Build()
    {
        var command = new Command("network", "Take a trained network (ONNX) through the hardware: layers, mapping, accuracy, precision, proof.");
        foreach (INetworkVerb verb in Verbs())
        {
            Command built = verb.Build();
            subverbs.Add((built, verb.Examples));
            command.Add(built);
        }

        return command;
    }

    private static IEnumerable<INetworkVerb> Verbs() =>
        typeof(INetworkVerb).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(INetworkVerb)))
            .Select(type => (INetworkVerb)Activator.CreateInstance(type)!)
            .OrderBy(verb => verb.Order);
}
