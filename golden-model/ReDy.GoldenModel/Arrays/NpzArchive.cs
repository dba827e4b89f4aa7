using System.IO.Compression;
using ReDy.Architecture;

namespace ReDy.GoldenModel.Arrays;

/// <summary>Named arrays in a NumPy archive (<c>numpy.savez</c>, compressed or not), read whole.</summary>
public sealed class NpzArchive
{
    private const long LargestEntryBytes = 1L << 30;
    private readonly string path;
    private readonly SortedDictionary<string, byte[]> entries = new(StringComparer.Ordinal);

    private NpzArchive(string path) => this.path = path;

    public static NpzArchive Open(string path)
    {
        var archive = new NpzArchive(path);
        try
        {
            if (Directory.Exists(path))
                throw new InputException($"{path}: is a directory, a file is needed");
            using FileStream stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[6];
            if (stream.ReadAtLeast(start, 6, throwOnEndOfStream: false) == 6 && start.SequenceEqual(NpyHeader.Magic))
                throw new InputException($"{path}: is a single array (.npy), not an archive (.npz); save the arrays with numpy.savez, by name");
            stream.Position = 0;
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in zip.Entries)
                archive.Add(entry);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new InputException($"{path}: is not a NumPy archive or is damaged; save the arrays with numpy.savez, by name", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {exception.Message}", exception);
        }

        return archive;
    }

    /// <summary>The arrays of all <paramref name="names"/>; one message names all that are missing and what is there.</summary>
    public IReadOnlyDictionary<string, NpyArray> Arrays(params IReadOnlyList<string> names)
    {
        string[] missing = [.. names.Where(name => !entries.ContainsKey(name))];
        if (missing.Length != 0)
        {
            string there = entries.Count == 0 ? "it is empty" : $"it holds {string.Join(", ", entries.Keys)}";
            throw new InputException(
                $"{path}: has no array {string.Join(", ", missing.Select(name => $"'{name}'"))}; {there}; "
                + $"save with numpy.savez(file, {string.Join(", ", names.Select(name => $"{name}={name}"))})");
        }

        return names.ToDictionary(name => name, name => NpyArray.FromMemory($"{path}: {name}", entries[name]));
    }

    private void Add(ZipArchiveEntry entry)
    {
        if (entry.Length > LargestEntryBytes)
            throw new InputException($"{path}: {entry.FullName} has {entry.Length} bytes, more than {LargestEntryBytes}");
        using Stream content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        string name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
        entries[name] = bytes.ToArray();
    }
}
