using System.Diagnostics;
using System.Text;

namespace ReDy.Architecture.Tests;

/// <summary>The rules in C# and their Verilog conditions say the same, as Icarus Verilog evaluates them.</summary>
public sealed class VerilogConditionTests
{
    private const int Configurations = 400;
    private const int Seed = 20260101;

    [Fact]
    public void Verilog_conditions_are_false_exactly_where_the_rule_is_broken()
    {
        var random = new Random(Seed);
        var expected = new List<string>();
        var verilog = new StringBuilder("module conditions;\n");
        var seenBroken = new HashSet<string>();
        List<TileConfig> configs = [.. OutOfRange(), MostOutputs, .. Enumerable.Range(0, Configurations).Select(_ => Draw(random))];
        for (int i = 0; i < configs.Count; i++)
        {
            TileConfig config = configs[i];
            HashSet<string> broken = [.. TileConfigRules.Violations(config).Select(finding => finding.Rule)];
            bool inRange = TileParameters.All.All(parameter => TileConfigRules.CheckRange(parameter, parameter.Get(config)) is null);
            verilog.Append($"  if (1) begin : g_{i}\n");
            foreach (TileParameter parameter in TileParameters.All)
                if (parameter.VerilogName is { } name)
                    verilog.Append($"    localparam {name} = {parameter.Spell(config)};\n");
            foreach (ElaborationCheck check in TileConfigRules.ElaborationChecks(config))
            {
                // Rules over several keys are only asked while every key is in its range, as in C#.
                if (!inRange && !check.Name.EndsWith("_out_of_range", StringComparison.Ordinal))
                    continue;
                verilog.Append($"    initial $display(\"{i} {check.Name} %0d\", ({check.Condition}) ? 1 : 0);\n");
                expected.Add($"{i} {check.Name} {(broken.Contains(check.Name) ? 0 : 1)}");
                if (broken.Contains(check.Name))
                    seenBroken.Add(check.Name);
            }

            verilog.Append("  end\n");
        }

        verilog.Append("endmodule\n");

        string[] evaluated = Simulate(verilog.ToString());
        expected.Except(evaluated).ShouldBeEmpty("a rule in C# and its Verilog condition differ");
        evaluated.Length.ShouldBe(expected.Count);
        TileConfigRules.ElaborationChecks(new TileConfig()).Select(check => check.Name).Except(seenBroken).ShouldBeEmpty("every condition was seen to fail");
    }

    [Fact]
    public void Conditions_use_the_parameters_of_the_tile_only()
    {
        HashSet<string> known = [.. TileParameters.All.Select(parameter => parameter.VerilogName).OfType<string>()];
        foreach (WeightEncoding encoding in Enum.GetValues<WeightEncoding>())
            foreach (ElaborationCheck check in TileConfigRules.ElaborationChecks(new TileConfig { Weights = new() { Encoding = encoding } }))
                System.Text.RegularExpressions.Regex.Matches(check.Condition, "[A-Z][A-Z_]+").Select(match => match.Value).ShouldBeSubsetOf(known);
    }

    /// <summary>One output more than the index registers count.</summary>
    private static TileConfig MostOutputs => new()
    {
        Crossbar = new() { Bitlines = 512 },
        Cell = new() { Bits = 4 },
        Weights = new() { Bits = 4 },
        Ima = new() { ColumnBlocks = 16 },
        Tile = new() { Columns = 8 },
    };

    /// <summary>Every integer just below and just above its range.</summary>
    private static IEnumerable<TileConfig> OutOfRange() =>
        from parameter in TileParameters.All
        where parameter.Kind == TileParameterKind.Integer
        from value in (long[])[parameter.Minimum - 1, parameter.Maximum + 1]
        select parameter.With(new TileConfig(), (int)value);

    /// <summary>Many values at the ends of their ranges, now and then one just outside.</summary>
    private static TileConfig Draw(Random random)
    {
        var config = new TileConfig();
        foreach (TileParameter parameter in TileParameters.All)
        {
            if (parameter.Kind == TileParameterKind.Choice)
                config = parameter.With(config, parameter.Choices[random.Next(parameter.Choices.Count)]);
            else if (parameter.Kind == TileParameterKind.Integer)
                config = parameter.With(config, DrawInteger(random, parameter));
        }

        return config;
    }

    private static int DrawInteger(Random random, TileParameter parameter) => random.Next(150) switch
    {
        0 => (int)parameter.Minimum - 1,
        1 => (int)parameter.Maximum + 1,
        < 30 => (int)parameter.Maximum,
        < 60 => (int)parameter.Minimum,
        _ => (int)random.NextInt64(parameter.Minimum, parameter.Maximum + 1),
    };

    private static string[] Simulate(string verilog)
    {
        string folder = Directory.CreateTempSubdirectory("redy-conditions-").FullName;
        try
        {
            string source = Path.Combine(folder, "conditions.v"), compiled = Path.Combine(folder, "conditions.vvp");
            File.WriteAllText(source, verilog);
            Run("iverilog", "-g2005", "-Wall", "-o", compiled, source).ShouldBeEmpty();
            return Run("vvp", "-n", compiled).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        errors.Result.ShouldBeEmpty();
        process.ExitCode.ShouldBe(0);
        return output;
    }
}
