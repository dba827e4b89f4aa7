using Google.Protobuf;
using Onnx;

namespace ReDy.Networks.Onnx;

/// <summary>Changes what a network file delivers, for programs that compute it.</summary>
public static class OnnxOutputs
{
    /// <summary>The file with every node's first output as an output of the network, so that another program shows them all.</summary>
    public static byte[] WithEveryTensor(string path)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        HashSet<string> outputs = [.. model.Graph.Output.Select(output => output.Name)];
        foreach (NodeProto node in model.Graph.Node)
        {
            if (outputs.Add(node.Output[0]))
                model.Graph.Output.Add(new ValueInfoProto { Name = node.Output[0] });
        }

        return model.ToByteArray();
    }
}
