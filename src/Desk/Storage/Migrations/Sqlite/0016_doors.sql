-- Doors: which are open, what came through each, and what could not be taken. What such a row or mail says lies sealed in
-- sealed_rows, what was asked of the official account and answered by the bank in sealed_questions; only the Sealing folder
-- names either. Everything else here is the program's own words, file names and numbers.

-- A door without a row is as the program has it: form, hotline and paper open, the others closed.
CREATE TABLE doors (
    channel    TEXT PRIMARY KEY CHECK (channel IN ('form', 'mailbox', 'hotline', 'open311', 'official-account', 'own-site', 'paper')),
    open       INTEGER NOT NULL CHECK (open IN (0, 1)),
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE door_runs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    channel    TEXT NOT NULL CHECK (channel IN ('form', 'mailbox', 'hotline', 'open311', 'official-account', 'own-site', 'paper')),
    source     TEXT NOT NULL,       -- a file's or a folder's name, never its path or content; may be empty
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    came       INTEGER NOT NULL DEFAULT 0,
    added      INTEGER NOT NULL DEFAULT 0,
    repeated   INTEGER NOT NULL DEFAULT 0,
    set_aside  INTEGER NOT NULL DEFAULT 0,
    error      TEXT                 -- never a word of what arrived
) STRICT;
CREATE INDEX door_runs_channel ON door_runs (channel, id);

-- What came one by one, counted by the office's day.
CREATE TABLE door_days (
    channel TEXT NOT NULL CHECK (channel IN ('form', 'mailbox', 'hotline', 'open311', 'official-account', 'own-site', 'paper')),
    day     TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    outcome TEXT NOT NULL CHECK (outcome IN ('new', 'repeated', 'answered', 'set-aside', 'refused')),
    count   INTEGER NOT NULL CHECK (count > 0),
    last_at INTEGER NOT NULL,
    PRIMARY KEY (channel, day, outcome)
) STRICT, WITHOUT ROWID;

CREATE TABLE set_aside_rows (
    id           TEXT PRIMARY KEY,  -- derived with a secret key from what was set aside, so that the same is there once
    channel      TEXT NOT NULL CHECK (channel IN ('form', 'mailbox', 'hotline', 'open311', 'official-account', 'own-site', 'paper')),
    reason       TEXT NOT NULL CHECK (reason NOT GLOB '*[^a-z0-9-]*' AND length(reason) BETWEEN 1 AND 40),  -- one of the program's own words
    source       TEXT NOT NULL,     -- the file's name
    line         INTEGER,           -- the row as a spreadsheet counts it
    field        TEXT,              -- the column's title, of the office's own map
    set_aside_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX set_aside_rows_time ON set_aside_rows (set_aside_at);

CREATE TABLE sealed_rows (
    row_id      TEXT PRIMARY KEY REFERENCES set_aside_rows (id) ON DELETE CASCADE,
    key_id      TEXT NOT NULL,
    wrapped_key BLOB NOT NULL,
    sealed      BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A question that the bank answered at once, as long as its writer may still ask for a person. It is gone after two days.
CREATE TABLE sealed_questions (
    asked_by    BLOB PRIMARY KEY,   -- a keyed hash; it stands on no letter
    key_id      TEXT NOT NULL,
    wrapped_key BLOB NOT NULL,
    sealed      BLOB NOT NULL,
    ends_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_questions_end ON sealed_questions (ends_at);
