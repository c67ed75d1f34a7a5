using Opinion.Analysis.Similarity;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Similarity;

public class MatchConfidenceTests
{
    [Fact]
    public void Without_trials_the_shipped_numbers_stay() => Assert.Equal(MatchConfidence.Shipped, MatchConfidence.Fitted([]));

    [Fact]
    public void Trials_move_the_confidence_towards_what_they_show()
    {
        double before = MatchConfidence.Shipped.Of(0.5, 0.5);
        Assert.InRange(MatchConfidence.Fitted([.. Enumerable.Repeat(new MatchConfidence.Trial(0.5, 0.5, false), 200)]).Of(0.5, 0.5), 0, 0.1);
        Assert.InRange(MatchConfidence.Fitted([.. Enumerable.Repeat(new MatchConfidence.Trial(0.5, 0.5, true), 200)]).Of(0.5, 0.5), 0.95, 1);
        Assert.InRange(MatchConfidence.Fitted([new(0.5, 0.5, false)]).Of(0.5, 0.5), before - 0.3, before);
    }

    [Fact]
    public void The_fit_finds_the_numbers_that_made_the_trials()
    {
        var truth = new MatchConfidence(-1, 4, 2);
        var random = new Random(20261122);
        var trials = new List<MatchConfidence.Trial>();
        for (int i = 0; i < 20000; i++)
        {
            (double lead, double covered) = (random.NextDouble(), random.NextDouble());
            trials.Add(new(lead, covered, random.NextDouble() < truth.Of(lead, covered)));
        }

        MatchConfidence fit = MatchConfidence.Fitted(trials);
        Assert.Equal(truth.Base, fit.Base, 0.2);
        Assert.Equal(truth.Lead, fit.Lead, 0.2);
        Assert.Equal(truth.Coverage, fit.Coverage, 0.2);
    }

    [Fact]
    public void A_bank_of_forms_that_find_each_other_is_surer_than_one_of_forms_that_mislead()
    {
        string[] matters = ["路灯", "停水", "公交", "噪音", "学位", "医保", "社保", "户口", "护照", "养犬", "垃圾", "暖气", "燃气", "违建", "井盖", "绿化", "路面", "停车", "网络", "宽带"];
        AnswerEntry[] good = [.. matters.Select((matter, i) => new AnswerEntry($"n{i}", $"{matter}的事找谁", [$"{matter}出了问题", $"想问{matter}"], "见公告"))];
        // Each entry's second form speaks of the next entry's matter.
        AnswerEntry[] bad = [.. matters.Select((matter, i) => new AnswerEntry($"n{i}", $"{matter}的事找谁", [$"{matters[(i + 1) % matters.Length]}出了问题"], "见公告"))];
        double sure = Index(good).Match("路灯坏了", 1).Confidence;
        double unsure = Index(bad).Match("路灯坏了", 1).Confidence;
        Assert.True(sure > unsure + 0.2, $"{sure} against {unsure}");
    }

    private static AnswerIndex Index(AnswerEntry[] bank) => AnswerIndex.Build(bank, Loaded.Segmenter, ChineseFoldingTests.Shipped);
}
