namespace Opinion.Analysis.Redaction;

/// <summary>What the words before a place say about a number that starts there.</summary>
internal readonly struct Announcement
{
    private readonly bool _identity;
    private readonly bool _account;
    private readonly bool _qq;
    private readonly bool _weChat;
    private readonly bool _phone;
    private readonly bool _permit;

    internal Announcement(ReadOnlySpan<char> text, int at)
    {
        _identity = Keywords.Before(text, at, Keywords.Identity) || Keywords.Near(text, at, 14, "身份证", "身份号", "证件号");
        _account = Keywords.Before(text, at, Keywords.Account);
        _qq = Keywords.Before(text, at, Keywords.QQ);
        _weChat = Keywords.Before(text, at, Keywords.WeChat);
        _phone = Keywords.Before(text, at, Keywords.Phone);
        _permit = Keywords.Before(text, at, Keywords.Permit);
    }

    /// <summary>Whether anything is said at all.</summary>
    internal bool IsSilent => !(_identity || _account || _qq || _weChat || _phone || _permit);

    /// <summary>Whether a number of these digits is what was announced.</summary>
    internal bool Fits(ReadOnlySpan<char> d, out PersonalKind kind)
    {
        kind = PersonalKind.ResidentId;
        if (_identity && d.Length is >= 12 and <= 20) return true;
        kind = PersonalKind.BankCard;
        if (_account && d.Length >= 10) return true;
        kind = PersonalKind.QQ;
        if (_qq && d.Length is >= 5 and <= 12) return true;
        kind = PersonalKind.WeChat;
        if (_weChat && d.Length is >= 5 and <= 14) return true;
        kind = d[0] == '1' ? PersonalKind.Mobile : PersonalKind.Landline;
        if (_phone && d.Length is >= 7 and <= 14 && !NumberRules.IsServiceLine(d)) return true;
        kind = PersonalKind.TravelPermit;
        return _permit && d.Length is >= 7 and <= 12;
    }

    /// <summary>What was announced, for a number of which digits are hidden already; null where nothing was.</summary>
    internal PersonalKind? Kind(bool mobile) =>
        _identity ? PersonalKind.ResidentId
        : _account ? PersonalKind.BankCard
        : _qq ? PersonalKind.QQ
        : _weChat ? PersonalKind.WeChat
        : _phone ? (mobile ? PersonalKind.Mobile : PersonalKind.Landline)
        : _permit ? PersonalKind.TravelPermit : null;
}
