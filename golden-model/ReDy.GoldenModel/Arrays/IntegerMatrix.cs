namespace ReDy.GoldenModel.Arrays;

/// <summary>Weights [K, N] or activations [M, K] as plain integers, row after row.</summary>
public sealed class IntegerMatrix
{
    public IntegerMatrix(int rows, int columns)
        : this(rows, columns, new int[checked(rows * columns)])
    {
    }

    public IntegerMatrix(int rows, int columns, int[] values)
    {
        if (values.Length != (long)rows * columns)
            throw new ArgumentException($"{rows} x {columns} needs {(long)rows * columns} values, got {values.Length}", nameof(values));
        Rows = rows;
        Columns = columns;
        Values = values;
    }

    public int Rows { get; }
    public int Columns { get; }
    public int[] Values { get; }

    public int this[int row, int column]
    {
        get => Values[row * Columns + column];
        set => Values[row * Columns + column] = value;
    }

    public Span<int> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>Rows firstRow .. firstRow+rows-1, columns firstColumn .. firstColumn+columns-1 of this matrix, copied.</summary>
    public IntegerMatrix Block(int firstRow, int rows, int firstColumn, int columns)
    {
        var block = new IntegerMatrix(rows, columns);
        for (int r = 0; r < rows; r++)
            Row(firstRow + r).Slice(firstColumn, columns).CopyTo(block.Row(r));
        return block;
    }
}
