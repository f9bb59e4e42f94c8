#!/bin/sh
# Makes the passwords that docker-compose.yml hands to its containers; keeps those that are there.
# The containers' users are not yours, so the files may be read by all, and the folder be entered by you alone.
set -eu
folder="${1:-$(dirname "$0")/secrets}"
mkdir -p "$folder"
chmod 700 "$folder"
for name in redis_password search_password grafana_password; do
    if [ ! -s "$folder/$name" ]; then
        od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$folder/$name"
        chmod 644 "$folder/$name"
    fi
done
