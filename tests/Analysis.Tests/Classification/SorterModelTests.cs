using System.Diagnostics;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Classification;

[Collection(Alone.Name)]
public class SorterModelTests
{
    private static readonly SorterModel Model = SorterModel.Train(Invented.Letters(120, 6, seed: 1));
    private static readonly byte[] Saved = Save(Model);

    [Fact]
    public void Two_hundred_letters_of_forty_labels_are_enough_to_begin()
    {
        long start = Stopwatch.GetTimestamp();
        SorterModel model = SorterModel.Train(Invented.Letters(200, 40, seed: 2));
        List<TrainingExample> fresh = Invented.Letters(200, 40, seed: 3);
        int right = fresh.Count(letter => Best(model, letter.Text) == letter.Label);
        Assert.Equal(40, model.Labels.Count);
        Assert.True(right >= 160, $"{right} of 200 right");
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 30);
    }

    [Fact]
    public void The_same_examples_give_the_same_bytes() =>
        Assert.Equal(Saved, Save(SorterModel.Train(Invented.Letters(120, 6, seed: 1))));

    [Fact]
    public void A_saved_and_loaded_model_scores_identically()
    {
        SorterModel loaded = SorterModel.Load(new MemoryStream(Saved));
        Assert.Equal(Model.Labels, loaded.Labels);
        Texts.ForAll(text =>
        {
            double[] probabilities = Model.Probabilities(text);
            Assert.Equal(probabilities, loaded.Probabilities(text));
        });
        Assert.Equal(Saved, Save(loaded));
    }

    [Fact]
    public void Probabilities_sum_to_one_for_any_text() => Texts.ForAll(text =>
    {
        double[] probabilities = Model.Probabilities(text);
        Assert.Equal(Model.Labels.Count, probabilities.Length);
        Assert.Equal(1, probabilities.Sum(), 9);
        Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
    });

    [Fact]
    public void The_words_that_led_to_a_label_are_named()
    {
        const string Text = "请领导看看\n附近路灯不亮已经一个月,希望尽快修好";
        SortResult result = new TextSorter(Model, Loaded.Segmenter).Classify(Text);
        Assert.Equal("科00", result.Label);
        Assert.Contains("灯", result.Reasons[0].Word, StringComparison.Ordinal);
        Assert.All(result.Reasons, reason => Assert.Equal(reason.Word, reason.Range.Of(Text)));
        Assert.Equal(result.Confidence, result.Probabilities[0].Probability);
        Assert.Equal(Model.Labels.Order(StringComparer.Ordinal), result.Probabilities.Select(p => p.Label).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reasons_lie_inside_any_text() => Texts.ForAll(text =>
    {
        foreach (SortReason reason in new TextSorter(Model, Loaded.Segmenter).Classify(text).Reasons) Assert.Equal(reason.Word, reason.Range.Of(text));
    });

    [Fact]
    public void Each_kind_of_damage_is_named()
    {
        byte[] older = [.. Saved];
        older[8] = 0;
        byte[] flipped = [.. Saved];
        flipped[^5] ^= 1;
        Assert.Contains("empty", Damage([]), StringComparison.Ordinal);
        Assert.Contains("not a sorter model", Damage("hello world"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("version 0", Damage(older), StringComparison.Ordinal);
        Assert.Contains("cut short", Damage(Saved[..30]), StringComparison.Ordinal);
        Assert.Contains("cut short", Damage(Saved[..^1]), StringComparison.Ordinal);
        Assert.Contains("too many", Damage([.. Saved, 0]), StringComparison.Ordinal);
        Assert.Contains("checksum", Damage(flipped), StringComparison.Ordinal);
        Assert.StartsWith("my.model: ", Damage([]), StringComparison.Ordinal);
    }

    [Fact]
    public void No_flipped_byte_goes_unnoticed()
    {
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = [.. Saved];
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Damage(bytes);
        }
    }

    [Fact]
    public void Examples_that_cannot_teach_are_refused()
    {
        Assert.Contains("at least two", Refused(new TrainingExample("a", "x")), StringComparison.Ordinal);
        Assert.Contains("0 label(s)", Refused(), StringComparison.Ordinal);
        Assert.Contains("example 1 has no label", Refused(new TrainingExample("a", "x"), new TrainingExample("b", " ")), StringComparison.Ordinal);
        Assert.Contains("example 1", Refused(new TrainingExample("a", "x"), new TrainingExample("b", "y\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_texts_and_single_examples_train()
    {
        SorterModel model = SorterModel.Train([new("", "a"), new("路灯", "b"), new("", "c")]);
        Assert.Equal("b", Best(model, "路灯"));
    }

    private static string Refused(params TrainingExample[] examples) =>
        Assert.Throws<ArgumentException>(() => SorterModel.Train(examples)).Message;

    private static string Damage(byte[] bytes) =>
        Assert.Throws<ModelException>(() => SorterModel.Load(new MemoryStream(bytes), "my.model")).Message;

    private static string Best(SorterModel model, string text)
    {
        double[] probabilities = model.Probabilities(text);
        return model.Labels[Array.IndexOf(probabilities, probabilities.Max())];
    }

    private static byte[] Save(SorterModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
