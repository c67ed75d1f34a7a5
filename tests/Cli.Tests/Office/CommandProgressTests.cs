using Opinion.Cli.Office;
using Opinion.Desk.Storage;
using Xunit;

namespace Opinion.Cli.Tests.Office;

public sealed class CommandProgressTests : IDisposable
{
    private readonly StringWriter _text = new() { NewLine = "\n" };
    private readonly SteppedClock _clock = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public void A_log_gets_a_line_at_the_start_of_a_step_at_its_end_and_every_few_seconds()
    {
        var lines = new CommandProgress.Lines(_text, _clock);
        for (long done = 0; done <= 1000; done++) lines.Report(new StepProgress("letters", done, 1000));
        for (long done = 1; done <= 3; done++)
        {
            _clock.Seconds += 5;
            lines.Report(new StepProgress("matters", done, 0));
        }

        lines.Report(new StepProgress("matters", 4, 0));
        lines.Report(new StepProgress("checking", 0, 0));
        lines.End();
        Assert.Equal("letters: 0 of 1000\nletters: 1000 of 1000\nmatters: 1\nmatters: 2\nmatters: 3\nmatters: 4\nchecking\n", _text.ToString());
    }

    [Fact]
    public void Nothing_reported_is_nothing_printed()
    {
        new CommandProgress.Lines(_text, _clock).End();
        Assert.Equal("", _text.ToString());
    }

    private sealed class SteppedClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
