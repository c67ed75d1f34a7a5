-- The queue's whole order stands in its indexes, so that a page is read from them and nothing is sorted: see ListQueue.

DROP INDEX matters_queue;
CREATE INDEX matters_queue ON matters (department, state, urgent DESC, deadline_at, letter_id);
DROP INDEX matters_closed_queue;
CREATE INDEX matters_closed_queue ON matters (department, closed_at DESC, letter_id) WHERE state = 'closed';
-- What is urgent anywhere, for the officers on duty.
DROP INDEX matters_urgent;
CREATE INDEX matters_urgent ON matters (state, deadline_at, letter_id) WHERE urgent = 1;

-- Every search is one department's, so its blocks of time are too: one list of the index in place of two that meet.
CREATE FUNCTION search_facets(facets TEXT, slot BIGINT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE AS $$
    -- The department comes first, see letter_facets.
    SELECT f || ARRAY[f[1] || '@a' || (slot >> 30), f[1] || '@b' || (slot >> 33), f[1] || '@c' || (slot >> 36)] FROM string_to_array(facets, chr(10)) AS f
$$;

CREATE OR REPLACE FUNCTION move_in_search() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved TEXT := CASE TG_TABLE_NAME WHEN 'matters' THEN to_jsonb(NEW) ->> 'letter_id' ELSE to_jsonb(NEW) ->> 'id' END;
BEGIN
    UPDATE letter_search s SET facets = search_facets(f.facets, s.slot)
    FROM letter_facets f WHERE s.letter_id = moved AND f.letter_id = moved;
    RETURN NULL;
END $$;

UPDATE letter_search s SET facets = search_facets(f.facets, s.slot) FROM letter_facets f WHERE f.letter_id = s.letter_id;
DROP FUNCTION search_blocks(BIGINT);

-- One page of a search, see LetterSearch. GIN gives what matches in no order, so the newest are looked for in a short time
-- first, and in longer ones only as long as the page is not full: a block and the one before it hold all letters back to
-- where that one begins. Here rather than in the program because its plans are then kept: making them took as long as searching.
CREATE FUNCTION letter_search_page(tiers TEXT[], first_tier INT, scopes TEXT[], own TEXT, others TEXT[], start BIGINT, stop BIGINT, first_stop BIGINT, take INT)
RETURNS TABLE (tier INT, slot BIGINT, letter_id words) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    newest  BIGINT := (SELECT MAX(s.slot) + 1 FROM letter_search s);
    before  BIGINT := LEAST(stop, first_stop, newest);
    missing INT := take;
    wanted  TSQUERY;
    scope   TEXT;
    shift   INT;
    slots   BIGINT[];
    letters TEXT[];
BEGIN
    FOR t IN first_tier .. cardinality(tiers) - 1 LOOP
        EXIT WHEN missing <= 0 OR before IS NULL;
        wanted := tiers[t + 1]::tsquery;
        IF before > start THEN
            -- One letter for each block to try, then everything.
            FOREACH scope IN ARRAY string_to_array(scopes[t + 1], NULL) || ''::TEXT LOOP
                shift := CASE scope WHEN 'a' THEN 30 WHEN 'b' THEN 33 WHEN 'c' THEN 36 END;
                -- The order is by an expression, so that the index of slots does not tempt into reading letters one by one.
                IF scope = '' THEN
                    SELECT array_agg(f.slot), array_agg(f.letter_id) INTO slots, letters FROM (
                        SELECT s.slot, s.letter_id FROM letter_search s WHERE s.facets @> (ARRAY[own] || others) AND s.tokens @@ wanted
                        AND s.slot + 0 >= start AND s.slot + 0 < before ORDER BY s.slot + 0 DESC LIMIT missing) f;
                ELSIF cardinality(others) = 0 THEN
                    SELECT array_agg(f.slot), array_agg(f.letter_id) INTO slots, letters FROM (
                        SELECT s.slot, s.letter_id FROM letter_search s
                        WHERE s.facets && ARRAY[own || '@' || scope || ((before - 1) >> shift), own || '@' || scope || (((before - 1) >> shift) - 1)] AND s.tokens @@ wanted
                        AND s.slot + 0 >= start AND s.slot + 0 < before ORDER BY s.slot + 0 DESC LIMIT missing) f;
                ELSE
                    SELECT array_agg(f.slot), array_agg(f.letter_id) INTO slots, letters FROM (
                        SELECT s.slot, s.letter_id FROM letter_search s
                        WHERE s.facets && ARRAY[own || '@' || scope || ((before - 1) >> shift), own || '@' || scope || (((before - 1) >> shift) - 1)] AND s.facets @> others AND s.tokens @@ wanted
                        AND s.slot + 0 >= start AND s.slot + 0 < before ORDER BY s.slot + 0 DESC LIMIT missing) f;
                END IF;
                EXIT WHEN scope = '' OR cardinality(slots) = missing OR ((((before - 1) >> shift) - 1) << shift) <= start;
            END LOOP;
            RETURN QUERY SELECT t, f.slot, f.letter_id::words FROM unnest(slots, letters) AS f (slot, letter_id);
            missing := missing - COALESCE(cardinality(slots), 0);
        END IF;
        before := LEAST(stop, newest);
    END LOOP;
END $$;
