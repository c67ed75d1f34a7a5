-- What released weeks were made from: the true counts of their cells, what was shown of them, and the lines on which they
-- add up. Only the next release reads it. A later query would not count the same again.

CREATE TABLE released_cells (
    key            TEXT PRIMARY KEY,      -- begins with the week
    week           TEXT NOT NULL,
    true_count     INTEGER NOT NULL CHECK (true_count >= 0),
    distinct_count INTEGER,                -- once equal texts are collapsed; null where not counted
    shown          INTEGER                 -- rounded to five; null where hidden
) STRICT;
CREATE INDEX released_cells_week ON released_cells (week);
CREATE TRIGGER released_cells_keep BEFORE UPDATE ON released_cells BEGIN SELECT RAISE(ABORT, 'a released week is frozen'); END;
CREATE TRIGGER released_cells_stay BEFORE DELETE ON released_cells BEGIN SELECT RAISE(ABORT, 'a released week is frozen'); END;

CREATE TABLE released_lines (
    week     TEXT NOT NULL,
    position INTEGER NOT NULL,
    parts    TEXT NOT NULL,               -- keys, one a line
    totals   TEXT NOT NULL,
    PRIMARY KEY (week, position)
) STRICT;
CREATE TRIGGER released_lines_keep BEFORE UPDATE ON released_lines BEGIN SELECT RAISE(ABORT, 'a released week is frozen'); END;
CREATE TRIGGER released_lines_stay BEFORE DELETE ON released_lines BEGIN SELECT RAISE(ABORT, 'a released week is frozen'); END;

-- What was found wrong in a released week since. The week stays as it was released.
CREATE TABLE report_errata (
    week     TEXT NOT NULL REFERENCES released_weeks (week),
    number   INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    text     TEXT NOT NULL,                 -- the cell, what it is now, what it was, and why
    PRIMARY KEY (week, number)
) STRICT;
CREATE TRIGGER report_errata_keep BEFORE UPDATE ON report_errata BEGIN SELECT RAISE(ABORT, 'a released week is frozen'); END;
CREATE TRIGGER report_errata_stay BEFORE DELETE ON report_errata BEGIN SELECT RAISE(ABORT, 'a released week is frozen'); END;

-- The report counts these two by week.
CREATE INDEX matter_events_counted ON matter_events (kind, at) WHERE kind IN ('transferred', 'disputed');
