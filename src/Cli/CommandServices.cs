namespace Opinion.Cli;

/// <summary>The composition root of the commands: the one place of this program that names the system clock.</summary>
internal static class CommandServices
{
#pragma warning disable RS0030 // The composition root is where the ambient clock becomes an injected one.
    internal static TimeProvider Clock { get; } = TimeProvider.System;
#pragma warning restore RS0030
}
