using System.Diagnostics;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Topics;
using Xunit;
using static Opinion.Analysis.Tests.Topics.InventedLetters;

namespace Opinion.Analysis.Tests.Topics;

public class TopicIndexTests
{
    [Fact]
    public void The_same_place_and_problem_is_one_topic_and_another_place_or_problem_is_not()
    {
        TopicLetter[] letters =
        [
            Letter("a", "枫杨里小区停水三天没人管", "我们枫杨里小区已经停水三天,做饭洗澡都成问题"),
            Letter("b", "枫杨里小区停水何时恢复", "枫杨里停水三天了,自来水公司热线打不通"),
            Letter("c", "枫杨里小区停水", "停水第三天,老人小孩都没水喝,枫杨里小区盼恢复供水"),
            Letter("d", "鹤鸣苑停水何时恢复", "鹤鸣苑停水,自来水公司热线打不通"),
            Letter("e", "枫杨里小区广场舞噪音扰民", "每晚广场舞音响开得很大,孩子没法写作业"),
        ];
        TopicIndex index = TopicIndex.Of(letters, Requests.Table);
        Assert.Equal(["a", "b", "c"], index.TopicOf("a").Letters);
        Assert.Equal(["d"], index.TopicOf("d").Letters);
        Assert.Equal(["e"], index.TopicOf("e").Letters);
    }

    /// <summary>Topics are of matters: whoever writes in the same words about many things is not put together by these words.</summary>
    [Fact]
    public void Turns_of_phrase_tie_no_letters_about_different_matters()
    {
        (string Title, string Text)[] matters =
        [
            ("图书馆", "馆里座位太少,学生没有地方看书"), ("公交线路", "末班车太早,下夜班的人回不了家"), ("老旧小区改造", "楼道里的电线乱成一团"),
            ("养老服务", "独居老人吃饭是大难题"), ("体育场馆", "打球要排两个小时的队"), ("人才引进", "年轻人都去了外地"), ("河道治理", "水面上漂着垃圾"), ("停车场", "车子停到了人行道上"),
        ];
        string[] turns = ["在国家大力倡导的大背景下", "加快建设刻不容缓", "不知贵单位有何具体行动", "请加快步伐", "常年怨声载道"];
        TopicLetter[] letters = [.. matters.Select((matter, i) => Letter($"p{i}", $"请加快{matter.Title}刻不容缓",
            $"{turns[i % 5]},{matter.Title}这几年一直没有动静,{matter.Text},{turns[(i + 1) % 5]},{turns[(i + 2) % 5]}"))];
        TopicIndex index = TopicIndex.Of(letters, Requests.Table);
        Assert.Equal(8, letters.Length);
        Assert.All(letters, letter => Assert.Equal([letter.Id], index.TopicOf(letter.Id).Letters));
    }

    [Fact]
    public void Copies_are_one_topic_even_when_their_title_names_nothing()
    {
        const string Body = "从上个月起,槐荫巷的公共厕所一直锁着,环卫工人说是没有人来修水管,附近的老人只好走到两站路以外,请问什么时候能开放";
        TopicLetter[] letters = [Letter("a", "请尽快解决", Body), Letter("b", "请尽快解决", Body), Letter("c", "请尽快解决!", Body + "谢谢"), Letter("d", "请尽快解决", "鹤鸣苑电梯停运")];
        TopicIndex index = TopicIndex.Of(letters, Requests.Table);
        Assert.Equal(["a", "b", "c"], index.TopicOf("c").Letters);
        Assert.Equal((3, 2), (index.TopicOf("a").Count, index.TopicOf("a").Distinct));
        Assert.Equal(["d"], index.TopicOf("d").Letters);
    }

    [Fact]
    public void Districts_that_contradict_part_letters_of_one_template()
    {
        TopicLetter Template(string id, string place, string? district = null) =>
            Letter(id, $"{place}人民路路灯不亮", $"{place}人民路的路灯不亮已经半个月,晚上出行不便,请派人维修") with { District = district };
        TopicIndex named = TopicIndex.Of([Template("a", "临溪区"), Template("b", "望湖区"), Template("c", "临溪区")], Requests.Table);
        Assert.Equal(["a", "c"], named.TopicOf("a").Letters);
        TopicIndex given = TopicIndex.Of([Template("a", "", "linxi"), Template("b", "", "wanghu"), Template("c", "", "linxi")], Requests.Table);
        Assert.Equal(["a", "c"], given.TopicOf("c").Letters);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("水", "")]
    [InlineData("", "?!")]
    [InlineData("No Han at all", "The street light is broken")]
    [InlineData("\uD842", "\uDFB7\u200B\0")]
    public void Any_text_is_grouped(string title, string body)
    {
        TopicIndex index = TopicIndex.Of([Letter("a", title, body), Letter("b", "鹤鸣苑停水", "没有水"), Letter("c", title, body)], Requests.Table);
        Assert.Equal(["a", "c"], index.TopicOf("a").Letters);
        Assert.Equal(2, index.Topics().Count);
    }

    [Fact]
    public void An_id_that_is_there_already_is_refused_and_changes_nothing()
    {
        TopicIndex index = TopicIndex.Of([Letter("a", "鹤鸣苑停水", "没有水")], Requests.Table);
        Assert.Contains("\"a\"", Assert.Throws<ArgumentException>(() => index.Add([Letter("b", "x", "y"), Letter("a", "x", "y")])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Add([Letter("b", "x", "y"), Letter("b", "x", "y")]));
        Assert.Equal(1, index.Count);
        Assert.False(index.Remove("b"));
        Assert.Throws<KeyNotFoundException>(() => index.TopicOf("b"));
    }

    [Fact]
    public void The_table_weighs_exactly_as_the_merge_does()
    {
        List<TopicLetter> letters = Make(new Random(3), 300);
        TopicStatistics statistics = TopicStatistics.Of(letters, Requests.Table);
        LetterProfile[] profiles = [.. letters.Select(letter => new LetterProfile(letter, LetterGrams.Of(letter, Requests.Table), statistics))];
        var probe = new PairProbe();
        int alike = 0;
        foreach (LetterProfile a in profiles)
        {
            probe.Load(a);
            foreach (LetterProfile b in profiles)
            {
                SameMatter.PairEvidence simple = SameMatter.Weigh(a, b);
                Assert.Equal(simple, probe.Weigh(b));
                Assert.Equal(simple, SameMatter.Weigh(b, a));
                if (simple.Likeness > 0.5) alike++;
            }
        }

        Assert.InRange(alike, 1000, 90_000);
    }
}

[Collection(Alone.Name)]
public class TopicIndexHostileTests
{
    [Fact]
    public void Hostile_letters_are_grouped_in_bounded_time()
    {
        var watch = Stopwatch.StartNew();
        string megabyte = string.Concat(Enumerable.Repeat("枫杨里停水", 200_000));
        string signs = new('\u3002', 1_000_000);
        TopicLetter[] letters =
        [
            Letter("m", megabyte, megabyte), Letter("s", signs, signs),
            .. Enumerable.Range(0, 5000).Select(i => Letter($"t{i}", "鹤鸣苑停水", $"鹤鸣苑停水第{i}封信")),
            .. Enumerable.Range(0, 5000).Select(i => Letter($"e{i}", "", "")),
        ];
        TopicIndex index = TopicIndex.Of(letters, Requests.Table);
        Assert.Equal(5000, index.TopicOf("t7").Count);
        Assert.Equal(5000, index.TopicOf("e7").Count);
        for (int i = 0; i < 100; i++) index.Add([Letter($"late{i}", "鹤鸣苑停水", $"又一封{i}")]);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }
}
