using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Opinion.Desk.Sealing;

namespace Opinion.Dashboard.Hosting;

/// <summary>Data Protection's keys, kept in the store by <see cref="WebKeys"/>: a session begun on one node goes on at another.</summary>
internal sealed class SharedWebKeys(WebKeys keys) : IXmlRepository
{
    /// <summary>Data Protection calls this without a cancellation; it does so at start and a few times a day.</summary>
    public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.ReadAsync(CancellationToken.None).GetAwaiter().GetResult().Select(Read)];

    /// <summary>Keeps a key; see <see cref="WebKeys.KeepAsync"/> for when another's is taken instead.</summary>
    public void StoreElement(XElement element, string friendlyName) =>
        keys.KeepAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), CancellationToken.None).GetAwaiter().GetResult();

    private static XElement Read(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 1 << 16 });
        return XElement.Load(reader);
    }
}

/// <summary>Composition of the shared keys.</summary>
internal static class SharedWebKeysServices
{
    /// <summary>Adds Data Protection with keys in the store.</summary>
    public static IServiceCollection AddSharedWebKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("opinion");
        services.AddSingleton<WebKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<WebKeys>((management, keys) => management.XmlRepository = new SharedWebKeys(keys));
        return services;
    }
}
