-- Message boards on sites the office runs: where the list of posts is and which selector finds what. There is no column for
-- whoever wrote a post, and none for comments.

CREATE TABLE boards (
    id              TEXT NOT NULL PRIMARY KEY,       -- random; part of every channel key of the board, so it never changes
    title           TEXT NOT NULL,                   -- what the office calls it
    list_url        TEXT NOT NULL,
    since           TEXT NOT NULL,                   -- the first day whose posts are letters
    posts           TEXT NOT NULL,
    older           TEXT,
    heading         TEXT,
    body            TEXT NOT NULL,
    leave_out       TEXT,
    day             TEXT NOT NULL,
    number          TEXT,
    submitted       TEXT NOT NULL,
    submitted_words TEXT,
    active          INTEGER NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
    changed_at      INTEGER NOT NULL,
    resume_url      TEXT,                            -- the list page at which an unfinished run goes on
    list_etag       TEXT,                            -- of a list whose posts were all settled
    list_modified   TEXT,
    started_at      INTEGER,                         -- the last run
    ended_at        INTEGER,
    looked          INTEGER NOT NULL DEFAULT 0,
    added           INTEGER NOT NULL DEFAULT 0,
    repeated        INTEGER NOT NULL DEFAULT 0,
    set_aside       INTEGER NOT NULL DEFAULT 0,
    waiting         INTEGER NOT NULL DEFAULT 0,
    halt            TEXT,                            -- why the last run stopped early, in the program's own words
    halt_detail     TEXT
) STRICT;

-- Which pages of a board were read, known only by a keyed hash of their address: no list of posts, and nothing that leads
-- from a letter to its page.
CREATE TABLE board_pages (
    page_hmac BLOB NOT NULL PRIMARY KEY,
    board     TEXT NOT NULL REFERENCES boards (id),
    state     TEXT NOT NULL CHECK (state IN ('letter', 'left', 'waits')),
    etag      TEXT,
    modified  TEXT,
    looked_on INTEGER NOT NULL,                      -- the hour of the last look, while it waits
    tries     INTEGER NOT NULL DEFAULT 1
) STRICT;
