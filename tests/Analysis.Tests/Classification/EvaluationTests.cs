using Opinion.Analysis.Classification;
using Xunit;

namespace Opinion.Analysis.Tests.Classification;

public class EvaluationTests
{
    private static readonly Judgement[] Judgements =
    [
        new("a", "a", 0.9), new("a", "a", 0.8), new("a", "b", 0.6), new("b", "b", 0.95), new("b", "c", 0.5), new("c", "c", 0.4),
    ];

    [Fact]
    public void Figures_are_those_reckoned_by_hand()
    {
        Evaluation evaluation = Evaluation.Of(Judgements, 0.8);
        // F1 of a: 2*2/(3+2); of b: 2*1/(2+2); of c: 2*1/(1+2).
        Assert.Equal((0.8 + 0.5 + (2.0 / 3)) / 3, evaluation.MacroF1, 12);
        Assert.Equal(4.0 / 6, evaluation.Accuracy, 12);
        Assert.Equal(0.5, evaluation.ShareAbove, 12);
        Assert.Equal(1, evaluation.AccuracyAbove, 12);
        // Bands: 0.4 right; 0.5 wrong; 0.6 wrong; 0.8 right; 0.9 and 0.95 right.
        Assert.Equal((0.6 + 0.5 + 0.6 + 0.2 + 0.15) / 6, evaluation.CalibrationError, 12);
        Assert.Equal(["a", "b", "c"], evaluation.Labels);
        Assert.Equal([2, 1, 0], evaluation.Confusion[0]);
        Assert.Equal([0, 1, 1], evaluation.Confusion[1]);
    }

    [Fact]
    public void The_interval_holds_the_figure_and_depends_on_the_seed_alone()
    {
        Evaluation first = Evaluation.Of(Judgements, 0.8, seed: 5);
        Evaluation second = Evaluation.Of(Judgements, 0.8, seed: 5);
        Assert.InRange(first.MacroF1, first.MacroF1Low, first.MacroF1High);
        Assert.Equal((first.MacroF1Low, first.MacroF1High), (second.MacroF1Low, second.MacroF1High));
        Assert.True(first.MacroF1Low < first.MacroF1High);
    }

    [Fact]
    public void Nothing_cannot_be_evaluated() => Assert.Throws<ArgumentException>(() => Evaluation.Of([], 0.5));
}
