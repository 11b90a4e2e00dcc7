"""What is told of a fold: one finding of the province with counts, worst first, that ends when all in it have ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from model.detector import About, Closing
from model.fleet.folding import CAMPAIGN, Member, sites_of
from model.text import Text, shown
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wording import fleet as words

_REDIRECT: Final = "VG-WEB-01"
_NAMED: Final = 5
_LISTED: Final = 20
# A digest is told anew when it grew by as much as from one of these to the next.
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def about(fold: str, rules: Mapping[str, Text]) -> About:
    """The rule a fold's digest speaks for."""
    return About(id=_rule(fold), findings=(), title=rules.get(_rule(fold), words.TITLE), kinds=("site",), needs=(), closing=Closing(rule=words.CLOSING_FOLD))


def verdict(fold: str, members: Mapping[str, Member], names: Mapping[str, str], rules: Mapping[str, Text]) -> Verdict:
    """A violation while anything in the fold stands."""
    subject = Subject("site", fold)
    title = about(fold, rules).title
    if not members:
        return Verdict(detector=_rule(fold), subject=subject, outcome=Outcome.CLEAR, title=title, summary=words.CLOSING_FOLD)
    counts = sites_of(dict(members)).most_common()
    named = [names.get(site, site) for site, _ in counts]
    worst = max(members.values(), key=lambda member: (member.urgency is Urgency.PAGE, member.severity.rank))
    first = min(member.opened for member in members.values())
    if fold.startswith(CAMPAIGN):
        told, summary = words.campaign(fold.removeprefix(CAMPAIGN), len(counts), len(members), named[:_NAMED])
    else:
        told, summary = words.storm(title, len(counts), len(members), named[:_NAMED])
    return Verdict(
        detector=_rule(fold),
        subject=subject,
        outcome=Outcome.VIOLATION,
        severity=max((member.severity for member in members.values()), key=lambda severity: severity.rank),
        grade=Grade.CONFIRMED,
        urgency=Urgency.PAGE if worst.urgency is Urgency.PAGE or worst.severity is Severity.CRITICAL else Urgency.TICKET,
        title=told,
        summary=summary,
        remedy=words.REMEDY_FOLD,
        evidence=tuple(Evidence("count", shown(f"{names.get(site, site)}: {count}", 120), first) for site, count in counts[:_LISTED]),
        state=(("fold", fold), ("sites", _step(len(counts))), ("findings", _step(len(members)))),
    )


def _rule(fold: str) -> str:
    return _REDIRECT if fold.startswith(CAMPAIGN) else fold.partition(":")[2]


def _step(count: int) -> str:
    return f"{max(step for step in _STEPS if step <= count)}+"
