-- The Open311 door. A key is an application's, never a person's: what it sent it may read and add to, nothing else. Rows here
-- hold codes and numbers; the words of a request are its letter's, sealed and redacted like those of every other door.

CREATE TABLE open311_keys (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    label      TEXT NOT NULL,             -- the application, as the administrator calls it
    key_hash   BLOB NOT NULL UNIQUE,      -- SHA-256 of the key, which is shown once and stored nowhere
    made_at    INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

-- One row for each letter of this door, stored with it.
CREATE TABLE open311_requests (
    letter_id TEXT PRIMARY KEY REFERENCES letters (id),
    key_id    INTEGER REFERENCES open311_keys (id),  -- the application that sent it; null: fetched
    service   TEXT,                       -- the subject its sender chose
    token     TEXT UNIQUE,                -- leads to the letter's public number, to nothing else
    peer      TEXT,                       -- the server it was fetched from
    remote_id TEXT,                       -- its number there
    CHECK ((key_id IS NULL) = (peer IS NOT NULL)),
    CHECK ((peer IS NULL) = (remote_id IS NULL))
) STRICT, WITHOUT ROWID;

-- What an application added to its request, by its own number of the addition: a repeat is known as one.
CREATE TABLE open311_updates (
    letter_id TEXT NOT NULL REFERENCES letters (id),
    update_id TEXT NOT NULL,
    PRIMARY KEY (letter_id, update_id)
) STRICT, WITHOUT ROWID;

-- What the office asks beside the description, service by service.
CREATE TABLE open311_attributes (
    service  TEXT NOT NULL REFERENCES subjects (code),
    code     TEXT NOT NULL,
    datatype TEXT NOT NULL CHECK (datatype IN ('string', 'number', 'datetime', 'text', 'singlevaluelist', 'multivaluelist')),
    required INTEGER NOT NULL CHECK (required IN (0, 1)),
    position INTEGER NOT NULL,
    question TEXT NOT NULL,
    hint     TEXT NOT NULL,
    choices  TEXT NOT NULL,               -- key=words, one a line; empty unless it is a list
    PRIMARY KEY (service, code)
) STRICT, WITHOUT ROWID;

-- Several jurisdictions behind one endpoint; none where the office serves one.
CREATE TABLE open311_jurisdictions (
    id       TEXT PRIMARY KEY,
    district TEXT REFERENCES districts (code)  -- null: the whole office
) STRICT, WITHOUT ROWID;

-- How far letters were fetched from another server of the office.
CREATE TABLE open311_cursors (
    peer         TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,           -- empty where that server has one
    fetched_to   INTEGER NOT NULL,
    PRIMARY KEY (peer, jurisdiction)
) STRICT, WITHOUT ROWID;

-- Which letters' twins went to another server of the office, and their numbers there.
CREATE TABLE open311_sent (
    letter_id TEXT NOT NULL REFERENCES letters (id),
    peer      TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    sent_at   INTEGER NOT NULL,
    PRIMARY KEY (letter_id, peer)
) STRICT, WITHOUT ROWID;
CREATE INDEX open311_sent_remote ON open311_sent (peer, remote_id);
