using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <summary>
/// The software of a tile, from one reset to the next: programs layers into alternating banks while the other one streams,
/// programs weights when they change, and checks registers, counters and cells against what they must hold.
/// </summary>
internal sealed partial class TileSoftware
{
    /// <summary>Above this many accesses <see cref="WeightLoading.Auto"/> takes the backdoor.</summary>
    private const long MostAutomaticAccesses = 10_000;
    private const int CounterCount = 8;
    private const int MostWaitingPackets = 64;
    private const int MostPartialDelay = 1000;
    private const int MostWritesUnderWay = 3;
    private const int MostReadBacks = 16;

    private readonly TileStimulus tile;
    private readonly StimulusOptions options;
    private readonly SeededRandom random;
    private readonly TileGeometry geometry;
    private TileErrors errors;

    /// <summary>Bits of ERROR that were cleared while they could be set.</summary>
    private TileErrors uncertainErrors;
    private EventCounts events = EventCounts.None;
    private bool programDone;
    private uint interruptMask;

    public TileSoftware(TileStimulus tile, StimulusOptions options, ulong seed)
    {
        this.tile = tile;
        this.options = options;
        random = new SeededRandom(seed);
        geometry = tile.Geometry;
    }

    private bool Eager => options.Stalls == StallLevel.None;

    public IEnumerable<ScriptStep> Script()
    {
        yield return ScriptStep.Run(CheckIdentity());
        interruptMask = (uint)random.Below(16);
        yield return Write(TileRegister.InterruptMask, interruptMask);
        if (options.Misbehave && random.OneIn(2))
            yield return ScriptStep.Run(StreamToLayerThatIsNotSetUp());
        LayerProgram? current = null;
        int bank = 1;
        while (tile.NextLayer() is { } run)
        {
            LayerProgram program = run.Layer.Program;
            if (!ReferenceEquals(program, current))
            {
                if (!ReferenceEquals(program.Images, tile.ProgrammedImages))
                {
                    yield return ScriptStep.Run(Quiesce());
                    yield return ScriptStep.Run(LoadWeights(program.Images));
                }

                bank = 1 - bank;
                yield return ScriptStep.Run(WaitForStatus(mask: 4u << bank, value: 0));
                yield return ScriptStep.Run(ProgramLayer(bank, program));
                yield return ScriptStep.Run(Misbehave());
                yield return ScriptStep.Wait(() => tile.Activations.Idle);
                yield return Write(TileRegister.Control, 1u | (uint)bank << 1, wait: true);
                current = program;
            }

            yield return ScriptStep.Run(Release(run));
            if (options.Misbehave && random.OneIn(2))
                yield return ScriptStep.Run(InterfereWhileStreaming(run, bank));
        }

        if (!options.EndsWithLastResult)
            yield return ScriptStep.Run(Quiesce());
    }

    /// <summary>Hands the layer's packets to the sources, a window of them at a time.</summary>
    private IEnumerable<ScriptStep> Release(LayerRun run)
    {
        TileLayer layer = run.Layer;
        run.Released = true;
        tile.Results.Expect(run);
        for (int m = 0; m < layer.Vectors; m++)
        {
            if (tile.Activations.PacketsWaiting >= MostWaitingPackets)
                yield return ScriptStep.Wait(() => tile.Activations.PacketsWaiting < MostWaitingPackets / 2);
            StreamPacket packet = tile.Packets.Activations(layer.Activations.Row(m));
            if (options.Misbehave && random.OneIn(6))
            {
                tile.Activations.Enqueue(tile.Packets.Malform(packet));
                tile.Statistics.MalformedPackets++;
                errors |= TileErrors.Stream;
            }

            tile.Activations.Enqueue(packet);
            if (!layer.Program.Accumulate)
                continue;
            StreamPacket partials = tile.Packets.Partials(layer.Partials[m], layer.Program.Outputs);

            // Partial sums that come after the results which they belong to make the drain wait.
            tile.Partials.Enqueue(partials with { Delay = !Eager && random.OneIn(3) ? random.Below(MostPartialDelay) : 0 });
            if (!partials.Malformed)
                continue;
            tile.Statistics.MalformedPackets++;
            errors |= TileErrors.Partial;
        }

        events += layer.Events;
    }

