using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.Pages.Error;

/// <summary>What a reader sees when a request could not be answered: what happened, in words, and what to do.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class IndexModel(PageLanguage texts) : PageModel
{
    /// <summary>What happened.</summary>
    public string Heading { get; private set; } = "";

    /// <summary>What to do now.</summary>
    public string Message { get; private set; } = "";

    /// <summary>Whether the store cannot be read, so that the page must do without it.</summary>
    public bool StoreIsDown { get; private set; }

    /// <summary>Shows the page for any method, with the status of the request that failed.</summary>
    public void OnGet() => Explain();

    /// <summary>Shows the page for any method, with the status of the request that failed.</summary>
    public void OnPost() => Explain();

    private void Explain()
    {
        if (StoreFaults.Of(HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error) is { } fault)
        {
            StoreIsDown = true;
            ErrorPage.Mark(Response, fault);
            (Heading, Message) = fault == StoreFault.Full
                ? (texts["存储空间已满"], texts["刚才提交的内容没有存下；已有的内容都在。我们会尽快腾出空间，请过一会儿再试。"])
                : HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method)
                    ? (texts["暂时连不上"], texts["存放内容的服务器暂时没有回应，已有的内容都在。请过一会儿刷新这个页面。"])
                    : (texts["暂时连不上"], texts["存放内容的服务器暂时没有回应，刚才的提交可能没有办成。请过一会儿打开原来的页面看一看，没有办成再重做。"]);
            return;
        }

        (Heading, Message) = Response.StatusCode switch
        {
            _ when HttpContext.Items[ErrorPage.Reason] is Refusal refusal => (texts["没有办成"], texts.Refused(refusal)),
            400 => (texts["这个请求读不懂"], texts["页面可能放得太久，或内容不完整。请返回上一页，刷新后再提交。"]),
            404 => (texts["没有这个页面"], texts["地址可能有误，或内容已不再公开。"]),
            413 => (texts["内容太长"], texts.Refused(Refusal.TooLong)),
            429 => (texts["提交得太快"], texts["请等一分钟再试。您的内容没有丢失，返回上一页即可。"]),
            >= 500 => (texts["服务出错"], texts["不是您的问题。没有收据的内容没有存下，请稍后再试。"]),
            _ => (texts["没有办成"], texts["请返回上一页再试。"]),
        };
    }
}
