namespace Opinion.Analysis.Topics;

/// <summary>What grouping reads of a letter: redacted text, when it came, and where and what it is about if the caller knows. Nothing about who wrote it.</summary>
/// <param name="Id">The letter's id, unlike that of any other letter in the same index.</param>
/// <param name="Title">The redacted title; may be empty.</param>
/// <param name="Body">The redacted text; may be empty.</param>
/// <param name="Time">When the letter came.</param>
/// <param name="District">The district of the matter as the office knows it; null where it does not.</param>
/// <param name="Subject">The subject the letter was given; null where it has none.</param>
public sealed record TopicLetter(string Id, string Title, string Body, DateTimeOffset Time, string? District = null, string? Subject = null);
