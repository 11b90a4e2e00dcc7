#!/usr/bin/env bash
# Brings this checkout to where it runs: Debian packages, a virtual environment, locked and hashed libraries, the program itself.
#
#   deploy/setup.sh run     what the program needs (make setup)
#   deploy/setup.sh dev     that, and what the tests and gates need, the laboratory's real software among it (make test, make lab)
#   deploy/setup.sh lab     that, and what only all of the laboratory's scenarios need: Kodi, and senders that real people use (make lab)
#   deploy/setup.sh bench   that of dev, and the programs that speed is measured against (make bench)
#   deploy/setup.sh fuzz    that of dev, and the engine of make fuzz
#   deploy/setup.sh field   that of dev, and what a whole Debian is made and booted with (make field)
#
# Asked again, it compares what is wanted with what is noted in the environment and is done in a fraction of a second.
# VONGGAC_PYTHON names the Python to use; else the first suitable one is taken.
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."

readonly venv=.venv
policy=
kind=${1:-run}
# A list is installed on top of those before it.
case $kind in
  run) lists=(run) ;;
  dev | fuzz) lists=(run test lab) ;;
  lab) lists=(run test lab play) ;;
  bench) lists=(run test lab bench) ;;
  field) lists=(run test lab field) ;;
  *)
    printf 'setup: "%s" is not known, expected run, dev, lab, bench, fuzz or field\n' "$kind" >&2
    exit 2
    ;;
esac

say() { printf 'setup: %s\n' "$1" >&2; }

fail() {
  say "$1"
  exit 1
}

# wanted LIST...: the packages of deploy/apt-LIST.txt; a list that is not there asks for nothing.
wanted() {
  local list
  for list in "$@"; do
    [ ! -e "deploy/apt-$list.txt" ] || sed 's/#.*//' "deploy/apt-$list.txt"
  done | tr -s ' \t' '\n' | sed '/^$/d' | LC_ALL=C sort -u
}

# missing LIST...: those of them that this machine has not.
missing() {
  local have
  # dpkg-query fails when it does not know one of the names; what it prints is right all the same.
  have=$(wanted "$@" | xargs -r dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | LC_ALL=C sort -u || true)
  LC_ALL=C comm -23 <(wanted "$@") <(printf '%s\n' "$have")
}

