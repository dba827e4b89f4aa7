using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional;

/// <summary>The array files of a run of the functional model.</summary>
/// <param name="Weights">[K, N] signed.</param>
/// <param name="Inputs">[M, K] unsigned.</param>
/// <param name="Output">Written: [M, N], int64 raw accumulators, or requantised outputs as uint8 (up to 8 bits) or uint16.</param>
/// <param name="Planes">Written if given: int32 [M, groups], steps streamed per group.</param>
/// <param name="Requantise">Archive of bias[N], multiplier[N], shift[N], zero_point and relu; null asks for raw accumulators.</param>
public sealed record FunctionalRunFiles(string Weights, string Inputs, string Output, string? Planes = null, string? Requantise = null);

/// <summary>
/// Takes vectors of any number from file to file through the functional model, a block at a time. Either all outputs appear,
/// complete, or none.
/// </summary>
public static class FunctionalRun
{
    /// <summary>Keeps a block's arrays within a few tens of megabytes, and cancellation and progress prompt.</summary>
    private const long BlockBytes = 1 << 24;
    private const int LargestBlock = 512;

    /// <param name="progress">Told the vectors done so far and in all.</param>
    public static EventCounts Execute(
        TileGeometry geometry, FunctionalRunFiles files, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        CheckNothingIsOverwritten(files);
        using NpyArray inputs = NpyArray.Open(files.Inputs);
        Matrix<int> weights = ReadWeights(geometry, files.Weights);
        (int vectors, int columns) = inputs.MatrixShape("[M, K] (a row per vector)");
        if (columns != weights.Rows)
        {
            throw new InputException(
                $"{files.Inputs}: has shape {inputs.Header.ShapeText} = [M, K], the weights of {files.Weights} have shape ({weights.Rows}, {weights.Columns}) = [K, N]; "
                + $"K must be the same: {columns} and {weights.Rows} differ");
        }

        Requantiser? requantiser = files.Requantise is null ? null : new Requantiser(geometry, RequantisationFile.Read(geometry, files.Requantise, weights.Columns), weights.Columns);
        MappedLayer layer = new CrossbarMapper(geometry).Map(weights);
        var model = new FunctionalMvm(geometry, layer);

        string outputType = requantiser is null ? "<i8" : geometry.Config.Outputs.Bits <= 8 ? "|u1" : "<u2";
        using NpyWriter output = NpyWriter.Create(files.Output, outputType, vectors, layer.Outputs);
        using NpyWriter? planes = files.Planes is null ? null : NpyWriter.Create(files.Planes, "<i4", vectors, layer.Groups);

        EventCounts events = EventCounts.None;
        ValueRange range = ValueRange.OfActivations(geometry);
        long vectorBytes = 2L * layer.Rows + 8L * layer.Outputs + 4L * layer.Groups;
        int block = (int)Math.Clamp(BlockBytes / vectorBytes, 1, LargestBlock);
        for (int first = 0; first < vectors || first == 0; first += block)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(block, vectors - first);
            FunctionalResult result = model.Multiply(inputs.ReadRows<ushort>(first, count, range));
            WriteOutputs(output, result.Outputs, requantiser, outputType);
            planes?.Write<int>(result.Planes);
            events += result.Events;
            progress?.Invoke(first + count, vectors);
        }

        output.Commit();
        planes?.Commit();
        return events;
    }

    private static void WriteOutputs(NpyWriter writer, long[] accumulators, Requantiser? requantiser, string type)
    {
        if (requantiser is null)
        {
            writer.Write<long>(accumulators);
            return;
        }

        int[] quantised = new int[accumulators.Length];
        requantiser.Requantise(accumulators, quantised);
        if (type == "|u1")
            writer.Write<byte>(Array.ConvertAll(quantised, value => (byte)value));
        else
            writer.Write<ushort>(Array.ConvertAll(quantised, value => (ushort)value));
    }

    private static Matrix<int> ReadWeights(TileGeometry geometry, string path)
    {
        using NpyArray file = NpyArray.Open(path);
        Matrix<int> weights = file.ReadMatrix<int>("[K, N] (a column per output)", ValueRange.OfWeights(geometry));
        if (weights.Rows == 0 || weights.Columns == 0)
            throw new InputException($"{path}: has shape {file.Header.ShapeText}; weights need at least one row and one output");
        return weights;
    }

    private static void CheckNothingIsOverwritten(FunctionalRunFiles files)
    {
        if (files.Planes is not null && Same(files.Planes, files.Output))
            throw new InputException($"{files.Planes}: is given for outputs and for planes; name two files");
        foreach (string? read in (string?[])[files.Weights, files.Inputs, files.Requantise])
        {
            foreach (string? written in (string?[])[files.Output, files.Planes])
            {
                if (read is not null && written is not null && Same(read, written))
                    throw new InputException($"{written}: is read and would be overwritten; name another file to write");
            }
        }

        static bool Same(string a, string b) => Path.GetFullPath(a) == Path.GetFullPath(b);
    }
}
