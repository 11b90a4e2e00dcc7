"""VG-COV-01 at the province: sites and boxes that are declared and silent, and a province that hears nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import msgspec

from model.detector import About, Closing
from model.fleet.declared import FleetDeclared, FleetSite
from model.fleet.ports import Heard
from model.fleet.silence import Patience, Watch, heard
from model.text import Text
from model.times import day_of, is_working, local, within
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import fleet as words

ABOUT: Final = About(
    id="VG-COV-01",
    findings=(14,),
    title=words.TITLE,
    kinds=("site", "sensor"),
    needs=("declared",),
    closing=Closing(rule=words.CLOSING_SILENT),
    attack=("M1047",),
)
_UNDECLARED: Final = Text("Không còn được khai báo ở tỉnh.", "It is no longer declared at the province.")
# So many sites at least must have been heard before their silence together is one fault and not theirs.
_TOGETHER: Final = 5
_BEST_FIRST: Final[tuple[Heard, ...]] = ("heard", "unknown", "silent", "never")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a site's boxes stand: the best of them (`best`), when the last of them was heard (ns), and each."""

    site: FleetSite
    best: Heard
    last: int
    boxes: dict[str, tuple[Heard, int]]


def site_subject(site: str) -> Subject:
    """A site, or the province itself, as what a verdict is about."""
    return Subject("site", site)


def standings(declared: FleetDeclared, last: Mapping[tuple[str, str], int], watch: Watch, now: int) -> list[Standing]:
    """All sites, in the order in which they are declared. `last`: when each (box, site) was heard, ns."""
    since: dict[str, dict[str, int]] = {}
    for line in declared.boxes:
        if not line.until or now < line.until:
            since.setdefault(line.site, {})[line.box] = line.since
    return [
        _standing(site, {box: max(begin, site.since) for box, begin in since.get(site.site, {}).items()}, last, watch, now) for site in declared.sites.values()
    ]


def _standing(site: FleetSite, since: Mapping[str, int], last: Mapping[tuple[str, str], int], watch: Watch, now: int) -> Standing:
    boxes: dict[str, tuple[Heard, int]] = {}
    for box, begin in since.items():
        at = last.get((box, site.site), 0)
        boxes[box] = heard(at, begin, watch, now), at
    states = {state for state, _ in boxes.values()}
    best = next((state for state in _BEST_FIRST if state in states), _BEST_FIRST[1])
    return Standing(site=site, best=best, last=max((at for _, at in boxes.values()), default=0), boxes=boxes)


def together(standing: Collection[Standing]) -> bool:
    """Whether everybody who was ever heard is silent: then it is the way in, or the store, and not each of them."""
    once = [each for each in standing if each.last]
    return len(once) >= _TOGETHER and all(each.best == "silent" for each in once)


def of_province(declared: FleetDeclared, standing: Collection[Standing], watch: Watch, now: int) -> Verdict:
    """The verdict on the province as a whole."""
    subject = site_subject(declared.province)
    if not watch.at or now - watch.at > watch.bar:
        return _verdict(subject, Outcome.UNKNOWN, words.NOT_LOOKING)
    if not together(standing):
        return _verdict(subject, Outcome.CLEAR, words.heard(declared.name or declared.province))
    last = max(each.last for each in standing)
    once = sum(1 for each in standing if each.last)
    title, summary = words.all_silent(declared.name or declared.province, once, last, now)
    said = (Evidence("heartbeat", local(last), last),)
    return _verdict(subject, Outcome.VIOLATION, summary, title=title, evidence=said, urgency=Urgency.PAGE, state="all_silent", remedy=words.REMEDY_ALL)


def of_site(each: Standing, patience: Patience, holidays: Collection[int], now: int, *, apart: bool, paged: bool) -> Verdict:
    """The verdict on a site. `apart`: its silence is its own; `paged`: people were woken for it already, which evening does not take back."""
    subject, site = site_subject(each.site.site), each.site
    if not each.boxes:
        return _verdict(subject, Outcome.NOT_APPLICABLE, words.NO_BOX)
    if each.best == "heard":
        return _verdict(subject, Outcome.CLEAR, words.heard(site.name), evidence=(Evidence("heartbeat", local(each.last), each.last),))
    if each.best == "unknown" or not apart:
        return _verdict(subject, Outcome.UNKNOWN, words.NOT_LOOKING if apart else words.ALL_SILENT)
    if each.best == "never":
        title, summary = words.never_site(site.name)
        said = (Evidence("heartbeat", "never", max(site.since, 0)),)
        return _verdict(subject, Outcome.VIOLATION, summary, title=title, evidence=said, state="never", remedy=words.REMEDY_NEVER)
    title, summary = words.silent_site(site.name, each.last, now)
    said = (Evidence("heartbeat", local(each.last), each.last),)
    urgency = Urgency.PAGE if paged or wakes(patience, holidays, now) else Urgency.TICKET
    return _verdict(subject, Outcome.VIOLATION, summary, title=title, evidence=said, urgency=urgency, state="silent", remedy=words.REMEDY)


def of_boxes(each: Standing, now: int) -> Iterator[Verdict]:
    """Verdicts on the boxes of a site that has several: what one of them watches is blind though the site is heard."""
    if len(each.boxes) < 2:
        return
    for box, (state, last) in each.boxes.items():
        subject = Subject("sensor", f"box:{box}")
        if state == "heard":
            yield _verdict(subject, Outcome.CLEAR, words.heard(box))
        elif state == "unknown" or each.best != "heard":
            yield _verdict(subject, Outcome.UNKNOWN, words.NOT_LOOKING)
        else:
            title, summary = words.silent_box(box, each.site.name, last, now)
            yield _verdict(subject, Outcome.VIOLATION, summary, title=title, state=state, remedy=words.REMEDY if last else words.REMEDY_NEVER)


def undeclared(subject: Subject) -> Verdict:
    """The verdict on a site or box that is declared no more: nobody waits for it, and nobody will hear it."""
    return _verdict(subject, Outcome.NOT_APPLICABLE, _UNDECLARED)


def wakes(patience: Patience, holidays: Collection[int], now: int) -> bool:
    """Whether people work now: only then does a silent site wake them."""
    return is_working(day_of(now), holidays) and within(patience.hours, now)


def _verdict(
    subject: Subject,
    outcome: Outcome,
    said: Text,
    *,
    title: Text = words.TITLE,
    evidence: tuple[Evidence, ...] = (),
    urgency: Urgency = Urgency.TICKET,
    state: str = "",
    remedy: tuple[Text, ...] = (),
) -> Verdict:
    return Verdict(
        detector=ABOUT.id,
        subject=subject,
        outcome=outcome,
        severity=Severity.HIGH,
        grade=Grade.CONFIRMED,
        urgency=urgency,
        title=title,
        summary=said,
        remedy=remedy,
        reason=said if outcome in (Outcome.UNKNOWN, Outcome.NOT_APPLICABLE) else None,
        evidence=evidence,
        state=(("heard", state),) if state else (),
    )
