namespace Opinion.Dashboard.OpenData;

/// <summary>Scripts that come from npm when the program is built, and may be missing where it was built without Node.</summary>
public static class PageScripts
{
    /// <summary>Whether charts can be drawn.</summary>
    public static bool HasCharts { get; } = typeof(PageScripts).Assembly.GetManifestResourceInfo("Opinion.Dashboard.wwwroot.echarts.js") is not null;
}
