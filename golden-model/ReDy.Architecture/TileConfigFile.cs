using System.Text;

namespace ReDy.Architecture;

/// <summary>Everything found in a configuration file.</summary>
/// <param name="Config">What the file says; legal only if <paramref name="Problems"/> is empty.</param>
public sealed record TileConfigInspection(
    string FileName, TileConfig Config, IReadOnlyList<ConfigProblem> Problems, IReadOnlyList<ConfigProblem> Warnings);

/// <summary>
/// Configuration files: strict YAML with the keys of <see cref="TileParameters"/>. A key that is left out has the value of
/// preset <c>redy</c>, so an empty file is that preset.
/// </summary>
public static class TileConfigFile
{
    /// <summary>No configuration comes near; a wrong file given by mistake should not be read to its end.</summary>
    private const int MaximumBytes = 64 * 1024;

    /// <summary>The legal configuration in a file.</summary>
    /// <exception cref="InputException">With all problems of the file.</exception>
    public static TileConfig Load(string path) => Legal(Inspect(path));

    /// <summary>The legal configuration in a text.</summary>
    /// <param name="fileName">How problems call the text.</param>
    /// <exception cref="InputException">With all problems of the text.</exception>
    public static TileConfig Parse(string text, string fileName) => Legal(InspectText(text, fileName));

    /// <summary>Reads a file and finds all problems and warnings.</summary>
    /// <exception cref="InputException">When the file cannot be read as text.</exception>
    public static TileConfigInspection Inspect(string path) => InspectText(ReadText(path), path);

    public static TileConfigInspection InspectText(string text, string fileName) => new TileConfigReader(fileName).Read(text);

    private static TileConfig Legal(TileConfigInspection inspection) =>
        inspection.Problems.Count == 0
            ? inspection.Config
            : throw new InputException([.. inspection.Problems.Select(problem => problem.ToString())]);

    private static string ReadText(string path)
    {
        if (path.Length == 0)
            throw new InputException("the name of the configuration file is empty; give a file, 'redy init' writes one");
        if (Directory.Exists(path))
            throw new InputException($"{path} is a folder; give the configuration file in it");
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file; 'redy init {Quote(path)}' writes one");
        byte[] bytes;
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] buffer = new byte[MaximumBytes + 1];
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            bytes = buffer[..length];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message}; check its permissions", exception);
        }

        if (bytes.Length > MaximumBytes)
            throw new InputException($"{path} has more than {MaximumBytes / 1024} KiB and is no configuration file; give a file like 'redy init' writes");
        return Decode(bytes, path);
    }

    private static string Decode(byte[] bytes, string path)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new InputException($"{path} is UTF-16 text; save it as UTF-8");
        int start = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        if (Array.IndexOf(bytes, (byte)0) >= 0)
            throw new InputException($"{path} is a binary file; give a YAML text file like 'redy init' writes");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, start, bytes.Length - start);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputException($"{path} is not UTF-8 text (byte {exception.Index + start}); save it as UTF-8", exception);
        }
    }

    private static string Quote(string path) => path.Contains(' ') ? $"\"{path}\"" : path;
}
