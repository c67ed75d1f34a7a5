namespace Opinion.Ingest.Outgoing;

/// <summary>Why a call to another server came to nothing.</summary>
public enum OutgoingFault
{
    /// <summary>The address is no plain http or https address, or holds a user name.</summary>
    Scheme,

    /// <summary>The port is neither the scheme's own nor one the caller named.</summary>
    Port,

    /// <summary>The host's name is not known.</summary>
    UnknownHost,

    /// <summary>The host lies at an address that is never called, see <see cref="AddressTable"/>.</summary>
    Address,

    /// <summary>A redirect led from https to http.</summary>
    Downgrade,

    /// <summary>A redirect led to another host.</summary>
    OtherHost,

    /// <summary>There were more redirects than are followed, or one without a usable target.</summary>
    Redirects,

    /// <summary>The answer is larger than was allowed, unpacked.</summary>
    TooLarge,

    /// <summary>The answer was not complete in time.</summary>
    TooSlow,

    /// <summary>Nobody answers there, or the connection broke, or its certificate is not to be trusted.</summary>
    Unreachable,

    /// <summary>What came is no HTTP, or not packed as it says.</summary>
    BadAnswer,
}

/// <summary>A call to another server was refused or failed. Its message names host and reason, never anything that was received.</summary>
public sealed class OutgoingException(OutgoingFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public OutgoingFault Fault { get; } = fault;

    /// <summary>Finds the desk's own refusal in what the framework wrapped it in; null where there is none.</summary>
    internal static OutgoingException? In(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is OutgoingException own) return own;
        }

        return null;
    }
}
