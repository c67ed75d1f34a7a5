using Opinion.Desk.Letters;

namespace Opinion.Desk.Doors;

/// <summary>Something was brought to a door that an administrator has closed. Nothing was stored.</summary>
public sealed class DoorClosedException(Channel channel) : Exception($"The door {channel.NameOf()} is closed; an administrator opens it on the page Doors.")
{
    /// <summary>The door.</summary>
    public Channel Channel { get; } = channel;
}
