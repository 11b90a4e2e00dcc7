#!/usr/bin/env bash
# Fetches the wheels that the locks of the installed program name, with their hashes, into a folder (first argument) that is then enough without network.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly folder=$1 locks=(requirements/run.txt requirements/probe.txt)
mkdir -p "$folder"
exec 9<"$folder"
flock 9
now=$(cat "${locks[@]}" | sha256sum | cut -d' ' -f1)
if [ -e "$folder/.locks" ] && [ "$(cat "$folder/.locks")" = "$now" ]; then exit 0; fi
rm -f "$folder"/*.whl "$folder/.locks"
.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all: --dest "$folder" \
  "${locks[@]/#/--requirement=}"
printf '%s\n' "$now" >"$folder/.locks"
