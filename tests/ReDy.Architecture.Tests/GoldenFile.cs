namespace ReDy.Architecture.Tests;

/// <summary>Expected texts that live in files. With REDY_UPDATE_GOLDEN=1 the tests write them instead of comparing.</summary>
internal static class GoldenFile
{
    public static bool Updating => Environment.GetEnvironmentVariable("REDY_UPDATE_GOLDEN") == "1";

    /// <summary>Full path of a file or folder of the repository.</summary>
    public static string InRepository(params string[] parts)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ReDy.sln")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine([folder ?? throw new InvalidOperationException("the tests do not run inside the repository"), .. parts]);
    }

    public static void ShouldHold(string path, string actual)
    {
        if (Updating)
            File.WriteAllText(path, actual);
        File.Exists(path).ShouldBeTrue($"{path} is missing; run the tests once with REDY_UPDATE_GOLDEN=1 and read what it then holds");
        actual.ShouldBe(File.ReadAllText(path), $"{path} is stale; run the tests once with REDY_UPDATE_GOLDEN=1 and read the difference");
    }
}
