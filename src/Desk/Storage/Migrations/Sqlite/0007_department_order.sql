-- Departments keep the order they were given in.

ALTER TABLE departments ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
UPDATE departments SET position = rowid;
