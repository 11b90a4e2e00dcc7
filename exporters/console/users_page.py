"""The administrators' pages: users, and the trail of what was done."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Final

from aiohttp import web

from exporters.console import findings, passwords, visitor
from exporters.console.gate import TRAIL, USERS
from exporters.console.guard import form_of
from exporters.console.users import ROLES, Role, UsersError
from model.times import SECOND

if TYPE_CHECKING:
    from exporters.console.doors import Doors
    from exporters.console.pages import Console
    from model.text import Text
    from model.trail import Deed, Entry

# More are in the file, and in `vonggac audit list`.
_LINES: Final = 1_000
_DEEDS: Final[dict[str, Deed]] = {"vai-tro": "user_role", "khoa": "user_disable", "mo": "user_enable", "mat-khau": "user_password"}


class UsersPage:
    """The handlers. Who may reach them is the gate's matter."""

    def __init__(self, console: Console, doors: Doors) -> None:
        self._console = console
        self._doors = doors

    def routes(self) -> list[web.RouteDef]:
        """Their addresses."""
        return [
            web.get(USERS, self.listing),
            web.post(USERS, self.add),
            web.post(f"{USERS}/{{name}}/{{what:vai-tro|khoa|mo|mat-khau}}", self.change),
            web.get(TRAIL, self.trail),
        ]

    async def listing(self, request: web.Request) -> web.Response:
        """All users. Raises UsersError."""
        return self._page(request)

    async def add(self, request: web.Request) -> web.Response:
        """A new user with a temporary password."""
        form = await form_of(request)
        name, role, password = form.get("name", ""), _role(form.get("role", "")), form.get("password", "")
        try:
            await asyncio.to_thread(self._doors.users.add, name, role, password)
        except UsersError as refused:
            return self._page(request, refused.text)
        return self._done(request, "user_add", name, role)

    async def change(self, request: web.Request) -> web.Response:
        """Another role or temporary password, disabled or enabled."""
        form, name, what = await form_of(request), request.match_info["name"], request.match_info["what"]
        try:
            await self._changed(name, what, form.get("role", ""), form.get("password", ""))
        except UsersError as refused:
            return self._page(request, refused.text)
        return self._done(request, _DEEDS[what], name, form.get("role", ""))

    async def trail(self, request: web.Request) -> web.Response:
        """What was done, newest first. Raises OSError."""
        paged = findings.paged(self._doors.trail.latest(_LINES), request.query)
        return self._console.page(request, "trail.html", paged=paged, at_of=_at)

    async def _changed(self, name: str, what: str, role: str, password: str) -> None:
        users = self._doors.users
        match what:
            case "vai-tro":
                users.set_role(name, _role(role))
            case "mat-khau":
                await asyncio.to_thread(users.set_password, name, password)
            case _:
                users.set_disabled(name, what == "khoa")

    def _done(self, request: web.Request, deed: Deed, name: str, role: str) -> web.Response:
        self._doors.note(request, deed, by=visitor.actor(request).name, about=name, why=role)
        raise web.HTTPSeeOther(self._console.links(request).to(USERS))

    def _page(self, request: web.Request, why: Text | None = None) -> web.Response:
        users = self._doors.users.every()
        return self._console.page(request, "users.html", users=users, roles=ROLES, why=why, shortest=passwords.SHORTEST, status=409 if why else 200)


def _role(said: str) -> Role:
    """A form of ours says no other word."""
    found = next((role for role in ROLES if role == said), None)
    if found is None:
        raise web.HTTPBadRequest
    return found


def _at(entry: Entry) -> int:
    """When it was, ns; 0 where somebody wrote what is no time."""
    try:
        return int(datetime.fromisoformat(entry.at).timestamp()) * SECOND
    except ValueError:
        return 0
