"""Looks as rounds want them: made by the visitor or the browser, graded by lists, and kept as evidence where they are suspicious."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

import msgspec

from collector.decode.web.words.judge import is_brand_host
from collector.sensors.portals.evidence import Recorded, Store, story_of
from collector.sensors.portals.evidence.errors import EvidenceError
from collector.sensors.portals.look import look
from collector.sensors.portals.personas import PERSONAS
from collector.sensors.portals.plan import Errand
from collector.sensors.portals.recording import recorded
from collector.sensors.portals.rounds import Looked
from collector.sensors.portals.visitor import Visitor
from model.portals.declared import Portal
from model.portals.policy import Policy
from model.portals.suspicion import suspicions
from model.text import Language
from model.webfacts import LookFailed, PageLooked, Sign

log = logging.getLogger(__name__)

# Personas whose home page is rendered where a script could not be read: what they see is what most visitors see.
_RENDERED_IF_UNREAD = ("desktop", "mobile")


class Lists(Protocol):
    """Lists of gambling names, loaded by people."""

    def sign(self, host: str) -> Sign | None:
        """A sign of kind `feed` where a list holds `host` or a name it stands below."""


class Keeper:
    """Keeps what a suspicious look went through. Without a store nothing is kept."""

    def __init__(self, store: Store | None, box: str = "", language: Language = "vi") -> None:
        self._store, self._box, self._language = store, box, language
        self._told = ""

    async def keep(self, fact: PageLooked | LookFailed, exchanges: list[Recorded], screenshot: bytes | None = None, page: str = "") -> str:
        """The capture's name, empty where nothing was kept."""
        if self._store is None:
            return ""
        name = f"{fact.round}/{fact.persona}/{fact.attempt}"
        try:
            return await asyncio.to_thread(self._store.keep, name, fact.portal, exchanges, screenshot, story_of(fact, self._box), page=page)
        except EvidenceError as error:
            # A folder that cannot be used must not cost the look: what was seen is told, and that nothing was kept of it.
            if (told := error.text.to(self._language)) != self._told:
                self._told = told
                log.warning("%s", told)
            return ""


def graded(fact: PageLooked | LookFailed, lists: Lists | None) -> PageLooked | LookFailed:
    """The fact with what lists say of the hosts it led to."""
    # A mirror that is down or asks for a captcha still has a name.
    named = tuple(_named(host, fact.hops[0].host) for host in dict.fromkeys(hop.host for hop in fact.hops[1:]) if is_brand_host(host))
    fact = msgspec.structs.replace(fact, signs=tuple(dict.fromkeys((*fact.signs, *named)))) if named else fact
    if lists is None or not fact.hops:
        return fact
    # Each sign stands on the page that leads there: what a stranger's page loads, where the look ended, is not held against the portal.
    first, last = fact.hops[0].host, fact.hops[-1].host
    led = {hop.host: first for hop in (*fact.hops[1:], *(fact.offered if isinstance(fact, PageLooked) else ()))}
    loaded = dict.fromkeys((*fact.scripts, *fact.frames), last) if isinstance(fact, PageLooked) else {}
    found = [(page, sign) for host, page in {**loaded, **led}.items() if host and (sign := lists.sign(host)) is not None]
    signs = tuple(msgspec.structs.replace(sign, page=page) for page, sign in found)
    return msgspec.structs.replace(fact, signs=(*fact.signs, *signs)) if signs else fact


def _named(host: str, page: str) -> Sign:
    return Sign(kind="brand_host", value=host, where="address", page=page, hosts=(host,), gambling=True, hits=1)


class VisitorEyes:
    """The visitor's looks (`collector.sensors.portals.look`), as rounds want them."""

    def __init__(self, visitor: Visitor, policy: Policy, keeper: Keeper, lists: Lists | None = None) -> None:
        self._visitor, self._policy, self._keeper, self._lists = visitor, policy, keeper, lists

    async def look(self, portal: Portal, errand: Errand, round_id: str, attempt: int) -> Looked:
        """One look; every trouble is in its answer."""
        made = await look(self._visitor, portal, PERSONAS[errand.persona], errand.part, errand.url, round_id, attempt)
        fact = graded(made.fact, self._lists)
        serious = any(raised.serious for raised in suspicions(portal, self._policy, fact))
        if serious:
            capture = await self._keeper.keep(fact, [recorded(how, exchange) for how, exchange in made.exchanges])
            fact = msgspec.structs.replace(fact, capture=capture)
        return Looked(fact, made.requests, made.own_scripts, serious or _unread(errand, fact))


def _unread(errand: Errand, fact: PageLooked | LookFailed) -> bool:
    """Whether a script could not be read where most visitors come by."""
    return isinstance(fact, PageLooked) and bool(fact.unfolded) and errand.part == "home" and errand.persona in _RENDERED_IF_UNREAD
