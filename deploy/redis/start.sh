#!/bin/sh
# Starts the server with its password, which so stands in no command line. More arguments go to the server.
#   REDIS_PASSWORD_FILE  holds the password: letters and digits
#   REDIS_MAXMEMORY      what it may hold
set -eu
umask 077
whole="${TMPDIR:-/tmp}/redis.conf"
cat "$(dirname "$0")/redis.conf" >"$whole"
printf 'requirepass %s\nmaxmemory %s\n' "$(cat "$REDIS_PASSWORD_FILE")" "$REDIS_MAXMEMORY" >>"$whole"
exec "$(command -v valkey-server || command -v redis-server)" "$whole" "$@"
