#!/bin/bash
# Records the demonstration and the laboratory cases again (root, about three minutes); docs/lab.md says what each is.
# After it: check the about.md and expected.json beside each, they are written by hand.
set -euo pipefail
cd "$(dirname "$0")/../.."

.venv/bin/python tests/lab/cases.py "$@" --node-modules build/lab/node_modules
[ "$#" -gt 0 ] || .venv/bin/python tests/lab/commune_day.py --out deploy/demo/commune.pcapng.gz --node-modules build/lab/node_modules
