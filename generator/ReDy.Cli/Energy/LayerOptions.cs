using System.CommandLine;
using ReDy.Architecture;

namespace ReDy.Cli.Energy;

/// <summary>Options that name layers: of a network's folder, or one by its arrays.</summary>
internal sealed class LayerOptions
{
    private readonly Option<string?> weights = new Option<string?>("--weights") { Description = "Weights [K, N], signed integers (.npy)." }.Reads("give the weights [K, N] as a .npy file");
    private readonly Option<string?> inputs = new Option<string?>("--inputs") { Description = "Input vectors [M, K], unsigned integers (.npy)." }.Reads("give the inputs [M, K] as a .npy file");
    private readonly Option<string?> requantise = new Option<string?>("--requantise") { Description = "Requantisation (.npz); without it outputs leave as raw accumulators." }.Reads("give bias, multiplier, shift, zero_point and relu in a .npz file");
    private readonly Option<string?> model = new Option<string?>("--model") { Description = "Folder of a quantised network with activations, such as models/fashion-small." }.ReadsFolder("give a folder like models/fashion-small, or a layer by --weights and --inputs");
    private readonly Option<string[]> layers = new("--layer") { HelpName = "NAME", Description = "Layer of the model; give the option once per layer. Default: all.", AllowMultipleArgumentsPerToken = true };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { weights, inputs, requantise, model, layers })
            command.Add(option);
    }

    /// <summary>Empty: none is named.</summary>
    /// <exception cref="InputException">Options that contradict each other, or a layer that is not there.</exception>
    public IReadOnlyList<LayerOperands> Read(ParseResult parse)
    {
        string? folder = parse.GetValue(model), weightsPath = parse.GetValue(weights), inputsPath = parse.GetValue(inputs), requantisePath = parse.GetValue(requantise);
        string[] names = parse.GetValue(layers) ?? [];
        if (folder is not null)
        {
            if (requantisePath is not null)
                throw new InputException($"--requantise {requantisePath}: layers of --model {folder} bring their own requantisation; leave --requantise out, or give the layer by --weights and --inputs");
            return weightsPath is null && inputsPath is null
                ? LayerOperands.OfModel(folder, names)
                : throw new InputException("--model names layers of a network, --weights and --inputs one layer; give one or the other");
        }

        if (names.Length != 0)
            throw new InputException($"--layer {names[0]} names a layer of a network; give --model, or the layer's --weights and --inputs");
        return (weightsPath, inputsPath) switch
        {
            ({ } weightsFile, { } inputsFile) => [new LayerOperands(Path.GetFileName(weightsFile).Split('.')[0], weightsFile, inputsFile, requantisePath)],
            (null, null) when requantisePath is not null => throw new InputException($"--requantise {requantisePath}: belongs to a layer and none is given; give its --weights and --inputs too, or leave --requantise out"),
            (null, null) => [],
            _ => throw new InputException("a layer has weights and inputs: give both --weights and --inputs"),
        };
    }
}
