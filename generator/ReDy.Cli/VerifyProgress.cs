using Spectre.Console;

namespace ReDy.Cli;

/// <summary>Shows on a terminal what a long simulation is doing; silent everywhere else.</summary>
internal static class VerifyProgress
{
    /// <param name="totalClocks">Clocks that the run will take at least; 0: unknown.</param>
    public static async Task<T> ShowAsync<T>(long totalClocks, Func<IProgress<long>?, IProgress<string>?, Task<T>> work)
    {
        if (!Terminal.ShowsProgress)
            return await work(null, null);
        return await Terminal.Error.Progress().AutoClear(true).Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn()).StartAsync(async context =>
        {
            ProgressTask task = context.AddTask("generating", maxValue: Math.Max(1, totalClocks));
            task.IsIndeterminate = totalClocks == 0;
            return await work(new Relay<long>(clocks =>
            {
                task.Description = $"{clocks:N0} clocks";
                task.Value = totalClocks == 0 ? 0 : Math.Min(totalClocks, clocks);
            }), new Relay<string>(step => task.Description = step));
        });
    }

    /// <summary>Tells at once, on the thread that reports.</summary>
    private sealed class Relay<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
