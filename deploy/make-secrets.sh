#!/bin/sh
# Makes the passwords that docker-compose.yml hands to its containers, and the first API key; keeps those that are there.
# The containers' users are not yours, so the files may be read by all, and the folder be entered by you alone.
set -eu
folder="${1:-$(dirname "$0")/secrets}"
mkdir -p "$folder"
chmod 700 "$folder"

random() {  # so many bytes, in hexadecimal
    od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n'
}

keep() {
    if [ ! -s "$folder/$1" ]; then
        printf %s "$2" >"$folder/$1"
        chmod 644 "$folder/$1"
    fi
}

for name in redis_password search_password search_user_password grafana_password; do
    keep "$name" "$(random 24)"
done
keep admin_key "pm_$(random 4)_$(random 32)"
