"""Acts through the page: take, accept, close, one finding or many; dead letters sent again or thrown away. In the name of who is logged in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from exporters.console import visitor
from exporters.console.gate import FINDING_ACT, LETTERS, TAKE, inside
from exporters.console.guard import form_of
from exporters.console.phrases import PHRASES
from exporters.console.refusals import RefusedError
from model.acts import Act, ActKind, ActRefusedError
from model.text import Text
from model.times import SECOND, VIETNAM

if TYPE_CHECKING:
    from exporters.console.doors import Doors, Letters
    from exporters.console.pages import Console
    from model.ports import Acts
    from model.trail import Deed

_KINDS: Final[dict[str, ActKind]] = {"nhan": "acknowledge", "chap-nhan": "accept", "dong": "close"}
_REASON: Final = 500
_ID: Final = re.compile(r"[0-9a-f]{1,64}")
# A page of the list has fifty.
_MOST: Final = 100
# So many letters fit into one line of the trail.
_A_LINE: Final = 15


class Acting:
    """The handlers of acts on findings."""

    def __init__(self, console: Console, doors: Doors, acts: Acts) -> None:
        self._console = console
        self._doors = doors
        self._acts = acts

    def routes(self) -> list[web.RouteDef]:
        """POST /phat-hien/{id}/{nhan|chap-nhan|dong} and, for many, /phat-hien/nhan."""
        one = FINDING_ACT.replace("{id}", "{id:[0-9a-f]{1,64}}").replace("{kind}", "{kind:nhan|chap-nhan|dong}")
        return [web.post(TAKE, self.take), web.post(one, self.act)]

    async def act(self, request: web.Request) -> web.Response:
        """Carries out one act and leads back to the finding. Raises RefusedError."""
        form = await form_of(request)
        finding, kind = request.match_info["id"], _KINDS[request.match_info["kind"]]
        why, until = form.get("why", "")[:_REASON], _until(form.get("until", ""))
        refused = await self._carried_out(request, Act(kind=kind, finding=finding, by=visitor.actor(request).name, why=why, until=until))
        if refused is not None:
            raise RefusedError(409, refused)
        raise web.HTTPSeeOther(self._console.links(request).to(f"/phat-hien/{finding}"))

    async def take(self, request: web.Request) -> web.Response:
        """Acknowledges every chosen finding and leads back to the list; those that were taken stay taken when others cannot be. Raises RefusedError."""
        form = await form_of(request)
        chosen = [each for each in dict.fromkeys(form.getall("finding", [])) if _ID.fullmatch(each)][:_MOST]
        if not chosen:
            raise RefusedError(400, PHRASES["chosen_none"])
        by = visitor.actor(request).name
        answers = [await self._carried_out(request, Act(kind="acknowledge", finding=finding, by=by)) for finding in chosen]
        refused = [answer for answer in answers if answer is not None]
        if refused:
            raise RefusedError(409, _partly(len(chosen) - len(refused), refused))
        raise web.HTTPSeeOther(inside(form.get("back", "/phat-hien")))

    async def _carried_out(self, request: web.Request, act: Act) -> Text | None:
        """Why not, or None. Noted either way."""
        try:
            await self._acts.act(act)
        except ActRefusedError as refused:
            self._doors.note(request, act.kind, by=act.by, about=act.finding, why=act.why, outcome=refused.text.vi)
            return refused.text
        except self._console.failures as error:
            # Whether core did it before it went nobody knows; who wanted it stays known.
            self._doors.note(request, act.kind, by=act.by, about=act.finding, why=act.why, outcome=_lost(error))
            raise
        self._doors.note(request, act.kind, by=act.by, about=act.finding, why=act.why)
        return None


class LetterDesk:
    """The handler of what administrators do with dead letters."""

    def __init__(self, console: Console, doors: Doors, letters: Letters) -> None:
        self._console = console
        self._doors = doors
        self._letters = letters

    def routes(self) -> list[web.RouteDef]:
        """Its address."""
        return [web.post(LETTERS, self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        """Sends the chosen letters again, or throws them away for a reason. Raises RefusedError."""
        form = await form_of(request)
        chosen = _by_sink(form.getall("letter", []))
        purge, why = form.get("what") == "purge", form.get("why", "").strip()[:_REASON]
        if not chosen:
            raise RefusedError(400, PHRASES["chosen_none"])
        if purge and not why:
            raise RefusedError(400, PHRASES["purge_why"])
        for sink, rows in chosen.items():
            for start in range(0, len(rows), _A_LINE):
                await self._carried_out(request, sink, rows[start : start + _A_LINE], why, purge=purge)
        raise web.HTTPSeeOther(self._console.links(request).to("/gui-di"))

    async def _carried_out(self, request: web.Request, sink: str, rows: Sequence[str], why: str, *, purge: bool) -> None:
        """Noted, also where core went before it could answer."""
        deed: Deed = "letters_purge" if purge else "letters_replay"
        by, named = visitor.actor(request).name, f"{len(rows)}: {', '.join(rows)}"
        try:
            count = await (self._letters.purge if purge else self._letters.replay)(sink, rows)
        except self._console.failures as error:
            self._doors.note(request, deed, by=by, about=f"{sink} ?/{named}", why=why, outcome=_lost(error))
            raise
        self._doors.note(request, deed, by=by, about=f"{sink} {count}/{named}", why=why)


def _lost(error: Exception) -> str:
    return str(error) or type(error).__name__


def _by_sink(chosen: Iterable[str]) -> dict[str, list[str]]:
    """The letters' rows by sink; a form says each as `sink/row`."""
    found: dict[str, list[str]] = {}
    for each in dict.fromkeys(chosen):
        sink, _, row = each.rpartition("/")
        if sink and row:
            found.setdefault(sink, []).append(row)
    return found


def _partly(done: int, refused: list[Text]) -> Text:
    first = refused[0]
    return Text(
        f"Đã nhận {done} phát hiện; {len(refused)} không nhận được, ví dụ: {first.vi}.",
        f"{done} findings were taken; {len(refused)} could not be, for example: {first.en}.",
    )


def _until(day: str) -> int:
    """The last second of a day in Viet Nam, ns; 0 when no day was given."""
    if not day:
        return 0
    try:
        start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=VIETNAM)
    except ValueError as wrong:
        raise RefusedError(400, PHRASES["act_date"]) from wrong
    return (int((start + timedelta(days=1)).timestamp()) - 1) * SECOND
