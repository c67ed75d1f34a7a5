using System.Globalization;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>For the doctor: whether what is sealed can be opened with the keys that are here. Nothing opened is kept or shown.</summary>
public sealed class ExamineSeals(DeskStore store, Sealer sealer, OfficeKeys keys)
{
    private const int Sample = 200;
    private const int Page = 1_000;

    /// <summary>Opens the newest and the oldest boxes, or all.</summary>
    /// <returns>What is wrong, in words.</returns>
    internal async Task<IReadOnlyList<string>> HandleAsync(bool all, CancellationToken cancel)
    {
        var findings = new List<string>();
        await using var session = await store.ReadAsync(cancel);
        var used = await session.QueryAsync("SELECT key_id, COUNT(*) FROM (SELECT key_id FROM sealed_texts UNION ALL SELECT key_id FROM sealed_contacts UNION ALL SELECT key_id FROM sealed_rows UNION ALL SELECT key_id FROM sealed_questions) boxes GROUP BY key_id ORDER BY key_id", row => (Id: row.GetString(0), Boxes: row.GetInt64(1)), cancel);
        foreach (var (id, boxes) in used.Where(key => keys.Find(key.Id) is null))
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"The sealing key {id} is not in the key file: {boxes} sealed texts and contacts cannot be opened."));
        var broken = all ? await AllAsync(session, cancel) : await SampleAsync(session, cancel);
        // Few beside the letters, so all of them where all are asked for.
        var others = await SealedRows.AllAsync(session, all ? long.MaxValue : Sample, cancel);
        others.AddRange(await SealedQuestions.AllAsync(session, all ? long.MaxValue : Sample, cancel));
        broken += Broken(others.Select(box => (box.Box, box.Binding, "", 0)));
        if (broken > 0) findings.Add(string.Create(CultureInfo.InvariantCulture, $"{broken} sealed texts or contacts do not open although their key is here: their bytes were changed."));
        if (await session.CountAsync("SELECT COUNT(*) FROM letters l WHERE l.state = 'received' AND NOT EXISTS (SELECT 1 FROM sealed_texts t WHERE t.letter_id = l.id)", cancel) is > 0 and var bare)
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{bare} letters wait to be redacted and have no sealed text."));
        if (await session.CountAsync(
            """
            SELECT (SELECT COUNT(*) FROM sealed_contacts c WHERE EXISTS (SELECT 1 FROM erasures e WHERE e.letter_id = c.letter_id AND e.what IN ('contact', 'withdrawn')))
                 + (SELECT COUNT(*) FROM sealed_texts t WHERE t.part = 0 AND EXISTS (SELECT 1 FROM erasures e WHERE e.letter_id = t.letter_id AND e.what IN ('original', 'texts', 'withdrawn')))
            """, cancel) is > 0 and var back) findings.Add(string.Create(CultureInfo.InvariantCulture, $"{back} sealed texts or contacts are there although the journal says that they were erased."));
        return findings;
    }

    private async Task<int> SampleAsync(StoreSession session, CancellationToken cancel)
    {
        var texts = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, part, letter_id FROM sealed_texts ORDER BY letter_id DESC LIMIT @most", Text, cancel, ("most", Sample));
        texts.AddRange(await session.QueryAsync("SELECT key_id, wrapped_key, sealed, part, letter_id FROM sealed_texts ORDER BY letter_id LIMIT @most", Text, cancel, ("most", Sample)));
        texts.AddRange(await session.QueryAsync("SELECT key_id, wrapped_key, sealed, letter_id FROM sealed_contacts ORDER BY letter_id DESC LIMIT @most", Contact, cancel, ("most", Sample)));
        texts.AddRange(await session.QueryAsync("SELECT key_id, wrapped_key, sealed, letter_id FROM sealed_contacts ORDER BY letter_id LIMIT @most", Contact, cancel, ("most", Sample)));
        return Broken(texts.DistinctBy(box => box.Binding));
    }

    private async Task<int> AllAsync(StoreSession session, CancellationToken cancel)
    {
        var broken = 0;
        var (letter, part) = ("", -1);
        for (List<(SealedBox Box, string Binding, string Letter, int Part)> page; ; (letter, part) = (page[^1].Letter, page[^1].Part))
        {
            page = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, part, letter_id FROM sealed_texts WHERE letter_id > @letter OR (letter_id = @letter AND part > @part) ORDER BY letter_id, part LIMIT @most", Text, cancel,
                ("letter", letter), ("part", part), ("most", Page));
            if (page.Count == 0) break;
            broken += Broken(page);
        }

        letter = "";
        for (List<(SealedBox Box, string Binding, string Letter, int Part)> page; ; letter = page[^1].Letter)
        {
            page = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, letter_id FROM sealed_contacts WHERE letter_id > @letter ORDER BY letter_id LIMIT @most", Contact, cancel, ("letter", letter), ("most", Page));
            if (page.Count == 0) return broken;
            broken += Broken(page);
        }
    }

    private int Broken(IEnumerable<(SealedBox Box, string Binding, string Letter, int Part)> boxes)
    {
        var broken = 0;
        foreach (var (box, binding, _, _) in boxes.Where(box => keys.Find(box.Box.KeyId) is not null))
        {
            try
            {
                sealer.Open(box, binding);
            }
            catch (SealBrokenException)
            {
                broken++;
            }
        }

        return broken;
    }

    private static (SealedBox Box, string Binding, string Letter, int Part) Text(System.Data.Common.DbDataReader row) => (SealedLetters.ReadBox(row), SealedLetters.TextBinding(row.GetString(4), row.GetInt32(3)), row.GetString(4), row.GetInt32(3));

    private static (SealedBox Box, string Binding, string Letter, int Part) Contact(System.Data.Common.DbDataReader row) => (SealedLetters.ReadBox(row), SealedLetters.ContactBinding(row.GetString(3)), row.GetString(3), 0);
}
