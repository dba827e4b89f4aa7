using System.CommandLine;
using ReDy.Architecture;
using ReDy.Networks.Images;

namespace ReDy.Cli.Verbs.Networks;

/// <summary>Arguments and options that several verbs of networks have.</summary>
internal static class NetworkOptions
{
    /// <summary>Where Debian's package dataset-fashion-mnist puts the images.</summary>
    private const string DefaultData = "/usr/share/datasets/fashion-mnist";

    public static Argument<string> NetworkFile() => new("NETWORK") { Description = "Trained network (.onnx)." };

    public static Option<string?> Input() => new("--input") { HelpName = "SHAPE", Description = "Shape of the input where the file leaves it open, such as 1x3x48x192." };

    public static Option<string> Data() => new Option<string>("--data")
    {
        Description = "Folder of the data set: images and labels in the MNIST format, plain or .gz.",
        DefaultValueFactory = _ => DefaultData,
    }.ReadsFolder($"give one with the files of the MNIST format (Debian's dataset-fashion-mnist installs {DefaultData})");

    public static Option<double> Mean() => new("--mean") { Description = "Subtracted from pixels in 0..1 before the network sees them, as in its training." };

    public static Option<double> Deviation() => new("--deviation") { Description = "Pixels are divided by it after --mean.", DefaultValueFactory = _ => 1 };

    /// <exception cref="InputException">Not sizes joined by x.</exception>
    public static int[]? Shape(string? text)
    {
        if (text is null)
            return null;
        string[] sizes = text.Split('x');
        return sizes.All(size => int.TryParse(size, out int number) && number > 0)
            ? [.. sizes.Select(int.Parse)]
            : throw new InputException($"--input {text}: give sizes of at least 1 joined by x, batch first, such as 1x3x48x192");
    }

    public static PixelScaling Scaling(double mean, double deviation) =>
        deviation > 0 && double.IsFinite(mean) && double.IsFinite(deviation) ? new PixelScaling(mean, deviation) : throw new InputException($"--deviation {deviation}: pixels cannot be divided by it; give a number above 0");
}
