using ReDy.Architecture;

namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Adds bias and partial sum, applies ReLU, scales, rounds and clamps; or passes raw accumulators.</summary>
internal sealed unsafe class Requantiser
{
    private readonly RegisterBank registers;
    private readonly EventTally events;
    private readonly int requantisations, biased, product, shift, value, biasedBits, productBits, rawOutputBits;
    private readonly long outputMaximum;

    public Requantiser(Netlist netlist)
    {
        const string path = "tile.requantiser";
        registers = netlist.Registers;
        events = netlist.Events;
        requantisations = events.Add(path, TileEvents.Requantisations);
        TileGeometry geometry = netlist.Geometry;
        biasedBits = geometry.BiasedBits;
        productBits = geometry.ProductBits;
        rawOutputBits = geometry.RawOutputBits;
        outputMaximum = (1L << geometry.Config.Outputs.Bits) - 1;
        biased = netlist.Register(path, "biased_q", biasedBits);
        product = netlist.Register(path, "product_q", productBits);
        shift = netlist.Register(path, "shift_q", TileGeometry.ShiftBits);
        value = netlist.Register(path, "value_q", rawOutputBits);
    }

    public ulong Value => PackedField.Read(registers.Q + value, 0, rawOutputBits);

    public void Evaluate(OutputStage stage, OutputParameters parameters, PartialInput partialInput, RegisterFile registerFile)
    {
        uint* q = registers.Q, d = registers.D;
        if (stage.Fills(3))
            parameters.ReadBias(stage.Layer(2), stage.Index(2));
        if (stage.Fills(4))
        {
            parameters.ReadScale(stage.Layer(3), stage.Index(3));
            PackedField.Write(d + biased, 0, biasedBits, (ulong)Biased(stage, parameters, partialInput, registerFile));
        }

        if (stage.Fills(5))
        {
            long input = PackedField.ReadSigned(q + biased, 0, biasedBits);
            long scaled = registerFile.Raw(stage.Layer(4)) ? input : input * parameters.Multiplier;
            PackedField.Write(d + product, 0, productBits, (ulong)scaled);
            d[shift] = parameters.Shift;
        }

        if (stage.Fills(6))
        {
            events.Counts[requantisations]++;
            uint layer = stage.Layer(5);
            long scaled = PackedField.ReadSigned(q + product, 0, productBits);
            long output = registerFile.Raw(layer) ? scaled : Rounded(scaled, (int)q[shift], registerFile.ZeroPoint(layer));
            PackedField.Write(d + value, 0, rawOutputBits, (ulong)output);
        }
    }

    private long Biased(OutputStage stage, OutputParameters parameters, PartialInput partialInput, RegisterFile registerFile)
    {
        uint layer = stage.Layer(3);
        long sum = stage.Total + parameters.Bias + (registerFile.Accumulate(layer) ? partialInput.Value : 0);
        sum = PackedField.SignExtend((ulong)sum, biasedBits);
        return registerFile.Relu(layer) && !registerFile.Raw(layer) && sum < 0 ? 0 : sum;
    }

    private long Rounded(long scaled, int shiftBy, uint zeroPoint)
    {
        long half = shiftBy == 0 ? 0 : 1L << (shiftBy - 1);
        return Math.Clamp(((scaled + half) >> shiftBy) + zeroPoint, 0, outputMaximum);
    }
}
