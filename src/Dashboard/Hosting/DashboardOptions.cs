using System.Net;

namespace Opinion.Dashboard.Hosting;

/// <summary>How the web host runs.</summary>
public sealed record DashboardOptions
{
    /// <summary>The office's data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>A PostgreSQL database that holds the store in the folder's place; null for SQLite.</summary>
    public string? Connection { get; init; }

    /// <summary>The address it listens on; loopback unless a proxy on another machine must reach it. It speaks no HTTPS: that is the proxy's.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>The proxies whose word on the asking address and on HTTPS is believed; none believes no one.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>The Maildir that the office's mail server delivers into; null for none.</summary>
    public string? Maildir { get; init; }

    /// <summary>The port on loopback on which the office's mail server hands mail over by LMTP; null for none, 0 takes a free one.</summary>
    public int? LmtpPort { get; init; }

    /// <summary>A folder with a sample town, put into an empty data folder; null for none.</summary>
    public string? SampleFolder { get; init; }

    /// <summary>What calls to other servers may do beyond the table of refused addresses; nothing, except in tests on this machine.</summary>
    public Ingest.Outgoing.OutgoingRule Outgoing { get; init; } = Ingest.Outgoing.OutgoingRule.Office;

    /// <summary>Letters one address may send in a minute.</summary>
    public int LettersPerMinute { get; init; } = 30;

    /// <summary>Requests, updates and questions about own requests one address may post at the Open311 door in a minute: an application stands for many writers.</summary>
    public int Open311PerMinute { get; init; } = 300;

    /// <summary>Receipt codes one address may try in a minute.</summary>
    public int ReceiptsPerMinute { get; init; } = 20;

    /// <summary>Sign-ins one address may try in a minute.</summary>
    public int SignInsPerMinute { get; init; } = 20;
}
