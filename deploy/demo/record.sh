#!/bin/bash
# Records the demonstration and the laboratory cases again (root, about three minutes); docs/lab.md says what each is.
# After it: check the about.md and expected.json beside each, they are written by hand.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v npm >/dev/null; then
  echo "record: npm is missing; install Node.js with npm (Debian: apt-get install npm), DIAL's receiver comes from there" >&2
  exit 1
fi

# The receivers that are no Debian or Python packages; they stay out of the checkout (build/ is not committed).
npm install --no-audit --no-fund --silent --prefix build/lab peer-dial@0.0.8 castv2@0.1.10

.venv/bin/python tests/lab/cases.py "$@" --node-modules build/lab/node_modules
[ "$#" -gt 0 ] || .venv/bin/python tests/lab/commune_day.py --out deploy/demo/commune.pcapng.gz --node-modules build/lab/node_modules
