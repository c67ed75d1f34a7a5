using Opinion.Analysis.Classification;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Text;
using Xunit;

namespace Opinion.Analysis.Tests.Classification;

public class LetterFormTests
{
    [Fact]
    public void The_fast_form_is_that_of_normalised_text() => Texts.ForAll(text => Assert.Equal(Simple(text), Fast(text, 1)));

    [Fact]
    public void Every_character_of_the_basic_plane_has_the_form_of_normalised_text()
    {
        int checkedCharacters = 0;
        for (int c = 0; c <= char.MaxValue; c++, checkedCharacters++)
        {
            string text = ((char)c).ToString();
            string simple = Simple(text);
            if (simple != Fast(text, 16)) Assert.Fail($"U+{c:X4} becomes \"{Fast(text, 16)}\" where \"{simple}\" is right");
        }

        Assert.Equal(65_536, checkedCharacters);
    }

    private static string Fast(string text, int room)
    {
        char[] buffer = new char[room];
        int length = LetterForm.Write(text, ref buffer);
        return new string(buffer, 0, length);
    }

    private static string Simple(string text) => string.Concat(NormalizedText.Of(text).Value.Select(LetterForm.Of));
}
