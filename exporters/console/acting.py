"""Acts through the page: take, accept, close. Off unless the composition root hands in `Acts`: there are no users or roles yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from exporters.console.phrases import PHRASES
from model.acts import Act, ActKind, ActRefusedError
from model.text import Text
from model.times import SECOND, VIETNAM

if TYPE_CHECKING:
    from exporters.console.guard import Forgery
    from exporters.console.render import Links
    from model.ports import Acts

_KINDS: Final[dict[str, ActKind]] = {"nhan": "acknowledge", "chap-nhan": "accept", "dong": "close"}
_NAME: Final = 80
_REASON: Final = 500


class RefusedError(Exception):
    """An act that was not carried out, with the HTTP status and the sentence for people."""

    def __init__(self, status: int, why: Text) -> None:
        super().__init__(why.en)
        self.status = status
        self.why = why


def routes(acts: Acts, forgery: Forgery, links: Callable[[web.Request], Links]) -> list[web.RouteDef]:
    """POST /phat-hien/{id}/{nhan|chap-nhan|dong}: carries out the act and leads back to the finding."""

    async def act(request: web.Request) -> web.Response:
        form = {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
        if not forgery.genuine(request, form.get("token", "")):
            raise RefusedError(403, PHRASES["act_forged"])
        finding = request.match_info["id"]
        asked = Act(
            kind=_KINDS[request.match_info["kind"]],
            finding=finding,
            by=form.get("by", "")[:_NAME],
            why=form.get("why", "")[:_REASON],
            until=_until(form.get("until", "")),
        )
        try:
            await acts.act(asked)
        except ActRefusedError as refused:
            raise RefusedError(409, refused.text) from refused
        raise web.HTTPSeeOther(links(request).to(f"/phat-hien/{finding}"))

    return [web.post("/phat-hien/{id:[0-9a-f]{1,64}}/{kind:nhan|chap-nhan|dong}", act)]


def _until(day: str) -> int:
    """The last second of a day in Viet Nam, ns; 0 when no day was given."""
    if not day:
        return 0
    try:
        start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=VIETNAM)
    except ValueError as wrong:
        raise RefusedError(400, PHRASES["act_date"]) from wrong
    return (int((start + timedelta(days=1)).timestamp()) - 1) * SECOND
