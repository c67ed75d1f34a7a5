using Opinion.Analysis.Classification;

namespace Opinion.Analysis.Tests.Classification;

/// <summary>Invented letters: each label has words of its own, mixed with words that all share.</summary>
internal static class Invented
{
    private static readonly string[] Shared = ["请", "尽快", "我们", "小区", "已经", "一个月", "领导", "您好", "希望", "附近", "居民", "每天"];
    private static readonly string[] Own =
    [
        "路灯不亮", "公交晚点", "学校择校", "医院挂号", "河水发黑", "工资拖欠", "垃圾成堆", "物业收费", "停车占道", "噪音施工", "井盖破损", "暖气不热", "自来水停", "电梯故障",
        "社保转移", "户口迁移", "拆迁补偿", "绿化砍树", "食品过期", "网吧扰民",
    ];

    internal static List<TrainingExample> Letters(int count, int labels, int seed)
    {
        var random = new Random(seed);
        var letters = new List<TrainingExample>();
        for (int i = 0; i < count; i++)
        {
            int label = i % labels;
            // With more labels than words, a label is a pair of words.
            string own = Own[label % Own.Length] + (label < Own.Length ? "" : Own[(label + 7) % Own.Length]);
            IEnumerable<string> words = Enumerable.Range(0, 8).Select(_ => Shared[random.Next(Shared.Length)]).Append(own).Append(own);
            string[] body = [.. words];
            random.Shuffle(body);
            letters.Add(new TrainingExample($"{Shared[random.Next(Shared.Length)]}\n{string.Concat(body)}。", $"科{label:00}"));
        }

        return letters;
    }
}
