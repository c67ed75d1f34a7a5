-- Letters that come by mail: the receipt mail, and which of the desk's own mails an answer belongs to.
-- See docs/decisions/0016-mail-threads-by-token.md.

-- A table's check cannot be changed in place.
DROP TRIGGER outbox_contact_erased;
DROP TRIGGER outbox_withdrawn;
CREATE TABLE outbox_next (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,          -- the same at every try, so that a repeat is visible as one
    kind       TEXT NOT NULL CHECK (kind IN ('due-soon', 'overdue', 'reply', 'receipt')),
    letter_id  TEXT NOT NULL REFERENCES letters (id),
    officer    TEXT REFERENCES accounts (id), -- whom a reminder goes to
    event_id   INTEGER REFERENCES matter_events (id),  -- what a reply repeats
    queued_at  INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    uncertain  INTEGER NOT NULL DEFAULT 0,    -- tries after which nobody knows whether it arrived
    state      TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
    ended_at   INTEGER,
    error      TEXT,                          -- never an address or a word of a letter
    CHECK ((kind = 'reply') = (event_id IS NOT NULL)),
    CHECK ((kind IN ('reply', 'receipt')) = (officer IS NULL)),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
) STRICT;
INSERT INTO outbox_next (id, message_id, kind, letter_id, officer, event_id, queued_at, next_at, attempts, uncertain, state, ended_at, error)
SELECT id, message_id, kind, letter_id, officer, event_id, queued_at, next_at, attempts, uncertain, state, ended_at, error FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_letter ON outbox (letter_id);

-- What a receipt mail says, sealed until it is on its way. The row stays, empty: a letter gets one receipt mail.
CREATE TABLE sealed_receipts (
    letter_id   TEXT PRIMARY KEY REFERENCES letters (id),
    key_id      TEXT,
    wrapped_key BLOB UNIQUE,
    sealed      BLOB UNIQUE,
    CHECK ((key_id IS NULL) = (sealed IS NULL) AND (key_id IS NULL) = (wrapped_key IS NULL))
) STRICT, WITHOUT ROWID;

-- Which letter a mail of the desk was about. Its id on the way is a token made by a key outside the store; only the hash is here.
CREATE TABLE mail_threads (
    token_hash BLOB PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,          -- the outbox's
    letter_id  TEXT NOT NULL REFERENCES letters (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_threads_letter ON mail_threads (letter_id);

-- Whoever erases a contact, nothing is left to be sent to it; whoever withdraws a letter, nothing about it.
CREATE TRIGGER outbox_contact_erased AFTER DELETE ON sealed_contacts
BEGIN DELETE FROM outbox WHERE letter_id = OLD.letter_id AND kind IN ('reply', 'receipt'); END;
CREATE TRIGGER outbox_withdrawn AFTER UPDATE OF state ON letters WHEN NEW.state = 'withdrawn'
BEGIN
    DELETE FROM outbox WHERE letter_id = NEW.id;
    DELETE FROM mail_threads WHERE letter_id = NEW.id;
END;

-- Once the receipt is on its way, or nobody will send it, its code stands nowhere again.
CREATE TRIGGER outbox_receipt_sent AFTER UPDATE OF state ON outbox WHEN NEW.kind = 'receipt' AND NEW.state = 'sent'
BEGIN UPDATE sealed_receipts SET key_id = NULL, wrapped_key = NULL, sealed = NULL WHERE letter_id = NEW.letter_id; END;
CREATE TRIGGER outbox_receipt_gone AFTER DELETE ON outbox WHEN OLD.kind = 'receipt'
BEGIN UPDATE sealed_receipts SET key_id = NULL, wrapped_key = NULL, sealed = NULL WHERE letter_id = OLD.letter_id; END;
