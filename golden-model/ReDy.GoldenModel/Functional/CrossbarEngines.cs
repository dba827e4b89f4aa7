using ReDy.Architecture;
using ReDy.GoldenModel.Mapping;

namespace ReDy.GoldenModel.Functional;

/// <summary>Prepares an engine for the first <paramref name="usedBitlines"/> bitlines of a crossbar.</summary>
public delegate ICrossbarEngine CrossbarEngineCreator(TileGeometry geometry, CrossbarImage image, int usedBitlines);

/// <summary>The engines of the functional model by name, fastest first.</summary>
public static class CrossbarEngines
{
    public static IReadOnlyList<(string Name, CrossbarEngineCreator Create)> All { get; } =
    [
        ("portable", (geometry, image, usedBitlines) => new PortableCrossbarEngine(geometry, image, usedBitlines)),
    ];

    /// <param name="name">Null takes the fastest.</param>
    public static CrossbarEngineCreator Named(string? name)
    {
        foreach ((string known, CrossbarEngineCreator create) in All)
        {
            if (name is null || name == known)
                return create;
        }

        throw new InputException($"there is no engine '{name}'; choose one of {string.Join(", ", All.Select(engine => engine.Name))}");
    }
}
