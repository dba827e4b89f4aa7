using System.Globalization;

namespace ReDy.CostModel;

/// <summary>
/// The arithmetic of a table row: numbers, names, + - * / ^ (right-associative, binds tightest), comparisons (1 or 0),
/// parentheses, and the functions of <see cref="FunctionNames"/>. Names are resolved when it is evaluated.
/// </summary>
public sealed class Formula
{
    private static readonly Dictionary<string, (int Arguments, Func<double[], double> Evaluate)> Functions = new()
    {
        ["ceil"] = (1, x => Math.Ceiling(x[0])),
        ["exp"] = (1, x => Math.Exp(x[0])),
        ["floor"] = (1, x => Math.Floor(x[0])),
        ["ln"] = (1, x => Math.Log(x[0])),
        ["log10"] = (1, x => Math.Log10(x[0])),
        ["max"] = (2, x => Math.Max(x[0], x[1])),
        ["min"] = (2, x => Math.Min(x[0], x[1])),
        ["sqrt"] = (1, x => Math.Sqrt(x[0])),
    };

    private readonly Func<Func<string, double>, double> evaluate;

    private Formula(string text, Func<Func<string, double>, double> evaluate, IReadOnlyList<string> names)
    {
        Text = text;
        Names = names;
        this.evaluate = evaluate;
    }

    public static IEnumerable<string> FunctionNames => Functions.Keys;

    public string Text { get; }

    /// <summary>The names it uses, each once, in the order of the text.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>A plain number.</summary>
    public bool IsConstant => Names.Count == 0;

    public static Formula Of(double value) => new(value.ToString("R", CultureInfo.InvariantCulture), _ => value, []);

    /// <exception cref="FormatException">What is wrong, and with which word; a phrase for a message.</exception>
    public static Formula Parse(string text)
    {
        var parser = new Parser(text);
        return new Formula(text, parser.Whole(), parser.Names);
    }

    /// <param name="resolve">The value of a name.</param>
    public double Evaluate(Func<string, double> resolve) => evaluate(resolve);

    private sealed class Parser(string text)
    {
        private readonly List<string> names = [];
        private int position;

        public IReadOnlyList<string> Names => names;

        public Func<Func<string, double>, double> Whole()
        {
            Func<Func<string, double>, double> whole = Comparison();
            return Peek() == '\0' ? whole : throw Unexpected("an operator or the end");
        }

        private Func<Func<string, double>, double> Comparison()
        {
            Func<Func<string, double>, double> left = Sum();
            string? comparison = new[] { ">=", "<=", ">", "<" }.FirstOrDefault(Take);
            if (comparison is null)
                return left;
            Func<Func<string, double>, double> right = Sum();
            return comparison switch
            {
                ">=" => r => left(r) >= right(r) ? 1 : 0,
                "<=" => r => left(r) <= right(r) ? 1 : 0,
                ">" => r => left(r) > right(r) ? 1 : 0,
                _ => r => left(r) < right(r) ? 1 : 0,
            };
        }

        private Func<Func<string, double>, double> Sum()
        {
            Func<Func<string, double>, double> value = Product();
            while (true)
            {
                Func<Func<string, double>, double> left = value;
                if (Take("+"))
                {
                    Func<Func<string, double>, double> right = Product();
                    value = r => left(r) + right(r);
                }
                else if (Take("-"))
                {
                    Func<Func<string, double>, double> right = Product();
                    value = r => left(r) - right(r);
                }
                else
                {
                    return value;
                }
            }
        }

        private Func<Func<string, double>, double> Product()
        {
            Func<Func<string, double>, double> value = Signed();
            while (true)
            {
                Func<Func<string, double>, double> left = value;
                if (Take("*"))
                {
                    Func<Func<string, double>, double> right = Signed();
                    value = r => left(r) * right(r);
                }
                else if (Take("/"))
                {
                    Func<Func<string, double>, double> right = Signed();
                    value = r => left(r) / right(r);
                }
                else
                {
                    return value;
                }
            }
        }

        private Func<Func<string, double>, double> Signed()
        {
            if (Take("-"))
            {
                Func<Func<string, double>, double> negated = Signed();
                return r => -negated(r);
            }

            Func<Func<string, double>, double> power = Atom();
            if (!Take("^"))
                return power;
            Func<Func<string, double>, double> exponent = Signed();
            return r => Math.Pow(power(r), exponent(r));
        }

        private Func<Func<string, double>, double> Atom()
        {
            if (Take("("))
            {
                Func<Func<string, double>, double> inner = Sum();
                Expect(")");
                return inner;
            }

            char next = Peek();
            if (char.IsAsciiDigit(next) || next == '.')
                return Number();
            return char.IsAsciiLetter(next) ? NameOrCall() : throw Unexpected("a number, a name or '('");
        }

        private Func<Func<string, double>, double> Number()
        {
            int start = position;
            while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '.'
                || (text[position] is '+' or '-' && text[position - 1] is 'e' or 'E')))
                position++;
            string word = text[start..position];
            return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                ? _ => value
                : throw new FormatException($"'{word}' is not a number");
        }

        private Func<Func<string, double>, double> NameOrCall()
        {
            int start = position;
            while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] is '_' or '.'))
                position++;
            string name = text[start..position];
            if (!Take("("))
            {
                if (!names.Contains(name))
                    names.Add(name);
                return r => r(name);
            }

            if (!Functions.TryGetValue(name, out (int Arguments, Func<double[], double> Evaluate) function))
                throw new FormatException($"there is no function '{name}'; functions are {string.Join(", ", FunctionNames)}");
            List<Func<Func<string, double>, double>> arguments = [Sum()];
            while (Take(","))
                arguments.Add(Sum());
            Expect(")");
            if (arguments.Count != function.Arguments)
                throw new FormatException($"{name} takes {function.Arguments} arguments, not {arguments.Count}");
            return r => function.Evaluate([.. arguments.Select(argument => argument(r))]);
        }

        private char Peek()
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
                position++;
            return position < text.Length ? text[position] : '\0';
        }

        private bool Take(string token)
        {
            Peek();
            if (string.CompareOrdinal(text, position, token, 0, token.Length) != 0)
                return false;
            position += token.Length;
            return true;
        }

        private void Expect(string token)
        {
            if (!Take(token))
                throw Unexpected($"'{token}'");
        }

        private FormatException Unexpected(string expected)
        {
            string found = Peek() == '\0' ? "the end" : $"'{text[position..Math.Min(text.Length, position + 12)]}'";
            return new FormatException($"{expected} is expected where {found} stands");
        }
    }
}
