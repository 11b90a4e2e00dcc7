"""The gate before every page: who asks, whether they may, and whether a form is theirs. A page that nobody thought of here is shut, not open."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from aiohttp import web

from exporters.console import visitor
from exporters.console.guard import form_of, same_origin
from exporters.console.phrases import PHRASES
from exporters.console.refusals import RefusedError
from exporters.console.visitor import Visitor

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from exporters.console.doors import Doors
    from exporters.console.sessions import Session, Sessions
    from exporters.console.users import Right

LOG_IN: Final = "/dang-nhap"
LOG_OUT: Final = "/dang-xuat"
ACCOUNT: Final = "/mat-khau"
USERS: Final = "/nguoi-dung"
TRAIL: Final = "/so-thao-tac"
LETTERS: Final = "/gui-di/tin"
TAKE: Final = "/phat-hien/nhan"
FINDING_ACT: Final = "/phat-hien/{id}/{kind}"

_MACHINES: Final = frozenset({"/metrics", "/-/ready"})
# What it takes to ask for an address at all, and to send it a form. Every other GET takes `read`, every other form `administer`.
_SEEN: Final[dict[str, Right]] = {USERS: "administer", TRAIL: "administer"}
_SENT: Final[dict[str, Right]] = {LOG_OUT: "read", ACCOUNT: "read", TAKE: "act", FINDING_ACT: "act"}


class Gate:
    """A middleware over `doors` and the open `sessions`."""

    def __init__(self, doors: Doors, sessions: Sessions) -> None:
        self._doors = doors
        self._sessions = sessions

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Lets the request through, turns it to the log-in, or refuses. Raises RefusedError, UsersError."""
        if request.path == "/-/healthy" or request.path.startswith("/static/"):
            return await handler(request)
        if request.path in _MACHINES and self._doors.scrapes(request.remote or ""):
            return await handler(request)
        if self._doors.unguarded():
            if request.method not in {"GET", "HEAD"}:
                raise RefusedError(403, PHRASES["no_users_yet"])
            return await handler(request)
        # Browsers say which requests are a person's own way to a page: what the page reads again by itself keeps no session alive.
        visitor.enter(request, self.visitor(request, touch=request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"))
        return await self._guarded(request, handler)

    def visitor(self, request: web.Request, *, touch: bool = False) -> Visitor | None:
        """Who is logged in on that browser. A session holds for one password of a user who is not shut out. Raises UsersError."""
        session = self._sessions.of(visitor.session_name(request), touch=touch)
        user = self._doors.users.named(session.user) if session else None
        if session is None or user is None or user.disabled or user.changed != session.changed:
            return None
        return Visitor(user, session)

    def admits(self, request: web.Request) -> bool:
        """Whether an answer that lasts may go on. Raises UsersError."""
        return self._doors.unguarded() or self.visitor(request) is not None

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        who = visitor.of(request)
        if request.path == LOG_IN:
            return await handler(request)
        if who is None:
            return self._turned(request)
        if request.method not in {"GET", "HEAD"}:
            await self._own_form(request, who.session)
        self._allowed(request, who)
        if who.user.must_change and request.path not in {ACCOUNT, LOG_OUT}:
            raise web.HTTPSeeOther(_with_language(ACCOUNT, request))
        if request.method not in {"GET", "HEAD"} and request.path != LOG_OUT:
            self._doors.ready()
        return await handler(request)

    def _turned(self, request: web.Request) -> web.StreamResponse:
        """To the log-in, and from there to what was asked for; programs and forms are told instead."""
        if request.method not in {"GET", "HEAD"}:
            raise RefusedError(401, PHRASES["logged_out"])
        if request.path.endswith("/events") or request.path in _MACHINES:
            return web.Response(status=401, text="log in\n")
        if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.headers.get("Sec-Fetch-Mode") == "navigate":
            # A link in somebody's web mail: the browser kept the cookie back (SameSite=Strict), and brings it when our own page asks.
            return web.Response(text=f'<!doctype html><meta http-equiv="refresh" content="0;url={escape(inside(request.path_qs))}">', content_type="text/html")
        raise web.HTTPSeeOther(_with_language(LOG_IN, request, tiep=request.path_qs if request.path != "/" else ""))

    async def _own_form(self, request: web.Request, session: Session) -> None:
        form = await form_of(request)
        if not same_origin(request) or not session.wrote(form.get("token", "")):
            self._denied(request, session.user, "forged")
            raise RefusedError(403, PHRASES["act_forged"])

    def _allowed(self, request: web.Request, who: Visitor) -> None:
        resource = request.match_info.route.resource
        # At the province the pages of a site stand below its own address (pages.SITE).
        place = (resource.canonical if resource else request.path).removeprefix("/diem/{site}")
        needed: Right = _SEEN.get(place, "read") if request.method in {"GET", "HEAD"} else _SENT.get(place, "administer")
        if not who.may(needed):
            self._denied(request, who.name, f"needs {needed}")
            raise RefusedError(403, PHRASES[f"needs_{needed}"])

    def _denied(self, request: web.Request, name: str, why: str) -> None:
        self._doors.note(request, "denied", by=name, about=f"{request.method} {request.path}", outcome=why)


def inside(path: str) -> str:
    """An address of this page, as a form or a link brought it; the first page for anything else."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and len(path) <= 500
    return path if safe else "/"


def _with_language(path: str, request: web.Request, **query: str) -> str:
    pairs = {**query, "lang": request.query.get("lang", "")}
    said = urlencode({key: value for key, value in pairs.items() if value})
    return f"{path}?{said}" if said else path
