using ReDy.Architecture;

namespace ReDy.CostModel;

/// <summary>What the flip-flops of one component did in a run.</summary>
/// <param name="RegisterBits">Of registers, whose transitions are counted.</param>
/// <param name="MemoryBits">Of memories, whose written words are counted.</param>
/// <param name="ClockEdges">Rising edges at all their clock pins.</param>
/// <param name="Toggles">Transitions of the registers' bits.</param>
/// <param name="WrittenBits">Bits of the words written into the memories.</param>
public sealed record RegisterActivity(long RegisterBits, long MemoryBits, double ClockEdges, long Toggles, double WrittenBits, long Clocks)
{
    /// <summary>Transitions per register bit and clock: NeuroSim assumes constants here.</summary>
    public double ToggleRate => RegisterBits == 0 || Clocks == 0 ? 0 : (double)Toggles / RegisterBits / Clocks;

    /// <summary>Share of the clocks in which a clock pin sees an edge: 1 without clock gates.</summary>
    public double ClockedShare => RegisterBits + MemoryBits == 0 || Clocks == 0 ? 0 : ClockEdges / (RegisterBits + MemoryBits) / Clocks;

    public static RegisterActivity Of(TileActivity activity, ComponentKind kind) => Of(activity, (module, _) => kind.Modules.Contains(module));

    /// <param name="isPart">Told the module and the name of a register or memory; of written words the module and the memory.</param>
    public static RegisterActivity Of(TileActivity activity, Func<string, string, bool> isPart)
    {
        List<SignalActivity> registers = [.. activity.Registers.Where(register => isPart(register.Module, register.Signal))];
        List<MemoryActivity> memories = [.. activity.Memories.Where(memory => isPart(memory.Module, memory.Memory))];
        return new RegisterActivity(
            registers.Sum(register => (long)register.Bits),
            memories.Sum(memory => (long)memory.Depth * memory.Bits),
            registers.Sum(register => (double)register.ClockEdges * register.Bits) + memories.Sum(memory => (double)memory.ClockEdges * memory.Depth * memory.Bits),
            registers.Sum(register => register.Toggles),
            memories.Sum(memory => (double)activity.Events.Where(counted => counted.Instance == memory.Instance && counted.Event == TileEvents.Writes(memory.Memory)).Sum(counted => counted.Bits)),
            activity.Clocks);
    }
}
