using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Hosting;

/// <summary>Says on a page of its own why something was refused, with the status that belongs to it.</summary>
public sealed class RefusedResult(Refusal refusal) : IActionResult
{
    /// <summary>The HTTP status of a refusal.</summary>
    public static int StatusOf(Refusal refusal) => refusal switch
    {
        Refusal.NotFound or Refusal.NotWaiting => StatusCodes.Status404NotFound,
        Refusal.OtherDepartment or Refusal.ComplainedAbout or Refusal.NotYourRole or Refusal.ContactOnHold => StatusCodes.Status403Forbidden,
        Refusal.NotOpen or Refusal.NotClosed or Refusal.SameDepartment or Refusal.ObjectionOver => StatusCodes.Status409Conflict,
        Refusal.TooLong or Refusal.FileTooLarge or Refusal.TooManyFiles => StatusCodes.Status413PayloadTooLarge,
        Refusal.FileTypeUnknown => StatusCodes.Status415UnsupportedMediaType,
        Refusal.TooBusy => StatusCodes.Status503ServiceUnavailable,
        Refusal.SealBroken => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };

    /// <inheritdoc/>
    public Task ExecuteResultAsync(ActionContext context)
    {
        var view = new ViewResult
        {
            ViewName = "~/Pages/Shared/Refused.cshtml",
            StatusCode = StatusOf(refusal),
            ViewData = new ViewDataDictionary<Refusal>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = refusal },
        };
        return view.ExecuteResultAsync(context);
    }
}
