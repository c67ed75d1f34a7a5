#!/usr/bin/env bash
# Run once in a new primary: makes the role that a standby follows with, and lets it in by its password.
set -euo pipefail
export REPLICATION_PASSWORD_FILE=${REPLICATION_PASSWORD_FILE:-/run/secrets/replication-password}
# psql reads the file itself, so that the password is in no list of processes.
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set password `cat "$REPLICATION_PASSWORD_FILE"`
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'password';
SQL
echo "host replication replicator all scram-sha-256" >> "$PGDATA/pg_hba.conf"
