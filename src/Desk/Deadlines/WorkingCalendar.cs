using NodaTime;

namespace Opinion.Desk.Deadlines;

/// <summary>What an exception of the calendar makes of its day.</summary>
public enum DayKind
{
    /// <summary>A weekday on which the office is closed.</summary>
    Holiday,

    /// <summary>A weekend day on which the office works (调休).</summary>
    Workday,
}

/// <summary>The day by whose end a matter must be settled.</summary>
/// <param name="Day">The date in the office's time zone.</param>
/// <param name="End">The moment at which that day ends there.</param>
public readonly record struct Deadline(DateOnly Day, DateTimeOffset End);

/// <summary>
/// The office's working days: Monday to Friday, less its holidays, plus its make-up working days. A pure value: same
/// arrival, same calendar, same deadline.
/// </summary>
public sealed class WorkingCalendar
{
    private readonly DateTimeZone _zone;
    private readonly IReadOnlyDictionary<DateOnly, DayKind> _exceptions;

    /// <summary>Makes a calendar.</summary>
    /// <param name="zone">The office's time zone.</param>
    /// <param name="exceptions">The days that differ from their weekday's rule.</param>
    public WorkingCalendar(DateTimeZone zone, IReadOnlyDictionary<DateOnly, DayKind> exceptions)
    {
        _zone = zone;
        _exceptions = exceptions;
    }

    /// <summary>The last day the calendar knows of; null for one without exceptions.</summary>
    public DateOnly? LastKnown => _exceptions.Count == 0 ? null : _exceptions.Keys.Max();

    /// <summary>The date in the office at a moment.</summary>
    public DateOnly DayOf(DateTimeOffset moment) => Instant.FromDateTimeOffset(moment).InZone(_zone).Date.ToDateOnly();

    /// <summary>The office's wall clock at a moment.</summary>
    public DateTimeOffset InOffice(DateTimeOffset moment) => Instant.FromDateTimeOffset(moment).InZone(_zone).ToDateTimeOffset();

    /// <summary>The moment a wall-clock time of the office stands for; a time skipped by daylight saving moves forward.</summary>
    public DateTimeOffset FromOffice(DateTime wallClock) => LocalDateTime.FromDateTime(wallClock).InZoneLeniently(_zone).ToDateTimeOffset();

    /// <summary>The moment a day begins in the office.</summary>
    public DateTimeOffset StartOf(DateOnly day) => _zone.AtStartOfDay(LocalDate.FromDateOnly(day)).ToDateTimeOffset();

    /// <summary>Whether the office works on a day.</summary>
    public bool IsWorkingDay(DateOnly day) => _exceptions.TryGetValue(day, out var kind)
        ? kind == DayKind.Workday
        : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>The day a number of working days after another; with 0, that day itself.</summary>
    public DateOnly AddWorkingDays(DateOnly from, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        var day = from;
        for (var left = days; left > 0;)
        {
            day = day.AddDays(1);
            if (IsWorkingDay(day)) left--;
        }

        return day;
    }

    /// <summary>The deadline of what arrived at a moment: the day of arrival does not count, the last day counts whole.</summary>
    /// <param name="arrival">When the letter arrived.</param>
    /// <param name="days">Working days allowed; 0 means the day of arrival.</param>
    public Deadline DeadlineFor(DateTimeOffset arrival, int days) => EndOf(AddWorkingDays(DayOf(arrival), days));

    /// <summary>The deadline that a day stands for.</summary>
    public Deadline EndOf(DateOnly day) => new(day, StartOf(day.AddDays(1)));

    /// <summary>Whole working days from now to a deadline: 0 on the day itself, negative when it is past.</summary>
    public int WorkingDaysLeft(DateTimeOffset now, DateOnly deadline)
    {
        var today = DayOf(now);
        var (from, to, sign) = today <= deadline ? (today, deadline, 1) : (deadline, today, -1);
        var count = 0;
        for (var day = from.AddDays(1); day <= to; day = day.AddDays(1))
        {
            if (IsWorkingDay(day)) count++;
        }

        // A deadline that ended on a day before a weekend is still past on Saturday.
        return sign < 0 ? -Math.Max(count, 1) : count;
    }
}
