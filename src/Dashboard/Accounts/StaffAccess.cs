using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Desk.Accounts;

namespace Opinion.Dashboard.Accounts;

/// <summary>A staff page. <see cref="Staff"/> is set before any handler runs; a page whose folder is not in <see cref="StaffAccess"/> cannot be opened.</summary>
public abstract class StaffPage : PageModel
{
    /// <summary>Who is signed in.</summary>
    public StaffMember Staff { get; internal set; } = null!;

    /// <summary>The page that says why something was refused, with the status that belongs to it.</summary>
    protected IActionResult Refused(Desk.Matters.Refusal refusal) => new Hosting.RefusedResult(refusal);
}

/// <summary>Which roles open which staff pages: the one table of it, applied before every handler.</summary>
public sealed class StaffAccess(StaffSession session) : IAsyncPageFilter
{
    /// <summary>Page folders and the roles that open them.</summary>
    public static IReadOnlyDictionary<string, Role[]> Table { get; } = new Dictionary<string, Role[]>(StringComparer.Ordinal)
    {
        ["/Staff/Home"] = [Role.Officer, Role.Editor, Role.Analyst, Role.Administrator],
        ["/Staff/Queue"] = [Role.Officer],
        ["/Staff/Search"] = [Role.Officer],
        ["/Staff/Matter"] = [Role.Officer],
        ["/Staff/Paper"] = [Role.Officer],
        ["/Staff/SetAside"] = [Role.Officer],
        ["/Staff/RowsAside"] = [Role.Officer, Role.Editor],
        ["/Staff/Bank"] = [Role.Officer, Role.Editor],
        ["/Staff/Review"] = [Role.Editor],
        ["/Staff/Clarifications"] = [Role.Editor],
        ["/Staff/Admin"] = [Role.Administrator],
    };

    /// <summary>The roles that open a page; none for one that is not in the table.</summary>
    public static IReadOnlyList<Role> RolesFor(string viewPath) =>
        Table.Where(row => viewPath.StartsWith(row.Key + "/", StringComparison.Ordinal)).Select(row => row.Value).FirstOrDefault() ?? [];

    /// <inheritdoc/>
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (context.HandlerInstance is not StaffPage page)
        {
            await next();
            return;
        }

        var cancel = context.HttpContext.RequestAborted;
        var member = await session.GetAsync(cancel);
        if (member is null)
        {
            var back = HttpMethods.IsGet(context.HttpContext.Request.Method) ? context.HttpContext.Request.Path + context.HttpContext.Request.QueryString : null;
            context.Result = new RedirectToPageResult("/Staff/SignIn/Index", new { back });
            return;
        }

        if (!RolesFor(context.ActionDescriptor.ViewEnginePath).Contains(member.Role))
        {
            context.Result = new Hosting.RefusedResult(Desk.Matters.Refusal.NotYourRole);
            return;
        }

        page.Staff = member;
        await next();
    }
}
