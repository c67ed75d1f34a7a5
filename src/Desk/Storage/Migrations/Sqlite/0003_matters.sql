-- The casework: one matter for each letter, its history, its answers.

CREATE TABLE matters (
    letter_id          TEXT PRIMARY KEY REFERENCES letters (id),
    department         TEXT NOT NULL REFERENCES departments (code),
    state              TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    -- transferred: not this office's matter; the writer was told whose it is and may turn there
    disposition        TEXT CHECK (disposition IN ('solved', 'partly-solved', 'declined', 'transferred', 'withdrawn')),
    urgent             INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1)),
    deadline           TEXT NOT NULL,      -- the office's own date
    deadline_at        INTEGER NOT NULL,   -- the end of that day in the office's time zone
    opened_at          INTEGER NOT NULL,
    closed_at          INTEGER,
    transfers          INTEGER NOT NULL DEFAULT 0,
    disputes           INTEGER NOT NULL DEFAULT 0,
    contact_hold_until INTEGER,            -- after a transfer the new department waits, so that the writer may withdraw first
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((state = 'closed') = (disposition IS NOT NULL))
) STRICT;
CREATE INDEX matters_queue ON matters (department, state, urgent DESC, deadline_at);
CREATE INDEX matters_closed ON matters (closed_at) WHERE closed_at IS NOT NULL;

-- A deadline, once given, changes only together with its row in the history: see deadline_changes.
CREATE TABLE matter_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    letter_id  TEXT NOT NULL REFERENCES letters (id),
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('received', 'sorted', 'assigned', 'subject-corrected', 'alert-raised', 'alert-acknowledged',
                   'transferred', 'hold-released', 'question-asked', 'writer-added', 'interim-reply', 'note', 'deadline-extended', 'answered',
                   'returned', 'published', 'unpublished', 'publication-chosen', 'disputed', 'withdrawn', 'contact-erased', 'original-opened', 'clarification-sent')),
    actor      TEXT NOT NULL,             -- an account's id, or 'writer', or 'desk'
    department TEXT REFERENCES departments (code),
    visible    INTEGER NOT NULL CHECK (visible IN (0, 1)),  -- whether the writer sees it
    detail     TEXT,                      -- codes: a subject, a department, a date, a disposition
    text       TEXT                       -- words: redacted where the writer wrote them
) STRICT;
CREATE INDEX matter_events_letter ON matter_events (letter_id, id);
-- History only grows. Words may be erased (the end of retention), never changed.
CREATE TRIGGER matter_events_keep BEFORE UPDATE ON matter_events
WHEN NEW.text IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.letter_id IS NOT OLD.letter_id OR NEW.at IS NOT OLD.at OR NEW.kind IS NOT OLD.kind
  OR NEW.actor IS NOT OLD.actor OR NEW.department IS NOT OLD.department OR NEW.visible IS NOT OLD.visible OR NEW.detail IS NOT OLD.detail
BEGIN SELECT RAISE(ABORT, 'history only grows'); END;
CREATE TRIGGER matter_events_stay BEFORE DELETE ON matter_events BEGIN SELECT RAISE(ABORT, 'history only grows'); END;

-- Who moved a deadline and why. The trigger below refuses a new deadline that has no row here.
CREATE TABLE deadline_changes (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    letter_id TEXT NOT NULL REFERENCES letters (id),
    deadline  TEXT NOT NULL,
    account   TEXT NOT NULL,
    reason    TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX deadline_changes_letter ON deadline_changes (letter_id);
CREATE TRIGGER deadline_changes_keep BEFORE UPDATE ON deadline_changes BEGIN SELECT RAISE(ABORT, 'history only grows'); END;
CREATE TRIGGER deadline_changes_stay BEFORE DELETE ON deadline_changes BEGIN SELECT RAISE(ABORT, 'history only grows'); END;
CREATE TRIGGER matters_deadline BEFORE UPDATE OF deadline, deadline_at ON matters
WHEN (NEW.deadline IS NOT OLD.deadline OR NEW.deadline_at IS NOT OLD.deadline_at)
  AND (NEW.deadline IS OLD.deadline
    OR NEW.deadline IS NOT (SELECT deadline FROM deadline_changes WHERE letter_id = NEW.letter_id ORDER BY id DESC LIMIT 1))
BEGIN SELECT RAISE(ABORT, 'a deadline changes only by a named person with a reason'); END;
-- A matter never stands with the department it complains about.
CREATE TRIGGER matters_impartial_insert BEFORE INSERT ON matters
WHEN NEW.department IS (SELECT about_department FROM letters WHERE id = NEW.letter_id)
BEGIN SELECT RAISE(ABORT, 'a department complained about never opens the letter'); END;
CREATE TRIGGER matters_impartial_update BEFORE UPDATE OF department ON matters
WHEN NEW.department IS (SELECT about_department FROM letters WHERE id = NEW.letter_id)
BEGIN SELECT RAISE(ABORT, 'a department complained about never opens the letter'); END;
CREATE TRIGGER letters_impartial BEFORE UPDATE OF about_department ON letters
WHEN NEW.about_department IS (SELECT department FROM matters WHERE letter_id = NEW.id)
  AND NEW.about_department IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a department complained about never opens the letter'); END;

CREATE TABLE duty_alerts (
    letter_id       TEXT PRIMARY KEY REFERENCES letters (id),
    raised_at       INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT
) STRICT;
CREATE INDEX duty_alerts_open ON duty_alerts (raised_at) WHERE acknowledged_at IS NULL;

CREATE TABLE answers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    letter_id   TEXT NOT NULL REFERENCES letters (id),
    text        TEXT NOT NULL,
    disposition TEXT NOT NULL CHECK (disposition IN ('solved', 'partly-solved', 'declined', 'transferred')),
    department  TEXT NOT NULL REFERENCES departments (code),
    written_by  TEXT NOT NULL,
    written_at  INTEGER NOT NULL,
    -- not-asked: the writer did not agree to publication. waiting: for the editor.
    review      TEXT NOT NULL CHECK (review IN ('not-asked', 'waiting', 'published', 'returned')),
    reviewed_by TEXT,
    reviewed_at INTEGER
) STRICT;
CREATE INDEX answers_letter ON answers (letter_id, id);
CREATE INDEX answers_waiting ON answers (written_at) WHERE review = 'waiting';

CREATE TABLE published_answers (
    answer_id    INTEGER PRIMARY KEY REFERENCES answers (id),
    number       TEXT NOT NULL UNIQUE,   -- the public address; not the letter's number
    subject      TEXT NOT NULL REFERENCES subjects (code),
    department   TEXT NOT NULL REFERENCES departments (code),
    title        TEXT NOT NULL,
    question     TEXT NOT NULL,
    answer       TEXT NOT NULL,
    published_on TEXT NOT NULL           -- a day, not a moment
) STRICT;
CREATE INDEX published_answers_day ON published_answers (published_on DESC, number);
CREATE VIRTUAL TABLE published_search USING fts5 (tokens, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co S*'");
INSERT INTO published_search (published_search, rank) VALUES ('secure-delete', 1);

CREATE TABLE bank_entries (
    id           TEXT PRIMARY KEY,
    subject      TEXT NOT NULL REFERENCES subjects (code),
    question     TEXT NOT NULL,
    alternatives TEXT NOT NULL,          -- further forms of the question, one a line
    answer       TEXT NOT NULL,
    basis        TEXT NOT NULL,
    source       TEXT NOT NULL,
    review_on    TEXT NOT NULL
) STRICT;
