using ReDy.Architecture;
using ReDy.Networks.Graphs;
using ReDy.Networks.Operators;

namespace ReDy.Networks.Quantisation;

/// <summary>A node beside the crossbars, computed on codes. Its tables are made by the operator's own definition.</summary>
public sealed class DigitalStep
{
    private readonly IReadOnlyDictionary<string, Tensor> constants;
    private readonly IReadOnlyDictionary<string, QuantisedType> types;
    private readonly int operatorSet;
    private readonly string[] variables;
    private readonly Func<Tensor[], Tensor> compute;

    /// <param name="types">Of the tensors that are codes; others are numbers.</param>
    public DigitalStep(string name, GraphNode node, DigitalKind kind, Graph graph, IReadOnlyDictionary<string, QuantisedType> types)
    {
        Name = name;
        Node = node;
        constants = graph.Constants;
        this.types = types;
        operatorSet = graph.OperatorSet;
        variables = [.. node.Inputs.Where(input => input.Length > 0 && !constants.ContainsKey(input))];
        bool onCodes = types.ContainsKey(node.Output) && variables.All(types.ContainsKey);
        Kind = onCodes ? kind : DigitalKind.Host;
        compute = Kind switch
        {
            DigitalKind.Movement => Move,
            DigitalKind.Table => OfTable(),
            DigitalKind.PairTable => OfPairTable(),
            DigitalKind.AveragePooling => OfAveragePooling(),
            _ => OnHost,
        };
    }

    public string Name { get; }
    public GraphNode Node { get; }
    public DigitalKind Kind { get; }

    /// <summary>The node's output from the tensors that exist.</summary>
    public Tensor Compute(IReadOnlyDictionary<string, Tensor> known) => compute([.. variables.Select(name => known[name])]);

    private QuantisedType OutputType => types[Node.Output];

    private Tensor Evaluate(Tensor[] operands)
    {
        int next = 0;
        return OperatorTable.Evaluate(new OperatorCall(Node, [.. Node.Inputs.Select(input => input.Length == 0 ? null : constants.GetValueOrDefault(input) ?? operands[next++])], operatorSet));
    }

    /// <summary>Relative to the zero point, so that what is filled in is zero.</summary>
    private Tensor Move(Tensor[] operands)
    {
        int zero = types[variables[0]].ZeroPoint;
        Tensor moved = Evaluate([zero == 0 ? operands[0] : new Tensor(operands[0].Shape, Array.ConvertAll(operands[0].Integers, code => code - zero))]);
        return zero == 0 ? moved : new Tensor(moved.Shape, Array.ConvertAll(moved.Integers, code => code + zero));
    }

    private Func<Tensor[], Tensor> OfTable()
    {
        QuantisedType from = types[variables[0]];
        var codes = new Tensor([from.Greatest + 1], [.. Enumerable.Range(0, from.Greatest + 1)]);
        int[] table = OutputType.Codes(Flat(Evaluate([from.Values(codes)]))).Integers;
        return operands => new Tensor(operands[0].Shape, Array.ConvertAll(operands[0].Integers, code => table[code]));
    }

    private Func<Tensor[], Tensor> OfPairTable()
    {
        QuantisedType a = types[variables[0]], b = types[variables[1]];
        var first = new Tensor([a.Greatest + 1, 1], [.. Enumerable.Range(0, a.Greatest + 1)]);
        var second = new Tensor([1, b.Greatest + 1], [.. Enumerable.Range(0, b.Greatest + 1)]);
        int[] table = OutputType.Codes(Evaluate([a.Values(first), b.Values(second)])).Integers;
        int columns = b.Greatest + 1;
        return operands =>
        {
            Broadcast broadcast = Broadcast.Of(operands[0].Shape, operands[1].Shape);
            return new Tensor(broadcast.Shape, broadcast.Apply(operands[0].Integers, operands[1].Integers, (x, y) => table[x * columns + y]));
        };
    }

    /// <summary>q = (sum of codes - count * zero point) * factor + zero point: the sum is whole, the factor a multiplier and a shift.</summary>
    private Func<Tensor[], Tensor> OfAveragePooling()
    {
        QuantisedType from = types[variables[0]];
        const int FactorBits = 16;
        return operands =>
        {
            Tensor input = operands[0];
            bool isGlobal = Node.Operator == "GlobalAveragePool";
            Window window = isGlobal
                ? new Window(input.Shape[2], input.Shape[3], input.Shape[2], input.Shape[3], 1, 1, 1, 1, 0, 0, 1, 1)
                : Poolings.WindowOf(new OperatorCall(Node, [input], operatorSet));
            bool countPadding = Node.Integer("count_include_pad", 0) == 1;
            var pooled = new int[input.Shape[0] * input.Shape[1] * window.Positions];
            for (int i = 0; i < pooled.Length; i++)
            {
                int plane = i / window.Positions * window.Rows * window.Columns, y = i % window.Positions / window.OutputColumns, x = i % window.OutputColumns;
                long sum = 0;
                int count = 0;
                for (int p = 0; p < window.KernelSize; p++)
                {
                    int row = window.Row(y, p / window.KernelColumns), column = window.Column(x, p % window.KernelColumns);
                    if (row < 0 || column < 0)
                        continue;
                    sum += input.Integers[plane + row * window.Columns + column] - from.ZeroPoint;
                    count++;
                }

                int divisor = countPadding ? window.KernelSize : Math.Max(1, count);
                FixedPoint factor = FixedPoint.Of(from.Scale / OutputType.Scale / divisor, FactorBits, TileGeometry.MaximumShift)
                    ?? throw new InputException($"{Node}: the scales of its input and output are too far apart");
                pooled[i] = (int)Math.Clamp(factor.Apply(sum) + OutputType.ZeroPoint, 0, OutputType.Greatest);
            }

            return new Tensor([input.Shape[0], input.Shape[1], window.OutputRows, window.OutputColumns], pooled);
        };
    }

    private Tensor OnHost(Tensor[] operands)
    {
        Tensor[] numbers = [.. operands.Select((operand, i) => types.TryGetValue(variables[i], out QuantisedType? type) ? type.Values(operand) : operand)];
        Tensor result = Evaluate(numbers);
        return types.TryGetValue(Node.Output, out QuantisedType? output) ? output.Codes(result) : result;
    }

    private static Tensor Flat(Tensor tensor) => tensor.Reshaped([tensor.Length]);
}
