-- The office itself: what it is called, its departments, districts, subject scheme and calendar.

CREATE TABLE office_settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE departments (
    code    TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- intake sorts what the machine cannot; supervision takes what is written about a department.
    kind    TEXT NOT NULL CHECK (kind IN ('intake', 'supervision', 'line')),
    active  INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX departments_one_intake ON departments (kind) WHERE kind = 'intake';
CREATE UNIQUE INDEX departments_one_supervision ON departments (kind) WHERE kind = 'supervision';

CREATE TABLE districts (
    code     TEXT PRIMARY KEY,
    name_zh  TEXT NOT NULL,
    name_en  TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE subjects (
    code       TEXT PRIMARY KEY,
    parent     TEXT REFERENCES subjects (code),
    name_zh    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    department TEXT REFERENCES departments (code),  -- null: the parent's
    days       INTEGER CHECK (days > 0),            -- working days to answer; null: the parent's
    position   INTEGER NOT NULL,
    retired    INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT;

-- The scheme's history is public and only grows.
CREATE TABLE subject_changes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    changed_at INTEGER NOT NULL,
    code       TEXT NOT NULL,
    change     TEXT NOT NULL CHECK (change IN ('added', 'renamed', 'moved', 'retired'))
) STRICT;
CREATE TRIGGER subject_changes_keep BEFORE UPDATE ON subject_changes BEGIN SELECT RAISE(ABORT, 'the history of the scheme only grows'); END;
CREATE TRIGGER subject_changes_stay BEFORE DELETE ON subject_changes BEGIN SELECT RAISE(ABORT, 'the history of the scheme only grows'); END;

CREATE TABLE calendar_days (
    day     TEXT PRIMARY KEY CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    kind    TEXT NOT NULL CHECK (kind IN ('holiday', 'workday')),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL
) STRICT;
