using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Opinion.Desk.Doors;
using Opinion.Ingest.Mailbox.Lmtp;

namespace Opinion.Ingest.Mailbox;

/// <summary>Composition of the mailbox's door.</summary>
public static class MailboxServices
{
    /// <summary>Adds the mailbox to an office's desk. Where it hands mail over is said by <see cref="MailboxOptions"/>, if any are given.</summary>
    public static IServiceCollection AddMailbox(this IServiceCollection services)
    {
        services.TryAddSingleton(new MailboxOptions());
        services.AddSingleton<MailboxDoor>().AddSingleton<TakeMail>().AddSingleton<ReadMaildir>().AddSingleton<LmtpListener>();
        return services.AddSingleton<IDoorTest, MailboxDoorTest>();
    }
}
