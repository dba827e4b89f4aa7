using Spectre.Console;

namespace ReDy.Cli.Verbs.Networks;

/// <summary>One progress bar whose work changes as it goes; silent where there is no terminal.</summary>
internal sealed class ProgressLine
{
    private readonly ProgressTask? task;

    private ProgressLine(ProgressTask? task) => this.task = task;

    public static T Show<T>(Func<ProgressLine, T> work)
    {
        if (!Terminal.ShowsProgress)
            return work(new ProgressLine(null));
        return Terminal.Error.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new ProgressLine(context.AddTask("reading"))));
    }

    public void Report(string what, int done, int all)
    {
        if (task is null)
            return;
        task.Description = what;
        task.MaxValue = Math.Max(1, all);
        task.Value = done;
    }
}
