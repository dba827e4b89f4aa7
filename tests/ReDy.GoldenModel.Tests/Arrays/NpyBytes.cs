using System.Buffers.Binary;
using System.Text;

namespace ReDy.GoldenModel.Tests.Arrays;

/// <summary>Array files as NumPy writes them, and as it does not, byte by byte.</summary>
internal static class NpyBytes
{
    public static byte[] File(string descr, string shape, byte[] data, bool fortranOrder = false, int version = 1) =>
        WithHeader($"{{'descr': {descr}, 'fortran_order': {(fortranOrder ? "True" : "False")}, 'shape': {shape}, }}", data, version);

    public static byte[] WithHeader(string header, byte[] data, int version = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(header + "\n");
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }

    public static byte[] Int32(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] Int32Matrix(int rows, int columns, params int[] values) => File("'<i4'", $"({rows}, {columns})", Int32(values));

    public static byte[] UInt8Matrix(int rows, int columns, params byte[] values) => File("'|u1'", $"({rows}, {columns})", values);

    public static byte[] Int64Vector(params long[] values) => File("'<i8'", $"({values.Length},)", [.. values.SelectMany(BitConverter.GetBytes)]);

    public static byte[] Bool(bool value) => File("'|b1'", "()", [(byte)(value ? 1 : 0)]);
}
