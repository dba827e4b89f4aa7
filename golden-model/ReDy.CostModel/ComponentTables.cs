using System.Text;
using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>The tables that come with the program (generator/components, embedded), and a user's on top of them.</summary>
public static class ComponentTables
{
    /// <summary>Technology node in nm that reports are for unless another is asked for: ISAAC's.</summary>
    public const double DefaultNode = 32;

    private const int MaximumBytes = 1024 * 1024;

    /// <summary>In the order in which they are put upon each other.</summary>
    private static readonly string[] Names = ["adc.yaml", "digital.yaml", "isaac.yaml", "macros.yaml"];

    /// <summary>ISAAC's table, three ADC models, digital logic, and what only views of macros need.</summary>
    public static ComponentTable Default { get; } = Names.Aggregate(ComponentTable.Empty, (table, name) => Add(table, Text(name), name));

    /// <summary>The default tables with a file's rows in place of theirs; only the file's with <c>extends: nothing</c>.</summary>
    /// <param name="path">Null: the default tables.</param>
    /// <exception cref="InputException">With all problems of the file.</exception>
    public static ComponentTable Load(string? path)
    {
        if (path is null)
            return Default;
        if (Directory.Exists(path))
            throw new InputException($"{path} is a folder; give the component table in it");
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file; 'redy components' shows the tables that come with the program, docs/energy.md how to write one");
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
                throw new InputException($"{path} has more than {MaximumBytes / 1024} KiB and is no component table; docs/energy.md shows one");
            return Add(Default, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)), path);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputException($"{path} is not UTF-8 text; save it as UTF-8", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message}; check its permissions", exception);
        }
    }

    /// <param name="fileName">How problems call the text.</param>
    /// <exception cref="InputException">With all problems of the text.</exception>
    public static ComponentTable Parse(string text, string fileName) => Add(Default, text, fileName);

    /// <summary>A table of the program as it is shipped.</summary>
    public static string Text(string name)
    {
        using Stream stream = typeof(ComponentTables).Assembly.GetManifestResourceStream($"components/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static ComponentTable Add(ComponentTable below, string text, string fileName)
    {
        (ComponentTable table, bool extends) = new ComponentTableReader(fileName).Read(text, below);
        return extends ? below.With(table) : table;
    }
}
