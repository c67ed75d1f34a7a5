using Opinion.Desk.Offices;
using static Opinion.Ingest.Open311.DocumentValue;

namespace Opinion.Ingest.Open311;

/// <summary>The document by which an application finds the endpoint.</summary>
public static class Discovery
{
    /// <summary>Writes it.</summary>
    /// <param name="site">Where the desk is reached.</param>
    /// <param name="office">What the office is called.</param>
    /// <param name="changeset">When what stands behind the endpoint last changed.</param>
    public static Document Document(Uri site, Name office, string changeset)
    {
        var root = site.AbsoluteUri.TrimEnd('/');
        return new Document("discovery", new Group(
        [
            ("changeset", new Text(changeset)),
            ("contact", new Text($"{office.Zh} {office.En} {root}/about")),
            ("key_service", new Text($"密钥由本单位管理员发给应用，见 {root}/about。 / A key is given to an application by the office's administrator, see {root}/about.")),
            ("endpoints", new List("endpoint",
            [
                new Group(
                [
                    ("specification", new Text(GeoReport.Specification)), ("url", new Text(root + "/open311/v2")), ("changeset", new Text(changeset)), ("type", new Text("production")),
                    ("formats", new List("format", [new Text("text/xml"), new Text("application/json")])),
                ]),
            ])),
        ]));
    }
}
