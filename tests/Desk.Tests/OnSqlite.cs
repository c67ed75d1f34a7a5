using Opinion.Desk.Tests.Accounts;
using Opinion.Desk.Tests.Answers;
using Opinion.Desk.Tests.Clarifications;
using Opinion.Desk.Tests.Fixture;
using Opinion.Desk.Tests.Letters;
using Opinion.Desk.Tests.Matters;
using Opinion.Desk.Tests.Reminders;
using Opinion.Desk.Tests.Reports;
using Opinion.Desk.Tests.Retention;
using Opinion.Desk.Tests.Runs;
using Opinion.Desk.Tests.Sealing;
using Opinion.Desk.Tests.Storage;

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
public sealed class WritersOnSqlite() : WriterTests(TestEngine.Sqlite);
public sealed class ReviewOnSqlite() : ReviewTests(TestEngine.Sqlite);
public sealed class SearchOnSqlite() : SearchTests(TestEngine.Sqlite);
public sealed class AnswerBankOnSqlite() : AnswerBankTests(TestEngine.Sqlite);
public sealed class StaffDirectoryOnSqlite() : StaffDirectoryTests(TestEngine.Sqlite);
public sealed class ClarificationsOnSqlite() : ClarificationTests(TestEngine.Sqlite);
public sealed class WeeklyReportOnSqlite() : WeeklyReportTests(TestEngine.Sqlite);
public sealed class DoctorOnSqlite() : DoctorTests(TestEngine.Sqlite);
public sealed class EndTextsOnSqlite() : EndTextsTests(TestEngine.Sqlite);
public sealed class JobRunsOnSqlite() : JobRunsTests(TestEngine.Sqlite);
public sealed class ClockGuardOnSqlite() : ClockGuardTests(TestEngine.Sqlite);
public sealed class RemindOfficersOnSqlite() : RemindOfficersTests(TestEngine.Sqlite);
