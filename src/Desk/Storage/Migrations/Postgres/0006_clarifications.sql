-- What people ask about having heard. A claim is its wording and a count, nothing more: no time, place or channel, and
-- no way back to who asked. The link stands with the matter, for the one job that replies to those who asked.

CREATE TABLE claims (
    id        words PRIMARY KEY,
    wording   words NOT NULL,
    questions BIGINT NOT NULL DEFAULT 0
);
ALTER TABLE matters ADD COLUMN claim_id words REFERENCES claims (id);

CREATE TABLE clarifications (
    id           words PRIMARY KEY,
    claim_id     words NOT NULL REFERENCES claims (id),
    known        words NOT NULL CHECK (length(trim(known)) > 0),
    unknown      words NOT NULL,
    sources      words NOT NULL CHECK (length(trim(sources)) > 0),  -- one address a line; at least one
    published_at BIGINT
);
