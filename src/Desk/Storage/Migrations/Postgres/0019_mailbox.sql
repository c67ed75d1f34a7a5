-- Letters that come by mail: the receipt mail, and which of the desk's own mails an answer belongs to.
-- See docs/decisions/0016-mail-threads-by-token.md.

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check, DROP CONSTRAINT outbox_check1,
    ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('due-soon', 'overdue', 'reply', 'receipt')),
    ADD CONSTRAINT outbox_officer_check CHECK ((kind IN ('reply', 'receipt')) = (officer IS NULL));

-- What a receipt mail says, sealed until it is on its way. The row stays, empty: a letter gets one receipt mail.
CREATE TABLE sealed_receipts (
    letter_id   words PRIMARY KEY REFERENCES letter_keys (letter_id),
    key_id      words,
    wrapped_key BYTEA UNIQUE,
    sealed      BYTEA UNIQUE,
    CHECK ((key_id IS NULL) = (sealed IS NULL) AND (key_id IS NULL) = (wrapped_key IS NULL))
);

-- Which letter a mail of the desk was about. Its id on the way is a token made by a key outside the store; only the hash is here.
CREATE TABLE mail_threads (
    token_hash BYTEA PRIMARY KEY,
    message_id words NOT NULL UNIQUE,          -- the outbox's
    letter_id  words NOT NULL REFERENCES letter_keys (letter_id)
);
CREATE INDEX mail_threads_letter ON mail_threads (letter_id);

-- Whoever erases a contact, nothing is left to be sent to it; whoever withdraws a letter, nothing about it.
CREATE OR REPLACE FUNCTION drop_outbox_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM outbox WHERE letter_id = OLD.letter_id AND kind IN ('reply', 'receipt');
    RETURN OLD;
END $$;
CREATE OR REPLACE FUNCTION drop_outbox_of_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM outbox WHERE letter_id = NEW.id;
    DELETE FROM mail_threads WHERE letter_id = NEW.id;
    RETURN NEW;
END $$;

-- Once the receipt is on its way, or nobody will send it, its code stands nowhere again.
CREATE FUNCTION blank_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sealed_receipts SET key_id = NULL, wrapped_key = NULL, sealed = NULL WHERE letter_id = OLD.letter_id;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_receipt_sent AFTER UPDATE OF state ON outbox FOR EACH ROW WHEN (NEW.kind = 'receipt' AND NEW.state = 'sent') EXECUTE FUNCTION blank_receipt();
CREATE TRIGGER outbox_receipt_gone AFTER DELETE ON outbox FOR EACH ROW WHEN (OLD.kind = 'receipt') EXECUTE FUNCTION blank_receipt();
