using Opinion.Desk.Attachments;
using Xunit.Abstractions;

namespace Opinion.Desk.Tests.Attachments;

/// <summary>What is taken out of files, byte by byte, and which are refused.</summary>
public sealed class CleanFileTests(ITestOutputHelper output)
{
    private const int Seed = 20261125;

    public static TheoryData<AttachmentType> Types => [.. Enum.GetValues<AttachmentType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_is_told_by_its_bytes_and_comes_out_of_cleaning_as_itself_without_the_canary(AttachmentType type)
    {
        var file = SampleFiles.All[type];
        Assert.Equal(type, AttachmentTypes.Of(file));
        Assert.Null(AttachmentRules.Check(file));
        var clean = CleanFile.Clean(type, file)!;
        Assert.Equal(type is AttachmentType.Pdf or AttachmentType.Amr, SampleFiles.IndexOf(file, SampleFiles.Canary) < 0);
        Assert.True(SampleFiles.IndexOf(clean, "CANARY") < 0);
        Assert.Equal(type, AttachmentTypes.Of(clean));
        Assert.Equal(clean, CleanFile.Clean(type, clean));
        Assert.True(clean.Length <= file.Length);
        Assert.Equal(type, AttachmentTypes.Find(type.NameOf()));
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(3, false)]
    public void A_jpeg_keeps_its_picture_its_colours_and_which_side_is_up(byte orientation, bool little)
    {
        var clean = CleanFile.Clean(AttachmentType.Jpeg, SampleFiles.Jpeg(orientation, little))!;
        Assert.True(clean.AsSpan().IndexOf(SampleFiles.Scan) > 0);
        Assert.True(SampleFiles.IndexOf(clean, "ICC_PROFILE") > 0);
        var exif = SampleFiles.IndexOf(clean, "Exif");
        // A TIFF block with one entry: 0112, a short, one of them, its value.
        Assert.Equal([(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0], clean[(exif + 6)..(exif + 32)]);
        foreach (var gone in new[] { "xap", "MPF", "Photoshop" }) Assert.True(SampleFiles.IndexOf(clean, gone) < 0, gone);
        Assert.Equal([0xFF, 0xD9], clean[^2..]);
    }

    [Fact]
    public void A_jpeg_that_is_not_turned_keeps_no_exif_and_what_follows_its_end_goes()
    {
        var clean = CleanFile.Clean(AttachmentType.Jpeg, SampleFiles.Jpeg(1, trailing: SampleFiles.M4a("vide")))!;
        Assert.True(SampleFiles.IndexOf(clean, "Exif") < 0);
        Assert.True(SampleFiles.IndexOf(clean, "ftyp") < 0);
        // JFIF without its small picture: 16 bytes with the length, no columns and no rows.
        Assert.Equal([0xFF, 0xE0, 0, 16, (byte)'J'], clean[2..7]);
        Assert.Equal([0, 0], clean[18..20]);
    }

    [Fact]
    public void A_png_keeps_the_chunks_of_its_picture_and_a_private_one_goes()
    {
        var clean = CleanFile.Clean(AttachmentType.Png, SampleFiles.Png())!;
        foreach (var kept in new[] { "IHDR", "gAMA", "IDAT", "IEND", "eXIf" }) Assert.True(SampleFiles.IndexOf(clean, kept) > 0, kept);
        foreach (var gone in new[] { "tEXt", "iTXt", "zTXt", "tIME", "prVt" }) Assert.True(SampleFiles.IndexOf(clean, gone) < 0, gone);
        var changed = SampleFiles.Png();
        changed[SampleFiles.IndexOf(changed, "IDAT") + 5] ^= 1;
        Assert.Equal(AttachmentFault.Broken, AttachmentRules.Check(changed));
    }

    [Fact]
    public void Sound_is_kept_byte_for_byte()
    {
        Assert.Equal([.. SampleFiles.Frame(1), .. SampleFiles.Frame(2)], CleanFile.Clean(AttachmentType.Mp3, SampleFiles.Mp3())!);
        var m4a = CleanFile.Clean(AttachmentType.M4a, SampleFiles.M4a())!;
        // Nothing has moved, for its tables point at the sound by offset; the times of making are zero.
        Assert.Equal(SampleFiles.M4a().Length, m4a.Length);
        Assert.Equal([9, 8, 7, 6, 5], m4a[^5..]);
        Assert.True(m4a.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE2, 1, 2]) < 0);
        Assert.Equal(6, SampleFiles.M4a().Count(b => b == 0xE2));
        var ogg = CleanFile.Clean(AttachmentType.Ogg, SampleFiles.All[AttachmentType.Ogg])!;
        Assert.Equal([5, 6, 7, 8], ogg[^4..]);
        Assert.True(SampleFiles.IndexOf(ogg, "libx") > 0);
        Assert.NotNull(CleanFile.Clean(AttachmentType.Ogg, SampleFiles.Ogg("\u0001vorbis", "\u0003vorbis")));
        Assert.Equal([1, 2, 3, 4, 5, 6], CleanFile.Clean(AttachmentType.Wav, SampleFiles.Wav())![^6..]);
    }

