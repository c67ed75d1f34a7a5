-- Full-text search over the redacted texts of assigned letters. See docs/decisions/0007-search-by-marks-and-blocks-of-time.md.
-- What stands here is made from letters and matters alone and can be made again at any time (RebuildLetterSearch).

CREATE TABLE letter_search (
    slot      INTEGER PRIMARY KEY,                                  -- second of arrival * 1024, then the next free: the order of search
    letter_id TEXT NOT NULL UNIQUE REFERENCES matters (letter_id)
) STRICT;
-- The row's number is the slot. Facets are department, state and subjects; tokens are the segmenter's own, so that nothing
-- but a space parts them. Not contentless: only what is stored can be erased from the index.
CREATE VIRTUAL TABLE letter_search_words USING fts5 (facets, tokens, detail = 'column', tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cf'");
INSERT INTO letter_search_words (letter_search_words, rank) VALUES ('secure-delete', 1);

CREATE VIEW letter_facets AS
SELECT m.letter_id, replace('d:' || m.department, ' ', '_') || ' s:' || m.state || COALESCE(' u:' || replace(l.subject, ' ', '_'), '')
    || COALESCE(' u:' || replace(u.parent, ' ', '_'), '') || COALESCE(' u:' || replace(p.parent, ' ', '_'), '') AS facets
FROM matters m JOIN letters l ON l.id = m.letter_id LEFT JOIN subjects u ON u.code = l.subject LEFT JOIN subjects p ON p.code = u.parent;

-- Whatever takes a letter's words away takes them out of the index, in the same transaction, whoever does it.
CREATE TRIGGER letters_leave_search AFTER UPDATE OF title, body, state ON letters
WHEN OLD.state = 'assigned' AND (NEW.state <> 'assigned' OR NEW.title IS NOT OLD.title OR NEW.body IS NOT OLD.body)
BEGIN DELETE FROM letter_search WHERE letter_id = NEW.id; END;
CREATE TRIGGER letter_search_leave AFTER DELETE ON letter_search
BEGIN DELETE FROM letter_search_words WHERE rowid = OLD.slot; END;

-- And whatever moves, closes or sorts it moves it in the index.
CREATE TRIGGER matters_move_in_search AFTER UPDATE OF department, state ON matters
WHEN NEW.department <> OLD.department OR NEW.state <> OLD.state
BEGIN
    UPDATE letter_search_words SET facets = (SELECT f.facets FROM letter_facets f WHERE f.letter_id = NEW.letter_id)
    WHERE rowid = (SELECT s.slot FROM letter_search s WHERE s.letter_id = NEW.letter_id);
END;
CREATE TRIGGER letters_move_in_search AFTER UPDATE OF subject ON letters
WHEN OLD.state = 'assigned' AND NEW.subject IS NOT OLD.subject
BEGIN
    UPDATE letter_search_words SET facets = (SELECT f.facets FROM letter_facets f WHERE f.letter_id = NEW.id)
    WHERE rowid = (SELECT s.slot FROM letter_search s WHERE s.letter_id = NEW.id);
END;

-- What queue and report would read the whole table of matters for: see tests/Load/Search/PlansTests.cs.
CREATE INDEX matters_closed_queue ON matters (department, closed_at DESC) WHERE state = 'closed';
CREATE INDEX matters_open ON matters (deadline_at) WHERE closed_at IS NULL;
CREATE INDEX matters_urgent ON matters (state, deadline_at) WHERE urgent = 1;
