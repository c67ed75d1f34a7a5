using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk.Doors;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.Open311;

/// <summary>Composition of the Open311 door.</summary>
public static class Open311Services
{
    /// <summary>Adds the door to an office's desk: what takes requests in, and the exchange with the office's other servers.</summary>
    public static IServiceCollection AddOpen311(this IServiceCollection services) =>
        services.AddOutgoing().AddSingleton<TakeRequest>().AddSingleton<FetchRequests>().AddSingleton<SendRequests>().AddSingleton<IDoorTest, Open311DoorTest>();
}
