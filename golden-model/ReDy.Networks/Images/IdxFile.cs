using System.Buffers.Binary;
using System.IO.Compression;
using ReDy.Architecture;

namespace ReDy.Networks.Images;

/// <summary>Unsigned bytes in the idx format of the MNIST family, plain or gzip-compressed.</summary>
internal static class IdxFile
{
    private const int UnsignedByte = 8;

    /// <param name="dimensions">How many the array must have.</param>
    public static (int[] Shape, byte[] Values) Read(string path, int dimensions)
    {
        byte[] content;
        try
        {
            using FileStream file = File.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            content = memory.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message}", exception);
        }

        if (content.Length < 4 + 4 * dimensions || content[0] != 0 || content[1] != 0 || content[2] != UnsignedByte || content[3] != dimensions)
            throw new InputException($"{path} is not an idx file of unsigned bytes with {dimensions} dimension{(dimensions == 1 ? "" : "s")}; give the files of the MNIST format");
        int[] shape = [.. Enumerable.Range(0, dimensions).Select(d => BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(4 + 4 * d)))];
        long size = shape.Aggregate(1L, (product, length) => product * length);
        return size == content.Length - (4 + 4 * dimensions)
            ? (shape, content[(4 + 4 * dimensions)..])
            : throw new InputException($"{path}: announces {string.Join(" x ", shape)} bytes and has {content.Length - (4 + 4 * dimensions)}; the file is damaged");
    }
}
