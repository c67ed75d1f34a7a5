using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using NpgsqlTypes;

namespace Opinion.Desk.Storage.Moving;

/// <summary>What a column holds, which both engines keep in types of their own.</summary>
internal enum ColumnKind
{
    /// <summary>A whole number of 64 bits.</summary>
    Whole,

    /// <summary>A whole number of 32 bits.</summary>
    Small,

    /// <summary>True or false; 0 or 1 on SQLite.</summary>
    Truth,

    /// <summary>A floating-point number of 64 bits.</summary>
    Real,

    /// <summary>Text, carried as its UTF-8 bytes so that nothing is decoded on the way.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>A moment in UTC with microseconds; ISO text on SQLite.</summary>
    Moment,
}

/// <summary>One column that is moved.</summary>
internal sealed record MovedColumn(string Name, ColumnKind Kind)
{
    /// <summary>Its type on PostgreSQL, for COPY.</summary>
    public NpgsqlDbType Type => Kind switch
    {
        ColumnKind.Whole => NpgsqlDbType.Bigint,
        ColumnKind.Small => NpgsqlDbType.Integer,
        ColumnKind.Truth => NpgsqlDbType.Boolean,
        ColumnKind.Real => NpgsqlDbType.Double,
        ColumnKind.Text => NpgsqlDbType.Text,
        ColumnKind.Bytes => NpgsqlDbType.Bytea,
        _ => NpgsqlDbType.TimestampTz,
    };

    /// <summary>Reads its value from a row of either engine: long, int, bool, double, byte[], DateTime in UTC, or null.</summary>
    public object? Read(DbDataReader row, int index, bool postgres)
    {
        if (row.IsDBNull(index)) return null;
        return Kind switch
        {
            ColumnKind.Whole => row.GetInt64(index),
            ColumnKind.Small => row.GetInt32(index),
            ColumnKind.Truth => row.GetBoolean(index),
            ColumnKind.Real => row.GetDouble(index),
            ColumnKind.Text or ColumnKind.Bytes => row.GetFieldValue<byte[]>(index),
            _ when postgres => row.GetFieldValue<DateTime>(index),
            _ => Micro(DateTimeOffset.Parse(row.GetString(index), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
        };
    }

    /// <summary>Adds a value to a hash in a form that both engines share: one byte that says what follows, a length where it varies, and the bytes.</summary>
    public static void Add(IncrementalHash hash, object? value)
    {
        Span<byte> number = stackalloc byte[9];
        switch (value)
        {
            case null:
                hash.AppendData("n"u8);
                return;
            case byte[] bytes:
                number[0] = (byte)'b';
                BinaryPrimitives.WriteInt64BigEndian(number[1..], bytes.Length);
                hash.AppendData(number);
                hash.AppendData(bytes);
                return;
            case double real:
                number[0] = (byte)'r';
                BinaryPrimitives.WriteDoubleBigEndian(number[1..], real);
                break;
            case DateTime moment:
                number[0] = (byte)'m';
                BinaryPrimitives.WriteInt64BigEndian(number[1..], moment.Ticks);
                break;
            default:
                number[0] = (byte)'w';
                BinaryPrimitives.WriteInt64BigEndian(number[1..], Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }

        hash.AppendData(number);
    }

    private static DateTime Micro(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
}

/// <summary>One table that is moved.</summary>
/// <param name="Name">Its name, the same on both engines.</param>
/// <param name="Columns">Its columns in PostgreSQL's order.</param>
/// <param name="Key">The names of its primary key's columns, in the key's order; rows go and are compared in it.</param>
/// <param name="Identity">The column that PostgreSQL counts up; null where there is none.</param>
/// <param name="PointsToItself">Whether its rows refer to each other, so that they must arrive in one statement.</param>
internal sealed record MovedTable(string Name, IReadOnlyList<MovedColumn> Columns, IReadOnlyList<string> Key, string? Identity, bool PointsToItself);
