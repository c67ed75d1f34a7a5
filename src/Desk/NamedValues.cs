namespace Opinion.Desk;

/// <summary>Values that have fixed names in the store and in commands.</summary>
internal static class NamedValues
{
    /// <summary>Finds a value by its name, letter by letter; null for an unknown one.</summary>
    /// <param name="name">The name; null is nobody's.</param>
    /// <param name="nameOf">The name of each value.</param>
    public static T? Find<T>(string? name, Func<T, string> nameOf)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(nameOf(value), name, StringComparison.Ordinal)) return value;
        }

        return null;
    }
}
