namespace ReDy.GoldenModel.CycleAccurate;

/// <summary>Collects what software waits for into one interrupt line.</summary>
internal sealed unsafe class InterruptController
{
    private readonly RegisterBank registers;
    private readonly int mask, pending, idle, interrupt;

    public InterruptController(Netlist netlist)
    {
        const string path = "tile.interrupt_controller";
        registers = netlist.Registers;
        mask = netlist.Register(path, "mask_q", 4);
        pending = netlist.Register(path, "pending_q", 4);
        idle = netlist.Register(path, "idle_q", 1, 1);
        interrupt = netlist.Register(path, "interrupt_q", 1);
    }

    public uint Mask => registers.Q[mask];
    public uint Pending => registers.Q[pending];
    public uint Interrupt => registers.Q[interrupt];

    public void Evaluate(RegisterFile registerFile, bool tileIdle, bool vectorDone, bool programDone)
    {
        uint* q = registers.Q, d = registers.D;
        uint set = (vectorDone ? RegisterAddress.VectorDone : 0)
            | (tileIdle && q[idle] == 0 ? RegisterAddress.BecameIdle : 0)
            | (programDone ? RegisterAddress.ProgramDone : 0)
            | (registerFile.NewErrors != 0 ? RegisterAddress.NewError : 0);
        uint kept = registerFile.Writes(RegisterAddress.InterruptPending) ? q[pending] & ~registerFile.WriteData : q[pending];
        d[pending] = kept | set;
        d[idle] = tileIdle ? 1u : 0;
        d[interrupt] = (q[pending] & q[mask]) != 0 ? 1u : 0;
        if (registerFile.Writes(RegisterAddress.InterruptMask))
            d[mask] = registerFile.WriteData & 15;
    }
}
