namespace ReDy.GoldenModel.Mapping;

/// <summary>What is programmed into one crossbar: a code per cell and a flip per bitline. Faults and device errors are changed images.</summary>
/// <param name="Wordlines">Rows of <paramref name="Codes"/>.</param>
/// <param name="Bitlines">Columns of <paramref name="Codes"/>.</param>
/// <param name="Codes">Cell codes, [wordline * Bitlines + bitline], each below 2^cell.bits; unused cells hold 0.</param>
/// <param name="Flips">Whether a bitline stores complements.</param>
public sealed record CrossbarImage(int Wordlines, int Bitlines, byte[] Codes, bool[] Flips)
{
    public byte Code(int wordline, int bitline) => Codes[wordline * Bitlines + bitline];
}
