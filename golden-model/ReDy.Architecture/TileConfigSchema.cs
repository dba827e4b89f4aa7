using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReDy.Architecture;

/// <summary>The JSON schema of configuration files, with which editors complete and check them.</summary>
public static class TileConfigSchema
{
    public const string FileName = "tile.schema.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    public static string Write()
    {
        var sections = new JsonObject
        {
            ["version"] = new JsonObject { ["description"] = "Version of the file format.", ["const"] = 1 },
        };
        foreach ((string section, string description) in TileParameters.Sections)
        {
            var keys = new JsonObject();
            foreach (TileParameter parameter in TileParameters.All.Where(parameter => parameter.Section == section))
                keys[parameter.Name] = Describe(parameter);
            // A section without keys is null in YAML.
            sections[section] = new JsonObject
            {
                ["description"] = $"{description}.",
                ["type"] = new JsonArray("object", "null"),
                ["additionalProperties"] = false,
                ["properties"] = keys,
            };
        }

        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "ReDy tile configuration",
            ["type"] = new JsonArray("object", "null"),
            ["additionalProperties"] = false,
            ["properties"] = sections,
        };
        return schema.ToJsonString(Options) + "\n";
    }

    private static JsonObject Describe(TileParameter parameter)
    {
        string unit = parameter.Unit.Length == 0 ? "" : $" ({parameter.Unit})";
        string otherwise = parameter.DefaultText is { } text ? $" Default: {text}." : "";
        var schema = new JsonObject { ["description"] = $"{parameter.Description}{unit}.{otherwise}" };
        switch (parameter.Kind)
        {
            case TileParameterKind.Integer:
                schema["type"] = "integer";
                schema["minimum"] = parameter.Minimum;
                schema["maximum"] = parameter.Maximum;
                break;
            case TileParameterKind.Boolean:
                schema["type"] = "boolean";
                break;
            case TileParameterKind.Choice:
                schema["enum"] = new JsonArray([.. parameter.Choices.Select(choice => JsonValue.Create(choice))]);
                break;
            case TileParameterKind.IntegerList:
                schema["type"] = "array";
                schema["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = parameter.Minimum };
                break;
            default:
                schema["type"] = "string";
                schema["pattern"] = "^([A-Za-z_][A-Za-z0-9_]*)?$";
                schema["maxLength"] = parameter.Maximum;
                break;
        }

        if (parameter.Get(new TileConfig()) is { } value)
            schema["default"] = JsonSerializer.SerializeToNode(value);
        return schema;
    }
}
