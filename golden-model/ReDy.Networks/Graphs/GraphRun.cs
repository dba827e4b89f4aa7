using ReDy.Networks.Operators;

namespace ReDy.Networks.Graphs;

/// <summary>Computes a network in 32-bit floating point, node after node: what the file means, without any hardware.</summary>
public sealed class GraphRun(Graph graph)
{
    /// <summary>After the node at each place, the tensors that nothing later reads.</summary>
    private readonly string[][] unread = LastReads(graph);

    /// <summary>The network's outputs for one value of its input.</summary>
    public Tensor Output(Tensor input)
    {
        var known = new Dictionary<string, Tensor>(graph.Constants) { [graph.Inputs[0].Name] = input };
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            Evaluate(graph.Nodes[i], known);
            foreach (string tensor in unread[i])
                known.Remove(tensor);
        }

        return known[graph.Outputs[0].Name];
    }

    /// <summary>All tensors for one value of its input, constants among them.</summary>
    public IReadOnlyDictionary<string, Tensor> All(Tensor input)
    {
        var known = new Dictionary<string, Tensor>(graph.Constants) { [graph.Inputs[0].Name] = input };
        foreach (GraphNode node in graph.Nodes)
            Evaluate(node, known);
        return known;
    }

    private void Evaluate(GraphNode node, Dictionary<string, Tensor> known) =>
        known[node.Output] = OperatorTable.Evaluate(new OperatorCall(node, [.. node.Inputs.Select(input => input.Length == 0 ? null : known[input])], graph.OperatorSet));

    private static string[][] LastReads(Graph graph)
    {
        var last = new Dictionary<string, int>();
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (string tensor in graph.Nodes[i].Inputs.Append(graph.Nodes[i].Output))
                last[tensor] = i;
        }

        foreach (GraphPort output in graph.Outputs)
            last.Remove(output.Name);
        ILookup<int, string> byPlace = last.ToLookup(pair => pair.Value, pair => pair.Key);
        return [.. Enumerable.Range(0, graph.Nodes.Count).Select(i => byPlace[i].ToArray())];
    }
}
