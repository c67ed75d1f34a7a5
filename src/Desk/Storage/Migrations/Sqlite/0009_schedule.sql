-- Scheduled work: the number of each job's last run, the runs with their cursor and counts, the clock, and who was reminded.

-- A run writes only while its number is the job's last: whoever was taken over is refused.
CREATE TABLE schedule_jobs (
    job   TEXT PRIMARY KEY,
    fence INTEGER NOT NULL
) STRICT;

CREATE TABLE schedule_runs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    job         TEXT NOT NULL REFERENCES schedule_jobs (job),
    fence       INTEGER NOT NULL,
    node        TEXT NOT NULL,                -- machine and process
    cause       TEXT NOT NULL CHECK (cause IN ('due', 'by-hand', 'taken-over')),
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    cursor      INTEGER NOT NULL DEFAULT 0,
    done        INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0,
    outcome     TEXT CHECK (outcome IN ('done', 'failed', 'held', 'taken-over', 'refused')),
    error       TEXT,                         -- never a word of a letter
    UNIQUE (job, fence),
    CHECK ((finished_at IS NULL) = (outcome IS NULL))
) STRICT;

-- The largest time ever believed, one row.
CREATE TABLE clock_readings (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    trusted_at INTEGER NOT NULL
) STRICT;

-- One reminder of each kind for a matter's deadline; an extended deadline is another.
CREATE TABLE reminders (
    letter_id   TEXT NOT NULL REFERENCES letters (id),
    kind        TEXT NOT NULL CHECK (kind IN ('due-soon', 'overdue')),
    deadline    TEXT NOT NULL,
    department  TEXT NOT NULL REFERENCES departments (code),
    reminded_at INTEGER NOT NULL,
    PRIMARY KEY (letter_id, kind, deadline)
) STRICT;
