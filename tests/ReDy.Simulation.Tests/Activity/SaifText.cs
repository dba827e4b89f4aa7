using System.Globalization;

namespace ReDy.Simulation.Tests.Activity;

/// <summary>Reads a SAIF file as a synthesis flow would: instances within instances, bits by name.</summary>
internal sealed class SaifText
{
    private readonly string[] tokens;
    private int at;

    private SaifText(string text) =>
        tokens = text.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public long Duration { get; private set; }
    public string Timescale { get; private set; } = "";

    /// <summary>Instances and net, separated by slashes, without the escapes.</summary>
    public Dictionary<string, (long T0, long T1, long Tx, long Tc, long Ig)> Bits { get; } = [];

    public static SaifText Read(string path)
    {
        var saif = new SaifText(File.ReadAllText(path));
        saif.Expect("(", "SAIFILE", "(", "SAIFVERSION", "\"2.0\"", ")", "(", "DIRECTION", "\"backward\"", ")");
        while (saif.tokens[saif.at] == "(")
            saif.Entry();
        saif.Expect(")");
        saif.at.ShouldBe(saif.tokens.Length);
        return saif;
    }

    private void Entry()
    {
        switch (tokens[at + 1])
        {
            case "INSTANCE":
                Instance("");
                return;
            case "DURATION":
                Duration = long.Parse(tokens[at + 2], CultureInfo.InvariantCulture);
                break;
            case "TIMESCALE":
                Timescale = $"{tokens[at + 2]} {tokens[at + 3]}";
                break;
        }

        while (tokens[at++] != ")")
        {
        }
    }

    private void Instance(string above)
    {
        Expect("(", "INSTANCE");
        string path = above + tokens[at++].Replace("\\", "", StringComparison.Ordinal) + "/";
        while (tokens[at] == "(")
        {
            if (tokens[at + 1] == "INSTANCE")
            {
                Instance(path);
                continue;
            }

            Expect("(", "NET");
            while (tokens[at] == "(")
            {
                Expect("(");
                string name = tokens[at++].Replace("\\", "", StringComparison.Ordinal);
                Bits.Add(path + name, (Field("T0"), Field("T1"), Field("TX"), Field("TC"), Field("IG")));
                Expect(")");
            }

            Expect(")");
        }

        Expect(")");
    }

    private long Field(string name)
    {
        Expect("(", name);
        long value = long.Parse(tokens[at++], CultureInfo.InvariantCulture);
        Expect(")");
        return value;
    }

    private void Expect(params string[] expected)
    {
        foreach (string token in expected)
            tokens[at++].ShouldBe(token);
    }
}
