using System.Globalization;

namespace Opinion.Desk.Reports;

/// <summary>An ISO 8601 week, such as 2026-W47.</summary>
public readonly record struct IsoWeek(int Year, int Number)
{
    /// <summary>Its Monday.</summary>
    public DateOnly Monday => DateOnly.FromDateTime(ISOWeek.ToDateTime(Year, Number, DayOfWeek.Monday));

    /// <summary>The week after it.</summary>
    public IsoWeek Next => Of(Monday.AddDays(7));

    /// <summary>The week before it.</summary>
    public IsoWeek Previous => Of(Monday.AddDays(-7));

    /// <summary>The week a day belongs to.</summary>
    public static IsoWeek Of(DateOnly day)
    {
        var date = day.ToDateTime(TimeOnly.MinValue);
        return new IsoWeek(ISOWeek.GetYear(date), ISOWeek.GetWeekOfYear(date));
    }

    /// <summary>Reads <c>2026-W47</c>; null for anything else, also for a week that year does not have.</summary>
    public static IsoWeek? Parse(string? text)
    {
        if (text is not { Length: 8 } || text[4] != '-' || text[5] != 'W') return null;
        if (!int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) || !int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        return year is > 1900 and < 9999 && number >= 1 && number <= ISOWeek.GetWeeksInYear(year) ? new IsoWeek(year, number) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-W{Number:00}");
}
