-- Departments keep the order they were given in.

ALTER TABLE departments ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
