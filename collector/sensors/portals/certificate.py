"""What a server's certificate says of itself (X.509 in DER, RFC 5280), read by ourselves: Python only tells of certificates it has verified."""

from __future__ import annotations

import calendar
import hashlib
import ssl
from typing import Final, NamedTuple

_VERSION, _UTC_TIME, _GENERAL_TIME = 0xA0, 0x17, 0x18
_NAMES: Final = {b"\x55\x04\x03": "CN", b"\x55\x04\x0a": "O", b"\x55\x04\x06": "C", b"\x55\x04\x0b": "OU"}
_WIDE: Final = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}
_MOST_PARTS: Final = 16
_SHOWN: Final = 200

# OpenSSL's numbers (x509_vfy.h) for what is wrong with a chain.
_EXPIRED, _NOT_YET, _NAME, _ADDRESS, _REVOKED = 10, 9, 62, 64, 23


class Certificate(NamedTuple):
    """A leaf certificate. `issuer` and `subject` as `CN=..., O=...`; `not_after` in ns; `digest` SHA-256 of all of it in hex."""

    issuer: str = ""
    subject: str = ""
    not_after: int = 0
    digest: str = ""


def fault_of(error: ssl.SSLError) -> str:
    """What TLS found wrong, as a trouble word (`tls:name`, `tls:expired`, `tls:not_yet`, `tls:revoked`, `tls:untrusted`, `tls:handshake`)."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return "tls:handshake"
    words = {_EXPIRED: "expired", _NOT_YET: "not_yet", _NAME: "name", _ADDRESS: "name", _REVOKED: "revoked"}
    return f"tls:{words.get(error.verify_code, 'untrusted')}"


def read(der: bytes) -> Certificate:
    """The certificate in `der`, as far as it can be read. Never raises."""
    digest = hashlib.sha256(der).hexdigest()
    try:
        fields = _children(_children(der)[0][1])
        rest = _children(fields[0][1])
        place = 1 if rest[0][0] == _VERSION else 0
        # serial number, signature algorithm, issuer, validity, subject
        issuer, validity, subject = (rest[place + step][1] for step in (2, 3, 4))
        return Certificate(_name(issuer), _name(subject), _time(*_children(validity)[1]), digest)
    except (IndexError, ValueError):
        return Certificate(digest=digest)


def _children(data: bytes) -> list[tuple[int, bytes]]:
    """The elements that `data` consists of: tag and content. Raises ValueError where one is cut."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data) and len(found) < _MOST_PARTS:
        tag, length, start = data[at], data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            if count > 4:
                raise ValueError("a length of more than four bytes")
            length, start = int.from_bytes(data[start : start + count], "big"), start + count
        if start + length > len(data):
            raise ValueError("an element is cut")
        found.append((tag, data[start : start + length]))
        at = start + length
    return found


def _name(data: bytes) -> str:
    said: list[str] = []
    for _, several in _children(data):
        for _, pair in _children(several):
            parts = _children(pair)
            if len(parts) == 2 and (short := _NAMES.get(parts[0][1])):
                tag, value = parts[1]
                said.append(f"{short}={value.decode(_WIDE.get(tag, 'utf-8'), 'replace')}")
    # The most particular name first, as people read them.
    return ", ".join(reversed(said))[:_SHOWN]


def _time(tag: int, value: bytes) -> int:
    """A time in ns since the epoch; 0 for what is none."""
    text = value.decode("ascii", "replace")
    if tag == _UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif tag != _GENERAL_TIME:
        return 0
    digits = text[:14]
    if len(digits) != 14 or not (digits.isascii() and digits.isdigit()):
        return 0
    year, *others = int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, 14, 2))
    if year < 1970 or not 1 <= others[0] <= 12 or not 1 <= others[1] <= 31:
        return 0
    return calendar.timegm((year, *others)) * 1_000_000_000
