using Opinion.Desk.Tests.Fixture;
using Opinion.Desk.Tests.Letters;

namespace Opinion.Desk.Tests;

// The suites on SQLite. Another engine gets a file of the same shape.
public sealed class ReceivingOnSqlite() : ReceivingTests(TestEngine.Sqlite);
public sealed class LetterWayOnSqlite() : LetterWayTests(TestEngine.Sqlite);
public sealed class SetAsideOnSqlite() : SetAsideTests(TestEngine.Sqlite);
