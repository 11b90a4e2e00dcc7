"""Who may come in: what the composition root hands the page once people log in, and the desk where they do."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from aiohttp import web

from exporters.console import passwords
from exporters.console.lockout import Lockout
from exporters.console.phrases import PHRASES
from exporters.console.refusals import RefusedError
from exporters.console.users import User, Users
from model.trail import Deed, Trail

# Each try takes 64 MiB and a tenth of a second of a core: one at a time, and no longer queue than people at their keyboards make.
_QUEUE: Final = 16


class Letters(Protocol):
    """What may be done with dead letters; the outbox can."""

    async def replay(self, sink: str, rows: Sequence[str] = ()) -> int:
        """Gives them to the sink again; how many."""

    async def purge(self, sink: str, rows: Sequence[str] = ()) -> int:
        """Throws them away; how many."""


@dataclass(frozen=True)
class Doors:
    """`idle` and `longest` of a session in seconds; `local`: nothing but this machine reaches the page, so it may be read while there are no users.

    `proxy` is the address of a reverse proxy whose word on the client is taken; `scrapers` may read /metrics and /-/ready without a log-in.
    """

    users: Users
    trail: Trail
    monotonic: Callable[[], float]
    idle: float
    longest: float
    local: bool
    proxy: str = ""
    scrapers: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network] = ()
    letters: Letters | None = None

    def unguarded(self) -> bool:
        """Whether the page is open to read: on this machine alone, before anybody made users. Raises UsersError."""
        return self.local and not self.users.every()

    def note(self, request: web.Request, deed: Deed, *, by: str, about: str = "", why: str = "", outcome: str = "done") -> None:
        """Adds to the trail what was done from that browser. Raises RefusedError."""
        with _noting():
            self.trail.note(deed, by=by, about=about, why=why, outcome=outcome, address=request.remote or "")

    def ready(self) -> None:
        """What cannot be noted is not to be done. Raises RefusedError."""
        with _noting():
            self.trail.ready()

    def scrapes(self, address: str) -> bool:
        """Whether that address may read the figures for machines."""
        client = client_of(address)
        return client is not None and any(client in network for network in self.scrapers)


@contextmanager
def _noting() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RefusedError(503, PHRASES["no_trail"]) from error


def client_of(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as the network has it, IPv4 also where it came mapped into IPv6; None for what is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, ipaddress.IPv6Address) else parsed


class TurnedAway(Exception):
    """Not let in; `wait`: seconds until the next try is heard, 0 where name or password were wrong."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__(f"turned away for {wait:.0f} s")
        self.wait = wait


class Desk:
    """Where a name and a password are looked at."""

    def __init__(self, users: Users, monotonic: Callable[[], float]) -> None:
        self._users = users
        self._monotonic = monotonic
        self._lockout = Lockout()
        self._one = asyncio.Lock()
        self._waiting = 0

    async def let_in(self, name: str, password: str, address: str) -> User:
        """The user, if the password is theirs. Raises TurnedAway, alike and after as long for a name that does not exist; UsersError."""
        self._hold(name, address)
        if self._waiting >= _QUEUE:
            raise TurnedAway(1.0)
        self._waiting += 1
        try:
            async with self._one:
                # Those who were heard meanwhile may have made it longer.
                self._hold(name, address)
                return await self._heard(name, password, address)
        finally:
            self._waiting -= 1

    def _hold(self, name: str, address: str) -> None:
        wait = self._lockout.wait(name, address, self._monotonic())
        if wait > 0:
            raise TurnedAway(wait)

    async def _heard(self, name: str, password: str, address: str) -> User:
        nobodys = await asyncio.to_thread(passwords.nobodys)
        user = self._users.named(name)
        fits = await asyncio.to_thread(passwords.fits, password, user.hash if user else nobodys)
        if not fits or user is None or user.disabled:
            self._lockout.failed(name, address, self._monotonic())
            raise TurnedAway
        self._lockout.passed(name, address)
        return user
