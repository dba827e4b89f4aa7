using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;

namespace ReDy.GoldenModel.Tests.Arrays;

public sealed class NpyArrayTests
{
    private static readonly ValueRange Bytes = new(-128, 127, "weights.bits = 8");
    private static readonly ValueRange Any = new(int.MinValue, int.MaxValue, "32 bits");

    public static TheoryData<string, byte[]> IntegerTypes => new()
    {
        { "|i1", [1, 2, 0xFE, 4, 5, 6] },
        { "|u1", [1, 2, 254, 4, 5, 6] },
        { "<i2", [1, 0, 2, 0, 0xFE, 0xFF, 4, 0, 5, 0, 6, 0] },
        { "<u2", [1, 0, 2, 0, 0xFE, 0xFF, 4, 0, 5, 0, 6, 0] },
        { "<i4", NpyBytes.Int32(1, 2, -2, 4, 5, 6) },
        { "<u4", NpyBytes.Int32(1, 2, 3, 4, 5, 6) },
        { "<i8", [.. new long[] { 1, 2, -2, 4, 5, 6 }.SelectMany(BitConverter.GetBytes)] },
        { "<u8", [.. new ulong[] { 1, 2, 3, 4, 5, 6 }.SelectMany(BitConverter.GetBytes)] },
        { "|b1", [1, 0, 1, 1, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(IntegerTypes))]
    public void Every_little_endian_integer_type_is_read(string type, byte[] data)
    {
        Matrix<int> matrix = Read(NpyBytes.File($"'{type}'", "(2, 3)", data));
        int third = type switch { "|i1" or "<i2" or "<i4" or "<i8" => -2, "|u1" => 254, "<u2" => 65534, "|b1" => 1, _ => 3 };
        int[] expected = type == "|b1" ? [1, 0, 1, 1, 0, 0] : [1, 2, third, 4, 5, 6];
        matrix.Values.ShouldBe(expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Formats_1_to_3_are_read(int version) =>
        Read(NpyBytes.File("'<i4'", "(1, 2)", NpyBytes.Int32(7, -8), version: version)).Values.ShouldBe([7, -8]);

    [Fact]
    public void Fortran_order_gives_the_same_matrix() =>
        Read(NpyBytes.File("'<i4'", "(2, 3)", NpyBytes.Int32(1, 4, 2, 5, 3, 6), fortranOrder: true)).Values.ShouldBe([1, 2, 3, 4, 5, 6]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_can_be_read_a_block_at_a_time(bool fortranOrder)
    {
        int[] values = fortranOrder ? [1, 3, 5, 2, 4, 6] : [1, 2, 3, 4, 5, 6];
        using var folder = new TemporaryFolder();
        using NpyArray array = NpyArray.Open(folder.Write("x.npy", NpyBytes.File("'<i4'", "(3, 2)", NpyBytes.Int32(values), fortranOrder)));
        array.ReadRows<int>(1, 2, Any).Values.ShouldBe([3, 4, 5, 6]);
    }

    [Fact]
    public void An_array_larger_than_the_read_buffer_is_read_completely()
    {
        int[] values = [.. Enumerable.Range(0, 100_000)];
        using var folder = new TemporaryFolder();
        using NpyArray array = NpyArray.Open(folder.Write("x.npy", NpyBytes.Int32Matrix(1000, 100, values)));
        array.ReadMatrix<int>("[K, N]", Any).Values.ShouldBe(values);
    }

    [Fact]
    public void A_matrix_without_rows_is_legal() => Read(NpyBytes.File("'<i4'", "(0, 5)", [])).Columns.ShouldBe(5);

    public static TheoryData<string, string> RefusedTypes => new()
    {
        { "'<f4'", "holds floating-point numbers (<f4), which may be fractions or NaN; integers are needed: quantise it and save x.astype(np.int32)" },
        { "'<f8'", "holds floating-point numbers (<f8), which may be fractions or NaN; integers are needed: quantise it and save x.astype(np.int32)" },
        { "'>i4'", "is big-endian (>i4); little-endian is needed: save x.astype('<i4')" },
        { "'>u2'", "is big-endian (>u2); little-endian is needed: save x.astype('<u2')" },
        { "'|O'", "holds Python objects (dtype object); integers are needed: give every row the same length and save x.astype(np.int32)" },
        { "[('a', '<i4'), ('b', '<i4')]", "has structured elements; integers are needed: save one field, x['field'].astype(np.int32)" },
        { "'|V8'", "has structured elements (|V8); integers are needed: save one field, x['field'].astype(np.int32)" },
        { "'<c8'", "holds complex numbers (<c8); integers are needed: save x.real.astype(np.int32)" },
        { "'<U3'", "holds text (<U3); integers are needed: save x.astype(np.int32)" },
        { "'<M8[ns]'", "holds times (<M8[ns]); integers are needed: save x.astype(np.int64)" },
        { "'<i16'", "has 128-bit integers (<i16); save x.astype(np.int64)" },
    };

    [Theory]
    [MemberData(nameof(RefusedTypes))]
    public void Other_types_are_refused_with_the_remedy(string descr, string message) =>
        Refusal(NpyBytes.File(descr, "(1, 1)", new byte[8])).ShouldBe($"x.npy: {message}");

    public static TheoryData<byte[], string> DamagedFiles => new()
    {
        { [], "is empty; save the array with numpy.save" },
        { [.. "PK\u0003\u0004 and more"u8], "is a zip archive (.npz), not a single array (.npy); save the one array with numpy.save" },
        { [.. "1,2,3\n4,5,6\n"u8], @"is not a NumPy array: it does not begin with \x93NUMPY; save the array with numpy.save" },
        { [0x93, (byte)'N', (byte)'U'], "truncated: 3 bytes hold no NumPy header; copy or save the array again" },
        { NpyBytes.File("'<i4'", "(1, 1)", new byte[4], version: 4), "is NumPy format 4.0, and formats 1 to 3 are known; save it with numpy.lib.format.write_array(file, x, version=(1, 0))" },
        { NpyBytes.File("'<i4'", "(1, 1)", [])[..30], "truncated: the header announces 60 bytes, 20 follow; copy or save the array again" },
        { NpyBytes.File("'<i4'", "(2, 3)", new byte[23]), "truncated: shape (2, 3) takes 24 bytes of values, 23 are there; copy or save the array again" },
        { NpyBytes.File("'<i4'", "(2, 3)", new byte[25]), "shape (2, 3) takes 24 bytes of values, 25 are there; save the array again" },
        { NpyBytes.File("'<i4'", "(4611686018427387904, 4611686018427387904)", []), "truncated: shape (4611686018427387904, 4611686018427387904) takes 9223372036854775807 bytes of values, 0 are there; copy or save the array again" },
        { NpyBytes.WithHeader("{'descr': '<i4', 'shape': (1, 1)}", new byte[4]), "the header is damaged: 'fortran_order' is missing; save the array again" },
        { NpyBytes.WithHeader("{'descr': '<i4', 'fortran_order': 3, 'shape': (1, 1)}", new byte[4]), "the header is damaged: fortran_order is neither True nor False; save the array again" },
        { NpyBytes.WithHeader("{'descr': '<i4', 'fortran_order': False, 'shape': (-1, 1)}", new byte[4]), "the header is damaged: the shape is no tuple of lengths; save the array again" },
        { NpyBytes.WithHeader("{'descr': '<i4' 'shape'", new byte[4]), "the header is damaged: unexpected ''' at character 16; save the array again" },
        { NpyBytes.WithHeader("{'descr': '<i4", new byte[4]), "the header is damaged: it ends too early; save the array again" },
        { NpyBytes.WithHeader("[1, 2]", new byte[4]), "the header is damaged: it is no dictionary; save the array again" },
        { NpyBytes.WithHeader("{'descr': '?!', 'fortran_order': False, 'shape': (1, 1)}", new byte[4]), "the header is damaged: the element type ?! is unknown; save the array again" },
    };

    [Theory]
    [MemberData(nameof(DamagedFiles))]
    public void Damaged_files_are_refused_with_what_is_wrong(byte[] file, string message) => Refusal(file).ShouldBe($"x.npy: {message}");

    [Fact]
    public void A_wrong_number_of_dimensions_is_refused_with_the_remedy() =>
        Refusal(NpyBytes.File("'<i4'", "(3,)", new byte[12])).ShouldBe("x.npy: has shape (3,), a matrix [K, N] is needed; reshape it, for instance x.reshape(-1, 1)");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_value_out_of_range_is_named_with_its_index_and_the_range(bool fortranOrder)
    {
        int[] values = fortranOrder ? [1, 3, 300, 4] : [1, 300, 3, 4];
        Refusal(NpyBytes.File("'<i4'", "(2, 2)", NpyBytes.Int32(values), fortranOrder))
            .ShouldBe("x.npy: value 300 at [0, 1] does not fit weights.bits = 8 (-128 .. 127); quantise to that range or change the configuration");
    }

    [Fact]
    public void An_unsigned_64_bit_value_beyond_all_signed_ones_is_named_as_it_is() =>
        Refusal(NpyBytes.File("'<u8'", "(1, 1)", BitConverter.GetBytes(ulong.MaxValue))).ShouldContain("value 18446744073709551615 at [0, 0]");

    [Fact]
    public void A_missing_file_and_a_directory_are_named()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<InputException>(() => NpyArray.Open(folder.Path("none.npy"))).Message.ShouldBe($"{folder.Path("none.npy")}: there is no such file");
        Should.Throw<InputException>(() => NpyArray.Open(folder.Path(""))).Message.ShouldBe($"{folder.Path("")}: is a directory, a file is needed");
    }

    [Fact]
    public void A_written_matrix_is_read_back_and_nothing_else_remains()
    {
        using var folder = new TemporaryFolder();
        using (NpyWriter writer = NpyWriter.Create(folder.Path("y.npy"), "<i8", 2, 2))
        {
            writer.Write<long>([1, -2]);
            writer.Write<long>([3, 4]);
            writer.Commit();
        }

        using NpyArray array = NpyArray.Open(folder.Path("y.npy"));
        array.ReadMatrix<int>("[M, N]", Any).Values.ShouldBe([1, -2, 3, 4]);
        ((array.Header.DataOffset % 64) == 0).ShouldBeTrue();
        folder.FileNames.ShouldBe(["y.npy"]);
    }

    [Fact]
    public void A_writer_that_never_commits_leaves_the_old_file_and_no_other()
    {
        using var folder = new TemporaryFolder();
        folder.Write("y.npy", [1, 2, 3]);
        using (NpyWriter writer = NpyWriter.Create(folder.Path("y.npy"), "<i8", 1, 1))
            writer.Write<long>([1]);
        folder.FileNames.ShouldBe(["y.npy"]);
        File.ReadAllBytes(folder.Path("y.npy")).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_device_is_not_replaced_by_a_file() =>
        Should.Throw<InputException>(() => NpyWriter.Create("/dev/full", "<i8", 1, 1)).Message
            .ShouldBe("/dev/full: is no place for a file, and a device would be replaced by one; name another file");

    [Fact]
    public void A_place_that_does_not_exist_is_named()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Path("none/y.npy");
        Should.Throw<InputException>(() => NpyWriter.Create(path, "<i8", 1, 1)).Message
            .ShouldBe($"{path}: the directory {folder.Path("none")} does not exist; create it first");
        Should.Throw<InputException>(() => NpyWriter.Create(folder.Path(""), "<i8", 1, 1)).Message
            .ShouldBe($"{folder.Path("")}: is a directory; name a file to write");
    }

    private static Matrix<int> Read(byte[] file) => NpyArray.FromMemory("x.npy", file).ReadMatrix<int>("[K, N]", Any);

    private static string Refusal(byte[] file) =>
        Should.Throw<InputException>(() => NpyArray.FromMemory("x.npy", file).ReadMatrix<int>("[K, N]", Bytes)).Message;
}
