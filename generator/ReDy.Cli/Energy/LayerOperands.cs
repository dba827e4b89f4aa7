using System.Text.Json;
using ReDy.Architecture;

namespace ReDy.Cli.Energy;

/// <summary>A layer's files, by name: arrays given one by one, or layers of a model folder such as models/fashion-small.</summary>
/// <param name="Requantise">Null: outputs leave as raw accumulators.</param>
internal sealed record LayerOperands(string Name, string Weights, string Inputs, string? Requantise)
{
    private const string ModelFile = "model.json";

    /// <summary>The layers of a folder with quantised/model.json.</summary>
    /// <param name="names">Empty: all.</param>
    /// <exception cref="InputException">No such folder or layer, or a layer without stored activations.</exception>
    public static IReadOnlyList<LayerOperands> OfModel(string folder, IReadOnlyList<string> names)
    {
        string path = new[] { Path.Combine(folder, "quantised", ModelFile), Path.Combine(folder, ModelFile) }.FirstOrDefault(File.Exists)
            ?? throw new InputException($"--model {folder}: holds no quantised/{ModelFile}; give a folder like models/fashion-small, or a layer by --weights and --inputs");
        List<LayerOperands> layers = Read(path);
        foreach (string name in names.Where(name => layers.All(layer => layer.Name != name)))
        {
            throw new InputException(
                $"--layer {name}: {path} has no such layer; {(Spelling.Nearest(name, layers.Select(layer => layer.Name)) is { } near ? $"did you mean '{near}'?" : $"layers are {string.Join(", ", layers.Select(layer => layer.Name))}")}");
        }

        return names.Count == 0 ? layers : [.. names.Select(name => layers.Single(layer => layer.Name == name))];
    }

    private static List<LayerOperands> Read(string path)
    {
        try
        {
            using JsonDocument model = JsonDocument.Parse(File.ReadAllText(path));
            string folder = Path.GetDirectoryName(path)!;
            return
            [
                .. from layer in model.RootElement.GetProperty("layers").EnumerateArray()
                   let requantised = layer.GetProperty("requantised").GetBoolean()
                   select new LayerOperands(
                       layer.GetProperty("name").GetString()!,
                       Resolve(folder, layer.GetProperty("weights")),
                       Resolve(folder, layer.GetProperty("activations").GetProperty("inputs")),
                       requantised ? Resolve(folder, layer.GetProperty("requantise")) : null),
            ];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InputException($"{path}: is no model description: {exception.Message} Each layer needs name, weights, requantised, requantise and activations.inputs.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message}; check its permissions", exception);
        }

        static string Resolve(string folder, JsonElement name) => Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.GetFullPath(Path.Combine(folder, name.GetString()!)));
    }
}
