using System.Globalization;
using Opinion.Desk.Boards;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Runs;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.OwnSite;

/// <summary>
/// Reads one board: its list from the newest page on until nothing is new, every post that was submitted and is not known.
/// A post is noted as read only after its letter is durable, and a list page is noted as unfinished before its posts are
/// taken, so a run that is killed at any moment is gone on with by the next, and nothing is taken twice.
/// </summary>
public sealed class ReadBoard(OutgoingClient client, OptIn optIn, BoardDirectory boards, BoardPages pages, ReceiveLetter receive, SetAsideRows aside, OfficeDirectory offices, BoardLimits limits, TimeProvider clock)
{
    private readonly OutgoingClient _client = client;
    private readonly OptIn _optIn = optIn;
    private readonly BoardDirectory _boards = boards;
    private readonly BoardPages _pages = pages;
    private readonly ReceiveLetter _receive = receive;
    private readonly SetAsideRows _aside = aside;
    private readonly OfficeDirectory _offices = offices;
    private readonly BoardLimits _limits = limits;
    private readonly TimeProvider _clock = clock;

    /// <summary>Reads a board.</summary>
    /// <param name="board">The board as it stands.</param>
    /// <param name="progress">Told after every post how far the run has come; null where nobody looks.</param>
    /// <param name="cancel">Stops the run; what is stored stays.</param>
    /// <returns>What the run did, and why it stopped early where it did.</returns>
    public async Task<BoardRun> HandleAsync(Board board, Func<BoardCounts, Task>? progress, CancellationToken cancel)
    {
        var began = _clock.GetTimestamp();
        var started = _clock.GetUtcNow();
        await _boards.BeginAsync(board, started, cancel);
        var reading = new Reading(this, board, began, progress);
        BoardHalt? halt;
        try
        {
            halt = await reading.GoAsync(cancel);
        }
        catch (BoardHaltException stop)
        {
            halt = stop.Halt;
        }
        catch (Exception error) when (error is not RunStaleException)
        {
            // Not cancelled with the run: why it stopped is what its record is for.
            await _boards.EndAsync(board, new BoardRun(started, _clock.GetUtcNow(), reading.Counts, error is OperationCanceledException ? new BoardHalt(BoardHalts.Stopped) : new BoardHalt(BoardHalts.Failed, error.GetType().Name)), CancellationToken.None);
            throw;
        }

        var run = new BoardRun(started, _clock.GetUtcNow(), reading.Counts, halt);
        await _boards.EndAsync(board, run, cancel);
        return run;
    }

    private sealed class Reading(ReadBoard desk, Board board, long began, Func<BoardCounts, Task>? progress)
    {
        private BoardVisit _visit = null!;
        private Office _office = null!;
        private int _sinceOptIn;
        private int _failed;
        private BoardList? _read;

        public BoardCounts Counts { get; private set; }

        private BoardLimits Limits => desk._limits;

        public async Task<BoardHalt?> GoAsync(CancellationToken cancel)
        {
            _office = await desk._offices.GetAsync(cancel);
            _visit = await BoardVisit.OpenAsync(desk._client, desk._optIn, Limits, desk._clock, board.Draft.Address, cancel);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            Uri? page = board.Draft.Address;
            // Where a run was left unfinished, every page from there on may hold what nobody looked at.
            var through = false;
            for (var lists = 0; page is not null; lists++)
            {
                if (lists > 0) await _visit.RequireOptInAsync(cancel);
                if (lists >= Limits.Lists || Late)
                {
                    await desk._boards.ResumeAtAsync(board, page, cancel);
                    return new BoardHalt(BoardHalts.Share);
                }

                seen.Add(page.AbsoluteUri);
                if (page == board.Resume) through = true;
                Uri? older = null;
                if (await ListAsync(page, first: lists == 0, cancel) is { } list)
                {
                    var (anyNew, allOld, halt) = await PostsAsync(page, list, first: lists == 0, cancel);
                    if (halt is not null) return halt;
                    if (!allOld && (anyNew || through)) older = list.Older;
                }

                if (older is null && !through) older = board.Resume;
                page = older is not null && seen.Contains(older.AbsoluteUri) ? null : older;
            }

            // Last, so that a run that is killed before finds the list changed.
            await desk._boards.ResumeAtAsync(board, null, cancel);
            if (_read is { } read && (read.EntityTag != board.EntityTag || read.Modified != board.Modified)) await desk._boards.KnowListAsync(board, read.EntityTag, read.Modified, cancel);
            return null;
        }

