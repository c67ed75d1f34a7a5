using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk.Doors;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>Composition of the official account's door.</summary>
public static class OfficialAccountServices
{
    /// <summary>Adds the official account to an office's desk.</summary>
    public static IServiceCollection AddOfficialAccount(this IServiceCollection services) =>
        services.AddSingleton<OfficialAccountFile>().AddSingleton<AnswerAccountMessage>().AddSingleton<AccountCallback>().AddSingleton<IDoorTest, OfficialAccountDoorTest>();
}
