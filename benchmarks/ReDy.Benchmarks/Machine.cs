using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace ReDy.Benchmarks;

/// <summary>What the measurements were made on.</summary>
/// <param name="Processor">As the processor calls itself.</param>
/// <param name="Family">Vendor's family and model numbers, which tell generations of one brand name apart.</param>
public sealed partial record Machine(string Processor, string Family, int Cores, string InstructionSets, string System, string Runtime)
{
    /// <summary>A file name for this kind of processor.</summary>
    public string Slug => Other().Replace($"{Processor} {Family}".ToLowerInvariant(), "-").Trim('-');

    public static Machine Read()
    {
        string[] lines = File.Exists("/proc/cpuinfo") ? File.ReadAllLines("/proc/cpuinfo") : [];
        string processor = Value("model name") ?? $"{RuntimeInformation.ProcessArchitecture}";
        string family = $"family {Value("cpu family") ?? "unknown"} model {Value("model") ?? "unknown"}";
        string sets = string.Join(", ", new (string Name, bool Here)[]
        {
            ("AVX2", Avx2.IsSupported),
            ("AVX-512 BW", Avx512BW.IsSupported),
            ("AVX-512 VBMI", Avx512Vbmi.IsSupported),
            ("GFNI", Gfni.V512.IsSupported),
        }.Where(set => set.Here).Select(set => set.Name));
        return new Machine(processor, family, Environment.ProcessorCount, sets, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);

        string? Value(string key) => lines.FirstOrDefault(line => line.Split(':')[0].Trim() == key)?.Split(':', 2)[1].Trim();
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();
}
