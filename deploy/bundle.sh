#!/usr/bin/env bash
# Packs what a site without Internet needs into one folder and one archive: the package, its wheels, the bill of materials, hashes, a signature, install.sh.
#
#   deploy/bundle.sh --key KEY.pem [--out FOLDER]
#
# KEY is an Ed25519 private key (openssl genpkey -algorithm ed25519 -out KEY.pem). Its public half is carried to the site by another way than the bundle.
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."

key= out=build/bundle
while [ $# -gt 0 ]; do
  case $1 in
    --key) key=$2 ;;
    --out) out=$2 ;;
    *)
      printf 'bundle: "%s" is not known\n' "$1" >&2
      exit 2
      ;;
  esac
  shift 2
done
[ -r "$key" ] || {
  printf 'bundle: name a private key: deploy/bundle.sh --key KEY.pem\n' >&2
  exit 2
}

readonly wheels=${VONGGAC_WHEELS:-$HOME/.cache/vonggac-wheels}
deploy/deb/wheels.sh "$wheels"
rm -rf "$out"
mkdir -p "$out/wheels"
package=$(.venv/bin/python deploy/deb/build.py --wheels "$wheels" --out "$out")
cp "$wheels"/*.whl "$out/wheels/"
dpkg-deb --fsys-tarfile "$package" | tar -xO ./usr/share/doc/vonggac/sbom.cdx.json >"$out/sbom.cdx.json"
install -m 755 deploy/deb/install.sh "$out/install.sh"
(cd "$out" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
openssl pkeyutl -sign -rawin -inkey "$key" -in "$out/SHA256SUMS" -out "$out/SHA256SUMS.sig"
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y pyproject.toml)}
tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner -C "$(dirname "$out")" -cf "$out.tar" "$(basename "$out")"
printf '%s.tar\n' "$out"
