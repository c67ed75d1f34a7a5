namespace Opinion.Analysis.Suppression;

/// <summary>What came of a release: every cell rounded or hidden, or a refusal.</summary>
/// <param name="Cells">The cells of the new release by key; empty where it is refused.</param>
/// <param name="Exposed">
/// Empty, or the hidden cells of this and earlier releases that would have fewer than ten possible values even if the new
/// release showed nothing. Nothing may then be published, and the lines given or the earlier releases are at fault.
/// </param>
public sealed record SuppressionResult(IReadOnlyList<PublishedCell> Cells, IReadOnlyList<string> Exposed)
{
    /// <summary>Whether the cells may be published.</summary>
    public bool IsPublishable => Exposed.Count == 0;
}

/// <summary>
/// Decides what of a release is shown. Small cells are hidden; every line has none or at least two hidden cells; and more
/// cells of the new release are hidden until every hidden cell, of the earlier releases too, has at least ten whole numbers
/// that agree with everything published. Totals are cells like others and may be hidden with them.
/// </summary>
/// <remarks>
/// The optimal choice is NP-hard (Fischetti and Salazar, "Solving the cell suppression problem on tabular data with linear
/// constraints", Management Science 47, 2001), so it is made greedily: a cell that lacks protection is given, among the cells
/// whose publication blocks it, the one that leaves the fewest lines with a single hidden cell and then has the smallest count;
/// afterwards, cells that turn out not to be needed are shown again, the largest first (Willenborg and de Waal, "Elements of
/// Statistical Disclosure Control", 2001, chapter 4). Protection is never taken from the heuristic but from
/// <see cref="ProtectionSearch"/>, which has an example for every possible value.
/// What the reader is taken to know stands at <see cref="Audit.PublicationAuditor"/>.
/// </remarks>
public static class CellSuppression
{
    /// <summary>Decides the release of every cell that has not been released yet.</summary>
    /// <param name="cube">The cells of all releases, the lines between them, and what has been released.</param>
    /// <returns>The new cells by key, or a refusal. It is the same for every order of the input.</returns>
    public static SuppressionResult Suppress(CountCube cube)
    {
        var plan = new SuppressionPlan(cube);
        plan.HideSmall();
        if (!plan.Protect())
        {
            plan.HideAll();
            if (plan.Exposed() is { Count: > 0 } exposed) return new SuppressionResult([], exposed);
        }

        plan.ShowUnneeded();
        return new SuppressionResult(plan.Release(), []);
    }

    /// <summary>Publishes every new cell that is not small, without secondary suppression, or refuses.</summary>
    internal static SuppressionResult WithoutHelp(CountCube cube)
    {
        var plan = new SuppressionPlan(cube);
        plan.HideSmall();
        return plan.Exposed() is { Count: > 0 } exposed ? new SuppressionResult([], exposed) : new SuppressionResult(plan.Release(), []);
    }
}
