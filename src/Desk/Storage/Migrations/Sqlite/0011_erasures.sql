-- What was erased, by letter, so that a restored backup is made to forget it again. No word and nothing about a person.

CREATE TABLE erasures (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    letter_id TEXT NOT NULL,
    what      TEXT NOT NULL CHECK (what IN ('contact', 'original', 'texts', 'publication', 'withdrawn')),
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX erasures_letter ON erasures (letter_id);
CREATE TRIGGER erasures_keep BEFORE UPDATE ON erasures BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
