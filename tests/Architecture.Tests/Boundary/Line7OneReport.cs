using Opinion.Architecture.Tests.Sources;
using Opinion.Desk.Accounts;
using Opinion.Desk.Reports;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>Line 7: one report for all.</summary>
public class Line7OneReport
{
    private static readonly string[] Roles = ["officer", "editor", "analyst", "administrator"];

    private static readonly string[] Editions = ["edition", "editions", "leadership", "leader", "leaders", "briefing", "confidential", "restricted", "classified", "internalreport", "audience", "vip", "press", "内参", "专报", "舆情"];

    [Fact]
    public void There_are_exactly_four_roles_and_none_reads_another_report()
    {
        Assert.Equal(Roles, Enum.GetNames<Role>().Select(name => name.ToLowerInvariant()));
        using var schema = new Schema("INSERT INTO accounts (id, user_name, normalized_user_name, name_zh, name_en) VALUES ('x', 'x', 'X', '', '')").WithLetter();
        Assert.Empty(WrongRoles(schema));
        using var open = new Schema("PRAGMA ignore_check_constraints = ON; INSERT INTO accounts (id, user_name, normalized_user_name, name_zh, name_en) VALUES ('x', 'x', 'X', '', '')").WithLetter();
        Assert.NotEmpty(WrongRoles(open));
    }

    [Fact]
    public void A_week_has_one_report()
    {
        using var schema = new Schema().WithLetter();
        Assert.Equal(["week", "released_at", "report"], schema.Columns.Where(column => column.Table == "released_weeks").Select(column => column.Name));
        Assert.False(schema.Takes("INSERT INTO released_weeks (week, released_at, report) VALUES ('2026-W46', 2, '{}')"));
        Assert.True(schema.Takes("INSERT INTO released_weeks (week, released_at, report) VALUES ('2026-W47', 2, '{}')"));
        Assert.False(schema.Takes("INSERT INTO released_weeks (week, released_at, report) VALUES ('2026-W47-leaders', 2, '{}')"));
    }

    [Fact]
    public void A_released_week_is_frozen()
    {
        using var schema = new Schema().WithLetter();
        Assert.Empty(Melts(schema));
        using var broken = new Schema("DROP TRIGGER released_weeks_keep; DROP TRIGGER released_weeks_stay").WithLetter();
        Assert.Equal(2, Melts(broken).Count());
    }

    [Fact]
    public void No_edition_for_anybody_is_in_store_or_code()
    {
        using var schema = new Schema();
        Assert.Empty(ForbiddenWords.InSchema(schema, Editions));
        Assert.Empty(Repository.Sources.SelectMany(file => ForbiddenWords.InSource(file, Editions)));
        using var broken = new Schema("ALTER TABLE released_weeks ADD COLUMN audience TEXT");
        Assert.Single(ForbiddenWords.InSchema(broken, Editions));
        Assert.NotEmpty(ForbiddenWords.InSource(new SourceFile("src/Desk/Reports/Bad.cs", "Task<Report> LeadershipEdition()"), Editions));
    }

    [Fact]
    public void The_report_takes_no_parameter_but_its_week()
    {
        Assert.Empty(Choices(typeof(WeeklyReport)));
        Assert.Equal(["includeOverdue"], Choices(typeof(Selective)));
    }

    private sealed class Selective
    {
        public static string Release(IsoWeek week, bool includeOverdue) => $"{week} {includeOverdue}";
    }

    private static IEnumerable<string> Choices(Type report) => report.GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.DeclaredOnly)
        .SelectMany(method => method.GetParameters()).Where(parameter => parameter.ParameterType != typeof(IsoWeek) && parameter.ParameterType != typeof(CancellationToken)).Select(parameter => parameter.Name!);

    private static IEnumerable<string> WrongRoles(Schema schema) => Roles.Concat(["leader", "press", "police", "viewer", "superuser", ""])
        .Where(role => schema.Takes($"INSERT INTO role_grants (account_id, role, department, asked_by, asked_at) VALUES ('x', '{role}', {(role == "officer" ? "'urban'" : "NULL")}, 'y', 1)") != Roles.Contains(role));

    private static IEnumerable<string> Melts(Schema schema)
    {
        foreach (var change in new[] { "UPDATE released_weeks SET report = 'prettier'", "DELETE FROM released_weeks" })
        {
            if (schema.Takes(change)) yield return change;
        }
    }
}
