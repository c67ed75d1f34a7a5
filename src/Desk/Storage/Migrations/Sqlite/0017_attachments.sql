-- Files that came with letters lie outside the database, sealed under random names; here is what they are and the key of
-- each, sealed by the office's. No hash of what is in them, and nothing by which two could be found alike.

CREATE TABLE sealed_attachments (
    letter_id   TEXT NOT NULL REFERENCES letters (id),
    number      INTEGER NOT NULL CHECK (number BETWEEN 1 AND 5),
    name        TEXT NOT NULL UNIQUE,  -- of the file in DIR/attachments, chance alone
    type        TEXT NOT NULL CHECK (type IN ('jpg', 'png', 'gif', 'webp', 'pdf', 'mp3', 'm4a', 'wav', 'ogg', 'amr')),
    bytes       INTEGER NOT NULL CHECK (bytes BETWEEN 1 AND 10485760),
    key_id      TEXT NOT NULL,
    wrapped_key BLOB NOT NULL,
    PRIMARY KEY (letter_id, number)
) STRICT;

-- A run that was paused goes on at its cursor when the very same sheet comes again. The mark is a keyed hash of the sheet's
-- file, kept while the run is not done.
ALTER TABLE import_runs ADD COLUMN hold TEXT CHECK (hold IN ('asked', 'paused', 'ready'));
ALTER TABLE import_runs ADD COLUMN sheet_mark TEXT;
