-- Letters. Times are UTC milliseconds since 1970. `title`, `place` and `body` are the redacted twin; the words as they
-- were written lie sealed in sealed_texts, who wrote them in sealed_contacts, and only the Sealing folder names either.

CREATE TABLE letters (
    id                 TEXT PRIMARY KEY,          -- time-ordered, of the moment of arrival
    receipt_hash       BLOB NOT NULL UNIQUE,      -- SHA-256 of the receipt code, which is stored nowhere
    number             TEXT NOT NULL UNIQUE,      -- public, random, never the receipt code
    channel            TEXT NOT NULL CHECK (channel IN ('form', 'mailbox', 'hotline', 'open311', 'official-account', 'own-site', 'paper')),
    arrived_at         INTEGER NOT NULL,
    registered_at      INTEGER NOT NULL,
    district           TEXT REFERENCES districts (code),
    publish            INTEGER NOT NULL DEFAULT 0 CHECK (publish IN (0, 1)),
    about_department   TEXT REFERENCES departments (code),  -- a department complained about never opens the letter
    state              TEXT NOT NULL CHECK (state IN ('received', 'set-aside', 'redacted', 'assigned', 'withdrawn')),
    title              TEXT,
    place              TEXT,
    body               TEXT,
    subject            TEXT REFERENCES subjects (code),
    subject_confidence REAL,
    subject_words      TEXT,
    need               TEXT CHECK (need IN ('question', 'complaint', 'suggestion', 'thanks', 'urgent-danger')),
    need_confidence    REAL,
    need_words         TEXT,
    sorted_by          TEXT CHECK (sorted_by IN ('machine', 'person')),
    CHECK (state IN ('received', 'set-aside', 'withdrawn') OR (title IS NOT NULL AND place IS NOT NULL AND body IS NOT NULL))
) STRICT;
CREATE INDEX letters_waiting ON letters (state, id) WHERE state IN ('received', 'set-aside', 'redacted');
CREATE INDEX letters_arrival ON letters (arrived_at);

-- One row for everything that ever arrived, so that a repeat is known as one. Nothing else joins it.
CREATE TABLE channel_keys (key_hmac BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE sealed_texts (
    letter_id   TEXT NOT NULL REFERENCES letters (id),
    part        INTEGER NOT NULL,  -- 0 the letter, then one for each thing the writer added
    key_id      TEXT NOT NULL,
    wrapped_key BLOB NOT NULL,
    sealed      BLOB NOT NULL,
    PRIMARY KEY (letter_id, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE sealed_contacts (
    letter_id   TEXT PRIMARY KEY REFERENCES letters (id),
    key_id      TEXT NOT NULL,
    wrapped_key BLOB NOT NULL,
    sealed      BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A person's correction, for training. The text is the letter's own twin and goes with it.
CREATE TABLE training_examples (
    letter_id    TEXT PRIMARY KEY REFERENCES letters (id) ON DELETE CASCADE,
    subject      TEXT NOT NULL REFERENCES subjects (code),
    corrected_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
