namespace ReDy.Architecture;

/// <summary>The rules that make a <see cref="TileConfig"/> legal.</summary>
public static class TileConfigRules;
