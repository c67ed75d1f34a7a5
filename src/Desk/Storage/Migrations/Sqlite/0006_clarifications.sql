-- What people ask about having heard. A claim is its wording and a count, nothing more: no time, place or channel, and
-- no way back to who asked. The link stands with the matter, for the one job that replies to those who asked.

CREATE TABLE claims (
    id        TEXT PRIMARY KEY,
    wording   TEXT NOT NULL,
    questions INTEGER NOT NULL DEFAULT 0
) STRICT;
ALTER TABLE matters ADD COLUMN claim_id TEXT REFERENCES claims (id);

CREATE TABLE clarifications (
    id           TEXT PRIMARY KEY,
    claim_id     TEXT NOT NULL REFERENCES claims (id),
    known        TEXT NOT NULL CHECK (length(trim(known)) > 0),
    unknown      TEXT NOT NULL,
    sources      TEXT NOT NULL CHECK (length(trim(sources)) > 0),  -- one address a line; at least one
    published_at INTEGER
) STRICT;
