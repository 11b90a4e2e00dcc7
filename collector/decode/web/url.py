"""URLs as browsers read them (the WHATWG standard), since an attacker writes for browsers: what a stricter reader refuses still sends a visitor on."""

from __future__ import annotations

import re
from typing import NamedTuple

from collector.decode.web.hosts import host_from

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "file": None}
WEB = ("http", "https")
# Longer ones are cut: no server answers them, and a page may hold many.
LONGEST = 8192

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_EDGES = "".join(map(chr, range(0x21)))
_BREAKS = re.compile("[\t\n\r]")
_LEADING = re.compile(r"[/\\]*")
_AUTHORITY = re.compile(r"[^/\\?#]*")
_OPAQUE_AUTHORITY = re.compile(r"[^/?#]*")
# A host outside of brackets has no colon: what follows the first is the port.
_OPAQUE_PLACE = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::(.*))?", re.DOTALL)
_PATH_UNSAFE = re.compile("[^!$%&'()*+,./0-9:;=@A-Z\\[\\]\\\\_a-z~-]")
_QUERY_UNSAFE = re.compile("[^!$%&()*+,./0-9:;=?@A-Z\\[\\]\\\\^_`a-z{|}~-]")
_FRAGMENT_UNSAFE = re.compile("[^!#$%&'()*+,./0-9:;=?@A-Z\\[\\]\\\\^_a-z{|}~-]")
_CONTROL = re.compile("[^ -~]")
_USER_UNSAFE = re.compile("[^!$%&'()*+,.0-9A-Z_a-z~:-]")
_DOT = frozenset({".", "%2e"})
_DOT_DOT = frozenset({"..", ".%2e", "%2e.", "%2e%2e"})
# The host of an absolute address that no rule changes: nine of ten links of a page.
_QUICK = re.compile(r"[hH][tT][tT][pP][sS]?://((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)(?=[/?#]|$)")
_FINAL = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*/[A-Za-z0-9_~/!$&()*+,;=:@%.-]{0,2000}(?:\?[A-Za-z0-9_~/!$&()*+,;=:@%.?-]{0,2000})?\Z")
_PLAIN = re.compile(
    r"(?:/?[A-Za-z0-9_~=&;,+!-][A-Za-z0-9_~/=&;,+!.-]*|/)(?:\?[A-Za-z0-9_~/=&;,+!.:%-]*)?(?:#[A-Za-z0-9_~/=&;,+!.-]*)?\Z"
)  # fmt: skip


class Url(NamedTuple):
    """A URL in parts. `host` in ASCII (IPv6 in brackets), empty for `javascript:` and the like, whose `path` is all that follows the colon.

    `port` None for the scheme's own; `query` and `fragment` None where there is none; `user` as `name:password`.
    """

    scheme: str
    host: str = ""
    port: int | None = None
    path: str = ""
    query: str | None = None
    fragment: str | None = None
    user: str = ""
    opaque: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port is not None else "")

    @property
    def href(self) -> str:
        """All of it, as a browser shows it."""
        front = f"{self.scheme}:"
        if not self.opaque:
            user = f"{self.user}@" if self.user else ""
            front += f"//{user}{self.host}" + (f":{self.port}" if self.port is not None else "")
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return front + self.path + query + fragment


def host_of(url: str) -> str:
    """The host of an absolute URL, empty where it has none or is none."""
    if quick := _QUICK.match(url):
        return quick[1]
    parsed = parse(url)
    return parsed.host if parsed else ""


def is_final(ref: str) -> bool:
    """Whether an absolute http address is already as a browser would write it, as far as one look tells."""
    return _FINAL.match(ref) is not None and "/." not in ref and "%2" not in ref


def below(base: Url, ref: str) -> str:
    """`ref` as a browser at `base` would go to it, where it is a plain path of the same host as far as one look tells; else empty."""
    if not base.host or base.user or base.scheme not in WEB or len(ref) > LONGEST or _PLAIN.match(ref) is None or "/." in ref:
        return ""
    return base.origin + ref if ref[0] == "/" else f"{base.origin}{base.path.rpartition('/')[0]}/{ref}"


def join(base: str, ref: str) -> str:
    """`ref` as a browser at `base` would go to it, empty where it is no URL (or relative without a base)."""
    if is_final(ref):
        return ref
    found = parse(ref, parse(base) if base else None)
    return found.href if found else ""


def parse(text: str, base: Url | None = None) -> Url | None:
    """A URL, absolute or relative to `base`; None for what browsers refuse."""
    text = text[:LONGEST].strip(_EDGES)
    if "\t" in text or "\n" in text or "\r" in text:
        text = _BREAKS.sub("", text)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _relative(text, base) if base else None
    name, rest = scheme[1].lower(), text[scheme.end() :]
    if name not in PORTS:
        return _other(name, rest)
    if base and base.scheme == name and not rest.startswith("//"):
        return _relative(rest, base)
    return _special(name, rest)