        private bool Late => desk._clock.GetElapsedTime(began) > Limits.Run;

        private async Task<BoardList?> ListAsync(Uri page, bool first, CancellationToken cancel)
        {
            var (etag, modified) = first && board.Resume is null ? (board.EntityTag, board.Modified) : (null, null);
            var answer = await _visit.GetAsync(page, etag, modified, cancel);
            if (answer.Forbidden) throw new BoardHaltException(new BoardHalt(BoardHalts.RobotsForbids));
            if (answer.Answer is not { } got) throw new BoardHaltException(new BoardHalt(BoardHalts.ListUnreadable, answer.Fault.ToString()));
            if (got.Unchanged && (etag ?? modified) is not null) return null;
            // The page of an unfinished run may be gone; then there is nothing after it either.
            if (!first && got.Status is 404 or 410) return new BoardList([], null, null, null);
            if (got.Status != 200) throw new BoardHaltException(new BoardHalt(BoardHalts.ListUnreadable, got.Status.ToString(CultureInfo.InvariantCulture)));
            BoardList list;
            try
            {
                list = BoardList.Read(got, board.Draft.Map, _visit.IsOfSite, Limits.PostsOfList);
            }
            catch (BoardPageException error)
            {
                throw new BoardHaltException(new BoardHalt(BoardHalts.ListUnreadable, error.Fault.ToString()));
            }

            return list.Posts.Count == 0 && first ? throw new BoardHaltException(new BoardHalt(BoardHalts.ListEmpty)) : list;
        }

        private async Task<(bool AnyNew, bool AllOld, BoardHalt? Halt)> PostsAsync(Uri page, BoardList list, bool first, CancellationToken cancel)
        {
            var known = await desk._pages.FindAsync(board.Id, list.Posts, cancel);
            var news = known.Count(state => state is null);
            if (news > 0) await desk._boards.ResumeAtAsync(board, page, cancel);
            var old = known.Count(state => state is { State: PageState.Left });
            var settled = true;
            for (var i = 0; i < list.Posts.Count; i++)
            {
                if (known[i] is { State: not PageState.Waits }) continue;
                if (known[i] is { } waits && desk._clock.GetUtcNow() - waits.Looked < Limits.Again)
                {
                    settled = false;
                    continue;
                }

                if (Counts.Looked >= Limits.Posts || Late) return (true, false, new BoardHalt(BoardHalts.Share));
                if (_sinceOptIn++ >= Limits.PostsPerOptIn)
                {
                    _sinceOptIn = 1;
                    await _visit.RequireOptInAsync(cancel);
                }

                var outcome = await PostAsync(list.Posts[i], known[i], cancel);
                if (outcome == PostOutcome.TooOld) old++;
                settled &= outcome is PostOutcome.Letter or PostOutcome.TooOld;
                if (progress is not null) await progress(Counts);
            }

            // While a post waits, the list must be read again though it has not changed: the post may have.
            if (first) _read = settled ? list : list with { EntityTag = null, Modified = null };
            return (news > 0, list.Posts.Count > 0 && old == list.Posts.Count, null);
        }

