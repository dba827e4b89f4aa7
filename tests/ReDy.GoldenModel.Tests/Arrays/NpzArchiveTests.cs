using System.IO.Compression;
using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;

namespace ReDy.GoldenModel.Tests.Arrays;

public sealed class NpzArchiveTests
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Arrays_are_found_by_name_compressed_or_not(CompressionLevel level)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("q.npz", Zip(level, ("bias", NpyBytes.Int64Vector(1, -2)), ("relu", NpyBytes.Bool(true))));
        IReadOnlyDictionary<string, NpyArray> arrays = NpzArchive.Open(path).Arrays("bias", "relu");
        arrays["bias"].ReadVector().ShouldBe([1, -2]);
        arrays["relu"].ReadVector().ShouldBe([1]);
    }

    [Fact]
    public void Missing_arrays_are_named_with_what_is_there()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("q.npz", Zip(CompressionLevel.Optimal, ("bias", NpyBytes.Int64Vector(1)), ("scale", NpyBytes.Int64Vector(1))));
        Should.Throw<InputException>(() => NpzArchive.Open(path).Arrays("bias", "multiplier", "shift")).Message.ShouldBe(
            $"{path}: has no array 'multiplier', 'shift'; it holds bias, scale; save with numpy.savez(file, bias=bias, multiplier=multiplier, shift=shift)");
    }

    [Fact]
    public void A_single_array_is_not_an_archive()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("q.npz", NpyBytes.Int64Vector(1));
        Should.Throw<InputException>(() => NpzArchive.Open(path)).Message.ShouldBe(
            $"{path}: is a single array (.npy), not an archive (.npz); save the arrays with numpy.savez, by name");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an archive")]
    public void Anything_else_is_refused(string content)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("q.npz", [.. content.Select(letter => (byte)letter)]);
        Should.Throw<InputException>(() => NpzArchive.Open(path)).Message.ShouldBe(
            $"{path}: is not a NumPy archive or is damaged; save the arrays with numpy.savez, by name");
    }

    [Fact]
    public void A_cut_off_archive_is_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = Zip(CompressionLevel.Optimal, ("bias", NpyBytes.Int64Vector(1, 2, 3)));
        string path = folder.Write("q.npz", whole[..^20]);
        Should.Throw<InputException>(() => NpzArchive.Open(path)).Message.ShouldStartWith($"{path}: is not a NumPy archive or is damaged");
    }

    internal static byte[] Zip(CompressionLevel level, params (string Name, byte[] Array)[] arrays)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] array) in arrays)
            {
                using Stream entry = zip.CreateEntry($"{name}.npy", level).Open();
                entry.Write(array);
            }
        }

        return stream.ToArray();
    }
}
