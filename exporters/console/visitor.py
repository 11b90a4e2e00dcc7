"""Who asks for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from exporters.console.sessions import Session
from exporters.console.users import Right, User

# The prefix makes browsers refuse the cookie unless it is Secure, of this very host and of no folder.
_SECURE: Final = "__Host-vonggac"
_PLAIN: Final = "vonggac"


@dataclass(frozen=True)
class Visitor:
    """A user who is logged in."""

    user: User
    session: Session

    @property
    def name(self) -> str:
        """Whose acts these are."""
        return self.user.name

    @property
    def role(self) -> str:
        """What the user may do."""
        return self.user.role

    @property
    def token(self) -> str:
        """For one form."""
        return self.session.token()

    def may(self, right: Right) -> bool:
        """Whether the role includes the right."""
        return self.user.may(right)


VISITOR: Final = web.RequestKey("visitor", Visitor)
SIGNED_OUT: Final = web.RequestKey("signed_out", bool)


def of(request: web.Request) -> Visitor | None:
    """Who is logged in; None where the page is open, or nobody is."""
    return request.get(VISITOR)


def actor(request: web.Request) -> Visitor:
    """Who is logged in, for handlers that only they reach."""
    visitor = of(request)
    if visitor is None:
        raise web.HTTPForbidden
    return visitor


def enter(request: web.Request, visitor: Visitor | None) -> None:
    """Notes who asks; None for somebody who would have to log in first."""
    request[SIGNED_OUT] = visitor is None
    if visitor is not None:
        request[VISITOR] = visitor


def signed_out(request: web.Request) -> bool:
    """Whether the one who asks would have to log in first."""
    return bool(request.get(SIGNED_OUT))


def session_name(request: web.Request) -> str:
    """What the browser calls its session; empty without one."""
    return request.cookies.get(_cookie(request), "")


def remember(request: web.Request, response: web.StreamResponse, name: str) -> None:
    """Gives the browser its session's name, or with an empty one takes it away."""
    ends = None if name else 0
    response.set_cookie(_cookie(request), name, path="/", secure=request.secure, httponly=True, samesite="Strict", max_age=ends)


def _cookie(request: web.Request) -> str:
    return _SECURE if request.secure else _PLAIN
