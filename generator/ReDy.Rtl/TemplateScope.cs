using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using ReDy.Architecture;
using Scriban;
using Scriban.Runtime;

namespace ReDy.Rtl;

/// <summary>
/// What templates can name: <c>prefix</c>; <c>g</c>, every number of <see cref="TileGeometry"/>; <c>config</c>, the
/// <see cref="TileConfig"/> itself; <c>parameters</c>, the tile's Verilog parameters; <c>rules</c>, the elaboration checks; the register map. Members are in
/// snake_case, enum values are snake_case strings.
/// </summary>
internal static class TemplateScope
{
    public static ScriptObject Of(TileConfig config)
    {
        var geometry = new TileGeometry(config);
        var scope = new ScriptObject
        {
            ["prefix"] = config.Rtl.Prefix,
            ["g"] = ValueOf(geometry, skip: nameof(TileGeometry.Config)),
            ["config"] = ValueOf(config),
            ["parameters"] = new ScriptArray(ParametersOf(config)),
            ["rules"] = ValueOf(TileConfigRules.ElaborationChecks(config)),
            ["registers"] = new ScriptArray(RegisterMap.Of(geometry).Except(RegisterMap.Counters).Select(RegisterOf)),
            ["writable_registers"] = new ScriptArray(WritableRegistersOf(geometry)),
            ["first_counter_word"] = WordAddress(RegisterMap.Counters[0]),
            ["last_counter_word"] = WordAddress(RegisterMap.Counters[^1]),
            ["counters"] = RegisterMap.Counters.Count / 2,
            ["id_value"] = RegisterMap.IdValue.ToString("X8", CultureInfo.InvariantCulture),
            ["version_value"] = (long)RegisterMap.VersionValue,
            ["reset_mode"] = (long)RegisterMap.LayerMode.Reset(geometry),
        };
        scope.Import("index_bits", (int count) => TileGeometry.IndexBits(count));
        scope.Import("unsigned_bits", (long maximum) => TileGeometry.UnsignedBits(maximum));
        return scope;
    }

    /// <summary>The tile's Verilog parameters with the configuration's values.</summary>
    private static IEnumerable<ScriptObject> ParametersOf(TileConfig config) =>
        from parameter in TileParameters.All
        where parameter.VerilogName is not null
        select new ScriptObject
        {
            ["name"] = parameter.VerilogName,
            ["key"] = parameter.Key,
            ["value"] = parameter.Get(config),
            ["description"] = parameter.Description,
        };

    private static ScriptObject RegisterOf(TileRegister register) => new() { ["name"] = register.Name, ["word"] = WordAddress(register) };

    /// <summary>Writable registers, grouped by when a write to them is refused; the flag is the register file's signal for the group.</summary>
    private static IEnumerable<ScriptObject> WritableRegistersOf(TileGeometry geometry) =>
        from register in RegisterMap.Of(geometry)
        where register.IsWritable
        group register.Name by register.Guard into guarded
        orderby guarded.Key
        select new ScriptObject
        {
            ["flag"] = guarded.Key switch
            {
                RegisterGuard.LayerBank => "of_layer",
                RegisterGuard.Programmer => "of_program",
                _ => "of_tile",
            },
            ["names"] = new ScriptArray(guarded),
        };

    private static string WordAddress(TileRegister register) => (register.Offset / 4).ToString("X3", CultureInfo.InvariantCulture);

    /// <summary>A context in which a misspelt name is an error instead of nothing, and loops may be as long as they like.</summary>
    public static TemplateContext Context(ScriptObject scope)
    {
        var context = new TemplateContext
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            EnableRelaxedIndexerAccess = false,
            EnableRelaxedTargetAccess = false,
            EnableRelaxedFunctionAccess = false,
            LoopLimit = 0,
            NewLine = "\n",
            MemberRenamer = member => SnakeCase(member.Name),
        };
        context.PushGlobal(scope);
        return context;
    }

    private static object? ValueOf(object? value, string skip = "") => value switch
    {
        null or bool or int or long or string => value,
        BigInteger number => number,
        Enum name => SnakeCase(name.ToString()),
        IEnumerable list => new ScriptArray(list.Cast<object?>().Select(item => ValueOf(item))),
        _ => MembersOf(value, skip),
    };

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(letter) : $"{letter}"));

    private static ScriptObject MembersOf(object value, string skip)
    {
        var members = new ScriptObject();
        foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.Name != skip)
                members[SnakeCase(property.Name)] = ValueOf(property.GetValue(value));
        foreach (FieldInfo constant in value.GetType().GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral))
            members[SnakeCase(constant.Name)] = ValueOf(constant.GetRawConstantValue());
        return members;
    }
}
