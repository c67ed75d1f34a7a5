-- Mail that waits to be sent. A row names what it is about and holds neither an address nor a word: an officer's address is
-- the account's, a writer's stays sealed with the letter until the moment of sending.

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,          -- the same at every try, so that a repeat is visible as one
    kind       TEXT NOT NULL CHECK (kind IN ('due-soon', 'overdue', 'reply')),
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
    CHECK ((kind = 'reply') = (officer IS NULL)),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
) STRICT;
CREATE INDEX outbox_waiting ON outbox (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_letter ON outbox (letter_id);

-- Whoever erases a contact, nothing is left to be sent to it; whoever withdraws a letter, nothing about it.
CREATE TRIGGER outbox_contact_erased AFTER DELETE ON sealed_contacts
BEGIN DELETE FROM outbox WHERE letter_id = OLD.letter_id AND kind = 'reply'; END;
CREATE TRIGGER outbox_withdrawn AFTER UPDATE OF state ON letters WHEN NEW.state = 'withdrawn'
BEGIN DELETE FROM outbox WHERE letter_id = NEW.id; END;
