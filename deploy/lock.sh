#!/usr/bin/env bash
# Resolves the dependencies again and writes every version with its hashes. Needs uv; look at the difference before committing it.
set -euo pipefail
cd "$(dirname "$0")/../requirements"

command -v uv >/dev/null || {
  printf 'lock: uv is missing; install it, for example with pipx install uv\n' >&2
  exit 1
}

compile() { uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 "$@"; }

compile ../pyproject.toml -o run.txt
compile dev.in -o dev.txt
# Probes are sent by a program of its own; the tests build frames with the same scapy.
compile probe.in -c dev.txt -o probe.txt
# The laboratory's senders run beside the tests' libraries.
compile play.in -c dev.txt -o play.txt
# What fuzzing needs runs beside the tests' libraries too.
compile fuzz.in -c dev.txt -o fuzz.txt
# An environment of its own, which meets nothing of ours.
compile audit.in -o audit.txt
# The build tools share the environment with the rest: same versions, or pip would swap them to and fro.
compile build.in -c dev.txt -o build.txt
