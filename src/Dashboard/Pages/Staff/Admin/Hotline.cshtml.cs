using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Desk.Audit;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tables;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>
/// Makes the column map of a hotline's sheet: a sheet is shown by its first rows to whoever brings it, in that answer alone,
/// the columns are chosen, the map may be tried on the sheet, and is saved where sheets of its shape are to be laid. Of the
/// sheet nothing is stored.
/// </summary>
public sealed class HotlineModel(HotlineMaps maps, AuditLog audit, PageLanguage texts, TimeProvider clock) : StaffPage
{
    private const int MostColumns = 300;
    private const int MostFormats = 20;

    /// <summary>What a column may be, in the order of the form: the map's member and whether it is needed.</summary>
    public static IReadOnlyList<(string Member, bool Needed)> Members { get; } =
        [("key", true), ("body", true), ("received", true), ("title", false), ("place", false), ("district", false), ("name", false), ("phone", false), ("email", false)];

    /// <summary>The folders that have a map.</summary>
    public IReadOnlyList<WatchedFolder> Folders { get; private set; } = [];

    /// <summary>The inbox's path.</summary>
    public string Inbox => maps.Inbox;

    /// <summary>The names of the sheet's columns, once one was shown.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>The sheet's first rows, where it has just been brought.</summary>
    public SheetPreview? Preview { get; private set; }

    /// <summary>What the map would make of the sheet, where it was tried.</summary>
    public MapTrial? Trial { get; private set; }

    /// <summary>What is wrong, in words.</summary>
    public string? Wrong { get; private set; }

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>The column chosen for each member.</summary>
    public Dictionary<string, string> Chosen { get; } = new(StringComparer.Ordinal);

    /// <summary>The ways in which moments are written, one a line.</summary>
    [BindProperty]
    public string? Formats { get; set; }

    /// <summary>The map's name; empty for the inbox itself.</summary>
    [BindProperty]
    public string? Name { get; set; }

    /// <summary>The encoding of a CSV file.</summary>
    [BindProperty]
    public string? Encoding { get; set; }

    /// <summary>The sheet of a workbook; empty for the first.</summary>
    [BindProperty]
    public string? Sheet { get; set; }

    /// <summary>The columns' names as the form carries them.</summary>
    [BindProperty]
    public string? Header { get; set; }

    /// <summary>The columns' names for the form to carry.</summary>
    public string HeaderText => JsonSerializer.Serialize(Columns);

    /// <summary>How a member is called.</summary>
    public string NameOf(string member) => member switch
    {
        "key" => texts["工单编号（同一编号只收一次）"],
        "body" => texts["正文"],
        "received" => texts["来电时间"],
        "title" => texts["标题"],
        "place" => texts["地点"],
        "district" => texts["区县"],
        "name" => texts["联系人"],
        "phone" => texts["联系电话"],
        _ => texts["电子邮箱"],
    };

    /// <summary>Shows the page.</summary>
    public void OnGet() => Folders = maps.Folders();

    /// <summary>Shows a sheet's first rows and what its columns probably are.</summary>
    public IActionResult OnPostShow(CancellationToken cancel)
    {
        if (Brought() is not { } file) return Show(StatusCodes.Status400BadRequest, Wrong);
        try
        {
            Preview = SheetPreview.Read(file.Content, file.Name, Options(), cancel);
        }
        catch (InputFileException error)
        {
            return Show(StatusCodes.Status400BadRequest, Unreadable(error));
        }

        Columns = Preview.Columns;
        if (Columns.Count > MostColumns) return Show(StatusCodes.Status400BadRequest, texts["这张表有 {0} 栏，最多 {1} 栏。请先删去用不着的栏。", Columns.Count, MostColumns]);
        foreach (var (member, _) in Members)
        {
            if (MapGuess.Column(member, Columns) is { } column && !Chosen.ContainsValue(column)) Chosen[member] = column;
        }

        Formats = string.Join('\n', Chosen.TryGetValue("received", out var received) ? MapGuess.FormatsOf([.. Preview.Of(received)]) : [MapGuess.Formats[0]]);
        return Show(StatusCodes.Status200OK, null);
    }

    /// <summary>Tries the chosen columns on a sheet; nothing is taken in.</summary>
    public async Task<IActionResult> OnPostTryAsync(CancellationToken cancel)
    {
        if (Map() is not { } map) return Show(StatusCodes.Status400BadRequest, Wrong);
        if (Brought() is not { } file) return Show(StatusCodes.Status400BadRequest, Wrong);
        try
        {
            Trial = MapTrial.Of(file.Content, file.Name, map, await texts.OfficeAsync(cancel), clock.GetUtcNow(), cancel);
        }
        catch (InputFileException error)
        {
            return Show(StatusCodes.Status400BadRequest, Unreadable(error));
        }

        return Show(StatusCodes.Status200OK, null);
    }

