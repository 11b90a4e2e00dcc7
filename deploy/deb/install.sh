#!/usr/bin/env bash
# Installs Vọng Gác from this folder, on a Debian 12 without Internet: bash install.sh PUBLIC-KEY.pem
# The key must have come by another way than this folder. Nothing is installed unless every file is the one that was signed.
set -euo pipefail

if [ $# -ne 1 ]; then
  echo "Cách dùng: bash install.sh KHOA-CONG-KHAI.pem (khóa do tỉnh đưa riêng)" >&2
  exit 2
fi
key=$(readlink -f "$1")
cd "$(dirname "$0")"

if ! openssl pkeyutl -verify -rawin -pubin -inkey "$key" -in SHA256SUMS -sigfile SHA256SUMS.sig >/dev/null 2>&1; then
  echo "Chữ ký không đúng: bộ cài này không phải do tỉnh làm hoặc đã bị sửa. Không cài gì." >&2
  exit 1
fi
if ! sha256sum --check --strict --quiet SHA256SUMS; then
  echo "Có tệp bị hỏng hoặc bị sửa (xem dòng trên). Không cài gì." >&2
  exit 1
fi
# What is not in the list was not signed.
if [ "$(find . -type f ! -name SHA256SUMS ! -name SHA256SUMS.sig | wc -l)" -ne "$(wc -l <SHA256SUMS)" ]; then
  echo "Trong thư mục có tệp không nằm trong danh sách đã ký. Không cài gì." >&2
  exit 1
fi
exec dpkg --install ./vonggac_*.deb
