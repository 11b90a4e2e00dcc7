#!/usr/bin/env bash
# Unpacks Debian's rsyslog and syslog-ng, which the tests start, into a cache outside the checkout.
#
# They are not installed: each would push the other, and the machine's own log service, off the machine. What they link to is in deploy/apt-test.txt.
# Quick when there is nothing to do. Removing the folder "syslog" of the cache undoes it.
set -euo pipefail
umask 022

readonly home="${XDG_CACHE_HOME:-$HOME/.cache}/vonggac-test/syslog"

if [ -x "$home/usr/sbin/rsyslogd" ] && [ -x "$home/usr/sbin/syslog-ng" ]; then exit 0; fi
mkdir -p "$(dirname "$home")"
exec 9>"$(dirname "$home")/lock-syslog"
flock 9
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
# apt checks them against the signed lists of Debian.
if ! (cd "$work" && apt-get -q download rsyslog rsyslog-gnutls syslog-ng-core) >"$work/apt.log" 2>&1; then
  tail -n 5 "$work/apt.log" >&2
  printf 'fetch-test-syslog: apt-get download failed; the lines above are its own\n' >&2
  exit 1
fi
mkdir "$work/tree"
for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/tree"; done
rm -rf "$home"
mv "$work/tree" "$home"
chmod 755 "$home"
printf 'Test servers: rsyslog and syslog-ng in %s\n' "$home"
