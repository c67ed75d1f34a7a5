namespace Opinion.Desk.Attachments;

/// <summary>A file that came with a letter, as it arrived.</summary>
/// <param name="Name">What the sender called it; used in no way and kept nowhere, since names of files speak of persons. May be null.</param>
/// <param name="Content">Its bytes.</param>
public sealed record IncomingAttachment(string? Name, ReadOnlyMemory<byte> Content);

/// <summary>What can be wrong with an attachment.</summary>
public enum AttachmentFault
{
    /// <summary>There are more than <see cref="AttachmentRules.Most"/>.</summary>
    TooMany,

    /// <summary>It has no bytes.</summary>
    Empty,

    /// <summary>It is larger than <see cref="AttachmentRules.LargestBytes"/>.</summary>
    TooLarge,

    /// <summary>Its bytes are of no type the desk takes, whatever its name says.</summary>
    UnknownType,

    /// <summary>It begins as one of the types and is cut short or damaged.</summary>
    Broken,
}

/// <summary>What is wrong with a letter's attachments.</summary>
/// <param name="Number">Which of them, counted from 1; the first one too many where there are too many.</param>
/// <param name="Fault">What is wrong.</param>
public sealed record AttachmentProblem(int Number, AttachmentFault Fault);

/// <summary>A letter whose attachments cannot be taken. Nothing of it was stored.</summary>
public sealed class AttachmentRefusedException(AttachmentProblem problem) : Exception(problem.ToString())
{
    /// <summary>What is wrong.</summary>
    public AttachmentProblem Problem { get; } = problem;
}

/// <summary>Which files may come with a letter: pictures, PDF and audio, told by their first bytes and never by their name.</summary>
public static class AttachmentRules
{
    /// <summary>The most files of one letter.</summary>
    public const int Most = 5;

    /// <summary>The largest file, in bytes.</summary>
    public const int LargestBytes = 10 * 1024 * 1024;

    /// <summary>The first thing wrong with a letter's attachments; null where all can be taken.</summary>
    public static AttachmentProblem? Check(IReadOnlyList<IncomingAttachment> attachments)
    {
        if (attachments.Count > Most) return new AttachmentProblem(Most + 1, AttachmentFault.TooMany);
        for (var i = 0; i < attachments.Count; i++)
        {
            if (Check(attachments[i].Content) is { } fault) return new AttachmentProblem(i + 1, fault);
        }

        return null;
    }

    /// <summary>What is wrong with one file; null where it can be taken.</summary>
    public static AttachmentFault? Check(ReadOnlyMemory<byte> content)
    {
        if (content.IsEmpty) return AttachmentFault.Empty;
        if (content.Length > LargestBytes) return AttachmentFault.TooLarge;
        if (AttachmentTypes.Of(content.Span) is not { } type) return AttachmentFault.UnknownType;
        return CleanFile.Clean(type, content.Span) is null ? AttachmentFault.Broken : null;
    }
}
