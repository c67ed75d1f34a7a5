-- Departments keep the order they were given in. (The keys of letters stand in 0002 here.)

ALTER TABLE departments ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
