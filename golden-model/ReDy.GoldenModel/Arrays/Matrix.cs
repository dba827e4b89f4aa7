namespace ReDy.GoldenModel.Arrays;

/// <summary>Weights [K, N] as signed 32-bit integers or activations [M, K] as unsigned words, row after row.</summary>
public sealed class Matrix<T>
    where T : unmanaged
{
    public Matrix(int rows, int columns)
        : this(rows, columns, new T[checked(rows * columns)])
    {
    }

    public Matrix(int rows, int columns, T[] values)
    {
        if (values.Length != (long)rows * columns)
            throw new ArgumentException($"{rows} x {columns} needs {(long)rows * columns} values, got {values.Length}", nameof(values));
        Rows = rows;
        Columns = columns;
        Values = values;
    }

    public int Rows { get; }
    public int Columns { get; }
    public T[] Values { get; }

    public T this[int row, int column]
    {
        get => Values[row * Columns + column];
        set => Values[row * Columns + column] = value;
    }

    public Span<T> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>Rows firstRow .. firstRow+rows-1, columns firstColumn .. firstColumn+columns-1 of this matrix, copied.</summary>
    public Matrix<T> Block(int firstRow, int rows, int firstColumn, int columns)
    {
        var block = new Matrix<T>(rows, columns);
        for (int r = 0; r < rows; r++)
            Row(firstRow + r).Slice(firstColumn, columns).CopyTo(block.Row(r));
        return block;
    }
}
