-- Staff accounts (the columns ASP.NET Core Identity expects), roles granted by two administrators, the audit log.

CREATE TABLE accounts (
    id                     TEXT PRIMARY KEY,
    user_name              TEXT NOT NULL,
    normalized_user_name   TEXT NOT NULL UNIQUE,
    email                  TEXT,
    normalized_email       TEXT,
    email_confirmed        INTEGER NOT NULL DEFAULT 0,
    password_hash          TEXT,
    security_stamp         TEXT,
    concurrency_stamp      TEXT,
    phone_number           TEXT,
    phone_number_confirmed INTEGER NOT NULL DEFAULT 0,
    two_factor_enabled     INTEGER NOT NULL DEFAULT 0,
    lockout_end            TEXT,
    lockout_enabled        INTEGER NOT NULL DEFAULT 1,
    access_failed_count    INTEGER NOT NULL DEFAULT 0,
    name_zh                TEXT NOT NULL,
    name_en                TEXT NOT NULL,
    disabled               INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    on_duty                INTEGER NOT NULL DEFAULT 0 CHECK (on_duty IN (0, 1)),
    duty_asked_by          TEXT   -- duty opens urgent letters of every department, so it needs two administrators, as a role does
) STRICT;
CREATE TABLE account_claims (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    claim_type  TEXT,
    claim_value TEXT
) STRICT;
CREATE TABLE account_logins (
    login_provider        TEXT NOT NULL,
    provider_key          TEXT NOT NULL,
    provider_display_name TEXT,
    account_id            TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (login_provider, provider_key)
) STRICT;
CREATE TABLE account_tokens (
    account_id     TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    login_provider TEXT NOT NULL,
    name           TEXT NOT NULL,
    value          TEXT,
    PRIMARY KEY (account_id, login_provider, name)
) STRICT;

-- A grant counts once a second administrator has confirmed it, and until it ends.
CREATE TABLE role_grants (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    role         TEXT NOT NULL CHECK (role IN ('officer', 'editor', 'analyst', 'administrator')),
    department   TEXT REFERENCES departments (code),
    asked_by     TEXT NOT NULL,
    asked_at     INTEGER NOT NULL,
    confirmed_by TEXT,
    confirmed_at INTEGER,
    ended_at     INTEGER,
    CHECK ((role = 'officer') = (department IS NOT NULL)),
    CHECK (confirmed_by IS NULL OR (confirmed_by <> asked_by AND confirmed_by <> account_id))
) STRICT;
CREATE UNIQUE INDEX role_grants_one ON role_grants (account_id) WHERE confirmed_at IS NOT NULL AND ended_at IS NULL;

CREATE TABLE audit_log (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    target     TEXT,            -- a letter's public number, an account's id, a setting's name
    department TEXT,
    reason     TEXT
) STRICT;
CREATE INDEX audit_log_action ON audit_log (action, at);
CREATE TRIGGER audit_log_keep BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_log_stay BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
