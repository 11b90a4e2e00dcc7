"""All that stands between a visitor and the pages, put together: what every request passes, and the pages about people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exporters.console import guard
from exporters.console.acting import Acting, LetterDesk
from exporters.console.gate import Gate
from exporters.console.login import Login
from exporters.console.sessions import Sessions
from exporters.console.speech import Speech
from exporters.console.users_page import UsersPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp import web
    from aiohttp.typedefs import Middleware

    from exporters.console.doors import Doors
    from exporters.console.pages import Console


class Entrance:
    """Of one application; without `doors` it stands open, to be read alone."""

    def __init__(self, console: Console, doors: Doors | None) -> None:
        self._inner = _Guarded(console, doors) if doors else None

    def around(self, guards: Sequence[Middleware]) -> Sequence[Middleware]:
        """What every request passes, in order: who asks by the proxy's word, whether in the clear, `guards`, the gate."""
        return self._inner.around(guards) if self._inner else guards

    def routes(self) -> list[web.RouteDef]:
        """Log-in, users, the trail, and acts where they can be carried out."""
        return self._inner.routes() if self._inner else []

    def acting(self) -> list[web.RouteDef]:
        """Acts on findings alone: at the province they stand below each site's address too."""
        return self._inner.acting() if self._inner else []

    def admits(self, request: web.Request) -> bool:
        """Whether an answer that lasts may go on. Raises UsersError."""
        return self._inner is None or self._inner.gate.admits(request)


class _Guarded:
    def __init__(self, console: Console, doors: Doors) -> None:
        self._console = console
        self._doors = doors
        self._sessions = Sessions(doors.monotonic, idle=doors.idle, longest=doors.longest)
        self.gate = Gate(doors, self._sessions)

    def around(self, guards: Sequence[Middleware]) -> list[Middleware]:
        first = [guard.forwarded(self._doors.proxy)] if self._doors.proxy else []
        return [*first, guard.clear_text_check(Speech(self._console.language)), *guards, self.gate.check]

    def routes(self) -> list[web.RouteDef]:
        console, doors = self._console, self._doors
        found = [*Login(console, doors, self._sessions).routes(), *UsersPage(console, doors).routes()]
        found += self.acting()
        if doors.letters is not None:
            found += LetterDesk(console, doors, doors.letters).routes()
        return found

    def acting(self) -> list[web.RouteDef]:
        return Acting(self._console, self._doors, self._console.acts).routes() if self._console.acts is not None else []
