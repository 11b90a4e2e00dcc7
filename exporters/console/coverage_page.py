"""What is declared and not heard: sensors, PCs, portals, and at the province whole sites; since when, and what that blinds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exporters.console import findings
from exporters.console.findings import BadFilterError
from exporters.console.overview import COVERAGE, undeclared
from model.inspection.counting import WORST
from model.ledger import STANDING
from model.text import Text
from model.verdict import Outcome, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aiohttp import web

    from exporters.console.pages import Console
    from exporters.console.snapshot import Snapshot
    from model.ledger import Change
    from model.verdict import Verdict

KINDS: Final = ("site", "sensor", "asset", "portal")
STATES: Final = tuple(outcome.value for outcome in WORST)


@dataclass(frozen=True)
class Watched:
    """One thing that is to be heard. `since` (ns) is there while it is missed; `heard` its latest word, 0 for none that is known here."""

    subject: Subject
    name: str
    state: Outcome
    since: int = 0
    heard: int = 0
    finding: Change | None = None
    said: Text | None = None


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; an empty string does not narrow."""

    kind: str = ""
    state: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything differs from the plain list."""
        return self != Wanted()


def wanted(query: Mapping[str, str]) -> Wanted:
    """The filters of an address. Raises BadFilterError."""
    kind, state = query.get("loai", ""), query.get("trang-thai", "")
    for key, value, allowed in (("loai", kind, KINDS), ("trang-thai", state, STATES)):
        if value not in {"", *allowed}:
            raise BadFilterError(key, value, allowed)
    return Wanted(kind, state)


def lines(snapshot: Snapshot) -> list[Watched]:
    """Everything of which the rule of coverage speaks and everything declared of which it does not, what is missed first, then what is unknown."""
    told = {verdict.subject: verdict for verdict in snapshot.verdicts if verdict.detector == COVERAGE}
    missed = (change for change in snapshot.findings if change.finding.detector == COVERAGE and change.finding.state in STANDING)
    standing = {change.finding.subject: change for change in missed}
    names = {**dict.fromkeys((*told, *standing), ""), **dict(_declared(snapshot))}
    found = [_line(snapshot, subject, name, told.get(subject), standing.get(subject)) for subject, name in names.items()]
    return sorted(found, key=lambda line: (WORST.index(line.state), KINDS.index(line.subject.kind), line.since, line.name, line.subject.id))


def listed(every: Iterable[Watched], chosen: Wanted) -> list[Watched]:
    """Those that the filters let through."""
    return [line for line in every if chosen.kind in {"", line.subject.kind} and chosen.state in {"", line.state.value}]


def counts(every: Iterable[Watched]) -> list[tuple[str, int]]:
    """How many stand at each state, worst first."""
    found = Counter(line.state for line in every)
    return [(outcome.value, found[outcome]) for outcome in WORST]


def _declared(snapshot: Snapshot) -> Iterator[tuple[Subject, str]]:
    """Sensors and portals. A PC that the rule said nothing of has no subject by which it could be named here: the rule speaks of every enrolled one."""
    yield from ((Subject("sensor", each.sensor), "") for each in snapshot.declared.sensors)
    yield from ((Subject("portal", each.id), "") for each in snapshot.declared.portals or ())


def _line(snapshot: Snapshot, subject: Subject, name: str, verdict: Verdict | None, change: Change | None) -> Watched:
    state = Outcome.VIOLATION if change is not None else verdict.outcome if verdict is not None else Outcome.UNKNOWN
    told = (verdict.reason or verdict.summary) if verdict is not None and state is not Outcome.VIOLATION else None
    return Watched(
        subject=subject,
        name=name or snapshot.subject_name(subject, change.name if change else ""),
        state=state,
        since=change.finding.since if change else 0,
        heard=_heard(snapshot, subject, verdict),
        finding=change,
        said=told or (change.finding.summary if change else verdict.summary if verdict else None),
    )


def _heard(snapshot: Snapshot, subject: Subject, verdict: Verdict | None) -> int:
    if subject.kind == "sensor":
        return next((row.seen.last for row in snapshot.sensors if row.sensor == subject.id), 0)
    known = snapshot.assets.get(subject.id) if subject.kind == "asset" else None
    return known.seen.last if known else max((piece.at for piece in (verdict.evidence if verdict else ()) if piece.kind == "heartbeat"), default=0)


class CoverageViews:
    """The handler of the page of one site."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def routes(self) -> list[web.RouteDef]:
        """Its address."""
        from aiohttp import web  # noqa: PLC0415 - the rest of the file is pure

        return [web.get("/do-bao-phu", self.shown)]

    async def shown(self, request: web.Request) -> web.Response:
        """What is declared, through the address's filters. Raises BadFilterError."""
        chosen = wanted(request.query)
        snapshot = await self._console.read(request, verdicts=True)
        every = lines(snapshot)
        return self._console.page(
            request,
            "coverage.html",
            snapshot,
            chosen=chosen,
            every=len(every),
            counts=counts(every),
            paged=findings.paged(listed(every, chosen), request.query),
            kinds=KINDS[1:],
            states=STATES,
            undeclared=undeclared(snapshot),
            watched=any(about.id == COVERAGE for about in self._console.abouts),
        )