    /// <summary>Waits until all that was released has come out and the tile is idle, then checks what it counted and noted.</summary>
    private IEnumerable<ScriptStep> Quiesce()
    {
        if (options.Misbehave)
            yield return ScriptStep.Run(ClearWhileEventsHappen());
        yield return ScriptStep.Wait(() => tile.NothingUnderWay && tile.Registers.Idle);
        yield return ScriptStep.Run(WaitForStatus(mask: 0xF, value: 1));
        yield return ScriptStep.Run(CheckCounters());
        if (tile.ProgrammedImages is { } images)
            yield return ScriptStep.Run(ReadBack(images));
        yield return ScriptStep.Run(ReadAll());
        yield return ScriptStep.Run(CheckNotes());
    }

    private IEnumerable<ScriptStep> CheckIdentity()
    {
        yield return Expect(TileRegister.Id, 0x52654479);
        yield return Expect(TileRegister.Version, 1);
        yield return Expect(TileRegister.CapacityRows, (uint)geometry.CapacityRows);
        yield return Expect(TileRegister.CapacityOutputs, (uint)geometry.CapacityOutputs);
        yield return Expect(TileRegister.Control, 0);
        yield return Expect(TileRegister.Status, 1);
        yield return Expect(TileRegister.Error, 0);
        yield return Expect(TileRegister.InterruptPending, 0);
        yield return Expect(TileRegister.LayerRows, 0);
        yield return Expect(TileRegister.LayerMode, (uint)geometry.Policy);
    }

    private IEnumerable<ScriptStep> CheckCounters()
    {
        tile.Statistics.CounterChecks++;
        yield return Write(TileRegister.CounterCommand, 3u, wait: true);

        // Clocks and load-bound clocks: the functional model has no opinion, the comparison at the ports has.
        for (int word = 0; word < 4; word++)
            yield return Access(Read(TileRegister.Counters + 4 * word));
        (int Index, string Name, long Value)[] expected =
        [
            (2, "vectors", events.Vectors), (3, "steps", events.CrossbarSteps), (4, "conversions", events.Conversions),
            (5, "planes_streamed", events.StepsStreamed), (6, "planes_skipped", events.StepsSkipped), (7, "saturations", events.Saturations),
        ];
        foreach ((int index, string name, long value) in expected)
        {
            RegisterAccess low = Read(TileRegister.Counters + 8 * index);
            RegisterAccess high = Read(TileRegister.Counters + 8 * index + 4);
            yield return Access(low);
            yield return Access(high);
            ulong modulo = geometry.Config.Rtl.CounterBits >= 64 ? ulong.MaxValue : (1UL << geometry.Config.Rtl.CounterBits) - 1;
            ulong actual = (ulong)high.Data << 32 | low.Data;
            if (actual != ((ulong)value & modulo))
                tile.Fail($"counter {index} ({name}) holds {actual}, the functional model counts {value}");
        }

        events = EventCounts.None;
    }

    /// <summary>Reads every address up to the counters and the first beyond them, registers or not: what comes is compared with the golden model.</summary>
    private IEnumerable<ScriptStep> ReadAll()
    {
        for (TileRegister register = 0; register <= TileRegister.Counters + 8 * CounterCount; register += 4)
            yield return Access(Read(register, ExpectedResponse.Either));
    }

