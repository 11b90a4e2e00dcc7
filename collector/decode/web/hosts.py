"""Host names and addresses as browsers read them in URLs: percent signs, other writing systems, IPv4 in any base, IPv6."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache

# A name that no rule changes: lower-case ASCII labels whose last one cannot be a number.
_PLAIN = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z][a-z0-9_-]*\.?")
_FORBIDDEN = re.compile(r"[\x00-\x20\"#%/:<>?@\[\\\]^`{|}\x7f]")
# Letters that name rules drop: soft hyphen, joiners, variation selectors.
_IGNORED = re.compile("[\u00ad\u034f\u180b-\u180d\u200b-\u200d\u2060\u2064\ufe00-\ufe0f\ufeff]")
_DOTS = re.compile("[\u3002\uff0e\uff61]")
_PERCENT = re.compile("%([0-9A-Fa-f]{2})")
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]*|[0-9]+")
# No name that resolves is longer; a longer one is not worth the work of its conversion.
LONGEST = 1024
_LONGEST_LABEL = 63


@lru_cache(maxsize=4096)  # the same few hosts stand in all links of a page; a pure function, so the cache is no state
def host_from(written: str) -> str | None:
    """The host of a special URL as browsers name it: ASCII, IPv4 with dots, IPv6 in brackets and shortest form; None for what they refuse."""
    if len(written) > LONGEST:
        return None
    if _PLAIN.fullmatch(written):
        return written
    if written.startswith("["):
        return _ipv6(written[1:-1]) if written.endswith("]") else None
    name = _to_ascii(unquote(written))
    if not name or _FORBIDDEN.search(name):
        return None
    return _ipv4(name) if _ends_in_number(name) else name


def unquote(text: str) -> str:
    """Percent-encoded bytes read as UTF-8, what is not UTF-8 replaced."""
    if "%" not in text:
        return text
    raw = text.encode("utf-8", "replace")
    pieces = re.split(rb"%([0-9A-Fa-f]{2})", raw)
    pieces[1::2] = [bytes.fromhex(piece.decode()) for piece in pieces[1::2]]
    return b"".join(pieces).decode("utf-8", "replace")


def _to_ascii(name: str) -> str:
    if name.isascii():
        return name.lower()
    name = _DOTS.sub(".", _IGNORED.sub("", name))
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower())
    labels = [_label(label) for label in name.split(".")]
    return "" if None in labels else ".".join(label or "" for label in labels)


def _label(label: str) -> str | None:
    """One label; None for one that no name can have (the conversion's cost grows with the square of the length)."""
    if label.isascii():
        return label
    if len(label) > _LONGEST_LABEL or "\ufffd" in label or any("\ud800" <= letter <= "\udfff" for letter in label):
        return None
    return "xn--" + label.encode("punycode").decode("ascii")


def _ends_in_number(name: str) -> bool:
    labels = name.split(".")
    if labels[-1] == "" and len(labels) > 1:
        labels.pop()
    return labels[-1].isdigit() or bool(re.fullmatch("0x[0-9a-f]*", labels[-1]))


def _ipv4(name: str) -> str | None:
    """Decimal, octal and hexadecimal parts, one to four of them, the last filling what is left."""
    labels = name.removesuffix(".").split(".")
    numbers = [_number(label) for label in labels]
    if len(numbers) > 4 or any(number is None for number in numbers):
        return None
    parts = [number for number in numbers if number is not None]
    if any(part > 255 for part in parts[:-1]) or parts[-1] >= 256 ** (5 - len(parts)):
        return None
    return str(ipaddress.IPv4Address(sum(part << 8 * (3 - place) for place, part in enumerate(parts[:-1])) + parts[-1]))


def _number(label: str) -> int | None:
    if not _NUMBER.fullmatch(label) or len(label) > 64:
        return None
    if label[:2] in ("0x", "0X"):
        return int(label[2:] or "0", 16)
    base = 8 if len(label) > 1 and label[0] == "0" else 10
    try:
        return int(label, base)
    except ValueError:  # 8 or 9 in an octal part
        return None


def _ipv6(text: str) -> str | None:
    if "%" in text:  # a zone: no browser takes it in a URL
        return None
    try:
        address = int(ipaddress.IPv6Address(text))
    except ValueError:
        return None
    return f"[{_shortest(address)}]"


def _shortest(address: int) -> str:
    """As browsers write it: the first longest run of zero groups left out, an IPv4 part in hexadecimal (Python's own form differs between versions)."""
    groups = [f"{address >> shift & 0xFFFF:x}" for shift in range(112, -1, -16)]
    best, length = 0, 1
    for start in range(8):
        run = next((end for end in range(start, 8) if groups[end] != "0"), 8) - start
        if run > length:
            best, length = start, run
    if length == 1:
        return ":".join(groups)
    return ":".join(groups[:best]) + "::" + ":".join(groups[best + length :])
