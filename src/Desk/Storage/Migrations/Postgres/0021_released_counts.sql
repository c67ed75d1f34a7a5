-- What released weeks were made from: the true counts of their cells, what was shown of them, and the lines on which they
-- add up. Only the next release reads it. A later query would not count the same again.

CREATE TABLE released_cells (
    key            words PRIMARY KEY,      -- begins with the week
    week           words NOT NULL,
    true_count     BIGINT NOT NULL CHECK (true_count >= 0),
    distinct_count BIGINT,                -- once equal texts are collapsed; null where not counted
    shown          BIGINT                 -- rounded to five; null where hidden
);
CREATE INDEX released_cells_week ON released_cells (week);
CREATE TRIGGER released_cells_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON released_cells FOR EACH STATEMENT EXECUTE FUNCTION refuse('a released week is frozen');

CREATE TABLE released_lines (
    week     words NOT NULL,
    position BIGINT NOT NULL,
    parts    words NOT NULL,               -- keys, one a line
    totals   words NOT NULL,
    PRIMARY KEY (week, position)
);
CREATE TRIGGER released_lines_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON released_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse('a released week is frozen');

-- What was found wrong in a released week since. The week stays as it was released.
CREATE TABLE report_errata (
    week     words NOT NULL REFERENCES released_weeks (week),
    number   BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    text     words NOT NULL,                 -- the cell, what it is now, what it was, and why
    PRIMARY KEY (week, number)
);
CREATE TRIGGER report_errata_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON report_errata FOR EACH STATEMENT EXECUTE FUNCTION refuse('a released week is frozen');

-- The report counts these two by week.
CREATE INDEX matter_events_counted ON matter_events (kind, at) WHERE kind IN ('transferred', 'disputed');
