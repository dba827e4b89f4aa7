using ReDy.Architecture;
using ReDy.CostModel;

namespace ReDy.Cli.Energy;

/// <summary>Registers whose measured toggle rate is shown beside the constant that tools without measurement assume.</summary>
/// <param name="Constant">In the component tables; null: nothing to compare with.</param>
/// <param name="Contains">Whether a register, by module and signal, is one of them.</param>
internal sealed record ActivityRate(string Name, string? Constant, Func<string, string, bool> Contains)
{
    private const string DrivenDigits = "drive_digits_q";

    /// <summary>Registers at the outputs of adders.</summary>
    private static readonly HashSet<string> Sums = ["dynamic_precision_unit.sum_q", "ima.partial_q", "ima.sum_q", "output_stage.total_q", "requantiser.biased_q"];

    public static IReadOnlyList<ActivityRate> All { get; } =
    [
        new("all registers", "neurosim_flip_flop_activity", (module, _) => ComponentKind.All.Any(kind => kind.Modules.Contains(module))),
        new("registers behind adders", "neurosim_adder_activity", (module, signal) => Sums.Contains($"{module}.{signal}")),
        new("control, without digits", "neurosim_control_activity", (module, signal) => ComponentKind.Find("control")!.Modules.Contains(module) && signal != DrivenDigits),
        new("digits at the wordlines", "neurosim_input_activity", (_, signal) => signal == DrivenDigits),
        .. ComponentKind.All.Where(kind => kind.Nature == ComponentNature.Digital).Select(kind => new ActivityRate(kind.Name, null, (module, _) => kind.Modules.Contains(module))),
    ];

    public RegisterActivity Of(TileActivity activity) => RegisterActivity.Of(activity, Contains);
}
