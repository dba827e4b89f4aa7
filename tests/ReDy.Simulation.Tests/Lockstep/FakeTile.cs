using ReDy.Architecture;
using ReDy.GoldenModel.CycleAccurate;
using ReDy.GoldenModel.Mapping;
using ReDy.Rtl;

namespace ReDy.Simulation.Tests.Lockstep;

/// <summary>
/// A few registers and two memories behind the tile's ports, as golden model and as Verilog: enough to test the lockstep
/// engine in a second. Beats on s_axis are counted and shifted into a wide register; every beat is written to a memory.
/// </summary>
internal sealed class FakeTile : ICycleAccurateTile
{
    public const int WideBits = 70;
    public const int Entries = 8;
    private const int WideWords = 3;

    private readonly uint[] outputs;
    private readonly uint[] registers;
    private readonly uint?[] words = new uint?[Entries];
    private readonly uint?[] cells = new uint?[2];
    private readonly List<MemoryWrite> writes = [];

    public FakeTile()
    {
        Ports = new TilePorts(Geometry);
        outputs = new uint[Ports.OutputWords];
        registers = new uint[2 + (2 * WideWords)];
        Probes =
        [
            new SignalSlot("tile.beat_counter.count_q", 8, 0),
            new SignalSlot("tile.beat_counter.pointer_q", 3, 1),
            new SignalSlot("tile.g_row[0].shifter.wide_q", WideBits, 2),
            new SignalSlot("tile.g_row[1].shifter.wide_q", WideBits, 2 + WideWords),
        ];
        SetOutputs();
    }

    public static TileGeometry SmallGeometry { get; } = new(new TileConfig { Tile = new TileArrayConfig { StreamBytes = 4 } });

    public TileGeometry Geometry => SmallGeometry;
    public TilePorts Ports { get; }
    public IReadOnlyList<SignalSlot> Probes { get; }
    public IReadOnlyList<MemoryProbe> Memories { get; } =
        [new MemoryProbe("tile.beat_counter.words", Entries, 12), new MemoryProbe("tile.beat_counter.cells", 2, 16)];
    public ReadOnlySpan<uint> Outputs => outputs;
    public ReadOnlySpan<uint> Registers => registers;
    public ReadOnlySpan<MemoryWrite> MemoryWrites => writes.ToArray();

    public void Clock(ReadOnlySpan<uint> inputs)
    {
        writes.Clear();
        bool reset = inputs[Ports.Input("aresetn").Offset] == 0;
        bool beat = inputs[Ports.Input("s_axis_tvalid").Offset] == 1;
        uint data = inputs[Ports.Input("s_axis_tdata").Offset];
        if (reset)
        {
            Array.Clear(registers);
        }
        else if (beat)
        {
            words[registers[1]] = data & 0xfff;
            writes.Add(new MemoryWrite(0, (int)registers[1]));
            registers[1] = (registers[1] + 1) & 7;
            registers[0] = (registers[0] + 1 + (cells[0] ?? 0)) & 0xff;
            for (int row = 0; row < 2; row++)
            {
                Span<uint> wide = registers.AsSpan(2 + (row * WideWords), WideWords);
                wide[2] = ((wide[2] << 1) | (wide[1] >> 31)) & 0x3f;
                wide[1] = (wide[1] << 1) | (wide[0] >> 31);
                wide[0] = (wide[0] << 1) | ((data >> row) & 1);
            }
        }

        SetOutputs();
    }

    public bool TryReadMemory(int memory, int index, Span<uint> entry)
    {
        uint? value = memory == 0 ? words[index] : cells[index];
        entry[0] = value ?? 0;
        return value is not null;
    }

    public void LoadImages(IReadOnlyList<CrossbarImage> images)
    {
        cells[0] = images[0].Codes[0];
        cells[1] = images[0].Codes[1];
    }

    public string DescribeState() => $"{registers[0]} beats counted";

