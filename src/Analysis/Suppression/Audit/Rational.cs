namespace Opinion.Analysis.Suppression.Audit;

/// <summary>An exact fraction in lowest terms. Arithmetic that leaves 64 bits throws instead of rounding.</summary>
internal readonly record struct Rational : IComparable<Rational>
{
    private readonly long denominatorLessOne;

    private Rational(long numerator, long denominator)
    {
        Numerator = numerator;
        denominatorLessOne = denominator - 1;
    }

    public long Numerator { get; }

    public long Denominator => denominatorLessOne + 1;

    public bool IsWhole => denominatorLessOne == 0;

    public bool IsUnit => denominatorLessOne == 0 && (Numerator is 1 or -1);

    public bool IsZero => Numerator == 0;

    public int Sign => Math.Sign(Numerator);

    public static implicit operator Rational(long whole) => new(whole, 1);

    public static Rational operator -(Rational a) => new(checked(-a.Numerator), a.Denominator);

    public static Rational operator +(Rational a, Rational b) => a.IsWhole && b.IsWhole
        ? checked(a.Numerator + b.Numerator)
        : Reduced(((Int128)a.Numerator * b.Denominator) + ((Int128)b.Numerator * a.Denominator), (Int128)a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator *(Rational a, Rational b) => a.IsWhole && b.IsWhole
        ? checked(a.Numerator * b.Numerator)
        : Reduced((Int128)a.Numerator * b.Numerator, (Int128)a.Denominator * b.Denominator);

    /// <exception cref="DivideByZeroException">The divisor is zero.</exception>
    public static Rational operator /(Rational a, Rational b)
    {
        if (b.IsZero) throw new DivideByZeroException();
        if (a.IsWhole && b.IsWhole && (b.Numerator is 1 or -1)) return checked(a.Numerator * b.Numerator);
        Int128 numerator = (Int128)a.Numerator * b.Denominator;
        Int128 denominator = (Int128)a.Denominator * b.Numerator;
        return denominator < 0 ? Reduced(-numerator, -denominator) : Reduced(numerator, denominator);
    }

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public int CompareTo(Rational other) => IsWhole && other.IsWhole
        ? Numerator.CompareTo(other.Numerator)
        : ((Int128)Numerator * other.Denominator).CompareTo((Int128)other.Numerator * Denominator);

    /// <summary>The greatest whole number that is not above it.</summary>
    public long Floor() => Numerator >= 0 ? Numerator / Denominator : -((-Numerator + Denominator - 1) / Denominator);

    private static Rational Reduced(Int128 numerator, Int128 denominator)
    {
        Int128 a = numerator < 0 ? -numerator : numerator;
        Int128 b = denominator;
        while (b != 0) (a, b) = (b, a % b);
        return new Rational(checked((long)(numerator / a)), checked((long)(denominator / a)));
    }
}
