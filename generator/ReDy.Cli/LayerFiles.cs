using System.Numerics;
using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Functional;
using ReDy.GoldenModel.Mapping;

namespace ReDy.Cli;

/// <summary>The operands of one layer as read from files and checked against a tile's widths.</summary>
internal sealed record LayerFiles(Matrix<int>? Weights, Matrix<ushort>? Inputs, Requantisation? Requantisation)
{
    public static LayerFiles Read(TileGeometry geometry, string? weightsPath, string? inputsPath, string? requantisePath)
    {
        if (inputsPath is not null && weightsPath is null)
            throw new InputException($"--inputs {inputsPath} needs --weights with as many rows as the inputs have columns");
        Matrix<int>? weights = weightsPath is null ? null : ReadMatrix<int>(weightsPath, "[K, N]", ValueRange.OfWeights(geometry));
        Matrix<ushort>? inputs = inputsPath is null ? null : ReadMatrix<ushort>(inputsPath, "[M, K]", ValueRange.OfActivations(geometry));
        if (weights is { Rows: 0 } or { Columns: 0 })
            throw new InputException($"{weightsPath}: the weights are empty ([{weights.Rows}, {weights.Columns}]); at least one row and one output are needed");
        if (weights is not null && inputs is not null && inputs.Columns != weights.Rows)
            throw new InputException($"{inputsPath} has {inputs.Columns} columns, {weightsPath} has {weights.Rows} rows; both are K");
        return new LayerFiles(
            weights,
            inputs,
            requantisePath is null ? null : RequantisationFile.Read(geometry, requantisePath, weights?.Columns ?? geometry.CapacityOutputs));
    }

    private static Matrix<T> ReadMatrix<T>(string path, string meaning, ValueRange range)
        where T : unmanaged, IBinaryInteger<T>
    {
        using NpyArray array = NpyArray.Open(path);
        return array.ReadMatrix<T>(meaning, range);
    }
}
