"""A visitor's cookies: as many as a portal needs, no more (RFC 6265, what of it a visit shows)."""

from __future__ import annotations

import re
from collections import OrderedDict
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from collector.decode.web.url import Url
from model.times import SECOND

MOST: Final = 50
_AGE: Final = re.compile(r"-?[0-9]{1,11}")
LONGEST: Final = 4096
# All cookies of one jar together, bytes: hosts could fill a province's worth of jars otherwise.
_ROOM: Final = 8_192


class _Cookie(NamedTuple):
    name: str
    value: str
    host: str
    below: bool
    path: str
    secure: bool
    until: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What a later cookie must share to replace it."""
        return self.host, self.path, self.name

    def fits(self, url: Url, now: int) -> bool:
        """Whether it goes along to `url`."""
        if self.until and self.until <= now:
            return False
        if self.secure and url.scheme != "https":
            return False
        host = url.host == self.host or (self.below and url.host.endswith(f".{self.host}"))
        path = url.path == self.path or url.path.startswith(self.path if self.path.endswith("/") else f"{self.path}/")
        return host and path


class Jar:
    """One visitor's cookies, oldest first out. Times in ns."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, str], _Cookie] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def header(self, url: Url, now: int) -> str:
        """The `Cookie` line for `url`, empty for none; longer paths first."""
        fitting = [cookie for cookie in self._kept.values() if cookie.fits(url, now)]
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in sorted(fitting, key=lambda cookie: -len(cookie.path)))

    def take(self, url: Url, lines: list[str], now: int) -> None:
        """Keeps what `Set-Cookie` lines of an answer from `url` say."""
        for line in lines[:MOST]:
            if cookie := _parse(line, url, now):
                self._drop(cookie.key)
                if not cookie.until or cookie.until > now:
                    self._kept[cookie.key] = cookie
                    self._size += _size(cookie)
        while len(self._kept) > MOST or self._size > _ROOM:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: tuple[str, str, str]) -> None:
        if old := self._kept.pop(key, None):
            self._size -= _size(old)


def _size(cookie: _Cookie) -> int:
    return len(cookie.name) + len(cookie.value) + len(cookie.host) + len(cookie.path)


def _parse(line: str, url: Url, now: int) -> _Cookie | None:
    pair, *attributes = line.split(";")
    name, equals, value = (part.strip() for part in pair.partition("="))
    if not (equals and name) or len(pair) > LONGEST or not (name + value).isprintable():
        return None
    said = {key.strip().lower(): value.strip() for key, _, value in (attribute.partition("=") for attribute in attributes[:16])}
    domain = said.get("domain", "").lower().lstrip(".")
    if domain and not _may_set(url.host, domain):
        return None
    path = said.get("path", "")
    if not path.startswith("/"):
        path = url.path.rpartition("/")[0] or "/"
    return _Cookie(name, value, domain or url.host, bool(domain), path[:1024], "secure" in said, _until(said, now))


def _may_set(host: str, domain: str) -> bool:
    """A host may speak for itself and for a parent of two labels or more; the jar is one persona's at one portal, so a suffix list is not worth its weight."""
    return host == domain or (host.endswith(f".{domain}") and "." in domain)


def _until(said: dict[str, str], now: int) -> int:
    """When it ends; 0 with the visit. `Max-Age` goes before `Expires`."""
    age = said.get("max-age", "")
    if _AGE.fullmatch(age):
        return max(1, now + int(age) * SECOND) if int(age) > 0 else 1
    if date := said.get("expires"):
        try:
            return max(1, int(parsedate_to_datetime(date.replace("-", " ")).timestamp()) * SECOND)
        except (ValueError, OverflowError, TypeError, IndexError):
            return 0
    return 0
