using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Hosting;

/// <summary>What an error page is told about its reason.</summary>
public static class ErrorPage
{
    /// <summary>The key under which a request carries the <see cref="Refusal"/> its error page names.</summary>
    public const string Reason = "opinion-refusal";
}
