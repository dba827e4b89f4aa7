using System.Globalization;
using System.Text;

namespace ReDy.GoldenModel.Arrays;

/// <summary>
/// Reads the Python literal that heads an array file: a dictionary of strings, booleans, integers, tuples and lists. Values are
/// string, bool, long, null, <see cref="List{T}"/> of values, or <see cref="Dictionary{TKey, TValue}"/> of string and value.
/// </summary>
internal sealed class PythonLiteral(string text)
{
    private const int DeepestNesting = 32;
    private int position;

    /// <exception cref="FormatException">The text is not one literal.</exception>
    public static object? Parse(string text)
    {
        var literal = new PythonLiteral(text);
        object? value = literal.Value(0);
        literal.SkipSpace();
        return literal.position == text.Length ? value : throw literal.Unexpected();
    }

    private object? Value(int depth)
    {
        SkipSpace();
        if (depth > DeepestNesting)
            throw Unexpected();
        return Peek() switch
        {
            '{' => Dictionary(depth),
            '(' => Sequence(')', depth),
            '[' => Sequence(']', depth),
            '\'' or '"' => String(),
            _ => Word(),
        };
    }

    private Dictionary<string, object?> Dictionary(int depth)
    {
        var entries = new Dictionary<string, object?>();
        position++;
        while (!Ends('}'))
        {
            if (Value(depth + 1) is not string key)
                throw Unexpected();
            SkipSpace();
            Expect(':');
            entries[key] = Value(depth + 1);
            Separator('}');
        }

        return entries;
    }

    private List<object?> Sequence(char end, int depth)
    {
        var elements = new List<object?>();
        position++;
        while (!Ends(end))
        {
            elements.Add(Value(depth + 1));
            Separator(end);
        }

        return elements;
    }

    private string String()
    {
        char quote = text[position++];
        var content = new StringBuilder();
        while (Peek() != quote)
        {
            if (Peek() == '\\')
                position++;
            content.Append(Peek());
            position++;
        }

        position++;
        return content.ToString();
    }

    private object? Word()
    {
        int start = position;
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '-'))
            position++;
        string word = text[start..position];
        return word switch
        {
            "True" => true,
            "False" => false,
            "None" => null,
            _ => long.TryParse(word.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : throw Unexpected(),
        };
    }

    private bool Ends(char end)
    {
        SkipSpace();
        if (Peek() != end)
            return false;
        position++;
        return true;
    }

    private void Separator(char end)
    {
        SkipSpace();
        if (Peek() != end)
            Expect(',');
    }

    private void Expect(char expected)
    {
        if (Peek() != expected)
            throw Unexpected();
        position++;
    }

    private char Peek() => position < text.Length ? text[position] : throw new FormatException("it ends too early");

    private void SkipSpace()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
    }

    private FormatException Unexpected() => new(position < text.Length ? $"unexpected '{text[position]}' at character {position}" : "it ends too early");
}