        /// <summary>Looks at one post; null where it could not be asked for.</summary>
        private async Task<PostOutcome?> PostAsync(Uri post, KnownPage? known, CancellationToken cancel)
        {
            Counts = Counts with { Looked = Counts.Looked + 1 };
            var (answer, fault) = await _visit.GetAsync(post, known?.EntityTag, known?.Modified, cancel);
            // What robots.txt forbids is not looked at and not noted either: it may allow it tomorrow.
            if (answer is null && fault is null) return null;
            if (answer is null && fault is OutgoingFault.Unreachable or OutgoingFault.TooSlow or OutgoingFault.UnknownHost || answer?.Status is >= 500 or 429)
            {
                if (++_failed >= Limits.Failures) throw new BoardHaltException(new BoardHalt(BoardHalts.SiteUnwell, answer?.Status.ToString(CultureInfo.InvariantCulture) ?? fault.ToString()));
                return null;
            }

            _failed = 0;
            if (answer is { Status: 200 }) return await ReadAsync(post, known, answer, cancel);
            // Unchanged, gone, or larger than a post is: looked at again another day.
            if (answer is { Unchanged: true }) Counts = Counts with { Waiting = Counts.Waiting + 1 };
            else Counts = Counts with { SetAside = Counts.SetAside + 1 };
            await NoteAsync(post, known, known?.EntityTag, known?.Modified, cancel);
            return PostOutcome.Refused;
        }

        private async Task<PostOutcome> ReadAsync(Uri post, KnownPage? known, OutgoingAnswer answer, CancellationToken cancel)
        {
            PostReading reading;
            try
            {
                reading = BoardPost.Read(BoardPage.Parse(answer.Content, answer.ContentType, answer.Address), post, board.Id, board.Draft, _office, desk._clock.GetUtcNow());
            }
            catch (BoardPageException)
            {
                reading = new PostReading(PostOutcome.Refused);
            }

            switch (reading.Outcome)
            {
                case PostOutcome.Letter:
                    var receipt = (await desk._receive.HandleAsync([reading.Letter!], cancel))[0];
                    Counts = receipt.Repeated ? Counts with { Repeated = Counts.Repeated + 1 } : Counts with { Added = Counts.Added + 1 };
                    // Not cancelled once the letter is stored; were it lost, the next run would find the letter repeated.
                    await desk._pages.PutAsync(board.Id, post, PageState.Letter, null, null, CancellationToken.None);
                    break;
                case PostOutcome.TooOld:
                    await desk._pages.PutAsync(board.Id, post, PageState.Left, null, null, cancel);
                    break;
                case PostOutcome.NotSubmitted:
                    Counts = Counts with { Waiting = Counts.Waiting + 1 };
                    await NoteAsync(post, known, answer.EntityTag, answer.Modified, cancel);
                    break;
                default:
                    Counts = Counts with { SetAside = Counts.SetAside + 1 };
                    // Sealed for officers; once the site or the map is mended, the post is taken on another day.
                    await desk._aside.PutAsync(new NotTaken(Channel.OwnSite, ReasonOf(reading.Problem), board.Draft.Title + " " + post.PathAndQuery, null, reading.Field?.ToString(), reading.Content), cancel);
                    await NoteAsync(post, known, answer.EntityTag, answer.Modified, cancel);
                    break;
            }

            return reading.Outcome;
        }

        private static string ReasonOf(PostProblem? problem) => problem switch
        {
            PostProblem.Empty => SetAsideReasons.Empty,
            PostProblem.TooLong => SetAsideReasons.TooLong,
            PostProblem.NoDay => SetAsideReasons.NoDate,
            PostProblem.WrongDay => SetAsideReasons.DateInFuture,
            _ => SetAsideReasons.Unreadable,
        };

        private Task NoteAsync(Uri post, KnownPage? known, string? etag, string? modified, CancellationToken cancel) =>
            desk._pages.PutAsync(board.Id, post, known?.Tries + 1 >= Limits.Tries ? PageState.Left : PageState.Waits, etag, modified, cancel);
    }
}
