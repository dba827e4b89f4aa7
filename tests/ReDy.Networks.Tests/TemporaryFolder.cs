namespace ReDy.Networks.Tests;

/// <summary>A folder of the test's own, with a space in its name, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("redy tests ");

    public string Path(string name) => System.IO.Path.Combine(directory.FullName, name);

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Path(name), content);
        return Path(name);
    }

    public void Dispose() => directory.Delete(recursive: true);
}