    /// <summary>ERROR and INTERRUPT_PENDING hold exactly what happened, raise the interrupt pin and can be cleared.</summary>
    private IEnumerable<ScriptStep> CheckNotes()
    {
        yield return Expect(TileRegister.Error, (uint)errors, ~(uint)uncertainErrors);
        RegisterAccess pending = Read(TileRegister.InterruptPending);
        yield return Access(pending);
        uint expected = (errors != TileErrors.None ? 8u : 0) | (programDone ? 4u : 0);
        if ((pending.Data & 0xC) != expected)
            tile.Fail($"{pending} gives 0x{pending.Data:X}; bits 3 (error) and 2 (program done) must be 0x{expected:X}");
        bool raised = (pending.Data & interruptMask) != 0;
        if (tile.Interrupt != raised)
            tile.Fail($"the interrupt pin is {(tile.Interrupt ? 1 : 0)} with INTERRUPT_PENDING = 0x{pending.Data:X} and INTERRUPT_MASK = 0x{interruptMask:X}");
        yield return Write(TileRegister.Error, 0x1F, wait: true);
        yield return Write(TileRegister.InterruptPending, 0xF, wait: true);
        yield return Expect(TileRegister.Error, 0);
        yield return Expect(TileRegister.InterruptPending, 0);
        if (tile.Interrupt)
            tile.Fail("the interrupt pin stays high although INTERRUPT_PENDING is clear");
        errors = uncertainErrors = TileErrors.None;
        programDone = false;
    }

    private IEnumerable<ScriptStep> WaitForStatus(uint mask, uint value)
    {
        while (true)
        {
            RegisterAccess status = Read(TileRegister.Status);
            yield return Poll(status);
            if ((status.Data & mask) == value)
                yield break;
            long until = tile.Clock + (Eager ? 8 : random.Between(0, 40));
            yield return ScriptStep.Wait(() => tile.Clock >= until);
        }
    }

    private ScriptStep Write(
        TileRegister register, uint data, bool wait = false, uint strobe = 0xF,
        ExpectedResponse expected = ExpectedResponse.Okay, TileErrors refusal = TileErrors.None)
    {
        var access = new RegisterAccess { Register = register, Write = true, Data = data, Strobe = strobe, Expected = expected };
        return wait || expected != ExpectedResponse.Okay || random.OneIn(8)
            ? Access(access, refusal)
            : new ScriptStep(() => Post(access), () => tile.Registers.WritesUnderWay < MostWritesUnderWay, null);
    }

    private static RegisterAccess Read(TileRegister register, ExpectedResponse expected = ExpectedResponse.Okay) =>
        new() { Register = register, Write = false, Expected = expected };

    /// <summary>An access and its answer. A read waits for the writes before it.</summary>
    private ScriptStep Access(RegisterAccess access, TileErrors refusal = TileErrors.None, Action? check = null)
    {
        bool posted = false;
        return ScriptStep.Wait(() =>
        {
            if (!posted && (access.Write || tile.Registers.WritesUnderWay == 0))
            {
                Post(access);
                posted = true;
            }

            if (!access.Done)
                return false;
            if (access.Refused)
            {
                errors |= refusal;
                tile.Statistics.RefusedAccesses++;
            }

            check?.Invoke();
            return true;
        });
    }

    /// <summary>An access whose repetition is not progress: a tile that never becomes ready must be seen to hang.</summary>
    private ScriptStep Poll(RegisterAccess access) => new(() => tile.Registers.Post(access), () => access.Done, null);

    private ScriptStep Expect(TileRegister register, uint value, uint mask = uint.MaxValue)
    {
        RegisterAccess read = Read(register);
        return Access(read, check: () =>
        {
            if ((read.Data & mask) != (value & mask))
                tile.Fail($"{read} gives 0x{read.Data:X}, expected 0x{value:X}{(mask == uint.MaxValue ? "" : $" in the bits of 0x{mask:X}")}");
        });
    }

    private void Post(RegisterAccess access)
    {
        tile.Registers.Post(access);
        tile.SoftwareProgress++;
        tile.Statistics.RegisterAccesses++;
    }
}
