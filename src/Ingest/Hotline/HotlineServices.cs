using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk.Doors;

namespace Opinion.Ingest.Hotline;

/// <summary>Composition of the hotline's door.</summary>
public static class HotlineServices
{
    /// <summary>Adds the import of hotline sheets to an office's desk.</summary>
    public static IServiceCollection AddHotline(this IServiceCollection services) => services.AddSingleton<ImportHotline>().AddSingleton<HotlineMaps>().AddSingleton<IDoorTest, HotlineDoorTest>();
}
