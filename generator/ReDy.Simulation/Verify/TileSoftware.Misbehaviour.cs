using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Simulation.Verify;

/// <content>Accesses that the tile must refuse, and accesses that must not disturb it.</content>
internal sealed partial class TileSoftware
{
    private const uint Noise = 0xDEADBEEF;

    /// <summary>Addresses between registers and just after the last one.</summary>
    private static readonly TileRegister[] UnknownRegisters =
        [.. new[] { 0x06C, 0x070, 0x074, 0x078, 0x07C, 0x084, 0x088, 0x08C, 0x0D0 }.Select(address => (TileRegister)address)];

    /// <summary>A few register accesses that are wrong whatever the tile is doing.</summary>
    private IEnumerable<ScriptStep> Misbehave()
    {
        if (!options.Misbehave)
            yield break;
        for (int i = random.Below(5); i > 0; i--)
            yield return ScriptStep.Run(Misdeed());
    }

    private IEnumerable<ScriptStep> Misdeed()
    {
        switch (random.Below(12))
        {
            case 0:
                yield return Refused(random.OneIn(2) ? (TileRegister)(0x100 + 4 * random.Below(64)) : random.Pick(UnknownRegisters), Noise, TileErrors.Access);
                break;
            case 1:
                yield return Access(Read((TileRegister)(0x200 + 4 * random.Below(64)), ExpectedResponse.SlaveError));
                break;
            case 2:
                yield return Refused(random.Pick(TileRegister.Id, TileRegister.CapacityRows, TileRegister.Status, TileRegister.Readback, TileRegister.Counters), Noise, TileErrors.Access);
                break;
            case 3:
                yield return Write(
                    random.Pick(TileRegister.Control, TileRegister.InterruptMask, TileRegister.LayerWindow), Noise,
                    strobe: (uint)random.Below(15), expected: ExpectedResponse.SlaveError, refusal: TileErrors.Access);
                break;
            case 4:
                yield return Refused(TileRegister.LayerRows, (uint)geometry.CapacityRows + 1, TileErrors.Bank);
                break;
            case 5:
                yield return Refused(TileRegister.LayerOutputs, 0x8000_0000, TileErrors.Bank);
                break;
            case 6:
                uint output = NotBelow(geometry.CapacityOutputs);
                yield return Write(TileRegister.OutputIndex, output);
                yield return Refused(TileRegister.OutputBias, Noise, TileErrors.Bank);
                yield return Refused(TileRegister.OutputShift, 3, TileErrors.Bank);
                yield return Expect(TileRegister.OutputIndex, output);
                break;
            case 7 when geometry.MaxDrop != 0:
                uint threshold = NotBelow(geometry.Groups * geometry.MaxDrop);
                yield return Write(TileRegister.ThresholdIndex, threshold);
                yield return Refused(TileRegister.Threshold, 1, TileErrors.Bank);
                yield return Expect(TileRegister.ThresholdIndex, threshold);
                break;
            case 7:
                yield return Refused(TileRegister.Threshold, 1, TileErrors.Access);
                break;
            case 8:
                uint word = NotBelow(RowBufferWords);
                yield return Write(TileRegister.ProgramWord, word);
                yield return Refused(TileRegister.ProgramData, Noise, TileErrors.Program);
                yield return Expect(TileRegister.ProgramWord, word);
                break;
            case 9:
                yield return Refused(TileRegister.ProgramCommand, random.Pick(0u, 4u, 0x101u), TileErrors.Program);
                break;
            case 10:
                (TileRegister target, int count) = random.Pick(
                    (TileRegister.ProgramCrossbar, geometry.Crossbars), (TileRegister.ProgramRow, geometry.Wordlines), (TileRegister.ProgramBitline, geometry.UsedBitlines));
                uint beyond = NotBelow(count);
                yield return Write(target, beyond);
                yield return Refused(TileRegister.ProgramCommand, 1, TileErrors.Program);
                yield return Expect(target, beyond);
                yield return Write(TileRegister.ProgramCrossbar, 0);
                yield return Write(TileRegister.ProgramRow, 0);
                yield return Write(TileRegister.ProgramBitline, 0);
                break;
            default:
                yield return Access(Read(random.Pick(TileRegister.OutputBias, TileRegister.ProgramData, TileRegister.ProgramCommand, TileRegister.CounterCommand), ExpectedResponse.SlaveError));
                break;
        }
    }

    /// <summary>After a reset, before any layer is programmed: a layer without rows or without outputs must refuse every packet.</summary>
    private IEnumerable<ScriptStep> StreamToLayerThatIsNotSetUp()
    {
        uint bank = (uint)random.Below(2);
        int setUp = random.Below(3);
        if (setUp != 0)
        {
            yield return Write(TileRegister.LayerWindow, bank);
            yield return Write(setUp == 1 ? TileRegister.LayerRows : TileRegister.LayerOutputs, 1);
        }

        yield return Write(TileRegister.Control, 1u | bank << 1, wait: true);

        // Without rows, a packet without bytes is as long as the layer asks for; it must be refused all the same.
        tile.Activations.Enqueue(random.OneIn(2) ? tile.Packets.Empty() : tile.Packets.Activations([(ushort)random.Between(0, geometry.ActivationMaximum)]) with { Malformed = true });
        tile.Statistics.MalformedPackets++;
        errors |= TileErrors.Stream;
        yield return ScriptStep.Wait(() => tile.Activations.Idle);
        yield return Write(TileRegister.Control, 0, wait: true);
    }

