using Opinion.Analysis.Topics;

namespace Opinion.Analysis.Tests.Topics;

/// <summary>Letters of an invented town, made of parts: places, problems and sentences around them.</summary>
internal static class InventedLetters
{
    private static readonly string[] Places = ["临溪区枫杨里小区", "临溪区槐荫巷", "望湖区鹤鸣苑", "望湖区柳絮路", "石桥县青箬镇", "石桥县桐花村", "望湖区听涛府", "临溪区砚池街"];

    private static readonly string[][] Problems =
    [
        ["夜里施工噪音扰民", "工地凌晨还在打桩,吵得一家人睡不着", "渣土车整夜进出,噪音很大"],
        ["停水三天没人管", "水龙头一滴水也没有,做饭都成问题", "自来水公司的热线一直打不通"],
        ["路灯坏了半个月", "一到晚上漆黑一片,老人摔了好几次", "灯杆上的编号已经看不清"],
        ["楼下餐馆油烟直排", "油烟从窗户飘进来,衣服都没法晾", "烟道口正对着三楼的阳台"],
    ];

    private static readonly string[] Around = ["希望有关部门尽快处理", "已经打过多次电话", "邻居们都很着急", "请问什么时候能解决", "谢谢领导", "我们住在这里十年了"];

    internal static DateTimeOffset Start { get; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    internal static TopicLetter Letter(string id, string title, string body, int minutes = 0) => new(id, title, body, Start.AddMinutes(minutes));

    /// <summary>Letters at random; those of the same place and problem are one matter.</summary>
    internal static List<TopicLetter> Make(Random random, int count, int places = 8)
    {
        var letters = new List<TopicLetter>(count);
        for (int i = 0; i < count; i++)
        {
            string place = Places[random.Next(places)];
            string[] problem = Problems[random.Next(Problems.Length)];
            string body = string.Join('\u3002', Enumerable.Range(0, 1 + random.Next(4)).Select(_ => random.Next(3) switch
            {
                0 => Around[random.Next(Around.Length)],
                1 => place + problem[random.Next(3)],
                _ => problem[random.Next(3)],
            }));
            if (random.Next(3) == 0) body += $"\u3002\u7B2C{random.Next(50)}\u6B21\u6765\u4FE1";
            letters.Add(Letter($"n{i:0000}", place + problem[random.Next(4) == 0 ? 1 : 0], body, random.Next(1000)));
        }

        return letters;
    }
}
