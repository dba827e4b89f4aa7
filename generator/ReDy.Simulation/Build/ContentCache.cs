using System.Security.Cryptography;
using System.Text;
using ReDy.Architecture;

namespace ReDy.Simulation.Build;

/// <summary>
/// Folders named by the hash of everything that went into them. A folder appears under its name complete or not at all; of
/// several processes that want the same one, one makes it and the others wait.
/// </summary>
public sealed class ContentCache
{
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(50);

    public ContentCache(string? folder = null) => Folder = folder ?? DefaultFolder();

    public string Folder { get; }

    /// <summary>$REDY_CACHE, else $XDG_CACHE_HOME/redy, else ~/.cache/redy.</summary>
    public static string DefaultFolder()
    {
        if (Environment.GetEnvironmentVariable("REDY_CACHE") is { Length: > 0 } own)
            return Path.GetFullPath(own);
        string? caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return Path.Combine(
            string.IsNullOrEmpty(caches) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : caches,
            "redy");
    }

    /// <summary>The folder of this content; made by <paramref name="make"/> if it is not there yet.</summary>
    /// <param name="kind">Subfolder of the cache.</param>
    /// <param name="hash">Of everything that the content depends on.</param>
    /// <param name="make">Fills an empty folder; what it throws leaves no folder behind.</param>
    public async Task<(string Folder, bool WasCached)> GetAsync(string kind, string hash, Func<string, Task> make, CancellationToken cancellation)
    {
        string final = Path.Combine(Folder, kind, hash);
        if (Directory.Exists(final))
            return (final, true);
        try
        {
            Directory.CreateDirectory(Path.Combine(Folder, kind));
            using FileStream held = await LockAsync(final + ".lock", cancellation);
            if (Directory.Exists(final))
                return (final, true);

            // Whoever left a work folder behind is gone: the lock is ours.
            foreach (string left in Directory.GetDirectories(Path.Combine(Folder, kind), hash + ".*.tmp"))
                Directory.Delete(left, recursive: true);
            string work = $"{final}.{Environment.ProcessId}.tmp";
            try
            {
                Directory.CreateDirectory(work);
                await make(work);
                Directory.Move(work, final);
            }
            finally
            {
                if (Directory.Exists(work))
                    Directory.Delete(work, recursive: true);
            }

            return (final, false);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The cache folder {Folder} cannot be used: {problem.Message} Free disk space or set REDY_CACHE to another folder.", problem);
        }
    }

    /// <summary>Names content by its parts, in hexadecimal digits.</summary>
    public static string Hash(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(LockRetry, cancellation);
            }
        }
    }
}