# suitable PYTHON: new enough, and able to make an environment with pip in it.
suitable() {
  "$1" -c 'import sys, venv, ensurepip, ssl, sqlite3; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

# find_python: prints the first suitable one.
find_python() {
  local candidate
  for candidate in ${VONGGAC_PYTHON:-python3 /usr/bin/python3 python3.13 python3.12 python3.11}; do
    if suitable "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

install_debian() {
  local packages
  command -v dpkg-query >/dev/null || return 0 # not Debian: what is really missing says so itself
  mapfile -t packages < <(missing "${lists[@]}")
  # Without root, a Python of one's own serves as well as Debian's.
  if [ "$(id -u)" != 0 ] && find_python >/dev/null; then
    mapfile -t packages < <(printf '%s\n' "${packages[@]}" | grep -v -e '^python3' -e '^$' || true)
  fi
  # Node.js of its makers brings npm along, and will not have Debian's beside it.
  if command -v npm >/dev/null; then mapfile -t packages < <(printf '%s\n' "${packages[@]}" | grep -v -e '^npm$' -e '^$' || true); fi
  [ "${#packages[@]}" -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || fail "Debian packages are missing; as root: apt-get install -y --no-install-recommends ${packages[*]}"
  say "installing Debian packages: ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt_get update
  keep_services_down
  if printf '%s\n' "${packages[@]}" | grep -qx usbguard; then mask_usbguard; fi
  apt_get install -y --no-install-recommends "${packages[@]}"
  [ -z "$policy" ] || rm -f "$policy"
}

# The tests need the checker of its rules alone; its daemon, once run, would turn away every keyboard plugged in later.
mask_usbguard() {
  local unit=/etc/systemd/system/usbguard.service
  if [ -d /etc/systemd/system ] && [ ! -e "$unit" ] && ! command -v usbguard-daemon >/dev/null; then ln -s /dev/null "$unit"; fi
}

# Debian starts a server as soon as it is installed. Tests start the ones they need themselves, on loopback; nothing else is to listen here.
keep_services_down() {
  [ ! -e /usr/sbin/policy-rc.d ] || return 0 # somebody decided already
  policy=/usr/sbin/policy-rc.d
  trap '[ -z "$policy" ] || rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

apt_get() {
  local log
  log=$(mktemp)
  # A machine that just started may be updating itself: wait for the lock instead of failing.
  if ! apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    fail "apt-get $1 failed; the lines above are its own"
  fi
  rm -f "$log"
}

# note FILE...: what the environment must have been made from.
note() {
  { "$venv/bin/python" -VV && pwd -P && cat "$@"; } | sha256sum | cut -d' ' -f1
}

# once NAME COMMAND FILE...: runs COMMAND unless the environment was already made by it from these very files.
once() {
  local stamp="$venv/.made-$1" command=$2 now
  shift 2
  now=$(note "$@")
  if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$now" ]; then return; fi
  rm -f "$stamp"
  "$command"
  printf '%s\n' "$now" >"$stamp"
}

make_venv() {
  local python
  # An environment whose Python was upgraded away or which was copied from elsewhere is made anew.
  if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import sys, pip' 2>/dev/null; then return; fi
  python=$(find_python) || fail "no Python 3.11 to 3.13 with the venv module was found; as root: apt-get install -y --no-install-recommends python3 python3-venv"
  say "making the virtual environment with $("$python" -V)"
  rm -rf "$venv"
  "$python" -m venv "$venv" || fail "$python could not make the virtual environment $venv"
}

pip_install() {
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@" \
    || fail "pip could not install what the lock file names; the lines above are its own"
}

install_run() {
  say "installing the locked libraries (requirements/run.txt and build.txt); this may take a minute"
  pip_install --require-hashes -r requirements/run.txt -r requirements/build.txt
}

# For the program that sends probes, which shares nothing with the rest but this environment. Without it probes are off and all else runs.
install_probe() {
  say "installing what probes are built with (requirements/probe.txt)"
  pip_install --require-hashes -r requirements/probe.txt
}

# The build backend was installed with its hashes just above: nothing is fetched here.
install_project() {
  pip_install --no-build-isolation --no-deps --no-index --editable .
  # A service's user may not write beside the sources, and would compile them at each start. What changes later is compiled when it is imported.
  "$venv/bin/python" -m compileall -q model detectors exporters collector || true
}

install_dev() {
  say "installing the test tools (requirements/dev.txt)"
  pip_install --require-hashes -r requirements/dev.txt
}

install_play() {
  say "installing the senders that only the laboratory plays with (requirements/play.txt)"
  pip_install --require-hashes -r requirements/play.txt
}

install_fuzz() {
  say "installing the engine of make fuzz (requirements/fuzz.txt)"
  pip_install --require-hashes -r requirements/fuzz.txt
}

# Receivers that are no Debian or Python packages; package-lock.json holds their hashes.
install_lab() {
  say "installing receivers of the laboratory (deploy/lab/package-lock.json)"
  mkdir -p build/lab
  cp deploy/lab/package.json deploy/lab/package-lock.json build/lab/
  npm ci --prefix build/lab --no-audit --no-fund --silent --ignore-scripts \
    || fail "npm could not install what deploy/lab/package-lock.json names; the lines above are its own"
}

# Two of these at once (a second terminal, a service) would break the environment.
exec 9<deploy/setup.sh
flock 9
install_debian
make_venv
once run install_run requirements/run.txt requirements/build.txt
once probe install_probe requirements/probe.txt
once project install_project pyproject.toml
if [ "$kind" != run ]; then
  once dev install_dev requirements/dev.txt
  # Without npm (no root, another system) its tests say what they miss.
  if command -v npm >/dev/null; then once lab install_lab deploy/lab/package-lock.json; fi
fi
[ "$kind" != fuzz ] || once fuzz install_fuzz requirements/fuzz.txt
[ "$kind" != lab ] || once play install_play requirements/play.txt
[ -x "$venv/bin/vonggac" ] || fail "$venv/bin/vonggac is missing after installing; remove $venv and try again"
