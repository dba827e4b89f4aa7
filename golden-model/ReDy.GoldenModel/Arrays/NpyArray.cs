using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ReDy.Architecture;

namespace ReDy.GoldenModel.Arrays;

/// <summary>The values that a configuration key allows, for messages about those it does not.</summary>
/// <param name="Because">The key and its value, e.g. <c>weights.bits = 8</c>.</param>
public sealed record ValueRange(long Minimum, long Maximum, string Because)
{
    public static ValueRange OfWeights(TileGeometry geometry)
    {
        int bits = geometry.Config.Weights.Bits;
        return new ValueRange(-(1L << (bits - 1)), (1L << (bits - 1)) - 1, $"weights.bits = {bits}");
    }

    public static ValueRange OfActivations(TileGeometry geometry) =>
        new(0, geometry.ActivationMaximum, $"activations.bits = {geometry.Config.Activations.Bits}, unsigned");
}

/// <summary>
/// An integer array in a NumPy file, opened and checked but not yet read: rows are fetched as needed, so that it may be
/// larger than the memory. Errors name the file.
/// </summary>
public sealed class NpyArray : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private readonly SafeFileHandle? file;
    private readonly ReadOnlyMemory<byte> memory;

    private NpyArray(string name, NpyHeader header, SafeFileHandle? file, ReadOnlyMemory<byte> memory)
    {
        Name = name;
        Header = header;
        this.file = file;
        this.memory = memory;
    }

    /// <summary>File, or archive and entry, as messages name it.</summary>
    public string Name { get; }
    public NpyHeader Header { get; }

    public static NpyArray Open(string path)
    {
        SafeFileHandle file = OpenFile(path);
        try
        {
            long length = RandomAccess.GetLength(file);
            byte[] start = new byte[12];
            int read = ReadFully(file, start, 0);
            byte[] bytes = new byte[NpyHeader.Needed(start.AsSpan(0, read))];
            read = ReadFully(file, bytes, 0);
            return new NpyArray(path, NpyHeader.Parse(path, bytes.AsSpan(0, read), length), file, default);
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            file.Dispose();
            throw new InputException($"{path}: cannot be read: {exception.Message}", exception);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static NpyArray FromMemory(string name, ReadOnlyMemory<byte> bytes) => new(name, NpyHeader.Parse(name, bytes.Span, bytes.Length), null, bytes);

    public void Dispose() => file?.Dispose();

    /// <summary>Asserts two dimensions and their meaning, e.g. "[K, N]".</summary>
    public (int Rows, int Columns) MatrixShape(string meaning)
    {
        if (Header.Shape.Count != 2)
        {
            throw new InputException(
                $"{Name}: has shape {Header.ShapeText}, a matrix {meaning} is needed; reshape it, for instance x.reshape({(meaning.StartsWith("[M") ? "1, -1" : "-1, 1")})");
        }

        long rows = Header.Shape[0];
        long columns = Header.Shape[1];
        if (rows > int.MaxValue || columns > int.MaxValue)
            throw new InputException($"{Name}: shape {Header.ShapeText} exceeds {int.MaxValue} in one dimension; split it");
        return ((int)rows, (int)columns);
    }

    /// <summary>The whole array as a matrix, every value within <paramref name="range"/>.</summary>
    public Matrix<T> ReadMatrix<T>(string meaning, ValueRange range)
        where T : unmanaged, IBinaryInteger<T>
    {
        (int rows, int columns) = MatrixShape(meaning);
        if ((long)rows * columns > Array.MaxLength)
            throw new InputException($"{Name}: shape {Header.ShapeText} has more than {Array.MaxLength} elements; split it");
        return ReadRows<T>(0, rows, range);
    }

    /// <summary>Rows firstRow .. firstRow+rows-1 of a matrix, every value within <paramref name="range"/>, which must fit <typeparamref name="T"/>.</summary>
    public Matrix<T> ReadRows<T>(int firstRow, int rows, ValueRange range)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Values in the range are converted without looking again: a type that does not hold it is a mistake of the caller.
        _ = T.CreateChecked(range.Minimum);
        _ = T.CreateChecked(range.Maximum);
        int columns = (int)Header.Shape[1];
        var matrix = new Matrix<T>(rows, columns);
        if (!Header.FortranOrder)
        {
            ReadIntegers<T>((long)firstRow * columns, matrix.Values, range, i => [firstRow + i / columns, i % columns]);
            return matrix;
        }

        var column = new T[rows];
        for (int c = 0; c < columns; c++)
        {
            int at = c;
            ReadIntegers<T>(c * Header.Shape[0] + firstRow, column, range, i => [firstRow + i, at]);
            for (int r = 0; r < rows; r++)
                matrix[r, c] = column[r];
        }

        return matrix;
    }

    /// <summary>All values of a one-dimensional array or scalar.</summary>
    public long[] ReadVector()
    {
        if (Header.Shape.Count > 1)
            throw new InputException($"{Name}: has shape {Header.ShapeText}, one dimension is needed; save x.reshape(-1)");
        if (Header.Count > Array.MaxLength)
            throw new InputException($"{Name}: has more than {Array.MaxLength} elements");
        long[] values = new long[Header.Count];
        Read(0, values, (_, value) => checked((long)value));
        return values;
    }

    /// <summary>Consecutive elements of a matrix: there are many, so type and range are looked at once per buffer.</summary>
    /// <param name="index">Index in the array of an element of <paramref name="values"/>, for messages.</param>
    private void ReadIntegers<T>(long firstElement, Span<T> values, ValueRange range, Func<int, int[]> index)
        where T : unmanaged, IBinaryInteger<T>
    {
        int size = Header.Element.Bytes;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int done = 0; done < values.Length;)
            {
                int count = Math.Min(values.Length - done, BufferBytes / size);
                Span<byte> bytes = buffer.AsSpan(0, count * size);
                ReadBytes(Header.DataOffset + (firstElement + done) * size, bytes);
                int bad = Convert(bytes, values.Slice(done, count), range);
                if (bad < count)
                {
                    throw new InputException(
                        $"{Name}: value {Element(bytes, bad)} at [{string.Join(", ", index(done + bad))}] does not fit {range.Because} ({range.Minimum} .. {range.Maximum}); "
                        + "quantise to that range or change the configuration");
                }

                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Convert<T>(ReadOnlySpan<byte> bytes, Span<T> values, ValueRange range)
        where T : unmanaged, IBinaryInteger<T> => Header.Element switch
        {
            { Bytes: 1, Signed: true } => Convert<sbyte, T>(bytes, values, range),
            { Bytes: 1 } => Convert<byte, T>(bytes, values, range),
            { Bytes: 2, Signed: true } => Convert<short, T>(bytes, values, range),
            { Bytes: 2 } => Convert<ushort, T>(bytes, values, range),
            { Bytes: 4, Signed: true } => Convert<int, T>(bytes, values, range),
            { Bytes: 4 } => Convert<uint, T>(bytes, values, range),
            { Signed: true } => Convert<long, T>(bytes, values, range),
            _ => Convert<ulong, T>(bytes, values, range),
        };

    /// <returns>The first element outside the range, or their number.</returns>
    private static int Convert<TElement, T>(ReadOnlySpan<byte> bytes, Span<T> values, ValueRange range)
        where TElement : unmanaged, IBinaryInteger<TElement>
        where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<TElement> elements = MemoryMarshal.Cast<byte, TElement>(bytes);
        long minimum = range.Minimum, maximum = range.Maximum;
        for (int i = 0; i < values.Length; i++)
        {
            long value = long.CreateSaturating(elements[i]);
            if (value < minimum || value > maximum)
                return i;
            values[i] = T.CreateTruncating(value);
        }

        return values.Length;
    }

    /// <summary>Consecutive elements as the file orders them.</summary>
    private void Read<T>(long firstElement, Span<T> values, Func<int, Int128, T> convert)
    {
        int size = Header.Element.Bytes;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int done = 0; done < values.Length;)
            {
                int count = Math.Min(values.Length - done, BufferBytes / size);
                Span<byte> bytes = buffer.AsSpan(0, count * size);
                ReadBytes(Header.DataOffset + (firstElement + done) * size, bytes);
                for (int i = 0; i < count; i++)
                    values[done + i] = convert(done + i, Element(bytes, i));
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Int128 Element(ReadOnlySpan<byte> bytes, int index) => Header.Element switch
    {
        { Bytes: 1, Signed: true } => (sbyte)bytes[index],
        { Bytes: 1 } => bytes[index],
        { Bytes: 2, Signed: true } => MemoryMarshal.Cast<byte, short>(bytes)[index],
        { Bytes: 2 } => MemoryMarshal.Cast<byte, ushort>(bytes)[index],
        { Bytes: 4, Signed: true } => MemoryMarshal.Cast<byte, int>(bytes)[index],
        { Bytes: 4 } => MemoryMarshal.Cast<byte, uint>(bytes)[index],
        { Signed: true } => MemoryMarshal.Cast<byte, long>(bytes)[index],
        _ => MemoryMarshal.Cast<byte, ulong>(bytes)[index],
    };

    private void ReadBytes(long offset, Span<byte> bytes)
    {
        if (file is null)
        {
            memory.Span.Slice((int)offset, bytes.Length).CopyTo(bytes);
            return;
        }

        if (ReadFully(file, bytes, offset) != bytes.Length)
            throw new InputException($"{Name}: became shorter while it was read; run again when nothing writes to it");
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        int total = 0;
        while (total < bytes.Length)
        {
            int read = RandomAccess.Read(file, bytes[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    private static SafeFileHandle OpenFile(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new InputException($"{path}: is a directory, a file is needed");
            return File.OpenHandle(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }
}
