using System.IO.Compression;
using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Tests.Arrays;
using ReDy.Reference;

namespace ReDy.GoldenModel.Tests.Functional;

public sealed class FunctionalRunTests
{
    private static readonly TileGeometry Tiny = new(new TileConfig
    {
        Crossbar = new CrossbarConfig { Wordlines = 8, Bitlines = 16 },
        Ima = new ImaConfig { RowBlocks = 1, ColumnBlocks = 2, LoadLanes = 4 },
        Tile = new TileArrayConfig { Rows = 1, Columns = 1 },
    });

    [Fact]
    public void Raw_accumulators_and_planes_of_more_vectors_than_a_block_are_written()
    {
        using var run = new Run(rows: 20, outputs: 11, vectors: 1500);
        EventCounts events = run.Execute(WithPolicy(PrecisionPolicy.Static), planes: true);

        Read(run.Output).Values.Select(value => (long)value).ShouldBe(
            PlainIntegerProduct.Multiply(1500, 20, 11, run.Weights.Values, run.Inputs.Integers()));
        Matrix<int> planes = Read(run.Planes);
        (planes.Rows, planes.Columns).ShouldBe((1500, 3));
        planes.Values.ShouldAllBe(steps => steps == 8);
        events.ShouldBe(new EventCounts
        {
            Vectors = 1500,
            Groups = 4500,
            StepsStreamed = 36_000,
            CrossbarSteps = 108_000,
            Conversions = 36_000 * 11 * 4,
            DacDrives = 1500 * 8 * 3 * 20,
            DropHistogram = [4500],
        });
    }

    [Fact]
    public void Without_vectors_the_outputs_are_empty_matrices()
    {
        using var run = new Run(rows: 20, outputs: 11, vectors: 0);
        run.Execute(Tiny, planes: true).ShouldBe(EventCounts.None);
        (Read(run.Output).Rows, Read(run.Output).Columns).ShouldBe((0, 11));
        (Read(run.Planes).Rows, Read(run.Planes).Columns).ShouldBe((0, 3));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    public void Requantised_outputs_have_the_smallest_unsigned_type(int outputBits, int bytes)
    {
        var geometry = new TileGeometry(WithPolicy(PrecisionPolicy.Static).Config with { Outputs = new OutputsConfig { Bits = outputBits } });
        using var run = new Run(rows: 20, outputs: 2, vectors: 7);
        run.WriteRequantisation(("bias", [100, -3]), ("multiplier", [5, 700]), ("shift", [8, 9]), ("zero_point", [3]), ("relu", [0]));
        run.Execute(geometry, requantise: true);

        using NpyArray output = NpyArray.Open(run.Output);
        output.Header.Element.ShouldBe(new NpyElement(bytes, false));
        long[] accumulators = PlainIntegerProduct.Multiply(7, 20, 2, run.Weights.Values, run.Inputs.Integers());
        Read(run.Output).Values.ShouldBe([.. accumulators.Select((y, i) => i % 2 == 0
            ? NaiveRequantisation.Quantise(y, 100, 5, 8, 3, false, outputBits)
            : NaiveRequantisation.Quantise(y, -3, 700, 9, 3, false, outputBits))]);
    }

    [Fact]
    public void Inputs_and_weights_of_different_depth_are_refused()
    {
        using var run = new Run(rows: 20, outputs: 2, vectors: 3);
        run.Write("inputs.npy", new Matrix<ushort>(3, 19));
        run.Refusal(Tiny).ShouldBe(
            $"{run.Path("inputs.npy")}: has shape (3, 19) = [M, K], the weights of {run.Path("weights.npy")} have shape (20, 2) = [K, N]; K must be the same: 19 and 20 differ");
    }

    [Fact]
    public void Weights_and_activations_out_of_range_are_refused_and_nothing_is_written()
    {
        using var run = new Run(rows: 20, outputs: 2, vectors: 600);
        run.Inputs[599, 3] = 256;
        run.Write("inputs.npy", run.Inputs);
        run.Refusal(Tiny).ShouldBe(
            $"{run.Path("inputs.npy")}: value 256 at [599, 3] does not fit activations.bits = 8, unsigned (0 .. 255); quantise to that range or change the configuration");
        run.Weights[19, 1] = -129;
        run.Write("weights.npy", run.Weights);
        run.Refusal(Tiny).ShouldBe(
            $"{run.Path("weights.npy")}: value -129 at [19, 1] does not fit weights.bits = 8 (-128 .. 127); quantise to that range or change the configuration");
    }

    [Fact]
    public void Weights_without_outputs_are_refused()
    {
        using var run = new Run(rows: 20, outputs: 0, vectors: 1);
        run.Refusal(Tiny).ShouldBe($"{run.Path("weights.npy")}: has shape (20, 0); weights need at least one row and one output");
    }

    public static TheoryData<string, long[], string> BadRequantisations => new()
    {
        { "bias", [1, 2, 3], "bias has 3 values, the weights have 2 outputs; give one per output" },
        { "bias", [0, 1 << 30], "bias[1] = 1073741824 does not fit outputs.bias_bits = 31 (-1073741824 .. 1073741823)" },
        { "multiplier", [-1, 0], "multiplier[0] = -1 does not fit outputs.multiplier_bits = 16, unsigned (0 .. 65535)" },
        { "shift", [62, 63], "shift[1] = 63 does not fit the shift register (0 .. 62)" },
        { "zero_point", [256], "zero_point 256 does not fit outputs.bits = 8 (0 .. 255)" },
        { "zero_point", [1, 2], "zero_point: has 2 values, a scalar is needed; save zero_point=np.int32(...)" },
        { "relu", [2], "relu: is 2; use 0 or 1, or a boolean" },
    };

    [Theory]
    [MemberData(nameof(BadRequantisations))]
    public void Bad_requantisation_is_refused_with_name_value_and_range(string name, long[] values, string message)
    {
        using var run = new Run(rows: 20, outputs: 2, vectors: 1);
        var arrays = new Dictionary<string, long[]> { ["bias"] = [1, 2], ["multiplier"] = [1, 2], ["shift"] = [1, 2], ["zero_point"] = [3], ["relu"] = [1] };
        arrays[name] = values;
        run.WriteRequantisation([.. arrays.Select(array => (array.Key, array.Value))]);
        run.Refusal(Tiny, requantise: true).ShouldBe($"{run.Path("q.npz")}: {message}");
    }

    [Fact]
    public void One_file_cannot_be_read_and_written_or_written_twice()
    {
        using var run = new Run(rows: 20, outputs: 2, vectors: 1);
        string inputs = run.Path("inputs.npy");
        Should.Throw<InputException>(() => FunctionalRun.Execute(Tiny, new FunctionalRunFiles(run.Path("weights.npy"), inputs, inputs)))
            .Message.ShouldBe($"{inputs}: is read and would be overwritten; name another file to write");
        Should.Throw<InputException>(() => FunctionalRun.Execute(Tiny, new FunctionalRunFiles(run.Path("weights.npy"), inputs, run.Output, run.Output)))
            .Message.ShouldBe($"{run.Output}: is given for outputs and for planes; name two files");
    }

    [Fact]
    public void An_interrupted_run_leaves_nothing_behind()
    {
        using var run = new Run(rows: 20, outputs: 2, vectors: 2000);
        using var cancellation = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => FunctionalRun.Execute(
            Tiny, run.Files(planes: true, requantise: false), (done, total) => cancellation.Cancel(), cancellation.Token));
        run.FileNames.ShouldBe(["inputs.npy", "weights.npy"]);
    }

