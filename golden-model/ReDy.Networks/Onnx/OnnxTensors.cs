using System.Globalization;
using System.Runtime.InteropServices;
using Onnx;
using ReDy.Architecture;
using ReDy.Networks.Graphs;
using DataType = Onnx.TensorProto.Types.DataType;

namespace ReDy.Networks.Onnx;

/// <summary>Tensors of an ONNX file, whose values may lie in a file beside it.</summary>
/// <param name="networkPath">The ONNX file.</param>
internal sealed class OnnxTensors(string networkPath)
{
    /// <param name="what">What the tensor is, for messages.</param>
    public Tensor Read(TensorProto tensor, string what)
    {
        what = $"{networkPath}: {what}";
        int[] shape = [.. tensor.Dims.Select(dimension => checked((int)dimension))];
        int size = Tensor.Size(shape);
        byte[]? raw = Raw(tensor, what);
        var type = (DataType)tensor.DataType;
        Tensor read = type switch
        {
            DataType.Float => Floats(raw is null ? [.. tensor.FloatData] : Cast<float>()),
            DataType.Double => Floats(Array.ConvertAll(raw is null ? [.. tensor.DoubleData] : Cast<double>(), value => (float)value)),
            DataType.Float16 => Floats(Array.ConvertAll(raw is null ? Array.ConvertAll([.. tensor.Int32Data], bits => BitConverter.UInt16BitsToHalf((ushort)bits)) : Cast<Half>(), value => (float)value)),
            DataType.Int64 => Integers(Array.ConvertAll(raw is null ? [.. tensor.Int64Data] : Cast<long>(), value => (int)Math.Clamp(value, int.MinValue, int.MaxValue))),
            DataType.Int32 => Integers(raw is null ? [.. tensor.Int32Data] : Cast<int>()),
            DataType.Int16 => Integers(raw is null ? [.. tensor.Int32Data] : Array.ConvertAll(Cast<short>(), value => (int)value), (short.MinValue, short.MaxValue)),
            DataType.Uint16 => Integers(raw is null ? [.. tensor.Int32Data] : Array.ConvertAll(Cast<ushort>(), value => (int)value), (0, ushort.MaxValue)),
            DataType.Int8 => Integers(raw is null ? [.. tensor.Int32Data] : Array.ConvertAll(Cast<sbyte>(), value => (int)value), (sbyte.MinValue, sbyte.MaxValue)),
            DataType.Uint8 => Integers(raw is null ? [.. tensor.Int32Data] : Array.ConvertAll(raw, value => (int)value), (0, byte.MaxValue)),
            DataType.Bool => Integers(raw is null ? [.. tensor.Int32Data] : Array.ConvertAll(raw, value => (int)value)),
            _ => throw new InputException($"{what}: has elements of type {type}, which is not supported; convert them to float32"),
        };
        if (read.IsFloat && Array.FindIndex(read.Floats, value => !float.IsFinite(value)) is var bad and >= 0)
            throw new InputException($"{what}: element {bad} of {read.ShapeText} is {read.Floats[bad].ToString(CultureInfo.InvariantCulture)}; a trained network has finite weights: train or export it again");
        return read;

        T[] Cast<T>()
            where T : unmanaged
        {
            CheckLength(raw.Length / Marshal.SizeOf<T>());
            return MemoryMarshal.Cast<byte, T>(raw.AsSpan()).ToArray();
        }

        Tensor Floats(float[] values)
        {
            CheckLength(values.Length);
            return new Tensor(shape, values);
        }

        Tensor Integers(int[] values, (int Least, int Greatest)? range = null)
        {
            CheckLength(values.Length);
            return new Tensor(shape, values) { Range = range };
        }

        void CheckLength(int length)
        {
            if (length != size)
                throw new InputException($"{what}: has {length} values, its shape {Tensor.Text(shape)} needs {size}; the file is damaged");
        }
    }

    /// <summary>The bytes of the tensor, here or beside the file; null if they are in the typed fields.</summary>
    private byte[]? Raw(TensorProto tensor, string what)
    {
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
            return tensor.HasRawData ? tensor.RawData.ToByteArray() : null;
        Dictionary<string, string> entries = tensor.ExternalData.ToDictionary(entry => entry.Key, entry => entry.Value);
        string name = entries.GetValueOrDefault("location") ?? throw new InputException($"{what}: its values lie in another file, which is not named; the file is damaged");
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(networkPath))!, name);
        if (!File.Exists(path))
            throw new InputException($"{what}: its values lie in {name}, which is not beside the network; put it into {Path.GetDirectoryName(Path.GetFullPath(networkPath))}, or export with the weights inside");
        using FileStream stream = File.OpenRead(path);
        long offset = Number("offset", 0);
        long length = Number("length", stream.Length - offset);
        if (offset < 0 || length < 0 || offset + length > stream.Length)
            throw new InputException($"{what}: its values are bytes {offset} .. {offset + length - 1} of {name}, which has {stream.Length}; the file is cut off");
        byte[] bytes = new byte[length];
        stream.Position = offset;
        stream.ReadExactly(bytes);
        return bytes;

        long Number(string key, long otherwise) => entries.TryGetValue(key, out string? text) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : otherwise;
    }
}
