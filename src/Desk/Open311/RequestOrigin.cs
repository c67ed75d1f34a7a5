using Opinion.Desk.Letters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Open311;

/// <summary>Where a letter of the Open311 door came from; stored in the letter's own transaction.</summary>
/// <param name="Application">The application that sent it; null where it was fetched.</param>
/// <param name="Service">The subject its sender chose; null where there is none of the scheme.</param>
/// <param name="Token">Leads to its public number; null where it was fetched.</param>
/// <param name="Peer">The server it was fetched from; null where it was sent.</param>
/// <param name="RemoteId">Its number there.</param>
public sealed record RequestOrigin(long? Application, string? Service, string? Token, string? Peer = null, string? RemoteId = null)
{
    /// <summary>Stores the origins of new letters with them.</summary>
    internal static void Put(StoreBatch batch, IEnumerable<(string LetterId, IncomingLetter Letter)> letters)
    {
        foreach (var (id, letter) in letters)
        {
            if (letter.Origin is not { } origin) continue;
            batch.Add("INSERT INTO open311_requests (letter_id, key_id, service, token, peer, remote_id) VALUES (@letter, @key, @service, @token, @peer, @remote)",
                ("letter", id), ("key", origin.Application), ("service", origin.Service), ("token", origin.Token), ("peer", origin.Peer), ("remote", origin.RemoteId));
        }
    }
}
