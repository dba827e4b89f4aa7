using Google.Protobuf;
using Onnx;
using AttributeType = Onnx.AttributeProto.Types.AttributeType;
using DataType = Onnx.TensorProto.Types.DataType;

namespace ReDy.Networks.Tests;

/// <summary>Writes small ONNX files for tests.</summary>
internal sealed class OnnxModel
{
    private readonly ModelProto model = new() { IrVersion = 8, Graph = new GraphProto { Name = "test" } };

    public OnnxModel(int operatorSet = 13) => model.OpsetImport.Add(new OperatorSetIdProto { Version = operatorSet });

    public ModelProto Proto => model;

    /// <param name="sizes">0 leaves a size open.</param>
    public OnnxModel Input(string name, params int[] sizes) => Port(model.Graph.Input, name, sizes);

    public OnnxModel Output(string name)
    {
        model.Graph.Output.Add(new ValueInfoProto { Name = name });
        return this;
    }

    public OnnxModel Node(string type, string inputs, string output, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = $"{type} of {output}" };
        node.Input.AddRange(inputs.Split(' ').Select(input => input == "-" ? "" : input).Where((input, i) => inputs.Length > 0));
        node.Output.Add(output);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        model.Graph.Node.Add(node);
        return this;
    }

    public OnnxModel Floats(string name, int[] shape, params float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Float };
        tensor.Dims.AddRange(shape.Select(size => (long)size));
        tensor.FloatData.AddRange(values);
        model.Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Weights from a seed, between -1 and 1.</summary>
    public OnnxModel Weights(string name, params int[] shape)
    {
        var random = new Random(shape.Sum() + name[0]);
        return Floats(name, shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (float)(2 * random.NextDouble() - 1))]);
    }

    public OnnxModel Integers(string name, params long[] values) => Integers(name, DataType.Int64, [values.Length], values);

    public OnnxModel Integers(string name, DataType type, int[] shape, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        tensor.Dims.AddRange(shape.Select(size => (long)size));
        if (type == DataType.Int64)
            tensor.Int64Data.AddRange(values);
        else
            tensor.Int32Data.AddRange(values.Select(value => (int)value));
        model.Graph.Initializer.Add(tensor);
        return this;
    }

    public byte[] Bytes() => model.ToByteArray();

    private OnnxModel Port(Google.Protobuf.Collections.RepeatedField<ValueInfoProto> ports, string name, int[] sizes)
    {
        var shape = new TensorShapeProto();
        foreach (int size in sizes)
            shape.Dim.Add(size > 0 ? new TensorShapeProto.Types.Dimension { DimValue = size } : new TensorShapeProto.Types.Dimension { DimParam = "n" });
        ports.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape } } });
        return this;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int number:
                (attribute.Type, attribute.I) = (AttributeType.Int, number);
                break;
            case float number:
                (attribute.Type, attribute.F) = (AttributeType.Float, number);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case int[] numbers:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.AddRange(numbers.Select(number => (long)number));
                break;
            case float[] numbers:
                attribute.Type = AttributeType.Floats;
                attribute.Floats.AddRange(numbers);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is no attribute");
        }

        return attribute;
    }
}
