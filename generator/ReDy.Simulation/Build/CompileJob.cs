using ReDy.Simulation.Tools;

namespace ReDy.Simulation.Build;

/// <summary>One start of the C++ compiler.</summary>
/// <param name="Level">Optimisation level.</param>
internal sealed record CompileJob(string Source, string ObjectFile, int Level)
{
    /// <summary>Generated C++ is compiled in pieces of about this size: few compiler starts for a small tile, all cores for a large one.</summary>
    private const long PieceBytes = 2_000_000;

    /// <summary>Above this much generated C++ that runs every clock, clocks per second matter more than seconds to build.</summary>
    private const long LargeTileBytes = 4_000_000;

    /// <summary>What these files hold runs once, or never: constructors, settling, tables of names. Optimising it takes most of a build.</summary>
    private static bool RunsOnce(string file) =>
        file.Contains("__Slow", StringComparison.Ordinal) || file.Contains("__Syms", StringComparison.Ordinal) || file.Contains("__ConstPool", StringComparison.Ordinal);

    public string LevelFlag => $"-O{Level}";

    /// <summary>Groups Verilator's output, and <c>redy_design.cpp</c>, into pieces; largest first.</summary>
    public static IReadOnlyList<CompileJob> OfTile(string folder, string className, int? level)
    {
        FileInfo[] generated = [.. new DirectoryInfo(folder).GetFiles(className + "*.cpp").OrderBy(file => file.Name, StringComparer.Ordinal)];
        FileInfo[] fast = [.. generated.Where(file => !RunsOnce(file.Name))];
        FileInfo[] slow = [.. generated.Where(file => RunsOnce(file.Name))];
        int fastLevel = level ?? (fast.Sum(file => file.Length) > LargeTileBytes ? 2 : 1);
        return
        [
            .. Pieces(folder, "fast", [.. fast, new FileInfo(Path.Combine(folder, TestbenchSources.Design))], fastLevel),
            .. Pieces(folder, "slow", slow, 0),
        ];
    }

    public static Task RunAllAsync(string folder, CppCompiler compiler, IReadOnlyList<CompileJob> jobs, IReadOnlyList<string> flags, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            jobs,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation },
            async (job, token) => await compiler.CompileAsync(folder, job.Source, job.ObjectFile, [job.LevelFlag, .. flags], token));

    private static IEnumerable<CompileJob> Pieces(string folder, string kind, IReadOnlyList<FileInfo> files, int level)
    {
        var pieces = new List<(List<string> Names, long Bytes)>();
        foreach (FileInfo file in files)
        {
            if (pieces.Count == 0 || pieces[^1].Bytes + file.Length > PieceBytes)
                pieces.Add(([], 0));
            pieces[^1].Names.Add(file.Name);
            pieces[^1] = (pieces[^1].Names, pieces[^1].Bytes + file.Length);
        }

        int number = 0;
        foreach ((List<string> names, _) in pieces.OrderByDescending(piece => piece.Bytes))
        {
            string source = $"{kind}_{number}.cpp";
            File.WriteAllText(Path.Combine(folder, source), string.Concat(names.Select(name => $"#include \"{name}\"\n")));
            yield return new CompileJob(source, $"{kind}_{number++}.o", level);
        }
    }
}
