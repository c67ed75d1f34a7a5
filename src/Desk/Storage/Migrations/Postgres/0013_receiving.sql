-- What made receiving and sorting a letter slow. Nothing is held less firmly than before.

-- A reference to a partitioned table is checked by a plan over all its months. letter_keys has one row for each letter, in
-- one table, so what belongs to a letter refers to that row.
ALTER TABLE sealed_texts DROP CONSTRAINT sealed_texts_letter_id_fkey, ADD CONSTRAINT sealed_texts_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letter_keys (letter_id);
ALTER TABLE sealed_contacts DROP CONSTRAINT sealed_contacts_letter_id_fkey, ADD CONSTRAINT sealed_contacts_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letter_keys (letter_id);
ALTER TABLE matters DROP CONSTRAINT matters_letter_id_fkey, ADD CONSTRAINT matters_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letter_keys (letter_id);
ALTER TABLE matter_events DROP CONSTRAINT matter_events_letter_id_fkey, ADD CONSTRAINT matter_events_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letter_keys (letter_id);

-- So that such a reference is one to the letter, a key goes only with its letter and a letter with its key.
CREATE FUNCTION drop_letter_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM letter_keys USING gone WHERE letter_keys.letter_id = gone.id;
    RETURN NULL;
END $$;
CREATE TRIGGER letters_keys_go AFTER DELETE ON letters REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION drop_letter_keys();

-- Once for a statement, not once for a row.
DROP TRIGGER letters_keys ON letters;
CREATE OR REPLACE FUNCTION keep_letter_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO letter_keys (letter_id, receipt_hash, number) SELECT id, receipt_hash, number FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER letters_keys AFTER INSERT ON letters REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION keep_letter_keys();

DROP TRIGGER matters_impartial ON matters;
CREATE TRIGGER matters_impartial BEFORE UPDATE OF department ON matters FOR EACH ROW EXECUTE FUNCTION keep_matter_impartial();
-- Its plan is kept, and is made when the table is perhaps empty: it must never read all letters.
CREATE FUNCTION keep_new_matters_impartial() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    -- Locked first, read then: what another transaction has just written is seen.
    PERFORM 1 FROM letters WHERE id IN (SELECT letter_id FROM added) FOR SHARE;
    IF EXISTS (SELECT 1 FROM added JOIN letters ON letters.id = added.letter_id WHERE letters.about_department = added.department) THEN
        RAISE EXCEPTION 'a department complained about never opens the letter';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER matters_impartial_new AFTER INSERT ON matters REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION keep_new_matters_impartial();

-- Sealed bytes cannot be compressed: trying costs time for nothing.
ALTER TABLE sealed_texts ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE sealed_contacts ALTER COLUMN sealed SET STORAGE EXTERNAL;
