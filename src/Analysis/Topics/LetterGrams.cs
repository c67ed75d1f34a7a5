using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Opinion.Analysis.Topics;

/// <summary>The grams of one letter: those of its title and of the beginning of its text, each once, and the districts it names.</summary>
internal sealed class LetterGrams
{
    /// <summary>How much of a text is read, in letters and digits: what a letter is about stands at its beginning, and the rest would drown it.</summary>
    private const int BodyLength = 300;

    private const int TitleLength = 60;

    // Where the title is missing, the text's first words stand for it.
    private const int StandInLength = 30;
    private const int MostDistricts = 8;

    // Words of one character that hold sentences together. Where one of them meets a common word, the gram across is no
    // part of a name; else the turns of phrase of whoever writes often would tie letters about different matters.
    private static readonly SearchValues<char> Particles = SearchValues.Create(
        "的地得了着过之所在贵我你您他她它们这那其此何哪谁某各每该于与和及跟同对向从由自以因为被把将让给使按凭并且但而或若如则不没未非无也都就还又再才只仅很太更最已曾正会能可应须必是有请问做想要个些吗呢吧啊里下大");

    private LetterGrams(uint[] grams, uint[] districts, UInt128 content)
    {
        Marked = grams;
        Districts = districts;
        Content = content;
    }

    /// <summary>
    /// The grams in rising order, each shifted left by 2, with <see cref="LetterProfile.TitleMark"/> and, for those that only
    /// stand between two common words, <see cref="LetterProfile.CommonMark"/>: such a gram is no part of a name.
    /// </summary>
    internal uint[] Marked { get; }

    /// <summary>Marks of the districts that the title names, or else the text.</summary>
    internal uint[] Districts { get; }

    /// <summary>The first 128 bits of the SHA-256 of title, text and district: equal for equal letters, and an order that owes nothing to ids or arrival.</summary>
    internal UInt128 Content { get; }

    internal static LetterGrams Of(TopicLetter letter, GramTable table)
    {
        string title = letter.Title;
        string body = letter.Body;
        Span<uint> buffer = stackalloc uint[BodyLength + TitleLength];
        Span<uint> districts = stackalloc uint[MostDistricts];
        var reading = new Reading(buffer, districts, table);
        bool titled = reading.Read(title, TitleLength, isTitle: true);
        reading.EndTitle();
        if (!titled) reading.Read(body, StandInLength, isTitle: true);
        reading.Read(body, BodyLength, isTitle: false);
        return new LetterGrams(reading.Sorted(), reading.Named(), Hash(title, body, letter.District));
    }

    private static UInt128 Hash(string title, string body, string? district)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadOnlySpan<char> end = "\uFFFF";
        foreach (string? part in (ReadOnlySpan<string?>)[title, body, district])
        {
            hash.AppendData(MemoryMarshal.AsBytes(part.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(end));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new UInt128(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest), System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest[8..]));
    }

    private ref struct Reading(Span<uint> buffer, Span<uint> districts, GramTable table)
    {
        private readonly GramTable _table = table;
        private readonly Span<uint> _buffer = buffer;
        private readonly Span<uint> _districts = districts;
        private int _count;
        private int _districtCount;
        private bool _titleNamesDistrict;

        /// <summary>Reads until so many letters and digits were seen, and never far beyond, whatever stands between them.</summary>
        internal bool Read(string text, int length, bool isTitle)
        {
            int seen = 0;
            ushort previous = Grams.Separator;
            uint held = 0;
            bool heldIsCommon = false;
            bool heldBegins = false;
            bool heldEnds = false;
            bool afterCommon = false;
            bool afterParticle = false;
            int end = Math.Min(text.Length, length * 4);
            for (int i = 0; i < end && seen < length; i++)
            {
                int place = PlaceCode.At(text, i, out uint district);
                if (place > 0)
                {
                    if (district != 0) AddDistrict(district);
                    previous = Grams.Separator;
                    Add(held, isTitle, IsAcross(before: afterCommon || heldBegins, after: heldEnds));
                    held = 0;
                    i += place - 1;
                    continue;
                }

                ushort number = Grams.Number(text[i]);
                if (number == Grams.Invisible) continue;
                if (number == Grams.Separator || previous == Grams.Separator)
                {
                    Add(held, isTitle, IsAcross(before: afterCommon || heldBegins, after: heldEnds));
                    held = 0;
                }
                else
                {
                    uint gram = Grams.Of(previous, number);
                    bool isCommon = _table.IsCommon(gram, out _);
                    Add(held, isTitle, IsAcross(before: afterCommon || heldBegins, after: isCommon || heldEnds));
                    afterCommon = held != 0 && heldIsCommon;
                    held = gram;
                    heldIsCommon = isCommon;
                    heldBegins = afterParticle;
                    heldEnds = Particles.Contains(text[i]);
                }

                if (number != Grams.Separator)
                {
                    seen++;
                    if (text[i] is '区' or '县') AddDistrict(PlaceCode.Before(text, i));
                }

                previous = number;
                afterParticle = Particles.Contains(text[i]);
            }

            Add(held, isTitle, IsAcross(before: afterCommon || heldBegins, after: heldEnds));
            return seen >= 2;

            // Whether the held gram only stands between two words.
            bool IsAcross(bool before, bool after) => !heldIsCommon && before && after;
        }

        /// <summary>The districts of the title outweigh those that a text mentions.</summary>
        internal void EndTitle() => _titleNamesDistrict = _districtCount > 0;

        internal readonly uint[] Sorted()
        {
            Span<uint> grams = _buffer[.._count];
            grams.Sort();
            int kept = 0;
            for (int i = 0; i < grams.Length; i++)
            {
                if (kept > 0 && grams[kept - 1] >> 2 == grams[i] >> 2) grams[kept - 1] = (grams[kept - 1] | (grams[i] & LetterProfile.TitleMark)) & (grams[i] | ~LetterProfile.CommonMark);
                else grams[kept++] = grams[i];
            }

            return grams[..kept].ToArray();
        }

        internal readonly uint[] Named() => _districtCount == 0 ? [] : _districts[.._districtCount].ToArray();

        private void Add(uint gram, bool isTitle, bool isBoundary)
        {
            if (gram == 0 || _count == _buffer.Length) return;
            _buffer[_count++] = (gram << 2) | (isBoundary ? LetterProfile.CommonMark : isTitle ? LetterProfile.TitleMark : 0);
        }

        private void AddDistrict(uint district)
        {
            if (district == 0 || _titleNamesDistrict || _districtCount == MostDistricts || _districts[.._districtCount].Contains(district)) return;
            _districts[_districtCount++] = district;
        }
    }
}
