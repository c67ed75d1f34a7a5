using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Classification;

[Collection(Alone.Name)]
public class SorterModelTests
{
    private static readonly SorterModel Model = SorterModel.Train(Invented.Letters(120, 6, seed: 1), Loaded.Segmenter);
    private static readonly byte[] Saved = Save(Model);

    [Fact]
    public void Two_hundred_letters_of_forty_labels_are_enough_to_begin()
    {
        long start = Stopwatch.GetTimestamp();
        SorterModel model = SorterModel.Train(Invented.Letters(200, 40, seed: 2), Loaded.Segmenter);
        List<TrainingExample> fresh = Invented.Letters(200, 40, seed: 3);
        int right = fresh.Count(letter => Best(model, letter.Text) == letter.Label);
        Assert.Equal(40, model.Labels.Count);
        Assert.True(right >= 160, $"{right} of 200 right");
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 30);
    }

    [Fact]
    public void The_same_examples_give_the_same_bytes() =>
        Assert.Equal(Saved, Save(SorterModel.Train(Invented.Letters(120, 6, seed: 1), Loaded.Segmenter)));

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
        older[8] = 1;
        byte[] newer = [.. Saved];
        newer[8] = 3;
        byte[] endless = [.. Saved];
        endless[18] = 1;
        byte[] negative = [.. Saved];
        negative[19] = 0x80;
        byte[] flipped = [.. Saved];
        flipped[^5] ^= 1;
        Assert.Contains("empty", Damage([]), StringComparison.Ordinal);
        Assert.Contains("not a sorter model", Damage("hello world"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("version 1 of the model file; this program reads version 2", Damage(older), StringComparison.Ordinal);
        Assert.Contains("version 3 of the model file; this program reads version 2", Damage(newer), StringComparison.Ordinal);
        Assert.Contains("not possible", Damage(endless), StringComparison.Ordinal);
        Assert.Contains("not possible", Damage(negative), StringComparison.Ordinal);
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
    public void A_sound_checksum_does_not_make_a_model_of_any_content()
    {
        var random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = [.. Saved];
            // The first part holds all counts and lengths; the rest is numbers, most of which would do.
            bytes[52 + random.Next(600)] ^= (byte)(1 << random.Next(8));
            SHA256.HashData(bytes.AsSpan(52), bytes.AsSpan(20));
            try
            {
                SorterModel model = SorterModel.Load(new MemoryStream(bytes), "my.model");
                Assert.Equal(1, model.Probabilities("路灯不亮").Sum(), 6);
            }
            catch (ModelException e)
            {
                Assert.StartsWith("my.model: ", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 100, 300);
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_read_and_its_damage_named()
    {
        using (var pipe = new GZipStream(new MemoryStream(Zipped(Saved)), CompressionMode.Decompress)) Assert.Equal(Saved, Save(SorterModel.Load(pipe)));
        using var cut = new GZipStream(new MemoryStream(Zipped(Saved[..^1])), CompressionMode.Decompress);
        Assert.Contains("cut short", Assert.Throws<ModelException>(() => SorterModel.Load(cut)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_segmenter_learns_runs_alone_and_is_kept_as_well()
    {
        SorterModel model = SorterModel.Train(Invented.Letters(120, 6, seed: 1));
        Assert.Equal(Save(model), Save(SorterModel.Load(new MemoryStream(Save(model)))));
        Assert.True(Save(model).Length < Saved.Length);
        List<TrainingExample> fresh = Invented.Letters(120, 6, seed: 3);
        Assert.True(fresh.Count(letter => Best(model, letter.Text) == letter.Label) >= 110);
    }

    [Fact]
    public void Many_threads_score_as_one()
    {
        string[] texts = [.. Invented.Letters(400, 6, seed: 5).Select(letter => letter.Text)];
        double[][] alone = Array.ConvertAll(texts, Model.Probabilities);
        var together = new double[texts.Length][];
        Parallel.For(0, texts.Length, i => together[i] = Model.Probabilities(texts[i]));
        Assert.Equal(400, texts.Length);
        Assert.Equal(alone, together);
    }

    [Fact]
    public void A_letter_is_scored_without_allocation()
    {
        string text = string.Concat(Enumerable.Repeat("请领导看看\n附近路灯不亮已经一个月，希望尽快修好。", 20));
        var probabilities = new double[Model.Labels.Count];
        Model.Probabilities(text, probabilities);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Model.Probabilities(text, probabilities);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 64);
    }

    [Fact]
    public void A_megabyte_of_text_is_scored_in_linear_time()
    {
        string text = string.Concat(Enumerable.Repeat("路灯不亮", 250_000));
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(1, Model.Probabilities(text).Sum(), 9);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 2);
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

    private static byte[] Zipped(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Fastest)) zip.Write(bytes);
        return stream.ToArray();
    }

    private static byte[] Save(SorterModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
