"""Who is logged in: kept here, in memory; the browser has only a random name for its session. A restart ends all."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

# A person has a few browsers; a password that many people share must not fill the memory.
_EACH: Final = 8
_ALL: Final = 1_000
_SECRET: Final = 32


@dataclass
class Session:
    """One browser of one user. `changed`: of which password it was begun; `began` and `touched` in seconds."""

    user: str
    changed: int
    began: float
    touched: float
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(_SECRET), repr=False)

    def token(self) -> str:
        """What this session's forms carry. Another each time it is written, so that a compressed page does not give it away by its length (BREACH)."""
        mask = secrets.token_bytes(_SECRET)
        return base64.urlsafe_b64encode(mask + _masked(self.secret, mask)).decode()

    def wrote(self, token: str) -> bool:
        """Whether one of this session's forms carried it."""
        try:
            told = base64.urlsafe_b64decode(token.encode())
        except ValueError:
            return False
        return len(told) == 2 * _SECRET and hmac.compare_digest(_masked(told[_SECRET:], told[:_SECRET]), self.secret)


def _masked(text: bytes, mask: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(text, mask, strict=True))


class Sessions:
    """All sessions of this process. They end `idle` seconds after the last thing their user did, and `longest` after the log-in."""

    def __init__(self, monotonic: Callable[[], float], *, idle: float, longest: float) -> None:
        self._monotonic = monotonic
        self._idle = idle
        self._longest = longest
        self._open: dict[bytes, Session] = {}

    def begin(self, user: str, changed: int) -> str:
        """A new session; its name for the browser. Never one that the browser brought along (session fixation)."""
        self._sweep(user)
        name = secrets.token_urlsafe(_SECRET)
        now = self._monotonic()
        self._open[_key(name)] = Session(user, changed, now, now)
        return name

    def of(self, name: str, *, touch: bool) -> Session | None:
        """The session of that name, if it has not ended; `touch`: its user did something."""
        found = self._open.get(_key(name))
        if found is None:
            return None
        if not self._lasts(found):
            del self._open[_key(name)]
            return None
        if touch:
            found.touched = self._monotonic()
        return found

    def end(self, name: str) -> None:
        """Ends one."""
        self._open.pop(_key(name), None)

    def end_all(self, user: str) -> None:
        """Ends all of a user."""
        self._open = {key: session for key, session in self._open.items() if session.user != user}

    def _lasts(self, session: Session) -> bool:
        now = self._monotonic()
        return now - session.touched < self._idle and now - session.began < self._longest

    def _sweep(self, user: str) -> None:
        """Makes room: what ended goes, then a user's oldest beyond `_EACH`, then anybody's oldest."""
        self._open = {key: session for key, session in self._open.items() if self._lasts(session)}
        own = [key for key, session in self._open.items() if session.user == user]
        spare = [*own[: max(0, len(own) - _EACH + 1)], *list(self._open)[: max(0, len(self._open) - _ALL + 1)]]
        for key in spare:
            self._open.pop(key, None)


def _key(name: str) -> bytes:
    """Sessions are looked up by a hash: how long the look-up takes says nothing about the names."""
    return hashlib.sha256(name.encode(errors="replace")).digest()
