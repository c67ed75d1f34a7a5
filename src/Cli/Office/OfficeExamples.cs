using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Analysis.Classification;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Cli.Office;

/// <summary>What an office gives to the training of its sorter: the corrections its people made, and the scheme that bounds the labels.</summary>
/// <param name="Corrections">The corrections, as examples.</param>
/// <param name="Scheme">The office's public subject scheme.</param>
internal sealed record OfficeExamples(IReadOnlyList<TrainingExample> Corrections, SubjectScheme Scheme)
{
    /// <summary>Reads them from an office, which must be there already.</summary>
    /// <exception cref="UsageException">There is no office, or its store cannot be opened.</exception>
    internal static async Task<OfficeExamples> ReadAsync((string Folder, string? Connection) place, CancellationToken cancel)
    {
        if (OfficePlace.Missing(place) is { } missing) throw new UsageException(missing);
        try
        {
            await using var services = await OfficePlace.OpenAsync(place, cancel);
            var office = await services.GetRequiredService<OfficeDirectory>().GetAsync(cancel);
            return new OfficeExamples(await services.GetRequiredService<LearnCorrections>().HandleAsync(cancel), office.Scheme);
        }
        catch (Exception error) when (error is StoreException or DbException)
        {
            throw new UsageException(error.Message);
        }
    }
}
