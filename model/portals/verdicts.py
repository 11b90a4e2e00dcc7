"""A judgement of a portal as the verdict of one of the three rules; what differs between them is their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from model.portals.fold import policy_of
from model.portals.hosts import stem
from model.portals.incidents import Standing
from model.portals.judgement import Judgement, comparable, judged
from model.portals.raised import CLOAKING
from model.portals.redirects import line_of
from model.portals.rows import Seen, WebDetector
from model.text import shown
from model.times import HOUR, SECOND
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import portal_common as common

if TYPE_CHECKING:
    from model.detector import About
    from model.site import SiteView
    from model.text import Text

_MOST_SEEN: Final = 4
_NAMES_A_LINE: Final = 8


class Words(Protocol):
    """What a rule says (`model.wording.portal_*`)."""

    def title(self, judgement: Judgement, /) -> Text:
        """For an incident."""

    def summary(self, judgement: Judgement, now: int, /) -> Text:
        """For an incident."""

    def remedy(self, judgement: Judgement, /) -> tuple[Text, ...]:
        """For an incident: three steps at most."""

    def clear(self, judgement: Judgement, /) -> Text:
        """For nothing wrong, with what was looked at: it answers the rule's own question alone, for the other rules may say worse."""

    def unknown(self, judgement: Judgement, /) -> Text:
        """For what some persona could not see."""


class SlightWords(Protocol):
    """What a rule says of what only the report tells."""

    def slight_title(self, judgement: Judgement, /) -> Text:
        """For what only the report tells."""

    def slight_summary(self, judgement: Judgement, /) -> Text:
        """For what only the report tells."""

    def slight_remedy(self, judgement: Judgement, /) -> tuple[Text, ...]:
        """For what only the report tells."""


class Rule(NamedTuple):
    """One of the three rules: its metadata, its words, for how long a look speaks (hours), for how long a portal is learnt (days).

    `slight`: its words for what only the report tells, None for a rule to which nothing slight belongs.
    """

    about: About
    words: Words
    detector: WebDetector
    fresh_hours: int
    learn_days: int
    slight: SlightWords | None = None


def subjects(view: SiteView) -> Iterable[Subject]:
    """Every declared portal, looked at or not, and every other that was looked at."""
    return (Subject("portal", portal) for portal in sorted({*policy_of(view).portals, *view.portals}))


def verdict_of(view: SiteView, subject: Subject, rule: Rule) -> Verdict | None:
    """What the rule says of a portal now; None when there is no such portal."""
    policy = policy_of(view)
    if not policy.knows(subject.id):
        return _unsaid(rule, subject, Outcome.NOT_APPLICABLE, common.NOT_DECLARED) if subject.id in view.portals else None
    found = judged(view, subject.id, rule.detector, rule.fresh_hours * HOUR, rule.learn_days)
    if found is None:
        return _unsaid(rule, subject, Outcome.UNKNOWN, common.NEVER) if subject.id in policy.portals else None
    unseen = view.age(found.seen) if found.seen else 0
    said = _said(view, rule, found, unseen)
    return Verdict(detector=rule.about.id, subject=subject, unseen=unseen, recheck_at=_stale_at(found, view.now, rule.fresh_hours * HOUR), **said)


def _said(view: SiteView, rule: Rule, found: Judgement, unseen: int) -> dict[str, Any]:
    """An incident first, then what is slight, then what is not known; clear only when nobody is blind."""
    if found.standing is not None and unseen < rule.about.closing.lapse:
        return _incident(view, rule, found, found.standing)
    if found.standing is None and found.slight and rule.slight is not None:
        return _slight(rule.slight, found)
    if found.blind:
        return _unknown(rule, rule.words.unknown(found), found)
    if found.standing is not None or not found.seen:
        return _unknown(rule, common.NEVER if not found.seen else common.STALE, found)
    if rule.detector == CLOAKING and not comparable(found):
        return _unknown(rule, common.TOO_FEW, found)
    clear = {"title": rule.about.title, "summary": rule.words.clear(found), "evidence": tuple(_looks(found)), "state": (("portal", "looked"),)}
    return {"outcome": Outcome.CLEAR, "grade": Grade.CONFIRMED, **clear}


def _incident(view: SiteView, rule: Rule, found: Judgement, standing: Standing) -> dict[str, Any]:
    return {
        "outcome": Outcome.VIOLATION,
        "severity": standing.severity,
        "grade": Grade.CONFIRMED if standing.confirmed else Grade.LIKELY,
        "urgency": _urgency(found, standing),
        "title": rule.words.title(found),
        "summary": rule.words.summary(found, view.now),
        "remedy": rule.words.remedy(found),
        "evidence": (*_chain(standing), *_sightings(standing), *_campaign(found, standing)),
        "state": _state(found, standing),
    }


