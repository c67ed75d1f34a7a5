using System.Globalization;
using Opinion.Desk.Storage;
using Spectre.Console;

namespace Opinion.Cli.Office;

/// <summary>
/// Shows how far a long command has come, on standard error so that what the command prints stays clean: a bar for each
/// step in a terminal; elsewhere a plain line when a step begins, when it ends, and every few seconds between.
/// </summary>
internal static class CommandProgress
{
    /// <summary>The longest a log that is read line by line stays silent while the work goes on.</summary>
    internal static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(5);

    /// <summary>Does the work and shows its progress. Steps follow one another; a step is over when another name is reported.</summary>
    /// <param name="work">The work; it reports to what it is given, from any thread.</param>
    public static async Task<T> ShowAsync<T>(Func<IProgress<StepProgress>, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
        {
            var lines = new Lines(Console.Error, CommandServices.Clock);
            var result = await work(lines);
            lines.End();
            return result;
        }

        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress().AutoClear(true).StartAsync(context => work(new Bars(context)));
    }

    /// <summary>Does work that gives nothing back.</summary>
    public static Task ShowAsync(Func<IProgress<StepProgress>, Task> work) => ShowAsync(async progress =>
    {
        await work(progress);
        return true;
    });

    /// <summary>Plain lines, for logs and pipes.</summary>
    internal sealed class Lines(TextWriter to, TimeProvider clock) : IProgress<StepProgress>
    {
        private readonly Lock _lock = new();
        private StepProgress? _last;
        private bool _shown;
        private long _at;

        /// <inheritdoc/>
        public void Report(StepProgress value)
        {
            lock (_lock)
            {
                if (_last?.Step != value.Step)
                {
                    EndStep();
                    Show(value);
                }
                else if (clock.GetElapsedTime(_at) >= PlainEvery) Show(value);
                else (_last, _shown) = (value, false);
            }
        }

        /// <summary>Says how the last step ended.</summary>
        public void End()
        {
            lock (_lock) EndStep();
        }

        private void EndStep()
        {
            if (_last is { } last && !_shown) Show(last);
            _last = null;
        }

        private void Show(StepProgress step)
        {
            to.WriteLine(step.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{step.Step}: {step.Done} of {step.Total}")
                : step.Done > 0 ? string.Create(CultureInfo.InvariantCulture, $"{step.Step}: {step.Done}") : step.Step);
            (_last, _shown, _at) = (step, true, clock.GetTimestamp());
        }
    }

    private sealed class Bars(ProgressContext context) : IProgress<StepProgress>
    {
        private readonly Lock _lock = new();
        private (string Step, ProgressTask Bar)? _current;

        public void Report(StepProgress value)
        {
            lock (_lock)
            {
                if (_current?.Step != value.Step)
                {
                    if (_current is { } over) over.Bar.Value = over.Bar.MaxValue;
                    _current = (value.Step, context.AddTask(Markup.Escape(value.Step)));
                }

                var bar = _current.Value.Bar;
                bar.IsIndeterminate = value.Total <= 0;
                bar.MaxValue = Math.Max(1, value.Total);
                bar.Value = value.Done;
            }
        }
    }
}