def _special(scheme: str, rest: str) -> Url | None:
    """What follows the colon of http and its kind: any number of slashes, then the host."""
    if scheme == "file":
        body, query, fragment = _split(rest)
        return Url(scheme, path=_path("/" + body.replace("\\", "/").lstrip("/"), special=True), query=query, fragment=fragment)
    start = _LEADING.match(rest)
    after = rest[start.end() :] if start else rest
    written = _AUTHORITY.match(after)
    authority = written[0] if written else ""
    placed = _authority(scheme, authority)
    if placed is None:
        return None
    body, query, fragment = _split(after[len(authority) :])
    user, host, port = placed
    return Url(scheme, host, port, _path("/" + body.replace("\\", "/").removeprefix("/"), special=True), query, fragment, user)


def _authority(scheme: str, written: str) -> tuple[str, str, int | None] | None:
    """User, host and port; the host follows the last `@`, whatever stands before it."""
    user, _, rest = written.rpartition("@")
    digits = re.search(r":([^:\]]*)$", rest)
    host = host_from(rest[: digits.start()] if digits else rest)
    port = _port(scheme, digits[1] if digits else "")
    if not host or port == -1:
        return None
    name, colon, password = user.partition(":")
    quoted = _quote(name, _USER_UNSAFE).replace(":", "%3A")
    return quoted + (colon + _quote(password, _USER_UNSAFE).replace(":", "%3A") if password else ""), host, port


def _port(scheme: str, digits: str) -> int | None:
    """The port, None for the scheme's own, -1 for none that exists."""
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()):
        return -1
    number = int(digits.lstrip("0")[:6] or "0")
    if number > 0xFFFF:
        return -1
    return None if PORTS.get(scheme) == number else number


def _relative(ref: str, base: Url) -> Url | None:
    if base.opaque:
        return base._replace(fragment=_quote(ref[1:], _FRAGMENT_UNSAFE)) if ref.startswith("#") else None
    body, query, fragment = _split(ref)
    special = base.scheme in PORTS
    if special:
        body = body.replace("\\", "/")
    if body.startswith("//"):
        return _special(base.scheme, ref) if special else _other(base.scheme, ref)
    if body.startswith("/"):
        return base._replace(path=_path(body, special=special), query=query, fragment=fragment)
    if body:
        folder = base.path.rpartition("/")[0]
        return base._replace(path=_path(f"{folder}/{body}", special=special), query=query, fragment=fragment)
    return base._replace(query=base.query if query is None else query, fragment=fragment)


def _other(scheme: str, rest: str) -> Url | None:
    """A scheme that is not the web's: `javascript:`, `data:`, `mailto:`, `intent:`."""
    body, query, fragment = _split(rest, special=False)
    if not body.startswith("//"):
        return Url(scheme, path=body, query=query, fragment=fragment, opaque=True)
    written = _OPAQUE_AUTHORITY.match(body[2:])
    authority = written[0] if written else ""
    user, _, place = authority.rpartition("@")
    parts = _OPAQUE_PLACE.fullmatch(place)
    port = _port(scheme, parts[2] or "") if parts else -1
    if parts is None or port == -1:
        return None
    return Url(scheme, _quote(parts[1], _CONTROL), port, body[2 + len(authority) :], query, fragment, _quote(user, _USER_UNSAFE))


def _split(rest: str, *, special: bool = True) -> tuple[str, str | None, str | None]:
    """Path, query and fragment."""
    rest, hash_mark, fragment = rest.partition("#")
    body, question, query = rest.partition("?")
    asked = (_quote(query, _QUERY_UNSAFE) if special else query) if question else None
    return body, asked, (_quote(fragment, _FRAGMENT_UNSAFE) if hash_mark else None)


def _path(path: str, *, special: bool) -> str:
    """The path without `.` and `..`, what a browser would not send as it stands percent-encoded."""
    path = _quote(path, _PATH_UNSAFE)
    if special and "/." not in path and "%2" not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for place, segment in enumerate(segments):
        lower = segment.lower() if len(segment) <= len("%2e%2e") else segment
        last = place == len(segments) - 1
        if lower in _DOT_DOT:
            if kept:
                kept.pop()
        elif lower not in _DOT:
            kept.append(segment)
            continue
        if last:
            kept.append("")
    return "/" + "/".join(kept)


def _quote(text: str, unsafe: re.Pattern[str]) -> str:
    if not unsafe.search(text):
        return text
    return unsafe.sub(_encoded, text)


def _encoded(found: re.Match[str]) -> str:
    letter = "\ufffd" if "\ud800" <= found[0] <= "\udfff" else found[0]  # half of a pair stands for no letter
    return "".join(f"%{byte:02X}" for byte in letter.encode())
