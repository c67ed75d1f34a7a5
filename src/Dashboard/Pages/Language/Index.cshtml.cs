using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Language;

namespace Opinion.Dashboard.Pages.Language;

/// <summary>Chooses the language of the pages: one click, kept in a cookie, back to the same page.</summary>
public sealed class IndexModel : PageModel
{
    /// <summary>There is nothing to read here.</summary>
    public IActionResult OnGet() => NotFound();

    /// <summary>Sets the language.</summary>
    public IActionResult OnPost(string? language, string? back)
    {
        var culture = PageLanguage.Cultures.FirstOrDefault(known => known.Name == language) ?? PageLanguage.Cultures[0];
        Response.Cookies.Append("opinion-language", CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = Request.IsHttps, MaxAge = TimeSpan.FromDays(365), Path = "/", IsEssential = true });
        return LocalRedirect(Url.IsLocalUrl(back) ? back : "/");
    }
}