    /// <summary>Saves the map.</summary>
    public async Task<IActionResult> OnPostSaveAsync(CancellationToken cancel)
    {
        if (Map() is not { } map) return Show(StatusCodes.Status400BadRequest, Wrong);
        var name = Name?.Trim() ?? "";
        if (name.Length > 0 && !HotlineMaps.IsName(name)) return Show(StatusCodes.Status400BadRequest, texts["名称只能用文字、数字、“-”和“_”，最多 40 个字。"]);
        await audit.WriteAsync(Staff.Id, "hotline-map-saved", name.Length == 0 ? HotlineMaps.MapFile : name, null, null, cancel);
        var folder = await maps.SaveAsync(name, map, cancel);
        Done = texts["已保存。请把这种表格放进 {0}，一分钟内开始导入。", folder.Folder];
        return RedirectToPage();
    }

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Show(int status, string? wrong)
    {
        (Wrong, Response.StatusCode, Folders) = (wrong, status, maps.Folders());
        return Page();
    }

    private (Stream Content, string Name)? Brought()
    {
        if (Uploads.Of(HttpContext) is not [var file, ..] || file.Content.IsEmpty)
        {
            Wrong = texts["请选择一个表格文件（CSV 或 XLSX）。"];
            return null;
        }

        if (file.Content.Length <= UploadLimits.For(Request.Path)!.FileBytes) return (new MemoryStream(file.Content.ToArray(), writable: false), texts["表格"]);
        Wrong = texts["这个文件超过 20 MB。做对照表只需要前几行，请留下表头和几百行再选。"];
        return null;
    }

    private TableOptions Options() => new(Table.Encodings.Contains(Encoding, StringComparer.Ordinal) ? Encoding! : Table.Encodings[0], string.IsNullOrWhiteSpace(Sheet) ? null : Sheet.Trim());

    private string Unreadable(InputFileException error) => (error.Row, error.Column) switch
    {
        ({ } row, { } column) => texts["读不出来：第 {0} 行，“{1}”栏：{2}", row, column, error.Reason],
        ({ } row, null) => texts["读不出来：第 {0} 行：{1}", row, error.Reason],
        _ => texts["读不出来：{0}", error.Reason],
    };

    // The chosen columns as a map; null where they make none, and then Wrong says why.
    private ColumnMap? Map()
    {
        Columns = HeaderOf(Header);
        foreach (var (member, needed) in Members)
        {
            var column = Request.Form["Column." + member].ToString();
            if (column.Length > 0 && !Columns.Contains(column, StringComparer.Ordinal)) column = "";
            if (column.Length > 0) Chosen[member] = column;
            else if (needed) Wrong ??= texts["请给“{0}”选一栏。", NameOf(member)];
        }

        if (Columns.Count == 0) Wrong = texts["请先选一个表格文件，看到它的栏目。"];
        if (Chosen.Values.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice) Wrong ??= texts["“{0}”栏选了不止一次。", twice.Key];
        string[] formats = [.. (Formats ?? "").Split('\n').Select(format => format.Trim()).Where(format => format.Length > 0).Take(MostFormats)];
        if (Wrong is not null) return null;
        string? Of(string member) => Chosen.GetValueOrDefault(member);
        var contact = new ContactColumns(Of("name"), Of("phone"), Of("email"));
        var map = new ColumnMap(string.IsNullOrWhiteSpace(Name) ? HotlineMaps.MapFile : Name.Trim(), Of("key")!, Of("body")!, new ReceivedColumn(Of("received")!, formats), Of("title"), Of("place"), Of("district"),
            contact == new ContactColumns() ? null : contact, [.. Columns.Except(Chosen.Values, StringComparer.Ordinal)], Options().Encoding, Options().Sheet);
        if (map.Problem() is null) return map;
        Wrong = texts["时间写法不能用。每行一种，年月日用 yyyy、M、d，二十四小时用 H，分用 mm，秒用 ss，例如 yyyy-MM-dd HH:mm:ss。"];
        return null;
    }

    private static IReadOnlyList<string> HeaderOf(string? text)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(text ?? "[]") is { Length: <= MostColumns } columns ? [.. columns.Where(column => column is { Length: > 0 }).Distinct(StringComparer.Ordinal)] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
