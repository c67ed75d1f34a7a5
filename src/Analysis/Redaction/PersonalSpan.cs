namespace Opinion.Analysis.Redaction;

/// <summary>What kind of personal mark a span is.</summary>
public enum PersonalKind
{
    /// <summary>Resident identity number of 18 or 15 characters, or a Hong Kong identity number.</summary>
    ResidentId,

    /// <summary>Mainland mobile number.</summary>
    Mobile,

    /// <summary>Fixed-line number, with its extension.</summary>
    Landline,

    /// <summary>Number of a bank card or, after a keyword, of an account.</summary>
    BankCard,

    /// <summary>Number plate of a vehicle.</summary>
    Plate,

    /// <summary>Passport number.</summary>
    Passport,

    /// <summary>Number of a travel permit between the mainland, Hong Kong, Macau and Taiwan.</summary>
    TravelPermit,

    /// <summary>E-mail address.</summary>
    Email,

    /// <summary>WeChat handle after a keyword.</summary>
    WeChat,

    /// <summary>QQ number after a keyword.</summary>
    QQ,

    /// <summary>Name of a person.</summary>
    Name,

    /// <summary>Part of an address below the street: house, building, unit, room.</summary>
    Address,
}

/// <summary>A personal mark in a text.</summary>
/// <param name="Start">First UTF-16 code unit in the original text.</param>
/// <param name="End">One past the last.</param>
/// <param name="Kind">What it is.</param>
public readonly record struct PersonalSpan(int Start, int End, PersonalKind Kind);
