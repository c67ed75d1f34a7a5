using Opinion.Analysis.Suppression;
using Opinion.Analysis.Suppression.Audit;
using Xunit;

namespace Opinion.Analysis.Tests.Suppression;

public class ErratumTests
{
    [Fact]
    public void An_erratum_stands_beside_the_old_value_and_the_line_holds_for_both()
    {
        ErratumResult erratum = Erratum.Check(Released(), "e1", [new Correction("a", 70), new Correction("t", 85)]);
        Assert.Equal([new PublishedCell("a#1", 70), new PublishedCell("t#1", 85)], erratum.Result.Cells);
        Assert.Equal(2, erratum.Cube.Lines.Count);
        Assert.True(PublicationAuditor.Audit(erratum.Cube.Released.Select(pair => new PublishedCell(pair.Key, pair.Value)), erratum.Cube.Lines).Passed);

        ErratumResult second = Erratum.Check(erratum.Cube, "e2", [new Correction("a", 80), new Correction("t", 95)]);
        Assert.Equal(["a#2", "t#2"], second.Result.Cells.Select(cell => cell.Key));
        Assert.Equal("a#2", Erratum.Current(second.Cube.Cells.Select(cell => cell.Key), "a"));
        // The second correction takes the place of the first, not of the original in the original's line.
        Assert.Equal(3, second.Cube.Lines.Count);
    }

    [Fact]
    public void An_erratum_that_would_tell_a_hidden_cell_is_refused()
    {
        // b was 12 and hidden to help c. Showing it now would leave c alone.
        CountCube cube = Released();
        ErratumResult erratum = Erratum.Check(cube, "e1", [new Correction("b", 15), new Correction("t", 78)]);
        Assert.False(erratum.Result.IsPublishable);
        Assert.Contains("c", erratum.Result.Exposed);
        Assert.Same(cube, erratum.Cube);
    }

    [Fact]
    public void The_old_value_and_the_new_together_are_what_is_checked()
    {
        // Each total alone leaves room: two hidden cells beside 12 shown ones. Both together say how many were moved.
        CountCube cube = new CountCubeBuilder().Cell("b", "w", 6).Cell("c", "w", 7).Cell("d", "w", 30).Cell("t", "w", 43)
            .Line(["b", "c", "d"], ["t"]).Released([new("b", null), new("c", null), new("d", 30), new("t", 45)]).Build();
        Assert.True(PublicationAuditor.Audit(cube.Released.Select(pair => new PublishedCell(pair.Key, pair.Value)), cube.Lines).Passed);
        ErratumResult erratum = Erratum.Check(cube, "e1", [new Correction("d", 22), new Correction("t", 35)]);
        AuditReport audit = PublicationAuditor.Audit(
            [.. cube.Released.Select(pair => new PublishedCell(pair.Key, pair.Value)), new("d#1", 20), new("t#1", 35)],
            [.. cube.Lines, new CountLine(["b", "c", "d#1"], ["t#1"])]);
        Assert.Equal(audit.Passed, erratum.Result.IsPublishable);
    }

    [Fact]
    public void An_erratum_that_forgets_a_cell_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => Erratum.Check(Released(), "e1", [new Correction("a", 70)]));
        Assert.Throws<ArgumentException>(() => Erratum.Check(Released(), "e1", [new Correction("x", 70)]));
        Assert.Throws<ArgumentException>(() => Erratum.Check(Released(), "e1", [new Correction("a", 70), new Correction("a", 70)]));
    }

    private static CountCube Released() => new CountCubeBuilder().Cell("a", "w", 60).Cell("b", "w", 12).Cell("c", "w", 3).Cell("t", "w", 75)
        .Line(["a", "b", "c"], ["t"]).Released([new("a", 60), new("b", null), new("c", null), new("t", 75)]).Build();
}
