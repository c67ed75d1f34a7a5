#!/usr/bin/env bash
# Starts a standby: the first time it copies the primary; after that it follows, or, once promoted, is the primary itself.
# Its password lies beside its data folder, readable by its user only, and in no list of processes.
set -euo pipefail
data=${PGDATA:-/var/lib/postgresql/data}
if [ "$(id -u)" = 0 ]; then
  chown postgres:postgres "$data"
  install -o postgres -g postgres -m 600 /run/secrets/replication-password /tmp/replication-password
  export REPLICATION_PASSWORD_FILE=/tmp/replication-password
  exec setpriv --reuid=postgres --regid=postgres --clear-groups bash "$0"
fi
passfile=${REPLICATION_PASSFILE:-/tmp/replication-passfile}
# A password file has signs of its own: a colon and a backslash are written with a backslash.
(umask 077 && printf '*:*:*:replicator:%s\n' "$(sed 's/[\\:]/\\&/g' "${REPLICATION_PASSWORD_FILE:-/run/secrets/replication-password}")" > "$passfile")
export PGPASSFILE=$passfile
if [ ! -s "$data/PG_VERSION" ]; then
  until pg_basebackup -D "$data" -R -X stream -c fast -d "host=$PRIMARY port=${PRIMARY_PORT:-5432} user=replicator application_name=standby passfile=$passfile"; do sleep 1; done
  chmod 700 "$data"
fi
exec postgres -D "$data" "$@"