    private void SetOutputs()
    {
        outputs[Ports.Output("s_axis_tready").Offset] = 1;
        outputs[Ports.Output("m_axis_tdata").Offset] = registers[0];
        outputs[Ports.Output("interrupt").Offset] = registers[0] >> 7;
    }

    /// <summary>The Verilog; a fault is made by replacing text in it.</summary>
    public static RtlBundle Verilog(string from = "", string to = "", params (string From, string To)[] more)
    {
        string[] files = [TopVerilog(), BeatCounter, Shifter];
        (string From, string To)[] faults = from.Length == 0 ? more : [(from, to), .. more];
        if (!faults.All(fault => files.Any(file => file.Contains(fault.From, StringComparison.Ordinal))))
            throw new ArgumentException("there is no such text in the Verilog", nameof(from));
        string Faulty(string text) => faults.Aggregate(text, (faulty, fault) => faulty.Replace(fault.From, fault.To, StringComparison.Ordinal));
        return new RtlBundle(
            "fake_tile",
            [
                new RtlFile("rtl/fake_tile.v", Faulty(files[0])), new RtlFile("rtl/fake_beat_counter.v", Faulty(files[1])),
                new RtlFile("rtl/fake_shifter.v", Faulty(files[2])),
            ]);
    }

    private static string TopVerilog()
    {
        var ports = new TilePorts(SmallGeometry);
        string Range(SignalSlot port) => port.Bits > 1 ? $"[{port.Bits - 1}:0] " : "";
        string[] driven = ["s_axis_tready", "m_axis_tdata", "interrupt"];
        return
            $"""
            `default_nettype none
            module fake_tile (
                input wire aclk,
                {string.Join(",\n    ", ports.Inputs.Select(port => $"input wire {Range(port)}{port.Name}").Concat(ports.Outputs.Select(port => $"output wire {Range(port)}{port.Name}")))}
            );
                wire [7:0] count;
                assign s_axis_tready = 1'b1;
                assign m_axis_tdata = 32'(count);
                assign interrupt = count[7];
                {string.Join("\n    ", ports.Outputs.Where(port => !driven.Contains(port.Name)).Select(port => $"assign {port.Name} = 0;"))}
                fake_beat_counter beat_counter (
                    .aclk(aclk), .aresetn(aresetn), .beat(s_axis_tvalid), .data(s_axis_tdata[11:0]), .count(count));
                genvar r;
                generate for (r = 0; r < 2; r = r + 1) begin : g_row
                    fake_shifter shifter (.aclk(aclk), .aresetn(aresetn), .beat(s_axis_tvalid), .bit_in(s_axis_tdata[r]));
                end endgenerate
            endmodule
            """;
    }

    private const string BeatCounter =
        """
        `default_nettype none
        module fake_beat_counter (
            input wire aclk, input wire aresetn, input wire beat, input wire [11:0] data, output wire [7:0] count
        );
            reg [7:0] count_q;
            reg [2:0] pointer_q;
            reg [11:0] words [0:7];
            reg [15:0] cells [0:1];  // reg fake_q; in a comment is no register
            initial begin cells[0] = 0; cells[1] = 0; end
            assign count = count_q;
            always @(posedge aclk) begin
                if (!aresetn) begin
                    count_q <= 0;
                    pointer_q <= 0;
                end else if (beat) begin
                    count_q <= count_q + 8'd1 + cells[0][7:0];
                    pointer_q <= pointer_q + 3'd1;
                end
                if (aresetn && beat) words[pointer_q] <= data;
            end
        `ifdef REDY_ASSERTIONS
            always @(posedge aclk) if (aresetn) assert (count == count_q);
        `endif
        endmodule
        """;

    private const string Shifter =
        """
        `default_nettype none
        module fake_shifter (input wire aclk, input wire aresetn, input wire beat, input wire bit_in);
            reg [69:0] wide_q;
            always @(posedge aclk)
                if (!aresetn) wide_q <= 0;
                else if (beat) wide_q <= {wide_q[68:0], bit_in};
        endmodule
        """;
}
