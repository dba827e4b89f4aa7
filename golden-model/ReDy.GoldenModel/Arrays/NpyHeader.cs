using System.Buffers.Binary;
using System.Text;
using ReDy.Architecture;

namespace ReDy.GoldenModel.Arrays;

/// <summary>Element type of an integer array file.</summary>
/// <param name="Bytes">1, 2, 4 or 8.</param>
/// <param name="Signed">Two's complement; booleans count as unsigned bytes 0 and 1.</param>
public readonly record struct NpyElement(int Bytes, bool Signed);

/// <summary>What stands before the values of a NumPy array file (format 1 to 3), restricted to little-endian integers.</summary>
/// <param name="Shape">Elements per dimension; none for a scalar.</param>
/// <param name="FortranOrder">The first index runs fastest.</param>
/// <param name="DataOffset">Where in the file the values begin.</param>
public sealed record NpyHeader(NpyElement Element, bool FortranOrder, IReadOnlyList<long> Shape, long DataOffset)
{
    private const int LongestHeader = 1 << 20;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Elements of the whole array.</summary>
    public long Count => Shape.Aggregate(1L, (count, length) => count * length);

    public string ShapeText => Describe(Shape);

    /// <summary>A shape as Python writes it: (), (3,), (3, 4).</summary>
    public static string Describe(IReadOnlyList<long> shape) => shape.Count == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";

    /// <param name="name">File (and entry) that messages name.</param>
    /// <param name="bytes">The file from its first byte on; as much as there is of <see cref="Needed"/> bytes.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    public static NpyHeader Parse(string name, ReadOnlySpan<byte> bytes, long fileLength)
    {
        int headerStart = CheckPreamble(name, bytes);
        long headerLength = HeaderLength(bytes);
        if (headerStart + headerLength > bytes.Length)
            throw new InputException($"{name}: truncated: the header announces {headerLength} bytes, {bytes.Length - headerStart} follow; copy or save the array again");

        ReadOnlySpan<byte> header = bytes.Slice(headerStart, (int)headerLength);
        string text = bytes[6] == 3 ? Encoding.UTF8.GetString(header) : Encoding.Latin1.GetString(header);
        NpyHeader result = Interpret(name, text, headerStart + headerLength);
        CheckLength(name, result, fileLength);
        return result;
    }

    /// <summary>How many bytes <see cref="Parse"/> wants to see, from the first 12.</summary>
    public static int Needed(ReadOnlySpan<byte> start) =>
        start.Length < 12 || !start.StartsWith(Magic) ? start.Length : (start[6] == 1 ? 10 : 12) + (int)Math.Min(HeaderLength(start), LongestHeader);

    private static long HeaderLength(ReadOnlySpan<byte> bytes) =>
        bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);

    private static int CheckPreamble(string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("PK"u8))
            throw new InputException($"{name}: is a zip archive (.npz), not a single array (.npy); save the one array with numpy.save");
        if (bytes.IsEmpty)
            throw new InputException($"{name}: is empty; save the array with numpy.save");
        if (!Magic.StartsWith(bytes[..Math.Min(bytes.Length, Magic.Length)]))
            throw new InputException($"{name}: is not a NumPy array: it does not begin with \\x93NUMPY; save the array with numpy.save");
        if (bytes.Length < 12)
            throw new InputException($"{name}: truncated: {bytes.Length} bytes hold no NumPy header; copy or save the array again");
        int version = bytes[6];
        if (version is < 1 or > 3)
            throw new InputException($"{name}: is NumPy format {version}.{bytes[7]}, and formats 1 to 3 are known; save it with numpy.lib.format.write_array(file, x, version=(1, 0))");
        return version == 1 ? 10 : 12;
    }

    private static NpyHeader Interpret(string name, string text, long dataOffset)
    {
        object? literal;
        try
        {
            literal = PythonLiteral.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new InputException($"{name}: the header is damaged: {exception.Message}; save the array again", exception);
        }

        if (literal is not Dictionary<string, object?> entries)
            throw new InputException($"{name}: the header is damaged: it is no dictionary; save the array again");
        foreach (string key in (string[])["descr", "fortran_order", "shape"])
        {
            if (!entries.ContainsKey(key))
                throw new InputException($"{name}: the header is damaged: '{key}' is missing; save the array again");
        }

        NpyElement element = InterpretType(name, entries["descr"]);
        if (entries["fortran_order"] is not bool fortranOrder)
            throw new InputException($"{name}: the header is damaged: fortran_order is neither True nor False; save the array again");
        if (entries["shape"] is not List<object?> dimensions || !dimensions.All(length => length is >= 0L))
            throw new InputException($"{name}: the header is damaged: the shape is no tuple of lengths; save the array again");
        return new NpyHeader(element, fortranOrder, [.. dimensions.Select(length => (long)length!)], dataOffset);
    }

    private static NpyElement InterpretType(string name, object? descr)
    {
        if (descr is List<object?>)
            throw new InputException($"{name}: has structured elements; integers are needed: save one field, x['field'].astype(np.int32)");
        if (descr is not string { Length: >= 3 } type || !int.TryParse(type[2..].Split('[')[0], out int size))
        {
            throw new InputException(descr is string { Length: >= 2 } plain && plain[1] == 'O'
                ? $"{name}: holds Python objects (dtype object); integers are needed: give every row the same length and save x.astype(np.int32)"
                : $"{name}: the header is damaged: the element type {descr ?? "None"} is unknown; save the array again");
        }

        string problem = type[1] switch
        {
            'f' => $"holds floating-point numbers ({type}), which may be fractions or NaN; integers are needed: quantise it and save x.astype(np.int32)",
            'c' => $"holds complex numbers ({type}); integers are needed: save x.real.astype(np.int32)",
            'O' => "holds Python objects (dtype object); integers are needed: give every row the same length and save x.astype(np.int32)",
            'S' or 'U' or 'a' => $"holds text ({type}); integers are needed: save x.astype(np.int32)",
            'M' or 'm' => $"holds times ({type}); integers are needed: save x.astype(np.int64)",
            'V' => $"has structured elements ({type}); integers are needed: save one field, x['field'].astype(np.int32)",
            'i' or 'u' when size is not (1 or 2 or 4 or 8) => $"has {8 * size}-bit integers ({type}); save x.astype(np.int64)",
            'i' or 'u' when type[0] == '>' && size > 1 => $"is big-endian ({type}); little-endian is needed: save x.astype('<{type[1..]}')",
            'i' or 'u' or 'b' => "",
            _ => $"has elements of the unknown type {type}; integers are needed: save x.astype(np.int32)",
        };
        if (problem.Length != 0)
            throw new InputException($"{name}: {problem}");
        return new NpyElement(size, type[1] == 'i');
    }

    private static void CheckLength(string name, NpyHeader header, long fileLength)
    {
        Int128 expected = header.Shape.Aggregate((Int128)header.Element.Bytes, (bytes, length) => Int128.Min(bytes * length, long.MaxValue));
        long actual = fileLength - header.DataOffset;
        if (actual < expected)
            throw new InputException($"{name}: truncated: shape {header.ShapeText} takes {expected} bytes of values, {actual} are there; copy or save the array again");
        if (actual > expected)
            throw new InputException($"{name}: shape {header.ShapeText} takes {expected} bytes of values, {actual} are there; save the array again");
    }
}