def _slight(words: SlightWords, found: Judgement) -> dict[str, Any]:
    return {
        "outcome": Outcome.VIOLATION,
        "severity": Severity.LOW,
        "grade": Grade.LIKELY,
        "urgency": Urgency.REPORT,
        "title": words.slight_title(found),
        "summary": words.slight_summary(found),
        "remedy": words.slight_remedy(found),
        "evidence": tuple(Evidence("page", _line(f"{each.kind} {each.value}"), each.at) for each in found.slight[:_NAMES_A_LINE]),
        "state": (("slight", "; ".join(sorted({f"{each.kind} {each.value}" for each in found.slight}))[:400]),),
    }


def _unknown(rule: Rule, reason: Text, found: Judgement) -> dict[str, Any]:
    blind = tuple((each.persona, each.reason) for each in found.blind)
    return {
        "outcome": Outcome.UNKNOWN,
        "title": rule.about.title,
        "summary": reason,
        "reason": reason,
        "evidence": tuple(_looks(found)),
        "state": (("portal", "unknown"), *blind),
    }


def _unsaid(rule: Rule, subject: Subject, outcome: Outcome, reason: Text) -> Verdict:
    return Verdict(detector=rule.about.id, subject=subject, outcome=outcome, title=rule.about.title, summary=reason, reason=reason)


def _urgency(found: Judgement, standing: Standing) -> Urgency:
    """One alert a campaign: who speaks for it wakes people, the others are in its list."""
    campaign = found.campaign
    leads = campaign is None or (campaign.lead.portal, campaign.lead.detector) == (found.row.id, standing.incident.detector)
    if not leads:
        return Urgency.REPORT
    return Urgency.PAGE if standing.severity is Severity.CRITICAL else Urgency.TICKET


def _state(found: Judgement, standing: Standing) -> tuple[tuple[str, str], ...]:
    """What a change is told by: not times, not counts of looks."""
    campaign = found.campaign
    leads = campaign is not None and campaign.lead.portal == found.row.id
    hosts = sorted({stem(seen.told.value.host or next(iter(seen.told.value.hosts), "")) for seen in standing.seen} - {""})
    facets = [
        ("incident", "confirmed" if standing.confirmed else "pending"),
        ("kinds", ", ".join(sorted({seen.kind for seen in standing.seen}))),
        ("personas", f"{len(standing.personas)}/{len({*found.personas, *standing.personas})}"),
        ("targets", ", ".join(hosts[:4])),
        ("times", str(standing.incident.times)),
    ]
    if campaign is not None:
        facets.append(("campaign", f"{campaign.portals} portals" if leads else f"{campaign.lead.detector} {campaign.lead.portal}"))
    return tuple((name, value) for name, value in facets if value)


def _chain(standing: Standing) -> Iterator[Evidence]:
    """The latest dirty way, hop by hop, raw."""
    held = standing.incident.chain
    if held is not None and len(held.value.steps) > 1:
        for step in held.value.steps:
            yield Evidence("hop", _line(line_of(step.how, step.url, step.status, step.folded)), held.stamp.at)


def _sightings(standing: Standing) -> Iterator[Evidence]:
    """The gravest and latest, of every kind one before a second of any; a capture that shows several is named once."""
    latest = sorted(standing.seen, key=lambda seen: (-seen.confirmed, -seen.last.at, seen.persona, seen.kind))
    first = list({seen.kind: seen for seen in reversed(latest)}.values())[::-1]
    captures: set[str] = set()
    for seen in (*first, *(seen for seen in latest if seen not in first))[:_MOST_SEEN]:
        sight = seen.told.value
        yield Evidence("persona", _line(_sighting(seen)), seen.last.at)
        yield Evidence("page", _line(" ".join(filter(None, (sight.url, seen.kind, sight.how, sight.host, sight.value)))), seen.last.at)
        if sight.capture and sight.capture not in captures:
            captures.add(sight.capture)
            yield Evidence("capture", _line(sight.capture), seen.last.at)


def _sighting(seen: Seen) -> str:
    vantage = seen.told.value.vantage
    apart = (seen.last.at - seen.first.at) // SECOND
    return f"{seen.persona or '-'}{f' @{vantage}' if vantage else ''} x{len(seen.times)}, {apart} s"


def _campaign(found: Judgement, standing: Standing) -> Iterator[Evidence]:
    campaign = found.campaign
    if campaign is None:
        return
    at = standing.incident.last.at
    yield Evidence("campaign", _line(f"{campaign.lead.detector} {campaign.lead.portal}: {campaign.portals}; {', '.join(campaign.common)}"), at)
    for start in range(0, len(campaign.others), _NAMES_A_LINE):
        yield Evidence("campaign", _line(", ".join(campaign.others[start : start + _NAMES_A_LINE])), at)


def _looks(found: Judgement) -> Iterator[Evidence]:
    """Who looked last, when."""
    for persona in found.personas:
        visits = found.row.visits[persona]
        if visits.ok:
            yield Evidence("persona", persona[:40], visits.ok)


def _stale_at(found: Judgement, now: int, fresh: int) -> int | None:
    """When the first persona's last look stops to speak for it."""
    ends = [visits.ok + fresh + SECOND for persona in found.personas if (visits := found.row.visits[persona]).ok and visits.ok + fresh >= now]
    return min(ends, default=None)


def _line(value: str) -> str:
    return shown(value, 400)