    private static TileGeometry WithPolicy(PrecisionPolicy policy) =>
        new(Tiny.Config with { Precision = Tiny.Config.Precision with { Policy = policy } });

    private static Matrix<int> Read(string path)
    {
        using NpyArray array = NpyArray.Open(path);
        return array.ReadMatrix<int>("[M, N]", new ValueRange(int.MinValue, int.MaxValue, "32 bits"));
    }

    private sealed class Run : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Run(int rows, int outputs, int vectors)
        {
            Weights = GoldenModel.Mapping.Operands.Weights(Tiny, rows, outputs, GoldenModel.Mapping.OperandClass.Uniform, 1);
            Inputs = GoldenModel.Mapping.Operands.Inputs(Tiny, vectors, rows, GoldenModel.Mapping.OperandClass.Uniform, 1);
            Write("weights.npy", Weights);
            Write("inputs.npy", Inputs);
        }

        public Matrix<int> Weights { get; }
        public Matrix<ushort> Inputs { get; }
        public string Output => Path("y.npy");
        public string Planes => Path("p.npy");
        public string[] FileNames => folder.FileNames;

        public string Path(string name) => folder.Path(name);

        public void Write(string name, Matrix<ushort> activations) => Write(name, new Matrix<int>(activations.Rows, activations.Columns, activations.Integers()));

        public void Write(string name, Matrix<int> matrix) =>
            folder.Write(name, NpyBytes.Int32Matrix(matrix.Rows, matrix.Columns, matrix.Values));

        public void WriteRequantisation(params (string Name, long[] Values)[] arrays) =>
            folder.Write("q.npz", NpzArchiveTests.Zip(CompressionLevel.Optimal, [.. arrays.Select(array => (array.Name, NpyBytes.Int64Vector(array.Values)))]));

        public FunctionalRunFiles Files(bool planes, bool requantise) =>
            new(Path("weights.npy"), Path("inputs.npy"), Output, planes ? Planes : null, requantise ? Path("q.npz") : null);

        public EventCounts Execute(TileGeometry geometry, bool planes = false, bool requantise = false) =>
            FunctionalRun.Execute(geometry, Files(planes, requantise));

        /// <summary>The message, after making sure that nothing was written.</summary>
        public string Refusal(TileGeometry geometry, bool requantise = false)
        {
            string message = Should.Throw<InputException>(() => Execute(geometry, planes: true, requantise)).Message;
            FileNames.ShouldAllBe(name => name == "weights.npy" || name == "inputs.npy" || name == "q.npz");
            return message;
        }

        public void Dispose() => folder.Dispose();
    }
}