    /// <summary>Accesses to a tile that is busy with vectors of <paramref name="bank"/>: some harmless, some refused because it is busy.</summary>
    private IEnumerable<ScriptStep> InterfereWhileStreaming(LayerRun run, int bank)
    {
        for (int i = random.Below(4); i > 0; i--)
        {
            switch (random.Below(7))
            {
                case 0:
                    yield return Write(TileRegister.CounterCommand, 1u, wait: true);
                    for (int counter = 0; counter < CounterCount; counter++)
                        yield return Access(Read(TileRegister.Counters + 8 * counter));
                    break;
                case 1:
                    yield return Write(TileRegister.Control, (uint)bank << 1, wait: true);
                    long until = tile.Clock + random.Below(60);
                    yield return ScriptStep.Wait(() => tile.Clock >= until);
                    yield return Write(TileRegister.Control, 1u | (uint)bank << 1, wait: true);
                    break;
                case 2:
                    yield return ScriptStep.Run(FillRowBuffer([(uint)random.NextUInt64()]));
                    break;
                case 3:
                    yield return ScriptStep.Run(DisturbMidPacket(bank));
                    break;
                case 5:
                    yield return ScriptStep.Run(DisturbWhileResultsWait(run, bank));
                    break;
                case 4:
                    yield return ScriptStep.Run(ClearWhileEventsHappen());
                    break;
                default:
                    yield return ScriptStep.Run(Misdeed());
                    break;
            }
        }
    }

    /// <summary>Clears notes again and again, so that now and then one is cleared in the very clock in which it is set: set must win.</summary>
    private IEnumerable<ScriptStep> ClearWhileEventsHappen()
    {
        uncertainErrors |= TileErrors.Stream;
        for (int i = random.Between(20, 100); i > 0 && !tile.Results.Idle; i--)
        {
            yield return random.OneIn(3)
                ? Write(TileRegister.Error, (uint)TileErrors.Stream)
                : Write(TileRegister.InterruptPending, 3u);
        }
    }

    /// <summary>With part of a vector in the tile its bank is certainly in use and the tile certainly not idle.</summary>
    private IEnumerable<ScriptStep> DisturbMidPacket(int bank)
    {
        tile.Activations.HoldMidPacket = true;
        yield return ScriptStep.Wait(() => tile.Activations.HeldMidPacket || tile.Activations.Idle);
        if (tile.Activations.HeldMidPacket)
            yield return ScriptStep.Run(DisturbBankInUse(bank));
        tile.Activations.HoldMidPacket = false;
    }

    /// <summary>
    /// So is it while no result is taken and more vectors are in the tile than its output FIFO can hold results of. This is the
    /// only way where a vector is a single beat.
    /// </summary>
    private IEnumerable<ScriptStep> DisturbWhileResultsWait(LayerRun run, int bank)
    {
        yield return ScriptStep.Wait(() => tile.Results.Current == run || tile.Results.Idle || tile.Activations.Idle);
        if (tile.Results.Current != run)
            yield break;
        LayerProgram program = run.Layer.Program;
        int beats = TileGeometry.CeilingDivide(program.Outputs * (program.Raw ? geometry.RawOutputBytes : geometry.OutputBytes), geometry.Config.Tile.StreamBytes);
        int finished = geometry.Config.Tile.OutputFifo / beats + 1;
        long until = tile.Clock + ModelRun.PatienceClocks(geometry) / 4;
        tile.Results.Hold = true;
        yield return ScriptStep.Wait(() => InTile > finished || tile.Activations.Idle || tile.Clock >= until);
        if (InTile > finished)
            yield return ScriptStep.Run(DisturbBankInUse(bank));
        tile.Results.Hold = false;
    }

    /// <summary>Vectors that were accepted and whose results have not been taken.</summary>
    private long InTile => tile.Activations.PacketsSinceReset - tile.Results.VectorsSinceReset;

    private IEnumerable<ScriptStep> DisturbBankInUse(int bank)
    {
        yield return Write(TileRegister.LayerWindow, (uint)bank, wait: true);
        yield return Refused(random.Pick(TileRegister.LayerRows, TileRegister.LayerOutputs, TileRegister.LayerMode, TileRegister.LayerZeroPoint), 1, TileErrors.Bank);
        yield return Write(TileRegister.OutputIndex, 0, wait: true);
        yield return Refused(random.Pick(TileRegister.OutputBias, TileRegister.OutputMultiplier, TileRegister.OutputShift), 1, TileErrors.Bank);
        yield return Refused(TileRegister.ProgramCommand, (uint)random.Between(1, 3), TileErrors.Program);
        RegisterAccess status = Read(TileRegister.Status);
        yield return Access(status);
        if ((status.Data & 1) != 0 || (status.Data & (4u << bank)) == 0)
            tile.Fail($"{status} gives 0x{status.Data:X} although vectors for bank {bank} are in the tile");
    }

    /// <summary>An index of 16 bits that is just beyond the end, or anywhere.</summary>
    private uint NotBelow(int count) => (uint)(random.OneIn(2) ? count : random.Between(count, Math.Max(count, ushort.MaxValue)));

    private ScriptStep Refused(TileRegister register, uint data, TileErrors error) =>
        Write(register, data, expected: ExpectedResponse.SlaveError, refusal: error);
}
