using System.Text;
using ReDy.Architecture;

namespace ReDy.Rtl;

/// <summary>How a folder differs from the bundle that it should be. Paths are relative to the folder.</summary>
/// <param name="Changed">Files with other content.</param>
/// <param name="Missing">Files that are not there.</param>
/// <param name="Extra">Files in the source folder that do not belong to the bundle.</param>
public sealed record BundleDifferences(IReadOnlyList<string> Changed, IReadOnlyList<string> Missing, IReadOnlyList<string> Extra)
{
    public bool None => Changed.Count == 0 && Missing.Count == 0 && Extra.Count == 0;
}

/// <summary>
/// A bundle on disk. Writing replaces the bundle that was there as a whole or not at all; files beside it that are the
/// user's own stay. Inside <see cref="RtlBundle.SourceFolder"/> only the bundle's files may be.
/// </summary>
public static class BundleFolder
{
    /// <exception cref="InputException">The folder holds something else, or cannot be written; it is as before.</exception>
    public static void Write(RtlBundle bundle, string folder)
    {
        string target = FullPath(folder);
        RtlManifest? old = RefuseUnlessReplaceable(target, folder);
        RefuseExtraSources(target, folder, old);
        try
        {
            Replace(bundle, target, old);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder} cannot be written: {exception.Message}", exception);
        }
    }

    /// <exception cref="InputException">There is no such folder, or it cannot be read.</exception>
    public static BundleDifferences Compare(RtlBundle bundle, string folder)
    {
        string target = FullPath(folder);
        if (!Directory.Exists(target))
            throw new InputException($"{folder}: there is no such folder to check; generate it first");
        try
        {
            var expected = bundle.Files.ToDictionary(file => file.Path);
            return new BundleDifferences(
                [.. bundle.Files.Where(file => File.Exists(At(target, file.Path)) && !File.ReadAllBytes(At(target, file.Path)).AsSpan().SequenceEqual(file.Bytes)).Select(file => file.Path)],
                [.. bundle.Files.Where(file => !File.Exists(At(target, file.Path))).Select(file => file.Path)],
                [.. SourcesIn(target).Where(path => !expected.ContainsKey(path))]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder} cannot be read: {exception.Message}", exception);
        }
    }

    private static void Replace(RtlBundle bundle, string target, RtlManifest? old)
    {
        string parent = Path.GetDirectoryName(target) ?? target;
        Directory.CreateDirectory(parent);
        string mark = $".{Path.GetFileName(target)}.{Environment.ProcessId}";
        string unfinished = Path.Combine(parent, mark + ".tmp"), replaced = Path.Combine(parent, mark + ".old");
        try
        {
            foreach (RtlFile file in bundle.Files)
            {
                string path = At(unfinished, file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, file.Bytes);
            }

            if (Directory.Exists(target))
                Directory.Move(target, replaced);
            try
            {
                Directory.Move(unfinished, target);
            }
            catch when (Directory.Exists(replaced))
            {
                Directory.Move(replaced, target);
                throw;
            }
        }
        finally
        {
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
        }

        if (Directory.Exists(replaced))
        {
            KeepOwnFiles(replaced, target, old);
            Directory.Delete(replaced, recursive: true);
        }
    }

    /// <summary>Moves what is not the old bundle's, such as a user's notes and scripts, into the new folder.</summary>
    private static void KeepOwnFiles(string replaced, string target, RtlManifest? old)
    {
        var bundled = old?.Files.Select(file => file.Path).Append(RtlBundle.ManifestPath).ToHashSet() ?? [];
        foreach (string path in FilesIn(replaced).Where(path => !bundled.Contains(path) && !File.Exists(At(target, path))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(target, path))!);
            File.Move(At(replaced, path), At(target, path));
        }
    }

    private static RtlManifest? RefuseUnlessReplaceable(string target, string folder)
    {
        if (File.Exists(target))
            throw new InputException($"{folder} is a file; give a folder to generate into");
        if (!Directory.Exists(target) || !Directory.EnumerateFileSystemEntries(target).Any())
            return null;
        string manifest = At(target, RtlBundle.ManifestPath);
        return (File.Exists(manifest) ? RtlManifest.Read(File.ReadAllText(manifest, Encoding.UTF8)) : null)
            ?? throw new InputException(
                $"{folder} exists and is no generated bundle (it has no {RtlBundle.ManifestPath} of one); give another folder, or empty this one");
    }

    private static void RefuseExtraSources(string target, string folder, RtlManifest? old)
    {
        var bundled = old?.Files.Select(file => file.Path).ToHashSet() ?? [];
        if (SourcesIn(target).FirstOrDefault(path => !bundled.Contains(path)) is { } extra)
            throw new InputException($"{folder}/{extra} is not part of the generated bundle and would be lost; move it away from {folder}/{RtlBundle.SourceFolder}");
    }

    private static IEnumerable<string> SourcesIn(string target) =>
        FilesIn(target).Where(path => path.StartsWith(RtlBundle.SourceFolder, StringComparison.Ordinal));

    private static IEnumerable<string> FilesIn(string target) =>
        Directory.Exists(target)
            ? Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(target, path).Replace('\\', '/')).Order(StringComparer.Ordinal)
            : [];

    private static string At(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The folder itself where a link was given, so that the link stays.</summary>
    private static string FullPath(string folder)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Directory.Exists(path) ? Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
    }
}
