-- Departments keep the order they were given in; receipts and numbers find their letter by one name on both engines.

ALTER TABLE departments ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
UPDATE departments SET position = rowid;
CREATE VIEW letter_keys AS SELECT id AS letter_id, receipt_hash, number FROM letters;
