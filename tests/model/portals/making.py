"""Facts about portals as the sensor would make them: looks of personas, clean or not, at times after AT."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from collector.engine import Engine
from collector.registry import build_all
from model.portals.declared import Destination, Portal
from model.portals.incidents import Standing, standing
from model.site import SiteView, fold
from model.times import SECOND
from model.verdict import Subject, Verdict
from model.webfacts import DnsSeen, Hop, LookFailed, PageLooked, PortalsHeard, ScriptSeen, Sign, SiteFileSeen
from tests.model.making import AT, declared

ID, HOST = "xa-tan-an", "tanan.example.gov.vn"
HOME = f"https://{HOST}/"
EVIL, MIRROR, LAWFUL = "nova88.test", "nova-07.test", "dichvucong.gov.vn"
PERSONAS = ("desktop", "mobile", "search_google", "social_zalo", "returning", "english")
PORTAL = Portal(id=ID, url=HOME, name="Xã Tân An", vendor="")
SUBJECT = Subject("portal", ID)
# Simhashes far apart, and near.
OURS, THEIRS = 0x0F0F_0F0F_0F0F_0F0F, 0x70F0_F0F0_F0F0_F0F0
PROMISE = "đăng ký nhận 88k, nạp rút siêu tốc"


def known(*portals: Portal, destinations: Sequence[Destination] = (), **fields: Any):
    return declared(portals=portals or (PORTAL,), destinations=tuple(destinations), **fields)


def hop(host: str = HOST, how: str = "http", path: str = "", status: int = 200, **fields: Any) -> Hop:
    return Hop(**{"how": how, "url": f"https://{host}/{path}", "host": host, "status": status, "address": "45.119.1.1" if host == HOST else "", **fields})


def way(*hosts: str, how: str = "http", **last: Any) -> tuple[Hop, ...]:
    """From the portal over `hosts`."""
    return (hop(how="asked", status=302), *(hop(host, how, **(last if host == hosts[-1] else {})) for host in hosts))


def selling(host: str, kind: str = "promotion", **fields: Any) -> Sign:
    return Sign(**{"kind": kind, "value": PROMISE, "page": host, "gambling": True, "hits": 4, **fields})


class Eyes:
    """A sensor that numbers what it sees of one portal."""

    def __init__(self, portal: str = ID, host: str = HOST, sensor: str = "portals") -> None:
        self.portal, self.host, self.sensor = portal, host, sensor
        self._numbers = count(1)

    def __call__(self, fact: Any, after: int, /, **fields: Any) -> Any:
        return fact(at=AT + after, sensor=self.sensor, sequence=next(self._numbers), portal=self.portal, **fields)

    def look(self, persona: str = "desktop", after: int = 0, **fields: Any) -> PageLooked:
        """A clean look at the home page unless told otherwise; looks of one second are of one round unless told."""
        url = fields.pop("url", f"https://{self.host}/")
        told = {
            "round": f"r{after // (300 * SECOND)}",
            "part": "home",
            "hops": (hop(self.host, "asked"),),
            "title": "UBND xã Tân An",
            "language": "vi",
            "text": OURS,
            "words": 400,
        }
        return self(PageLooked, after, persona=persona, url=url, **{**told, **fields})

    def sent(self, persona: str, after: int, host: str = EVIL, **fields: Any) -> PageLooked:
        """Sent to a page that sells."""
        hops = (hop(self.host, "asked", status=302), hop(host, fields.pop("how", "http")))
        return self.look(persona, after, **{"hops": hops, "text": THEIRS, "words": 90, "signs": (selling(host),), "title": "Nova88", **fields})

    def failed(self, persona: str, after: int, reason: str = "blocked", **fields: Any) -> LookFailed:
        return self(
            LookFailed, after, persona=persona, reason=reason, **{"round": "f", "part": "home", "url": f"https://{self.host}/", "detail": "403", **fields}
        )

    def script(self, after: int = 0, **fields: Any) -> ScriptSeen:
        return self(ScriptSeen, after, **{"url": f"https://{self.host}/js/jquery.js", "digest": "aa" * 32, "size": 90_000, "library": "jquery-3.6.0", **fields})

    def sitemap(self, after: int = 0, entries: int = 100, **fields: Any) -> SiteFileSeen:
        return self(SiteFileSeen, after, **{"kind": "sitemap", "url": f"https://{self.host}/sitemap.xml", "status": 200, "entries": entries, **fields})

    def name(self, after: int = 0, **fields: Any) -> DnsSeen:
        return self(DnsSeen, after, **{"host": self.host, "used": "portal", "state": "resolves", "addresses": ("45.119.1.1",), **fields})

    def beat(self, after: int = 0, **fields: Any) -> PortalsHeard:
        return self(PortalsHeard, after, **{"due": 6, "made": 6, **fields})

    def round(self, after: int, personas: Iterable[str] = PERSONAS, **fields: Any) -> list[PageLooked]:
        """Everybody looks, clean, one after the other."""
        return [self.look(persona, after + n * 2 * SECOND, round=f"all{after}", **fields) for n, persona in enumerate(personas)]


def view_of(facts: Iterable[Any] = (), data: Any = None, *, now: int = 0) -> SiteView:
    """A view with the facts folded in that order; its time is the last fact's, or AT + `now` when that is later."""
    view = SiteView(data or known(), now=AT)
    last = AT + now
    for fact in facts:
        fold(view, fact)
        last = max(last, fact.at)
    view.now = last
    return view


def stands(view: SiteView, detector: str = "VG-WEB-01", portal: str = ID) -> Standing | None:
    """The rule's incident as it stands."""
    row = view.portals[portal]
    return standing(row, detector, view.policy.portal(portal, row.url), view.policy, view.now)  # type: ignore[arg-type]


def judge(detector: Any, facts: Iterable[Any] = (), data: Any = None, *, now: int = 0, portal: str = ID) -> Verdict:
    verdict = detector.judge(view_of(facts, data, now=now), Subject("portal", portal))
    assert verdict is not None
    return verdict


def engine_of(data: Any = None, detectors: Any = None) -> Engine:
    engine = Engine(SiteView(data or known(), now=AT), detectors or [d for d in build_all() if d.about.id.startswith(("VG-WEB", "VG-COV"))])
    engine.tick(AT)
    engine.review_after_start()
    return engine


def take(engine: Engine, facts: Iterable[Any]) -> None:
    """Facts in order, with the time moving along."""
    for fact in facts:
        engine.tick(fact.at)
        engine.take(fact)


def told(engine: Engine, detector: str = "") -> list[tuple[str, str, str]]:
    """What people were told so far: step, rule, severity."""
    return [(c.step, c.finding.detector, c.finding.severity.value) for c in engine.news.changes if c.finding.detector.startswith(detector)]
