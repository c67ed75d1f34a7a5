namespace Opinion.Ingest.OwnSite;

/// <summary>How gently and how much a board is read. Fixed in code; tests on this machine hurry.</summary>
public sealed record BoardLimits
{
    /// <summary>The least time between two calls to a site; robots.txt may ask for more.</summary>
    public TimeSpan Between { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Posts that one run asks for; the next run goes on.</summary>
    public int Posts { get; init; } = 300;

    /// <summary>List pages that one run asks for.</summary>
    public int Lists { get; init; } = 50;

    /// <summary>Links to posts that are taken from one list page.</summary>
    public int PostsOfList { get; init; } = 200;

    /// <summary>How long one run may take.</summary>
    public TimeSpan Run { get; init; } = TimeSpan.FromMinutes(40);

    /// <summary>How long one call may take.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of a page, unpacked.</summary>
    public int Bytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>After how many posts the site is asked again whether it may be read.</summary>
    public int PostsPerOptIn { get; init; } = 20;

    /// <summary>When a post that was not submitted, or could not be taken, is looked at again.</summary>
    public TimeSpan Again { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How often a post is looked at before it is left for good.</summary>
    public int Tries { get; init; } = 30;

    /// <summary>Calls in a row that may fail before the site is left alone until the next run.</summary>
    public int Failures { get; init; } = 3;
}
