-- Letters that a step could not carry on: how often it was tried, when it is tried again, and at last why the letter was set
-- aside. The reason is one of the program's own words; the error is the name of its type, never anything a letter says.

CREATE TABLE stuck_letters (
    letter_id TEXT NOT NULL PRIMARY KEY REFERENCES letters (id),
    reason    TEXT NOT NULL CHECK (reason IN ('seal-broken', 'redaction-failed', 'sorting-failed')),
    error     TEXT NOT NULL,
    tries     INTEGER NOT NULL,
    again_at  INTEGER NOT NULL
) STRICT;
