using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Images;

/// <summary>How pixels become the numbers a network was trained on: (pixel / 255 - mean) / deviation.</summary>
public sealed record PixelScaling(double Mean = 0, double Deviation = 1)
{
    public float Number(byte pixel) => (float)((pixel / 255.0 - Mean) / Deviation);
}

/// <summary>Images of one size with the class of each.</summary>
/// <param name="Shape">Channels, rows, columns.</param>
/// <param name="Pixels">[image, channel, row, column].</param>
/// <param name="Labels">Class of each image.</param>
public sealed record ImageSet(int[] Shape, ReadOnlyMemory<byte> Pixels, ReadOnlyMemory<byte> Labels, PixelScaling Scaling)
{
    private int ImageSize => Tensor.Size(Shape);
    public int Count => Labels.Length;

    /// <summary>One image as the network takes it: 1, channels, rows, columns.</summary>
    public Tensor Image(int index)
    {
        ReadOnlySpan<byte> pixels = Pixels.Span.Slice(index * ImageSize, ImageSize);
        var numbers = new float[pixels.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = Scaling.Number(pixels[i]);
        return new Tensor([1, .. Shape], numbers);
    }

    public int Label(int index) => Labels.Span[index];

    public ImageSet Range(int first, int count) => this with { Pixels = Pixels.Slice(first * ImageSize, count * ImageSize), Labels = Labels.Slice(first, count) };

    /// <summary>So many images at even distances.</summary>
    public ImageSet Spread(int count)
    {
        if (count >= Count)
            return this;
        var pixels = new byte[count * ImageSize];
        var labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            int from = (int)((long)i * Count / count);
            Pixels.Span.Slice(from * ImageSize, ImageSize).CopyTo(pixels.AsSpan(i * ImageSize));
            labels[i] = Labels.Span[from];
        }

        return this with { Pixels = pixels, Labels = labels };
    }

    /// <summary>All images as the network takes them.</summary>
    public IReadOnlyList<Tensor> Images() => [.. Enumerable.Range(0, Count).Select(Image)];

    /// <exception cref="InputException">The network takes images of another size.</exception>
    public void CheckAgainst(string network, int[] imageShape)
    {
        if (!imageShape.AsSpan(1).SequenceEqual(Shape))
            throw new InputException($"the images are {Tensor.Text(Shape)} (channels, rows, columns), {network} takes {Tensor.Text(imageShape.Skip(1))}; give images of that size");
    }
}

/// <summary>A data set in three parts that never mix.</summary>
/// <param name="Calibration">Scales and thresholds are found on these.</param>
/// <param name="HeldBack">What was found is judged on these, before the test: the last of the training images.</param>
/// <param name="Test">For final figures; nothing is ever chosen by them.</param>
public sealed record DataSet(ImageSet Calibration, ImageSet HeldBack, ImageSet Test)
{
    /// <summary>As the project's networks were trained: the last 5,000 of 60,000 training images did not train.</summary>
    private const int HeldBackShare = 12;

    /// <param name="folder">With train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, plain or .gz.</param>
    /// <exception cref="InputException">A file is missing or damaged, or images and labels do not belong together.</exception>
    public static DataSet Load(string folder, PixelScaling scaling)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"--data {folder}: no such folder; give one with the files of the MNIST format (Debian's dataset-fashion-mnist installs /usr/share/datasets/fashion-mnist)");
        ImageSet training = Read(folder, "train", scaling), test = Read(folder, "t10k", scaling);
        int heldBack = training.Count / HeldBackShare;
        if (heldBack == 0)
            throw new InputException($"--data {folder}: the calibration set is empty: {training.Count} training images cannot be split into calibration and held-back images; at least {HeldBackShare} are needed");
        return new DataSet(training.Range(0, training.Count - heldBack), training.Range(training.Count - heldBack, heldBack), test);
    }

    private static ImageSet Read(string folder, string part, PixelScaling scaling)
    {
        (int[] shape, byte[] pixels) = IdxFile.Read(Find(folder, $"{part}-images-idx3-ubyte"), 3);
        (int[] count, byte[] labels) = IdxFile.Read(Find(folder, $"{part}-labels-idx1-ubyte"), 1);
        return count[0] == shape[0]
            ? new ImageSet([1, shape[1], shape[2]], pixels, labels, scaling)
            : throw new InputException($"--data {folder}: {shape[0]} images and {count[0]} labels of '{part}' do not belong together");
    }

    private static string Find(string folder, string name) =>
        new[] { name, $"{name}.gz" }.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
        ?? throw new InputException($"--data {folder}: {name} (or {name}.gz) is not there; give a folder with the files of the MNIST format");
}
