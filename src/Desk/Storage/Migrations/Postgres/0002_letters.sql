-- Letters. Times are UTC milliseconds since 1970. `title`, `place` and `body` are the redacted twin; the words as they
-- were written lie sealed in sealed_texts, who wrote them in sealed_contacts, and only the Sealing folder names either.

CREATE TABLE letters (
    id                 words PRIMARY KEY,          -- time-ordered: its first twelve hexadecimal digits are the moment of arrival
    receipt_hash       BYTEA NOT NULL,             -- SHA-256 of the receipt code, which is stored nowhere
    number             words NOT NULL,             -- public, random, never the receipt code
    channel            words NOT NULL CHECK (channel IN ('form', 'mailbox', 'hotline', 'open311', 'official-account', 'own-site', 'paper')),
    arrived_at         BIGINT NOT NULL,
    registered_at      BIGINT NOT NULL,
    district           words REFERENCES districts (code),
    publish            BIGINT NOT NULL DEFAULT 0 CHECK (publish IN (0, 1)),
    about_department   words REFERENCES departments (code),  -- a department complained about never opens the letter
    state              words NOT NULL CHECK (state IN ('received', 'set-aside', 'redacted', 'assigned', 'withdrawn')),
    title              words,
    place              words,
    body               words,
    subject            words REFERENCES subjects (code),
    subject_confidence DOUBLE PRECISION,
    subject_words      words,
    need               words CHECK (need IN ('question', 'complaint', 'suggestion', 'thanks', 'urgent-danger')),
    need_confidence    DOUBLE PRECISION,
    need_words         words,
    sorted_by          words CHECK (sorted_by IN ('machine', 'person')),
    CHECK (state IN ('received', 'set-aside', 'withdrawn') OR (title IS NOT NULL AND place IS NOT NULL AND body IS NOT NULL))
) PARTITION BY RANGE (id);
-- What no month's partition takes. Months are made before their first letter, see PostgresEngine.
CREATE TABLE letters_other PARTITION OF letters DEFAULT;
CREATE INDEX letters_waiting ON letters (state, id) WHERE state IN ('received', 'set-aside', 'redacted');
CREATE INDEX letters_arrival ON letters (arrived_at);
CREATE INDEX letters_number ON letters (number);

CREATE FUNCTION make_letters_month(year BIGINT, month BIGINT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first   TIMESTAMPTZ := make_timestamptz(year::int, month::int, 1, 0, 0, 0, 'UTC');
    name    TEXT := format('letters_%s', to_char(first AT TIME ZONE 'UTC', 'YYYYMM'));
    -- Ids are UUIDs of version 7 in hexadecimal: the milliseconds since 1970 come first.
    low     TEXT := lpad(to_hex((extract(epoch FROM first) * 1000)::bigint), 12, '0');
    high    TEXT := lpad(to_hex((extract(epoch FROM first + INTERVAL '1 month') * 1000)::bigint), 12, '0');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I (LIKE letters INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format('ALTER TABLE letters ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, low, high);
END $$;

-- Uniqueness over all months, and the way from a receipt to its letter without looking into each month.
CREATE TABLE letter_keys (
    letter_id    words PRIMARY KEY,
    receipt_hash BYTEA NOT NULL UNIQUE,
    number       words NOT NULL UNIQUE
);
CREATE FUNCTION keep_letter_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO letter_keys (letter_id, receipt_hash, number) VALUES (NEW.id, NEW.receipt_hash, NEW.number);
    RETURN NEW;
END $$;
CREATE TRIGGER letters_keys AFTER INSERT ON letters FOR EACH ROW EXECUTE FUNCTION keep_letter_keys();
CREATE TRIGGER letters_keys_stay BEFORE UPDATE OF id, receipt_hash, number ON letters FOR EACH ROW EXECUTE FUNCTION refuse('a receipt and a number stay');

-- One row for everything that ever arrived, so that a repeat is known as one. Nothing else joins it.
CREATE TABLE channel_keys (key_hmac BYTEA PRIMARY KEY);

CREATE TABLE sealed_texts (
    letter_id   words NOT NULL REFERENCES letters (id),
    part        BIGINT NOT NULL,  -- 0 the letter, then one for each thing the writer added
    key_id      words NOT NULL,
    wrapped_key BYTEA NOT NULL,
    sealed      BYTEA NOT NULL,
    PRIMARY KEY (letter_id, part)
);

CREATE TABLE sealed_contacts (
    letter_id   words PRIMARY KEY REFERENCES letters (id),
    key_id      words NOT NULL,
    wrapped_key BYTEA NOT NULL,
    sealed      BYTEA NOT NULL
);

-- A person's correction, for training. The text is the letter's own twin and goes with it.
CREATE TABLE training_examples (
    letter_id    words PRIMARY KEY REFERENCES letters (id) ON DELETE CASCADE,
    subject      words NOT NULL REFERENCES subjects (code),
    corrected_at BIGINT NOT NULL
);
