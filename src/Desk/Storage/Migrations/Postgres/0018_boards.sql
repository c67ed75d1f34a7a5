-- Message boards on sites the office runs: where the list of posts is and which selector finds what. There is no column for
-- whoever wrote a post, and none for comments.

CREATE TABLE boards (
    id              words NOT NULL PRIMARY KEY,       -- random; part of every channel key of the board, so it never changes
    title           words NOT NULL,                   -- what the office calls it
    list_url        words NOT NULL,
    since           words NOT NULL,                   -- the first day whose posts are letters
    posts           words NOT NULL,
    older           words,
    heading         words,
    body            words NOT NULL,
    leave_out       words,
    day             words NOT NULL,
    number          words,
    submitted       words NOT NULL,
    submitted_words words,
    active          BIGINT NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
    changed_at      BIGINT NOT NULL,
    resume_url      words,                            -- the list page at which an unfinished run goes on
    list_etag       words,                            -- of a list whose posts were all settled
    list_modified   words,
    started_at      BIGINT,                         -- the last run
    ended_at        BIGINT,
    looked          BIGINT NOT NULL DEFAULT 0,
    added           BIGINT NOT NULL DEFAULT 0,
    repeated        BIGINT NOT NULL DEFAULT 0,
    set_aside       BIGINT NOT NULL DEFAULT 0,
    waiting         BIGINT NOT NULL DEFAULT 0,
    halt            words,                            -- why the last run stopped early, in the program's own words
    halt_detail     words
);

-- Which pages of a board were read, known only by a keyed hash of their address: no list of posts, and nothing that leads
-- from a letter to its page.
CREATE TABLE board_pages (
    page_hmac BYTEA NOT NULL PRIMARY KEY,
    board     words NOT NULL REFERENCES boards (id),
    state     words NOT NULL CHECK (state IN ('letter', 'left', 'waits')),
    etag      words,
    modified  words,
    looked_on BIGINT NOT NULL,                      -- the hour of the last look, while it waits
    tries     BIGINT NOT NULL DEFAULT 1
);