    [Fact]
    public void A_webp_says_no_longer_that_it_has_xmp_and_keeps_which_side_is_up()
    {
        var clean = CleanFile.Clean(AttachmentType.Webp, SampleFiles.Webp())!;
        Assert.Equal(0x10 | 0x08, clean[20]);
        Assert.True(SampleFiles.IndexOf(clean, "XMP ") < 0);
        Assert.Equal(clean.Length - 8, BitConverter.ToInt32(clean, 4));
    }

    [Theory]
    [InlineData("<!DOCTYPE html><script>alert(1)</script>")]
    [InlineData("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("MZ\u0090\0")]
    [InlineData("PK\u0003\u0004")]
    [InlineData("\u007FELF")]
    [InlineData("just words")]
    [InlineData("RIFFxxxxAVI ")]
    public void What_is_none_of_the_types_is_refused_whatever_it_is_called(string content) =>
        Assert.Equal(new AttachmentProblem(1, AttachmentFault.UnknownType), AttachmentRules.Check([new IncomingAttachment("photo.jpg", System.Text.Encoding.Latin1.GetBytes(content))]));

    [Fact]
    public void Numbers_and_sizes_are_limited()
    {
        Assert.Equal(new AttachmentProblem(6, AttachmentFault.TooMany), AttachmentRules.Check([.. Enumerable.Repeat(new IncomingAttachment(null, SampleFiles.Png()), 6)]));
        Assert.Null(AttachmentRules.Check([.. Enumerable.Repeat(new IncomingAttachment(null, SampleFiles.Png()), 5)]));
        Assert.Equal(new AttachmentProblem(2, AttachmentFault.Empty), AttachmentRules.Check([new IncomingAttachment(null, SampleFiles.Png()), new IncomingAttachment(null, default)]));
        Assert.Equal(AttachmentFault.TooLarge, AttachmentRules.Check(new byte[AttachmentRules.LargestBytes + 1]));
        Assert.Null(AttachmentTypes.Of(SampleFiles.M4a("vide")));
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_never_taken_as_whole()
    {
        foreach (var type in new[] { AttachmentType.Jpeg, AttachmentType.Png, AttachmentType.Gif, AttachmentType.Webp, AttachmentType.Wav, AttachmentType.M4a })
        {
            var file = type == AttachmentType.Jpeg ? SampleFiles.Jpeg(1) : SampleFiles.All[type];
            for (var length = 12; length < file.Length; length++) Assert.True(CleanFile.Clean(type, file.AsSpan(0, length)) is null, $"{type} cut to {length} of {file.Length}");
        }

        // Sound of frames may end after any of them; a page of Ogg only whole.
        Assert.Null(CleanFile.Clean(AttachmentType.Ogg, SampleFiles.All[AttachmentType.Ogg].AsSpan(..^1)));
        Assert.Null(CleanFile.Clean(AttachmentType.Amr, SampleFiles.Amr().AsSpan(..^1)));
        Assert.Null(CleanFile.Clean(AttachmentType.Pdf, SampleFiles.Pdf().AsSpan(..^8)));
        Assert.Null(CleanFile.Clean(AttachmentType.Mp3, SampleFiles.Frame(1).AsSpan(..^1)));
    }

    [Fact]
    public void Whatever_is_changed_in_a_file_cleaning_ends_and_what_it_gives_is_clean()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var (taken, rounds) = (0, Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 200_000 : 4_000);
        for (var round = 0; round < rounds; round++)
        {
            var type = (AttachmentType)random.Next(10);
            var file = (byte[])SampleFiles.All[type].Clone();
            for (var change = random.Next(1, 5); change > 0; change--) file[random.Next(file.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            if (random.Next(3) == 0) file = [.. file[..random.Next(file.Length)], .. file[random.Next(file.Length)..]];
            if (AttachmentTypes.Of(file) is not { } told || CleanFile.Clean(told, file) is not { } clean) continue;
            taken++;
            Assert.Equal(told, AttachmentTypes.Of(clean));
            Assert.Equal(clean, CleanFile.Clean(told, clean));
        }

        Assert.True(taken > rounds / 20, $"{taken} taken");
    }
}
