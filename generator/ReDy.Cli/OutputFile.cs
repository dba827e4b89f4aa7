using ReDy.Architecture;

namespace ReDy.Cli;

/// <summary>Files that a verb writes: whole or not at all.</summary>
public static class OutputFile
{
    /// <summary>Writes beside the target, then replaces it.</summary>
    /// <exception cref="InputException">Not writable, or the disk is full; the target is as before.</exception>
    public static void Write(string path, string text)
    {
        if (Directory.Exists(path))
            throw new InputException($"{path} is a folder; give the name of a file to write");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (!Directory.Exists(folder))
            throw new InputException($"{path} cannot be written: there is no folder {folder}; make it, or give another name");
        string unfinished = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.tmp");
        try
        {
            File.WriteAllText(unfinished, text);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be written: {exception.Message}", exception);
        }
        finally
        {
            TryDelete(unfinished);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that matters has been reported.
        }
    }
}
