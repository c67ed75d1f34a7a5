-- Files that came with letters lie outside the database, sealed under random names; here is what they are and the key of
-- each, sealed by the office's. No hash of what is in them, and nothing by which two could be found alike.

CREATE TABLE sealed_attachments (
    letter_id   words NOT NULL REFERENCES letter_keys (letter_id),
    number      BIGINT NOT NULL CHECK (number BETWEEN 1 AND 5),
    name        words NOT NULL UNIQUE,  -- of the file in DIR/attachments, chance alone
    type        words NOT NULL CHECK (type IN ('jpg', 'png', 'gif', 'webp', 'pdf', 'mp3', 'm4a', 'wav', 'ogg', 'amr')),
    bytes       BIGINT NOT NULL CHECK (bytes BETWEEN 1 AND 10485760),
    key_id      words NOT NULL,
    wrapped_key BYTEA NOT NULL,
    PRIMARY KEY (letter_id, number)
);

-- A run that was paused goes on at its cursor when the very same sheet comes again. The mark is a keyed hash of the sheet's
-- file, kept while the run is not done.
ALTER TABLE import_runs ADD COLUMN hold words CHECK (hold IN ('asked', 'paused', 'ready'));
ALTER TABLE import_runs ADD COLUMN sheet_mark words;
