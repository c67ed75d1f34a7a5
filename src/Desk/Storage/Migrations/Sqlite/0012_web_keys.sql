-- The keys of web sessions and forms, shared by the nodes. Each element is sealed by the office's key, which is in no database.

CREATE TABLE web_keys (
    id      TEXT PRIMARY KEY,
    element TEXT NOT NULL
) STRICT;
