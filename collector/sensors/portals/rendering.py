"""The browser's looks, as rounds want them. A box without a browser says so once, and goes on without."""

from __future__ import annotations

import logging

import msgspec

from collector.clock import Clock
from collector.decode.web.url import host_of
from collector.sensors.portals.browser.browser import Browser
from collector.sensors.portals.browser.chromium import BrowserMissing
from collector.sensors.portals.browser.face import persona_face
from collector.sensors.portals.browser.facts import Asked, looked_of
from collector.sensors.portals.browser.process import BrowserFailed
from collector.sensors.portals.browser.rendered import Rendered, Visit
from collector.sensors.portals.evidence import Recorded
from collector.sensors.portals.eyes import Keeper, Lists, graded
from collector.sensors.portals.guard import Guard
from collector.sensors.portals.personas import PERSONAS
from collector.sensors.portals.plan import Errand
from collector.sensors.portals.rounds import Looked
from model.portals.declared import Portal
from model.portals.policy import Policy
from model.portals.suspicion import suspicions
from model.text import Language, Text

log = logging.getLogger(__name__)

_NO_BROWSER = Text("không dựng được trang bằng trình duyệt: %s", "pages cannot be rendered: %s")


class BrowserEyes:
    """Rendered looks (`collector.sensors.portals.browser`)."""

    def __init__(
        self,
        browser: Browser,
        guard: Guard,
        clock: Clock,
        policy: Policy,
        keeper: Keeper,
        lists: Lists | None = None,
        *,
        vantage: str = "",
        language: Language = "vi",
    ) -> None:
        self._browser, self._guard, self._clock, self._policy = browser, guard, clock, policy
        self._keeper, self._lists, self._vantage, self._language = keeper, lists, vantage, language
        self._told = ""

    async def look(self, portal: Portal, errand: Errand, round_id: str, attempt: int) -> Looked:
        """One rendered look. Where no browser can be had there is none: that is told once in the log, and what the visitor saw stays as it is."""
        asked = Asked(portal=portal, at=self._clock.now(), persona=errand.persona, part=errand.part, round=round_id, vantage=self._vantage, attempt=attempt)
        try:
            rendered = await self._browser.render(Visit(url=errand.url, face=persona_face(PERSONAS[errand.persona])), self._guard.allowing(portal.allow))
        except (BrowserMissing, BrowserFailed) as error:
            self._tell(error)
            return Looked(None, requests=0)
        fact = graded(looked_of(rendered, asked), self._lists)
        if any(raised.serious for raised in suspicions(portal, self._policy, fact)):
            page = rendered.documents[-1].html if rendered.documents else ""
            capture = await self._keeper.keep(fact, _sent(rendered, asked.at), rendered.screenshot or None, page)
            fact = msgspec.structs.replace(fact, capture=capture)
        return Looked(fact, requests=len(rendered.requests))

    def _tell(self, error: BrowserMissing | BrowserFailed) -> None:
        why = error.text.to(self._language)
        if why != self._told:
            self._told = why
            log.warning(_NO_BROWSER.to(self._language), why)


def _sent(rendered: Rendered, at: int) -> list[Recorded]:
    """The requests as far as a browser tells of them: without bodies, which the visitor's own look of the same page has."""
    return [
        Recorded(
            url=request.url,
            started=at,
            how="rendered",
            status=request.status,
            address=rendered.addresses.get(host_of(request.url), ""),
            trouble=request.refused,
        )
        for request in rendered.requests[:200]
    ]
