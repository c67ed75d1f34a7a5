using System.Data.Common;
using System.Globalization;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Open311;

/// <summary>One of several jurisdictions behind the endpoint.</summary>
/// <param name="Id">Its id, such as <c>linxi.example.gov.cn</c>.</param>
/// <param name="District">The district of what is sent to it; null for the whole office.</param>
public sealed record Jurisdiction(string Id, string? District);

/// <summary>Another installation of the same office that may fetch from this one, as this one's opt-in file says.</summary>
/// <param name="Installation">The id that installation shows its administrator.</param>
/// <param name="Until">The last day on which it may.</param>
public sealed record Guest(string Installation, DateOnly Until);

/// <summary>What the office has set up for this door beside its public subject scheme.</summary>
/// <param name="Attributes">What is asked beside the description, by service and place.</param>
/// <param name="Jurisdictions">The jurisdictions; empty where there is only the office.</param>
/// <param name="NumbersLater">Whether a request is answered with a token, and its number is given once the letter is assigned.</param>
/// <param name="Guest">The other installation of the same office that may fetch from this one; null for none.</param>
public sealed record DoorSetup(IReadOnlyList<ServiceAttribute> Attributes, IReadOnlyList<Jurisdiction> Jurisdictions, bool NumbersLater, Guest? Guest = null)
{
    /// <summary>The attributes of a service, in their order.</summary>
    public IReadOnlyList<ServiceAttribute> Of(string service) => [.. Attributes.Where(attribute => string.Equals(attribute.Service, service, StringComparison.Ordinal))];
}

/// <summary>Reads and changes what an administrator sets up for this door; every change is audited.</summary>
public sealed class ServiceSetup(DeskStore store, OfficeDirectory offices, AuditLog audit)
{
    /// <summary>The most attributes one service may have, and the most jurisdictions.</summary>
    public const int Most = 40;

    private const string Changed = "open311-changed";
    private const string NumbersLaterSetting = "open311.numbers-later";
    private const string GuestSetting = "open311.guest";

