using System.Collections;
using System.Numerics;
using System.Reflection;
using ReDy.Architecture;
using Scriban;
using Scriban.Runtime;

namespace ReDy.Rtl;

/// <summary>
/// What templates can name: <c>prefix</c>; <c>g</c>, every number of <see cref="TileGeometry"/>; <c>config</c>, the
/// <see cref="TileConfig"/> itself; <c>registers</c>, the register map; <c>rules</c>, the elaboration checks. Members are in
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
        };
        scope.Import("index_bits", (int count) => TileGeometry.IndexBits(count));
        scope.Import("unsigned_bits", (long maximum) => TileGeometry.UnsignedBits(maximum));
        return scope;
    }

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

    internal static object? ValueOf(object? value, string skip = "") => value switch
    {
        null or bool or int or long or string => value,
        BigInteger number => number,
        Enum name => SnakeCase(name.ToString()),
        IEnumerable list => new ScriptArray(list.Cast<object?>().Select(item => ValueOf(item))),
        _ => MembersOf(value, skip),
    };

    internal static string SnakeCase(string name) =>
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
