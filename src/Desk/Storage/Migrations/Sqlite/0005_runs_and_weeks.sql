-- Import runs with their counts, and the weeks that were released.

CREATE TABLE import_runs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    channel     TEXT NOT NULL,
    source      TEXT NOT NULL,       -- the file's name, never its path or content
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    cursor      INTEGER NOT NULL DEFAULT 0,  -- rows done, in whole batches
    added       INTEGER NOT NULL DEFAULT 0,
    repeated    INTEGER NOT NULL DEFAULT 0,
    rejected    INTEGER NOT NULL DEFAULT 0,
    error       TEXT
) STRICT;

-- A released week is frozen as released.
CREATE TABLE released_weeks (
    week        TEXT PRIMARY KEY CHECK (week GLOB '[0-9][0-9][0-9][0-9]-W[0-9][0-9]'),
    released_at INTEGER NOT NULL,
    report      TEXT NOT NULL
) STRICT;
CREATE TRIGGER released_weeks_keep BEFORE UPDATE ON released_weeks BEGIN SELECT RAISE(ABORT, 'a released week is frozen'); END;
CREATE TRIGGER released_weeks_stay BEFORE DELETE ON released_weeks BEGIN SELECT RAISE(ABORT, 'a released week is frozen'); END;
