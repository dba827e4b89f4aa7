namespace ReDy.Simulation.Verify;

/// <summary>
/// One step of the software that uses the tile: do something, then wait clock by clock until a condition holds; or a script of
/// steps. Software is written as iterators of these, so that it reads from top to bottom while the clock runs.
/// </summary>
internal readonly record struct ScriptStep(Action? Begin, Func<bool>? Until, IEnumerable<ScriptStep>? Script)
{
    public static ScriptStep Wait(Func<bool> until) => new(null, until, null);

    public static ScriptStep Do(Action action) => new(action, null, null);

    public static ScriptStep Run(IEnumerable<ScriptStep> script) => new(null, null, script);
}

/// <summary>Runs a script: every step at once whose predecessors are done.</summary>
internal sealed class ScriptRunner
{
    private readonly Stack<IEnumerator<ScriptStep>> scripts = new();
    private Func<bool>? waitingFor;

    public ScriptRunner(IEnumerable<ScriptStep> script) => scripts.Push(script.GetEnumerator());

    public bool Done => scripts.Count == 0 && waitingFor is null;

    /// <summary>Advances as far as this clock allows.</summary>
    public void Advance()
    {
        while (true)
        {
            if (waitingFor is not null && !waitingFor())
                return;
            waitingFor = null;
            if (scripts.Count == 0)
                return;
            IEnumerator<ScriptStep> script = scripts.Peek();
            if (!script.MoveNext())
            {
                script.Dispose();
                scripts.Pop();
                continue;
            }

            ScriptStep step = script.Current;
            step.Begin?.Invoke();
            waitingFor = step.Until;
            if (step.Script is not null)
                scripts.Push(step.Script.GetEnumerator());
        }
    }
}
