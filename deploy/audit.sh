#!/usr/bin/env bash
# Asks the Python package index which of the locked libraries have known vulnerabilities. Needs the index's own advisories over the Internet: what could not be
# asked about has not passed. The tool lives in an environment of its own in the user's cache.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly tools=${XDG_CACHE_HOME:-$HOME/.cache}/vonggac-audit
if ! cmp -s requirements/audit.txt "$tools/audit.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --require-hashes -r requirements/audit.txt
  cp requirements/audit.txt "$tools/audit.txt"
fi

status=0
for list in run probe build dev play fuzz; do
  printf 'audit: requirements/%s.txt\n' "$list" >&2
  # Strict: an index that knows no advisories would otherwise count as one that knows of no vulnerability.
  "$tools/bin/pip-audit" --strict --disable-pip --require-hashes --progress-spinner off --timeout 20 -r "requirements/$list.txt" || status=1
done
[ "$status" = 0 ] || printf 'audit: a vulnerability is known, or a list could not be asked about (see above): neither is a pass\n' >&2
exit "$status"
