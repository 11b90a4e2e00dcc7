"""Logging in and out, and one's own password."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Final

from aiohttp import web

from exporters.console import passwords, visitor
from exporters.console.doors import Desk, TurnedAway
from exporters.console.gate import ACCOUNT, LOG_IN, LOG_OUT, inside
from exporters.console.guard import form_of, same_origin
from exporters.console.phrases import PHRASES
from exporters.console.refusals import RefusedError
from exporters.console.speech import Speech
from exporters.console.users import UsersError
from model.text import Text

if TYPE_CHECKING:
    from exporters.console.doors import Doors
    from exporters.console.pages import Console
    from exporters.console.sessions import Sessions
    from exporters.console.users import User

# Longer than any name or password, and short enough for any table.
_MOST: Final = 1_000


class Login:
    """The handlers."""

    def __init__(self, console: Console, doors: Doors, sessions: Sessions) -> None:
        self._console = console
        self._doors = doors
        self._sessions = sessions
        self._desk = Desk(doors.users, doors.monotonic)

    def routes(self) -> list[web.RouteDef]:
        """Their addresses."""
        return [
            web.get(LOG_IN, self.ask),
            web.post(LOG_IN, self.log_in),
            web.post(LOG_OUT, self.log_out),
            web.get(ACCOUNT, self.account),
            web.post(ACCOUNT, self.change),
        ]

    async def ask(self, request: web.Request) -> web.Response:
        """The form; whoever is logged in goes on, and so does everybody where the page is open."""
        onward = inside(request.query.get("tiep", "/"))
        if not visitor.signed_out(request):
            raise web.HTTPSeeOther(onward)
        return self._form(request, onward)

    async def log_in(self, request: web.Request) -> web.Response:
        """A session for the right password. Raises RefusedError, UsersError."""
        if not same_origin(request):
            raise RefusedError(403, PHRASES["act_forged"])
        form = await form_of(request)
        name, onward = form.get("name", "").strip().lower()[:_MOST], inside(form.get("tiep", "/"))
        try:
            user = await self._desk.let_in(name, form.get("password", "")[:_MOST], request.remote or "")
        except TurnedAway as turned:
            self._missed(request, name, turned)
            return self._form(request, onward, turned)
        self._doors.note(request, "login", by=user.name)
        return self._begun(request, user, onward)

    async def log_out(self, request: web.Request) -> web.Response:
        """Ends the session."""
        self._sessions.end(visitor.session_name(request))
        self._doors.note(request, "logout", by=visitor.actor(request).name)
        response = _onward(self._console.links(request).to(LOG_IN))
        visitor.remember(request, response, "")
        return response

    async def account(self, request: web.Request) -> web.Response:
        """One's own name, role and password."""
        return self._account(request)

    async def change(self, request: web.Request) -> web.Response:
        """Another password: all sessions of the user end, and this browser gets a new one. Raises UsersError."""
        form, who = await form_of(request), visitor.actor(request)
        old, fresh = form.get("password", "")[:_MOST], form.get("new", "")[:_MOST]
        try:
            user = await self._desk.let_in(who.name, old, request.remote or "")
        except TurnedAway as turned:
            self._missed(request, who.name, turned)
            return self._account(request, self._waits(request, turned) or PHRASES["wrong_old"])
        why = PHRASES["not_twice"] if fresh != form.get("again", "") else PHRASES["same_again"] if fresh == old else None
        if why is not None:
            return self._account(request, why)
        try:
            await asyncio.to_thread(self._doors.users.set_password, who.name, fresh, own=True)
        except UsersError as refused:
            return self._account(request, refused.text)
        self._doors.note(request, "own_password", by=who.name, about=who.name)
        self._sessions.end_all(who.name)
        renewed = self._doors.users.named(who.name)
        return self._begun(request, renewed or user, "/")

    def _begun(self, request: web.Request, user: User, onward: str) -> web.Response:
        self._sessions.end(visitor.session_name(request))
        response = _onward(self._console.links(request).to(ACCOUNT) if user.must_change else onward)
        visitor.remember(request, response, self._sessions.begin(user.name, user.changed))
        return response

    def _missed(self, request: web.Request, name: str, turned: TurnedAway) -> None:
        """Notes a wrong password, not each try that was not even heard. A name that does not exist may be a password in the wrong place: it is not kept."""
        if not turned.wait:
            known = self._doors.users.named(name) is not None
            outcome = "wrong password" if known else "unknown name"
            self._doors.note(request, "login_failed", by=name if known else "", outcome=outcome)

    def _form(self, request: web.Request, onward: str, turned: TurnedAway | None = None) -> web.Response:
        why = (self._waits(request, turned) or PHRASES["wrong_login"]) if turned else None
        response = self._console.page(request, "login.html", onward=onward, why=why, status=_status(turned))
        if turned and turned.wait:
            response.headers["Retry-After"] = str(math.ceil(turned.wait))
        return response

    def _account(self, request: web.Request, why: Text | None = None) -> web.Response:
        return self._console.page(request, "account.html", why=why, shortest=passwords.SHORTEST, status=400 if why else 200)

    def _waits(self, request: web.Request, turned: TurnedAway) -> Text | None:
        if not turned.wait:
            return None
        speech = Speech(self._console.links(request).language)
        said = speech.say("try_later", span=speech.span(math.ceil(turned.wait) * 1_000_000_000))
        return Text(said, said)


def _status(turned: TurnedAway | None) -> int:
    if turned is None:
        return 200
    return 429 if turned.wait else 403


def _onward(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})
