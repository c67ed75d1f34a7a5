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

// The suites on PostgreSQL, a real one that the tests start.
public sealed class ReceivingOnPostgres() : ReceivingTests(TestEngine.Postgres);
public sealed class LetterWayOnPostgres() : LetterWayTests(TestEngine.Postgres);
public sealed class SetAsideOnPostgres() : SetAsideTests(TestEngine.Postgres);
public sealed class OpenOriginalOnPostgres() : OpenOriginalTests(TestEngine.Postgres);
public sealed class RefusalsOnPostgres() : RefusalTests(TestEngine.Postgres);
public sealed class QueueOnPostgres() : QueueTests(TestEngine.Postgres);
public sealed class CaseworkOnPostgres() : CaseworkTests(TestEngine.Postgres);
public sealed class TransferOnPostgres() : TransferTests(TestEngine.Postgres);
public sealed class WritersOnPostgres() : WriterTests(TestEngine.Postgres);
public sealed class ReviewOnPostgres() : ReviewTests(TestEngine.Postgres);
public sealed class SearchOnPostgres() : SearchTests(TestEngine.Postgres);
public sealed class AnswerBankOnPostgres() : AnswerBankTests(TestEngine.Postgres);
public sealed class StaffDirectoryOnPostgres() : StaffDirectoryTests(TestEngine.Postgres);
public sealed class ClarificationsOnPostgres() : ClarificationTests(TestEngine.Postgres);
public sealed class WeeklyReportOnPostgres() : WeeklyReportTests(TestEngine.Postgres);
public sealed class DoctorOnPostgres() : DoctorTests(TestEngine.Postgres);
public sealed class EndTextsOnPostgres() : EndTextsTests(TestEngine.Postgres);
public sealed class JobRunsOnPostgres() : JobRunsTests(TestEngine.Postgres);
public sealed class ClockGuardOnPostgres() : ClockGuardTests(TestEngine.Postgres);
public sealed class RemindOfficersOnPostgres() : RemindOfficersTests(TestEngine.Postgres);
