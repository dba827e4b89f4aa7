using ReDy.Architecture;
using ReDy.Networks.Graphs;

namespace ReDy.Networks.Operators;

/// <summary>One computation of a node: its operands, and the operator set that defines it.</summary>
public sealed record OperatorCall(GraphNode Node, IReadOnlyList<Tensor?> Operands, int OperatorSet)
{
    /// <summary>An operand that the operator needs.</summary>
    public Tensor this[int operand] => Optional(operand) ?? throw new InputException($"operand {operand + 1} is missing");

    public Tensor? Optional(int operand) => operand < Operands.Count ? Operands[operand] : null;

    /// <summary>A list that older operator sets have as an attribute and newer ones as an operand.</summary>
    public int[]? List(string attribute, int operand) => Optional(operand)?.Integers ?? Node.Integers(attribute);
}
