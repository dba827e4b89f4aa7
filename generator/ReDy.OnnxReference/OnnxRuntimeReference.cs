using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Onnx;
using Tensor = ReDy.Networks.Graphs.Tensor;

namespace ReDy.OnnxReference;

/// <summary>How far one tensor of ours is from ONNX Runtime's.</summary>
/// <param name="Node">Node that delivers it.</param>
/// <param name="Difference">Largest difference, as a share of the largest magnitude in the tensor, or of 1 where a function ends there.</param>
public sealed record TensorAgreement(string Node, string Operator, string Shape, double Difference);

/// <summary>The same network in ONNX Runtime: somebody else's opinion of what the file means, tensor by tensor.</summary>
public static class OnnxRuntimeReference
{
    /// <summary>What 32-bit sums in another order explain, with room; a wrong operator is off by far more.</summary>
    public const double Tolerance = 2e-4;

    /// <summary>Runs the file as it is, without ONNX Runtime's optimisations, and compares every tensor that a node delivers.</summary>
    /// <param name="graph">Read from <paramref name="path"/>.</param>
    /// <exception cref="InputException">ONNX Runtime refuses the file, or is not there.</exception>
    public static IReadOnlyList<TensorAgreement> Compare(string path, Graph graph, Tensor image)
    {
        IReadOnlyDictionary<string, Tensor> ours = new GraphRun(graph).All(image);
        string[] names = [.. graph.Nodes.Where(node => node.Operator != "Constant").Select(node => node.Output)];
        try
        {
            using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var session = new InferenceSession(OnnxOutputs.WithEveryTensor(path), options);
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(
                [NamedOnnxValue.CreateFromTensor(graph.Inputs[0].Name, new DenseTensor<float>(image.Floats, image.Shape))], names);
            return [.. graph.Nodes.Where(node => node.Operator != "Constant").Zip(results, (node, theirs) => Agreement(node, ours[node.Output], theirs))];
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new InputException($"ONNX Runtime's library is not there for {RuntimeInformation.RuntimeIdentifier}; build ReDy from its sources on Linux, or leave --reference out", exception);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InputException($"{path}: ONNX Runtime refuses the network: {exception.Message}", exception);
        }
    }

    private static TensorAgreement Agreement(GraphNode node, Tensor ours, DisposableNamedOnnxValue theirs)
    {
        double[] reference = theirs.Value switch
        {
            Tensor<float> t => [.. t.Select(value => (double)value)],
            Tensor<long> t => [.. t.Select(value => (double)Math.Clamp(value, int.MinValue, int.MaxValue))],
            Tensor<int> t => [.. t.Select(value => (double)value)],
            Tensor<byte> t => [.. t.Select(value => (double)value)],
            Tensor<sbyte> t => [.. t.Select(value => (double)value)],
            Tensor<bool> t => [.. t.Select(value => value ? 1.0 : 0.0)],
            _ => throw new InputException($"{node}: ONNX Runtime delivers {theirs.ElementType}, which is not compared"),
        };
        double[] values = ours.IsFloat ? Array.ConvertAll(ours.Floats, value => (double)value) : Array.ConvertAll(ours.Integers, value => (double)value);
        // Functions that end at 1 are compared on that scale: far from it, ONNX Runtime approximates them.
        double largest = node.Operator is "Sigmoid" or "Softmax" or "HardSigmoid" or "Tanh" ? 1 : 0, difference = 0;
        if (values.Length != reference.Length)
            difference = double.PositiveInfinity;
        for (int i = 0; i < Math.Min(values.Length, reference.Length); i++)
        {
            largest = Math.Max(largest, Math.Abs(reference[i]));
            double off = Math.Abs(values[i] - reference[i]);
            difference = double.IsNaN(off) ? double.PositiveInfinity : Math.Max(difference, off);
        }

        return new TensorAgreement(node.Name, node.Operator, ours.ShapeText, difference == 0 ? 0 : difference / Math.Max(largest, float.Epsilon));
    }
}
