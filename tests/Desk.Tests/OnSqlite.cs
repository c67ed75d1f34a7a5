using Opinion.Desk.Tests.Fixture;
using Opinion.Desk.Tests.Letters;
using Opinion.Desk.Tests.Matters;
using Opinion.Desk.Tests.Sealing;

namespace Opinion.Desk.Tests;

// The suites on SQLite. Another engine gets a file of the same shape.
public sealed class ReceivingOnSqlite() : ReceivingTests(TestEngine.Sqlite);
public sealed class LetterWayOnSqlite() : LetterWayTests(TestEngine.Sqlite);
public sealed class SetAsideOnSqlite() : SetAsideTests(TestEngine.Sqlite);
public sealed class OpenOriginalOnSqlite() : OpenOriginalTests(TestEngine.Sqlite);
public sealed class RefusalsOnSqlite() : RefusalTests(TestEngine.Sqlite);
public sealed class QueueOnSqlite() : QueueTests(TestEngine.Sqlite);
public sealed class CaseworkOnSqlite() : CaseworkTests(TestEngine.Sqlite);
public sealed class TransferOnSqlite() : TransferTests(TestEngine.Sqlite);
