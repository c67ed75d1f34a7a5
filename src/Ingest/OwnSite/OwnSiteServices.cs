using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Opinion.Desk.Boards;
using Opinion.Desk.Doors;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.OwnSite;

/// <summary>Composition of the door to message boards on the office's own sites.</summary>
public static class OwnSiteServices
{
    /// <summary>Adds the reading of boards to an office's desk.</summary>
    public static IServiceCollection AddOwnSite(this IServiceCollection services)
    {
        services.AddOutgoing().TryAddSingleton(new BoardLimits());
        return services.AddSingleton<BoardDirectory>().AddSingleton<BoardPages>().AddSingleton<ReadBoard>().AddSingleton<ReadBoards>().AddSingleton<TryBoard>().AddSingleton<IDoorTest, OwnSiteDoorTest>();
    }
}
