using System.Text;
using ReDy.Architecture;

namespace ReDy.Synthesis.Liberty;

/// <summary>Reads the text of a Liberty file: <c>group (arguments) { attribute : value; attribute (values); … }</c>.</summary>
public sealed class LibertyReader
{
    private readonly string path;
    private readonly string text;
    private int position;
    private int line = 1;

    private LibertyReader(string path, string text) => (this.path, this.text) = (path, text);

    /// <exception cref="InputException">The file cannot be read or is no Liberty file.</exception>
    public static LibertyGroup ReadFile(string path)
    {
        try
        {
            return Read(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The Liberty file {path} cannot be read: {exception.Message} Name one that is there and may be read.", exception);
        }
    }

    /// <param name="path">How messages call the text.</param>
    public static LibertyGroup Read(string text, string path)
    {
        var reader = new LibertyReader(path, text);
        reader.SkipSpace();
        LibertyGroup? library = reader.Statement(null);
        return library is { Name: "library" } ? library : throw reader.Bad("a Liberty file begins with 'library (name) {'");
    }

    /// <summary>Reads one statement into the group; returns it if it is a group.</summary>
    private LibertyGroup? Statement(LibertyGroup? parent)
    {
        int start = line;
        string name = Word("a name");
        SkipSpace();
        if (Take(':'))
        {
            SkipSpace();
            parent?.Add(name, Expression());
            SkipSpace();
            Take(';');
            return null;
        }

        if (!Take('('))
            throw Bad($"'{name}' is followed by neither ':' nor '('");
        IReadOnlyList<string> arguments = Arguments();
        SkipSpace();
        if (!Take('{'))
        {
            Take(';');
            parent?.AddComplex(name, arguments.Count == 0 ? [""] : arguments);
            return null;
        }

        var group = new LibertyGroup(name, arguments) { Line = start };
        parent?.Add(group);
        SkipSpace();
        while (!Take('}'))
        {
            if (position >= text.Length)
                throw Bad($"the group '{name}' that begins in line {start} is not closed; the file is cut off");
            if (!Take(';'))
                Statement(group);
            SkipSpace();
        }

        return group;
    }

    private List<string> Arguments()
    {
        var arguments = new List<string>();
        SkipSpace();
        while (!Take(')'))
        {
            if (position >= text.Length)
                throw Bad("a parenthesis is not closed; the file is cut off");
            if (!Take(','))
                arguments.Add(Word("a value"));
            SkipSpace();
        }

        return arguments;
    }

    /// <summary>A value up to the semicolon or the end of the line; older libraries write expressions without quotation marks.</summary>
    private string Expression()
    {
        if (position < text.Length && text[position] == '"')
            return Word("a value");
        int start = position;
        while (position < text.Length && text[position] is not (';' or '\n' or '}'))
            position++;
        return text[start..position].Trim();
    }

    private string Word(string what)
    {
        if (position < text.Length && text[position] == '"')
        {
            var value = new StringBuilder();
            for (position++; position < text.Length && text[position] != '"'; position++)
            {
                if (text[position] == '\n')
                    line++;
                if (text[position] == '\\' && position + 1 < text.Length && text[position + 1] is '\n' or '\r')
                    continue;
                value.Append(text[position] is '\n' or '\r' ? ' ' : text[position]);
            }

            if (!Take('"'))
                throw Bad("a quotation mark is not closed; the file is cut off");
            return value.ToString();
        }

        int start = position;
        while (position < text.Length && !char.IsWhiteSpace(text[position]) && text[position] is not (':' or '(' or ')' or '{' or '}' or ';' or ',' or '"'))
            position++;
        return position > start ? text[start..position] : throw Bad($"{what} is expected");
    }

    private bool Take(char character)
    {
        if (position >= text.Length || text[position] != character)
            return false;
        position++;
        return true;
    }

    /// <summary>White space, comments, and backslashes that continue a line.</summary>
    private void SkipSpace()
    {
        while (position < text.Length)
        {
            if (text[position] == '\n')
                line++;
            if (char.IsWhiteSpace(text[position]) || text[position] == '\\')
            {
                position++;
            }
            else if (Begins("/*"))
            {
                int end = text.IndexOf("*/", position + 2, StringComparison.Ordinal);
                if (end < 0)
                    throw Bad("a comment is not closed; the file is cut off");
                line += text.AsSpan(position, end - position).Count('\n');
                position = end + 2;
            }
            else if (Begins("//"))
            {
                while (position < text.Length && text[position] != '\n')
                    position++;
            }
            else
            {
                return;
            }
        }
    }

    private bool Begins(string what) => string.CompareOrdinal(text, position, what, 0, what.Length) == 0;

    private InputException Bad(string why) => new($"{path}:{line}: {why}");
}
