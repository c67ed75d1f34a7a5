using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Offices;
using Opinion.Desk.Open311;
using Opinion.Desk.Sealing;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.Open311;

/// <summary>What is to be sent.</summary>
/// <param name="Endpoint">The server's endpoint.</param>
/// <param name="Key">The key that server gave this office.</param>
/// <param name="Services">Subjects of this office, those below them among them, each with the service there that takes it.</param>
/// <param name="Jurisdiction">The jurisdiction; null where the server has one.</param>
/// <param name="AddressId">The server's own id for a letter about no place.</param>
public sealed record SendOrder(Uri Endpoint, string Key, IReadOnlyList<(string Subject, string Service)> Services, string? Jurisdiction = null, string AddressId = RequestForm.OfficeAddress);

/// <summary>What was sent.</summary>
/// <param name="Sent">Letters that went.</param>
/// <param name="Refused">Letters the server did not take.</param>
/// <param name="Stopped">Why it stopped before the end; null where all went.</param>
public sealed record SendResult(int Sent, int Refused, string? Stopped);

/// <summary>
/// Sends open matters of named subjects to another Open311 server of the office: the redacted twin of each, once. Contact
/// data and original words are not within its reach. A run that was killed is run again; what had arrived is known there
/// by its repeat key where that server heeds it, as this one does.
/// </summary>
public sealed class SendRequests(OutgoingClient client, OptIn optIn, PeerLetters peers, OfficeDirectory offices, OfficeKeys keys)
{
    private const int BatchSize = 50;

    /// <summary>Sends what is waiting.</summary>
    /// <exception cref="PeerException">The server has not opted in, cannot be asked, or has no such service.</exception>
    public async Task<SendResult> HandleAsync(SendOrder order, CancellationToken cancel)
    {
        var peer = await Peer.OpenAsync(client, optIn, order.Endpoint, order.Jurisdiction, cancel);
        await CheckAsync(peer, order, cancel);
        var (sent, refused) = (0, 0);
        foreach (var (subject, service) in order.Services)
        {
            var tried = new HashSet<string>(StringComparer.Ordinal);
            while (true)
            {
                // What was refused stays first in line, so more than that is asked for.
                var letters = (await peers.WaitingAsync(peer.Name, subject, BatchSize + tried.Count, cancel)).Where(letter => tried.Add(letter.LetterId)).ToList();
                if (letters.Count == 0) break;
                foreach (var letter in letters)
                {
                    if (!await peers.MayGoAsync(letter.LetterId, cancel)) continue;
                    var (status, receipt) = await peer.PostAsync(FieldsOf(letter, service, order), RepeatKey(peer, letter), cancel);
                    if (receipt?.Id is null && receipt?.Token is null)
                    {
                        if (status is 403 or 429 or >= 500) return new SendResult(sent, refused, string.Create(CultureInfo.InvariantCulture, $"{order.Endpoint.Host} answers {status}; run it again later"));
                        refused++;
                        continue;
                    }

                    await peers.NoteAsync(letter, peer.Name, receipt.Id ?? receipt.Token!, cancel);
                    sent++;
                }
            }
        }

        return new SendResult(sent, refused, null);
    }

    private async Task CheckAsync(Peer peer, SendOrder order, CancellationToken cancel)
    {
        var scheme = (await offices.GetAsync(cancel)).Scheme;
        var services = await peer.ServicesAsync(cancel);
        foreach (var (subject, service) in order.Services)
        {
            if (scheme.Find(subject) is null) throw new PeerException($"the office's scheme has no subject {subject}");
            var there = services.FirstOrDefault(one => string.Equals(one.Code, service, StringComparison.Ordinal)) ?? throw new PeerException($"{order.Endpoint.Host} has no service {service}");
            if (there.Metadata && await peer.AsksAsync(service, cancel)) throw new PeerException($"{order.Endpoint.Host} asks for answers with the service {service} that a letter does not hold");
        }
    }

    private static IEnumerable<(string Name, string? Value)> FieldsOf(PeerLetter letter, string service, SendOrder order)
    {
        var text = RequestForm.DescriptionOf(letter.Title, RequestForm.WithoutMedia(letter.Body));
        var place = letter.Place.Length is > 0 and <= 180;
        return [("api_key", order.Key), ("service_code", service), ("description", text), place ? ("address_string", letter.Place) : ("address_id", order.AddressId)];
    }

    private string RepeatKey(Peer peer, PeerLetter letter) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(keys.ChannelKeys, Encoding.UTF8.GetBytes("open311-send\n" + peer.Name + "\n" + letter.LetterId)).AsSpan(0, 16));
}
