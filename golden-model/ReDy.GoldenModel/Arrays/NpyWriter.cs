using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using ReDy.Architecture;

namespace ReDy.GoldenModel.Arrays;

/// <summary>
/// Writes a matrix of known shape as a NumPy file (format 1, C order, little-endian), block of rows after block of rows. It
/// grows under a temporary name beside its place and takes the place on <see cref="Commit"/>; without that nothing remains.
/// </summary>
public sealed class NpyWriter : IDisposable
{
    private readonly string path;
    private readonly string temporaryPath;
    private readonly FileStream stream;
    private bool committed;

    private NpyWriter(string path, string temporaryPath, FileStream stream)
    {
        this.path = path;
        this.temporaryPath = temporaryPath;
        this.stream = stream;
    }

    /// <param name="elementType">As NumPy spells it: <c>|u1</c>, <c>&lt;u2</c>, <c>&lt;i4</c>, <c>&lt;i8</c>.</param>
    public static NpyWriter Create(string path, string elementType, int rows, int columns)
    {
        string fullPath = Path.GetFullPath(path);
        fullPath = File.Exists(fullPath) ? File.ResolveLinkTarget(fullPath, returnFinalTarget: true)?.FullName ?? fullPath : fullPath;
        if (Directory.Exists(fullPath))
            throw new InputException($"{path}: is a directory; name a file to write");
        if (fullPath.StartsWith("/dev/", StringComparison.Ordinal))
            throw new InputException($"{path}: is no place for a file, and a device would be replaced by one; name another file");
        if (!Directory.Exists(Path.GetDirectoryName(fullPath)))
            throw new InputException($"{path}: the directory {Path.GetDirectoryName(path)} does not exist; create it first");
        string temporaryPath = Path.Combine(Path.GetDirectoryName(fullPath)!, $".{Path.GetFileName(fullPath)}.{Guid.NewGuid():N}");
        return Guard(path, () =>
        {
            var writer = new NpyWriter(fullPath, temporaryPath, new FileStream(temporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16));
            try
            {
                writer.stream.Write(Header(elementType, rows, columns));
                return writer;
            }
            catch
            {
                writer.Dispose();
                throw;
            }
        });
    }

    /// <summary>The next values, row after row, of the element type's width.</summary>
    public void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        try
        {
            stream.Write(MemoryMarshal.AsBytes(values));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, exception);
        }
    }

    /// <summary>Everything is written: puts the file in its place, over an older one.</summary>
    public void Commit() => Guard(path, () =>
    {
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(temporaryPath, path, overwrite: true);
        return committed = true;
    });

    public void Dispose()
    {
        if (committed)
            return;
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // A full disk also fails the last flush; the file is deleted all the same.
        }

        File.Delete(temporaryPath);
    }

    private static byte[] Header(string elementType, int rows, int columns)
    {
        string dictionary = $"{{'descr': '{elementType}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}";
        int length = (NpyHeader.Magic.Length + 4 + dictionary.Length + 1 + 63) / 64 * 64;
        byte[] header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        NpyHeader.Magic.CopyTo(header);
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - 10));
        Encoding.ASCII.GetBytes(dictionary, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, exception);
        }
    }

    private static InputException Unwritable(string path, Exception exception) =>
        new($"{path}: cannot be written: {exception.Message}; free space or choose another place", exception);
}
