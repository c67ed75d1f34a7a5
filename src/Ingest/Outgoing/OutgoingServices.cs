using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Opinion.Ingest.Outgoing;

/// <summary>Composition of the calls to other servers.</summary>
public static class OutgoingServices
{
    /// <summary>Adds the checked client and the opt-in, once, whichever doors ask for them. Tests add an <see cref="OutgoingRule"/> of their own before.</summary>
    public static IServiceCollection AddOutgoing(this IServiceCollection services)
    {
        services.TryAddSingleton(OutgoingRule.Office);
        services.TryAddSingleton<OutgoingClient>();
        services.TryAddSingleton<OptIn>();
        return services;
    }
}
