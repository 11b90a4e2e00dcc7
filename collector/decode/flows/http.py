"""Requests of HTTP/1 and RTSP and the status lines they are answered with (RFC 9112, RFC 2326), as far as they came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from collector.decode.wire import clean

_LINE = re.compile(rb"([A-Z_-]{3,16}) (\S{1,2048}) (?:HTTP|RTSP)/1\.[01]\r?\n")
_FIELD = re.compile(rb"(?m)^([^\s:]{1,64}):([^\r\n]*)\r?$")
_BLANK = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"(?m)^(?:HTTP|RTSP)/1\.[01] ([1-5]\d\d)[ \r\n]")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,6})[^\r\n]{0,64}\r\n")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_MOST_REQUESTS = 16


class Request(msgspec.Struct, frozen=True):
    """One request. `path` and `query` are as sent, without scheme and host; header names in lower case, the first of each name; `whole` body or not."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    whole: bool

    def header(self, name: str) -> str:
        """A header's value, cleaned; empty where it was not sent."""
        return self.headers.get(name, "")

    def parameter(self, *names: str) -> str:
        """The first of these parameters of the query, percent-decoded and cleaned."""
        given = dict(pair.partition("=")[::2] for pair in reversed(self.query.split("&")))
        return unescaped(next((given[name] for name in names if name in given), ""))


def requests(data: bytes) -> Iterator[Request]:
    """The requests that follow one another in these bytes; ends before one whose headers did not all come, or that is none."""
    for _ in range(_MOST_REQUESTS):
        line = _LINE.match(data)
        blank = _BLANK.search(data, line.end() - 2) if line else None
        if not line or not blank:
            return
        fields = _FIELD.findall(data, line.end(), blank.end())
        headers = {clean(name).lower(): clean(value) for name, value in reversed(fields)}
        body, rest = _body(headers, data[blank.end() :])
        path, _, query = _without_host(clean(line[2])).partition("?")
        yield Request(clean(line[1]), path, query, headers, body, rest is not None)
        if not rest:
            return
        data = rest


def may_be_request(data: bytes) -> bool:
    """Can these bytes still become a request, or go on after one."""
    return _BLANK.search(data) is None or _LINE.match(data) is not None


def statuses(answer: bytes) -> list[int]:
    """The final status codes in the order they came; interim ones (1xx) count only where they switch protocols (101)."""
    codes = [int(code) for code in _STATUS.findall(answer)]
    return [code for code in codes if code >= 200 or code == 101]


def unescaped(text: str) -> str:
    """Percent-decoded (RFC 3986 §2.1), cleaned."""
    return clean(_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text.encode()))


def _without_host(target: str) -> str:
    """The path of a target in absolute form (RFC 9112 §3.2.2)."""
    _, scheme, rest = target.partition("://")
    return "/" + rest.partition("/")[2] if scheme and not target.startswith("/") else target


def _body(headers: Mapping[str, str], data: bytes) -> tuple[bytes, bytes | None]:
    """The body, as far as it came, and what follows it; None where it did not all come."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _unchunked(data)
    length = headers.get("content-length", "")
    size = int(length) if length.isascii() and length.isdigit() and len(length) < 10 else 0
    return data[:size], data[size:] if len(data) >= size else None


def _unchunked(data: bytes) -> tuple[bytes, bytes | None]:
    parts: list[bytes] = []
    while head := _CHUNK.match(data):
        size = int(head[1], 16)
        if not size:
            return b"".join(parts), data[head.end() :].removeprefix(b"\r\n")
        parts.append(data[head.end() : head.end() + size])
        data = data[head.end() + size :].removeprefix(b"\r\n")
    return b"".join(parts), None
