using Opinion.Desk.Deadlines;

namespace Opinion.Desk.Offices;

/// <summary>A name in the two languages of the desk.</summary>
public readonly record struct Name(string Zh, string En);

/// <summary>What a department is there for.</summary>
public enum DepartmentKind
{
    /// <summary>Sorts what the machine cannot.</summary>
    Intake,

    /// <summary>Takes what is written about a department.</summary>
    Supervision,

    /// <summary>Solves matters of its field.</summary>
    Line,
}

/// <summary>A department of the office.</summary>
public sealed record Department(string Code, Name Name, DepartmentKind Kind);

/// <summary>A district of the town: the finest place by which anything is counted or filtered.</summary>
public sealed record District(string Code, Name Name);

/// <summary>The office's own settings.</summary>
/// <param name="Name">What the office is called.</param>
/// <param name="TimeZone">An IANA time zone, such as Asia/Shanghai.</param>
/// <param name="InstallationId">Random; names this installation in opt-in files.</param>
/// <param name="SortingThreshold">Confidence from 0 to 1 below which a person sorts.</param>
/// <param name="ObjectionDays">Working days after closing in which the writer may object; then contact data goes.</param>
/// <param name="TransferHoldHours">Hours after a transfer before the new department may open contact data.</param>
/// <param name="TextRetentionMonths">Months after closing for which the letter's text is kept.</param>
public sealed record OfficeSettings(Name Name, string TimeZone, string InstallationId, double SortingThreshold, int ObjectionDays, int TransferHoldHours, int TextRetentionMonths);

/// <summary>The office as it stands: settings, departments, districts, subject scheme and calendar. Immutable; read it anew for each piece of work.</summary>
public sealed record Office(OfficeSettings Settings, IReadOnlyList<Department> Departments, IReadOnlyList<District> Districts, SubjectScheme Scheme, WorkingCalendar Calendar)
{
    /// <summary>The department that sorts what the machine cannot.</summary>
    public Department Intake => Departments.First(department => department.Kind == DepartmentKind.Intake);

    /// <summary>The department that takes what is written about a department.</summary>
    public Department Supervision => Departments.First(department => department.Kind == DepartmentKind.Supervision);

    /// <summary>Finds a department by its code; null where there is none.</summary>
    public Department? Department(string? code) => Departments.FirstOrDefault(department => string.Equals(department.Code, code, StringComparison.Ordinal));

    /// <summary>Finds a district by its code; null where there is none.</summary>
    public District? District(string? code) => Districts.FirstOrDefault(district => string.Equals(district.Code, code, StringComparison.Ordinal));

    /// <summary>The department responsible for a subject when a letter complains about one: never the one complained about.</summary>
    /// <param name="subject">The letter's subject; null where a person has to sort it.</param>
    /// <param name="about">The department complained about; null where none is.</param>
    public Department ResponsibleFor(string? subject, string? about)
    {
        if (about is not null)
        {
            // A complaint about the supervision itself goes to the intake, every other to the supervision.
            return string.Equals(about, Supervision.Code, StringComparison.Ordinal) ? Intake : Supervision;
        }

        return subject is null ? Intake : Department(Scheme.DepartmentOf(subject)) ?? Intake;
    }
}
