"""A syslog message of RFC 5424, and how it is framed on a stream (RFC 5425 §4.3: its length in octets before it)."""

from __future__ import annotations

import re

from model.times import rfc3339

# RFC 5424 §6.4: what tells a receiver that MSG is UTF-8.
BOM = "\ufeff"
# What the receivers in use take whole (rsyslog's own default); RFC 5424 §6.1 asks receivers for 2,048 only.
MOST_BYTES = 8192

_NOT_PRINTED = re.compile(r"[^!-~]")


def message(text: str, *, facility: int, level: int, at: int, host: str, kind: str) -> bytes:
    """One message; `at` in ns, `host` and `kind` (MSGID) reduced to printed ASCII as the grammar has it."""
    head = f"<{facility * 8 + level}>1 {rfc3339(at)} {_word(host, 255)} vonggac - {_word(kind, 32)} - "
    return (head + BOM + text).encode(errors="replace")


def framed(line: bytes) -> bytes:
    """With its length before it: what is in a message cannot end it, as a line's end would."""
    return b"%d %b" % (len(line), line)


def _word(value: str, length: int) -> str:
    return _NOT_PRINTED.sub("_", value)[:length] or "-"