    /// <summary>What is set up now.</summary>
    public async Task<DoorSetup> ReadAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return new DoorSetup(
            await session.QueryAsync("SELECT service, code, datatype, required, position, question, hint, choices FROM open311_attributes ORDER BY service, position, code", ReadAttribute, cancel),
            await session.QueryAsync("SELECT id, district FROM open311_jurisdictions ORDER BY id", row => new Jurisdiction(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)), cancel),
            await session.TextAsync("SELECT value FROM office_settings WHERE name = @name", cancel, ("name", NumbersLaterSetting)) == "1",
            GuestOf(await session.TextAsync("SELECT value FROM office_settings WHERE name = @name", cancel, ("name", GuestSetting))));
    }

    /// <summary>Says which other installation of the office may fetch from this one; null for none.</summary>
    public async Task<Refusal?> SetGuestAsync(StaffMember administrator, Guest? guest, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) return Refusal.NotYourRole;
        if (guest is not null && !IsInstallation(guest.Installation)) return Refusal.NotFound;
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync("DELETE FROM office_settings WHERE name = @name", cancel, ("name", GuestSetting));
        if (guest is not null)
            await session.ExecuteAsync("INSERT INTO office_settings (name, value) VALUES (@name, @value)", cancel, ("name", GuestSetting), ("value", guest.Installation + " " + guest.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        return await DoneAsync(session, administrator, GuestSetting, cancel);
    }

    /// <summary>Whether a text can be an installation's id: 8 to 64 small letters, digits and hyphens.</summary>
    public static bool IsInstallation(string? text) => text is { Length: >= 8 and <= 64 } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Adds an attribute to a service, or replaces the one of its code.</summary>
    public async Task<Refusal?> PutAttributeAsync(StaffMember administrator, ServiceAttribute attribute, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) return Refusal.NotYourRole;
        if ((await offices.GetAsync(cancel)).Scheme.Find(attribute.Service) is null) return Refusal.UnknownSubject;
        if (!ServiceAttribute.IsCode(attribute.Code) || attribute.IsList != attribute.Choices.Count > 0) return Refusal.Empty;
        if (attribute.Choices.Count > Most) return Refusal.TooLong;
        if ((Refusals.ForText(attribute.Question, LetterText.TitleLimit) ?? Refusals.ForText(attribute.Hint, LetterText.TitleLimit, required: false)) is { } wrong) return wrong;
        var choices = string.Join('\n', attribute.Choices.Select(choice => choice.Key + "=" + choice.Name));
        if (Refusals.ForText(choices, LetterText.BodyLimit, required: false) is { } list) return list;
        await using var session = await store.WriteAsync(cancel);
        if (await session.CountAsync("SELECT COUNT(*) FROM open311_attributes WHERE service = @service AND code <> @code", cancel, ("service", attribute.Service), ("code", attribute.Code)) >= Most) return Refusal.TooLong;
        await session.ExecuteAsync(
            """
            INSERT INTO open311_attributes (service, code, datatype, required, position, question, hint, choices) VALUES (@service, @code, @datatype, @required, @position, @question, @hint, @choices)
            ON CONFLICT (service, code) DO UPDATE SET datatype = excluded.datatype, required = excluded.required, position = excluded.position, question = excluded.question, hint = excluded.hint, choices = excluded.choices
            """, cancel,
            ("service", attribute.Service), ("code", attribute.Code), ("datatype", ServiceAttribute.NameOf(attribute.Kind)), ("required", attribute.Required ? 1L : 0L), ("position", (long)Math.Clamp(attribute.Position, 1, 1000)),
            ("question", attribute.Question.Trim()), ("hint", attribute.Hint.Trim()), ("choices", choices));
        return await DoneAsync(session, administrator, attribute.Service + " " + attribute.Code, cancel);
    }

    /// <summary>Takes an attribute away.</summary>
    public async Task<Refusal?> RemoveAttributeAsync(StaffMember administrator, string? service, string? code, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) return Refusal.NotYourRole;
        await using var session = await store.WriteAsync(cancel);
        if (await session.ExecuteAsync("DELETE FROM open311_attributes WHERE service = @service AND code = @code", cancel, ("service", Plain(service)), ("code", Plain(code))) == 0) return Refusal.NotFound;
        return await DoneAsync(session, administrator, service + " " + code, cancel);
    }

    /// <summary>Adds a jurisdiction, or changes the district of one.</summary>
    public async Task<Refusal?> PutJurisdictionAsync(StaffMember administrator, Jurisdiction jurisdiction, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) return Refusal.NotYourRole;
        if (Refusals.ForText(jurisdiction.Id, LetterText.TitleLimit) is { } wrong) return wrong;
        if (jurisdiction.District is not null && (await offices.GetAsync(cancel)).District(jurisdiction.District) is null) return Refusal.NotFound;
        await using var session = await store.WriteAsync(cancel);
        if (await session.CountAsync("SELECT COUNT(*) FROM open311_jurisdictions WHERE id <> @id", cancel, ("id", jurisdiction.Id.Trim())) >= Most) return Refusal.TooLong;
        await session.ExecuteAsync("INSERT INTO open311_jurisdictions (id, district) VALUES (@id, @district) ON CONFLICT (id) DO UPDATE SET district = excluded.district", cancel,
            ("id", jurisdiction.Id.Trim()), ("district", jurisdiction.District));
        return await DoneAsync(session, administrator, jurisdiction.Id.Trim(), cancel);
    }

    /// <summary>Takes a jurisdiction away; letters that were sent to it stay.</summary>
    public async Task<Refusal?> RemoveJurisdictionAsync(StaffMember administrator, string? id, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) return Refusal.NotYourRole;
        await using var session = await store.WriteAsync(cancel);
        if (await session.ExecuteAsync("DELETE FROM open311_jurisdictions WHERE id = @id", cancel, ("id", Plain(id))) == 0) return Refusal.NotFound;
        return await DoneAsync(session, administrator, id!, cancel);
    }

    /// <summary>Sets whether numbers are given at once or once a letter is assigned.</summary>
    public async Task<Refusal?> SetNumbersLaterAsync(StaffMember administrator, bool later, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) return Refusal.NotYourRole;
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync("INSERT INTO office_settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value", cancel, ("name", NumbersLaterSetting), ("value", later ? "1" : "0"));
        return await DoneAsync(session, administrator, NumbersLaterSetting, cancel);
    }

    private async Task<Refusal?> DoneAsync(StoreSession session, StaffMember administrator, string what, CancellationToken cancel)
    {
        await audit.WriteAsync(session, administrator.Id, Changed, what, null, null, cancel);
        await session.CommitAsync(cancel);
        return null;
    }

    private static Guest? GuestOf(string? value) =>
        value?.Split(' ') is [var installation, var until] && DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new Guest(installation, day) : null;

    // What a text store cannot hold stands in none of its rows.
    private static string? Plain(string? text) => LetterText.Check(text, LetterText.TitleLimit, required: true) is null ? text : null;

    private static ServiceAttribute ReadAttribute(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), ServiceAttribute.KindOf(row.GetString(2))!.Value, row.GetInt64(3) == 1, (int)row.GetInt64(4), row.GetString(5), row.GetString(6), ServiceAttribute.ChoicesOf(row.GetString(7))!);
}
