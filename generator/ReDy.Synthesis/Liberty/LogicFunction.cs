using ReDy.Architecture;

namespace ReDy.Synthesis.Liberty;

/// <summary>
/// A Boolean function as Liberty writes it: <c>!</c> and <c>'</c> invert, <c>^</c>, then <c>&amp;</c> <c>*</c> or blank, then <c>|</c>
/// <c>+</c>. A truth table over at most <see cref="MostInputs"/> inputs.
/// </summary>
public sealed class LogicFunction
{
    public const int MostInputs = 6;

    private readonly string text, where;
    private int position;

    private LogicFunction(string text, string where)
    {
        (this.text, this.where) = (text, where);
        Inputs = [.. text.Split([' ', '(', ')', '!', '\'', '*', '&', '+', '|', '^'], StringSplitOptions.RemoveEmptyEntries).Where(name => name is not ("0" or "1")).Distinct()];
    }

    /// <summary>Names in the order in which they appear; input i is bit i of the table's index.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Bit k is the value for the input combination k.</summary>
    public ulong Table { get; private init; }

    /// <summary>The same function in Verilog's operators.</summary>
    public string Verilog { get; private init; } = "";

    /// <param name="where">File and cell, for messages.</param>
    /// <exception cref="InputException">No function, or of too many inputs.</exception>
    public static LogicFunction Parse(string text, string where)
    {
        var shape = new LogicFunction(text, where);
        if (shape.Inputs.Count > MostInputs)
            throw new InputException($"{where}: the function \"{text}\" has {shape.Inputs.Count} inputs; at most {MostInputs} are supported: leave the cell out of the library");
        (ulong table, string verilog) = shape.Sum();
        shape.SkipSpace();
        return shape.position == text.Length
            ? new LogicFunction(text, where) { Table = table & shape.Used, Verilog = verilog }
            : throw shape.Bad();
    }

    /// <summary>Its value when bit i of <paramref name="inputs"/> is input i.</summary>
    public bool Evaluate(int inputs) => (Table >> inputs & 1) != 0;

    /// <summary>Whether the truth table is that of <paramref name="other"/>, with inputs in the order of appearance.</summary>
    public bool IsLike(string other) => Parse(other, where) is { } function && function.Inputs.Count == Inputs.Count && function.Table == Table;

    private ulong Used => Inputs.Count == MostInputs ? ulong.MaxValue : (1UL << (1 << Inputs.Count)) - 1;

    private (ulong, string) Sum()
    {
        (ulong table, string verilog) = Product();
        while (TakeAny("+|"))
        {
            (ulong right, string text) = Product();
            (table, verilog) = (table | right, $"{verilog} | {text}");
        }

        return (table, verilog);
    }

    private (ulong, string) Product()
    {
        (ulong table, string verilog) = Difference();
        while (TakeAny("*&") || BeginsFactor())
        {
            (ulong right, string text) = Difference();
            (table, verilog) = (table & right, $"{verilog} & {text}");
        }

        return (table, verilog);
    }

    private (ulong, string) Difference()
    {
        (ulong table, string verilog) = Factor();
        while (TakeAny("^"))
        {
            (ulong right, string text) = Factor();
            (table, verilog) = (table ^ right, $"({verilog} ^ {text})");
        }

        return (table, verilog);
    }

    private (ulong, string) Factor()
    {
        if (TakeAny("!"))
        {
            (ulong inverted, string operand) = Factor();
            return (~inverted, $"~{operand}");
        }

        (ulong table, string verilog) value;
        if (TakeAny("("))
        {
            (ulong inner, string text) = Sum();
            if (!TakeAny(")"))
                throw Bad();
            value = (inner, $"({text})");
        }
        else
        {
            value = Name();
        }

        while (TakeAny("'"))
            value = (~value.table, $"(~{value.verilog})");
        return value;
    }

    private (ulong, string) Name()
    {
        SkipSpace();
        int start = position;
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] is '_' or '[' or ']'))
            position++;
        string name = text[start..position];
        if (name is "0" or "1")
            return (name == "1" ? ulong.MaxValue : 0, $"1'b{name}");
        int input = Inputs.ToList().IndexOf(name);
        if (input < 0)
            throw Bad();
        ulong table = 0;
        for (int k = 0; k < 1 << Inputs.Count; k++)
            table |= (ulong)(k >> input & 1) << k;
        return (table, name);
    }

    private bool BeginsFactor()
    {
        SkipSpace();
        return position < text.Length && text[position] is not (')' or '+' or '|' or '^' or '*' or '&' or '\'');
    }

    private bool TakeAny(string characters)
    {
        SkipSpace();
        if (position >= text.Length || !characters.Contains(text[position]))
            return false;
        position++;
        return true;
    }

    private void SkipSpace()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
    }

    private InputException Bad() => new($"{where}: the function \"{text}\" cannot be understood at character {position + 1}; correct it, or leave the cell out of the library");
}
