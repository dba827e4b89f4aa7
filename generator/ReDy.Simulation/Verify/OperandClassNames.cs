using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <summary>Operand classes as users spell them.</summary>
public static class OperandClassNames
{
    /// <summary>Operands that come from the user's arrays instead of being drawn.</summary>
    public const string Real = "real";

    public static IReadOnlyDictionary<string, OperandClass> All { get; } = new Dictionary<string, OperandClass>
    {
        ["uniform"] = OperandClass.Uniform,
        ["sparse"] = OperandClass.Sparse,
        ["all-ones"] = OperandClass.AllOnes,
        ["single-bit"] = OperandClass.SingleBit,
        ["worst-case"] = OperandClass.WorstCaseBitlines,
        ["zero"] = OperandClass.Zero,
    };

    public static string Of(OperandClass operandClass) => All.Single(pair => pair.Value == operandClass).Key;
}
