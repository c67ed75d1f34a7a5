-- Full-text search over the redacted texts of assigned letters. See docs/decisions/0007-search-by-marks-and-blocks-of-time.md.
-- What stands here is made from letters and matters alone and can be made again at any time (RebuildLetterSearch).

CREATE TABLE letter_search (
    slot      BIGINT PRIMARY KEY,                                    -- second of arrival * 1024, then the next free: the order of search
    letter_id words NOT NULL UNIQUE REFERENCES matters (letter_id),
    facets    TEXT[] NOT NULL,                                       -- department, state, subjects, blocks of time
    tokens    TSVECTOR NOT NULL                                      -- the segmenter's own: PostgreSQL's parsers would cut them again
) WITH (toast_tuple_target = 128);
-- Tokens are read by nobody but VACUUM's neighbours in the index; out of line, a page of the table holds many letters.
ALTER TABLE letter_search ALTER COLUMN tokens SET STORAGE EXTERNAL;
CREATE INDEX letter_search_tokens ON letter_search USING gin (facets, tokens);

-- Blocks of about 12 days, 3 months and 2 years: with them a search goes back in time as far as it must and no further.
CREATE FUNCTION search_blocks(slot BIGINT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['a' || (slot >> 30), 'b' || (slot >> 33), 'c' || (slot >> 36)]
$$;

CREATE VIEW letter_facets AS
SELECT m.letter_id, replace(array_to_string(ARRAY['d:' || m.department, 's:' || m.state, 'u:' || l.subject, 'u:' || u.parent, 'u:' || p.parent], chr(10)), ' ', '_') AS facets
FROM matters m JOIN letters l ON l.id = m.letter_id LEFT JOIN subjects u ON u.code = l.subject LEFT JOIN subjects p ON p.code = u.parent;

-- Whatever takes a letter's words away takes them out of the index, in the same transaction, whoever does it.
CREATE FUNCTION leave_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM letter_search WHERE letter_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER letters_leave_search AFTER UPDATE OF title, body, state ON letters FOR EACH ROW
WHEN (OLD.state = 'assigned' AND (NEW.state <> 'assigned' OR NEW.title IS DISTINCT FROM OLD.title OR NEW.body IS DISTINCT FROM OLD.body))
EXECUTE FUNCTION leave_search();

-- And whatever moves, closes or sorts it moves it in the index.
CREATE FUNCTION move_in_search() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved TEXT := CASE TG_TABLE_NAME WHEN 'matters' THEN to_jsonb(NEW) ->> 'letter_id' ELSE to_jsonb(NEW) ->> 'id' END;
BEGIN
    UPDATE letter_search s SET facets = string_to_array(f.facets, chr(10)) || search_blocks(s.slot)
    FROM letter_facets f WHERE s.letter_id = moved AND f.letter_id = moved;
    RETURN NULL;
END $$;
CREATE TRIGGER matters_move_in_search AFTER UPDATE OF department, state ON matters FOR EACH ROW
WHEN (NEW.department <> OLD.department OR NEW.state <> OLD.state) EXECUTE FUNCTION move_in_search();
CREATE TRIGGER letters_move_in_search AFTER UPDATE OF subject ON letters FOR EACH ROW
WHEN (OLD.state = 'assigned' AND NEW.subject IS DISTINCT FROM OLD.subject) EXECUTE FUNCTION move_in_search();

-- What queue and report would read the whole table of matters for: see tests/Load/Search/PlansTests.cs.
CREATE INDEX matters_closed_queue ON matters (department, closed_at DESC) WHERE state = 'closed';
CREATE INDEX matters_open ON matters (deadline_at) WHERE closed_at IS NULL;
CREATE INDEX matters_urgent ON matters (state, deadline_at) WHERE urgent = 1;
