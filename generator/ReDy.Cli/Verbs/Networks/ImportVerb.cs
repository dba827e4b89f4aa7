using System.CommandLine;
using System.Globalization;
using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Layers;
using ReDy.OnnxReference;

namespace ReDy.Cli.Verbs.Networks;

/// <summary><c>redy network import</c>: the layers of a network, and whether they are understood as ONNX Runtime understands them.</summary>
internal sealed class ImportVerb : INetworkVerb
{
    private readonly Argument<string> file = NetworkOptions.NetworkFile();
    private readonly Option<string?> input = NetworkOptions.Input();
    private readonly Option<bool> reference = new("--reference") { Description = "Compute every tensor in ONNX Runtime, too, on a random image, and compare." };
    private readonly Option<long> seed = SharedOptions.Seed();
    private readonly Option<bool> json = SharedOptions.Json();

    public int Order => 10;

    public IReadOnlyList<Example> Examples =>
    [
        new("redy network import net.onnx", "its layers: which are on the tile, of which size"),
        new("redy network import ocr.onnx --input 1x3x48x192 --reference", "sizes that the file leaves open; compare every tensor with ONNX Runtime"),
    ];

    public Command Build()
    {
        var command = new Command("import", "Read a network and print its layers.") { file, input, reference, seed, json };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        string path = parse.GetRequiredValue(file);
        Network network = Network.Load(path, NetworkOptions.Shape(parse.GetValue(input)));
        IReadOnlyList<TensorAgreement>? agreement = parse.GetValue(reference) ? OnnxRuntimeReference.Compare(path, network.Source, RandomImage(network, (ulong)parse.GetValue(seed))) : null;
        bool agrees = agreement is null || agreement.All(tensor => tensor.Difference <= OnnxRuntimeReference.Tolerance);
        if (parse.GetValue(json))
            Terminal.WriteJson(ForMachines(network, agreement));
        else
            Print(network, agreement);
        return agrees ? ExitCode.Success : ExitCode.Failure;
    }

    private static Tensor RandomImage(Network network, ulong seed)
    {
        var random = new SeededRandom(seed);
        return new Tensor(network.ImageShape, [.. Enumerable.Range(0, Tensor.Size(network.ImageShape)).Select(_ => random.Between(0, 255) / 255f)]);
    }

    private static void Print(Network network, IReadOnlyList<TensorAgreement>? agreement)
    {
        var table = new TextTable("<layer", "<operator", "<on", "input", "output", "K x N", "groups", "vectors", "products");
        foreach (NetworkLayer layer in network.Layers)
        {
            MatrixLayer? m = layer.Matrix;
            table.Add(layer.Name, layer.Node.Operator, m is null ? "digital" : "tile", string.Join(", ", layer.InputShapes.Select(shape => Tensor.Text(shape))), Tensor.Text(layer.OutputShape),
                m is null ? "" : $"{m.GroupRows} x {m.GroupOutputs}", m is null ? "" : $"{m.Groups}", m is null ? "" : Number(m.Vectors), m is null ? "" : Number(m.Products));
        }

        table.Write(Console.Out);
        NetworkLayer[] onTile = [.. network.TileLayers];
        Console.Out.WriteLine();
        Console.Out.WriteLine($"network         {network.Name}, operator set {network.Source.OperatorSet}, input {Tensor.Text(network.ImageShape)}");
        Console.Out.WriteLine($"on the tile     {onTile.Length} layers, {Number(onTile.Sum(layer => layer.Matrix!.Weights.Length))} weights, {Number(onTile.Sum(layer => layer.Matrix!.Products))} products per image");
        Console.Out.WriteLine($"digital         {network.Layers.Count - onTile.Length} layers: {string.Join(", ", network.Layers.Where(layer => !layer.IsOnTile).CountBy(layer => layer.Node.Operator).OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Value} {pair.Key}"))}");
        if (network.FoldedNormalisations != 0)
            Console.Out.WriteLine($"folded          {network.FoldedNormalisations} batch normalisations into the weights before them");
        if (agreement is null)
            return;
        TensorAgreement worst = agreement.MaxBy(tensor => tensor.Difference)!;
        int off = agreement.Count(tensor => tensor.Difference > OnnxRuntimeReference.Tolerance);
        Console.Out.WriteLine($"ONNX Runtime    {(off == 0 ? "agrees" : $"DISAGREES in {off}")}: {agreement.Count} tensors, largest difference {worst.Difference.ToString("0.0e0", CultureInfo.InvariantCulture)} of a tensor's largest magnitude, at {worst.Node} ({worst.Operator})");
    }

    private static object ForMachines(Network network, IReadOnlyList<TensorAgreement>? agreement) => new
    {
        network.Name,
        network.Source.OperatorSet,
        Input = network.ImageShape,
        network.FoldedNormalisations,
        Layers = network.Layers.Select(layer => new
        {
            layer.Name,
            layer.Node.Operator,
            OnTile = layer.IsOnTile,
            Inputs = layer.InputShapes,
            Output = layer.OutputShape,
            Rows = layer.Matrix?.GroupRows,
            Outputs = layer.Matrix?.GroupOutputs,
            layer.Matrix?.Groups,
            layer.Matrix?.Vectors,
            layer.Matrix?.Products,
        }),
        OnnxRuntime = agreement is null ? null : new
        {
            Agrees = agreement.All(tensor => tensor.Difference <= OnnxRuntimeReference.Tolerance),
            OnnxRuntimeReference.Tolerance,
            LargestDifference = agreement.Max(tensor => tensor.Difference),
            Tensors = agreement,
        },
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
