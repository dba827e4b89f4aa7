using System.Buffers.Binary;
using System.IO.Compression;
using ReDy.Architecture;
using ReDy.Networks.Images;

namespace ReDy.Networks.Tests.Images;

public sealed class DataSetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public DataSetTests()
    {
        WriteSet("train", 24, 2, 3);
        WriteSet("t10k", 5, 2, 3);
    }

    [Fact]
    public void The_last_training_images_are_held_back()
    {
        DataSet data = DataSet.Load(folder.Path("."), new PixelScaling());
        (data.Calibration.Count, data.HeldBack.Count, data.Test.Count).ShouldBe((22, 2, 5));
        data.HeldBack.Label(1).ShouldBe(23 % 10);
        data.HeldBack.Image(1).Floats[5].ShouldBe((23 * 6 + 5) / 255f);
        data.Calibration.Shape.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Compressed_files_are_read_like_plain_ones()
    {
        string plain = folder.Path("t10k-images-idx3-ubyte");
        using (var to = new GZipStream(File.Create(plain + ".gz"), CompressionMode.Compress))
            to.Write(File.ReadAllBytes(plain));
        File.Delete(plain);
        DataSet.Load(folder.Path("."), new PixelScaling()).Test.Image(4).Floats[0].ShouldBe(24 / 255f);
    }

    [Fact]
    public void Pixels_are_scaled_as_in_training() => DataSet.Load(folder.Path("."), new PixelScaling(0.5, 0.25)).Test.Image(0).Floats[1].ShouldBe((float)((1 / 255.0 - 0.5) / 0.25));

    [Fact]
    public void A_file_that_is_missing_is_named() => Problem(() => File.Delete(folder.Path("t10k-labels-idx1-ubyte"))).ShouldContain("t10k-labels-idx1-ubyte (or t10k-labels-idx1-ubyte.gz) is not there");

    [Fact]
    public void A_file_that_is_cut_off_is_noticed() =>
        Problem(() => File.WriteAllBytes(folder.Path("t10k-images-idx3-ubyte"), File.ReadAllBytes(folder.Path("t10k-images-idx3-ubyte"))[..^1])).ShouldContain("announces 5 x 2 x 3 bytes and has 29");

    [Fact]
    public void Labels_of_other_images_are_noticed() => Problem(() => WriteSet("t10k", 4, 2, 3, labels: 5)).ShouldContain("4 images and 5 labels of 't10k' do not belong together");

    [Fact]
    public void Too_few_images_leave_nothing_to_calibrate_on() => Problem(() => WriteSet("train", 11, 2, 3)).ShouldContain("the calibration set is empty: 11 training images");

    [Fact]
    public void Images_of_another_size_than_the_networks_are_refused() =>
        Should.Throw<InputException>(() => DataSet.Load(folder.Path("."), new PixelScaling()).Test.CheckAgainst("net.onnx", [1, 1, 28, 28])).Message
            .ShouldBe("the images are 1x2x3 (channels, rows, columns), net.onnx takes 1x28x28; give images of that size");

    public void Dispose() => folder.Dispose();

    private string Problem(Action damage)
    {
        damage();
        return Should.Throw<InputException>(() => DataSet.Load(folder.Path("."), new PixelScaling())).Message;
    }

    private void WriteSet(string part, int count, int rows, int columns, int? labels = null)
    {
        folder.Write($"{part}-images-idx3-ubyte", [.. Header(count, rows, columns), .. Enumerable.Range(0, count * rows * columns).Select(i => (byte)i)]);
        folder.Write($"{part}-labels-idx1-ubyte", [.. Header(labels ?? count), .. Enumerable.Range(0, labels ?? count).Select(i => (byte)(i % 10))]);
    }

    private static byte[] Header(params int[] sizes)
    {
        byte[] header = new byte[4 + 4 * sizes.Length];
        (header[2], header[3]) = (8, (byte)sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), sizes[i]);
        return header;
    }
}
