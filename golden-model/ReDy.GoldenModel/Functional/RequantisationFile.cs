using ReDy.Architecture;
using ReDy.GoldenModel.Arrays;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional;

/// <summary>Requantisation parameters in a NumPy archive: bias[N], multiplier[N], shift[N], zero_point and relu.</summary>
public static class RequantisationFile
{
    /// <exception cref="InputException">Something is missing or does not fit its register.</exception>
    public static Requantisation Read(TileGeometry geometry, string path, int outputs)
    {
        IReadOnlyDictionary<string, NpyArray> arrays = NpzArchive.Open(path).Arrays("bias", "multiplier", "shift", "zero_point", "relu");
        long relu = Scalar("relu");
        if (relu is not (0 or 1))
            throw new InputException($"{path}: relu: is {relu}; use 0 or 1, or a boolean");
        var parameters = new Requantisation
        {
            Bias = arrays["bias"].ReadVector(),
            Multiplier = arrays["multiplier"].ReadVector(),
            Shift = [.. arrays["shift"].ReadVector().Select(Narrow)],
            ZeroPoint = Narrow(Scalar("zero_point")),
            Relu = relu == 1,
        };
        try
        {
            _ = new Requantiser(geometry, parameters, outputs);
        }
        catch (InputException exception)
        {
            throw new InputException([.. exception.Problems.Select(problem => $"{path}: {problem}")]);
        }

        return parameters;

        long Scalar(string name)
        {
            long[] values = arrays[name].ReadVector();
            return values.Length == 1
                ? values[0]
                : throw new InputException($"{path}: {name}: has {values.Length} values, a scalar is needed; save {name}=np.int32(...)");
        }

        // Far out of range stays out of range, so that the range check names it.
        static int Narrow(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
    }
}
