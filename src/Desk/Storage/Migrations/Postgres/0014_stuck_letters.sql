-- Letters that a step could not carry on: how often it was tried, when it is tried again, and at last why the letter was set
-- aside. The reason is one of the program's own words; the error is the name of its type, never anything a letter says.

CREATE TABLE stuck_letters (
    letter_id words NOT NULL PRIMARY KEY REFERENCES letters (id),
    reason    words NOT NULL CHECK (reason IN ('seal-broken', 'redaction-failed', 'sorting-failed')),
    error     words NOT NULL,
    tries     BIGINT NOT NULL,
    again_at  BIGINT NOT NULL
);
