using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Open311;

namespace Opinion.Ingest.Open311;

/// <summary>Tries the Open311 door: it writes the documents an application would ask for in both formats, reads them again, and stores nothing.</summary>
public sealed class Open311DoorTest(OfficeDirectory offices, ServiceSetup setup, Applications applications) : IDoorTest
{
    /// <inheritdoc/>
    public Channel Channel => Channel.Open311;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DoorCheck>> TestAsync(CancellationToken cancel)
    {
        var office = await offices.GetAsync(cancel);
        var now = await setup.ReadAsync(cancel);
        var read = true;
        foreach (var format in Enum.GetValues<AnswerFormat>())
        {
            try
            {
                read &= GeoReport.Services(DocumentReader.Read(new Answers(office, chinese: true).Services(now).Write(format), format)).Count == office.Scheme.Subjects.Count;
                foreach (var service in now.Attributes.Select(attribute => attribute.Service).Distinct(StringComparer.Ordinal))
                    read &= GeoReport.Definition(DocumentReader.Read(Answers.Definition(service, now).Write(format), format)).Attributes.Count == now.Of(service).Count;
            }
            catch (ProblemException)
            {
                read = false;
            }
        }

        return [new DoorCheck(new Name($"服务目录可用 XML 和 JSON 读出，共 {office.Scheme.Subjects.Count} 项", $"The list of services is readable as XML and JSON, {office.Scheme.Subjects.Count} in all"), read), .. await SetUpAsync(cancel)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DoorCheck>> SetUpAsync(CancellationToken cancel)
    {
        var keys = (await applications.ListAsync(cancel)).Count(application => application.RevokedAt is null);
        return [new DoorCheck(keys > 0 ? new Name($"有 {keys} 个有效的密钥", $"{keys} keys count") : new Name("还没有密钥：在 Open311 设置里发一个", "There is no key yet: make one on the Open311 page"), keys > 0)];
    }
}
