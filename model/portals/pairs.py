"""Two personas at the same address in the same round: who was sent, or shown, elsewhere (VG-WEB-03, and the share of VG-WEB-01 that needs it).

A difference of status alone is lost coverage; a difference of language is a language. What counts is where a visitor ends, or strange hosts that
only one of them is shown, on a page whose text is another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from model.portals.baseline import learnt_hosts
from model.portals.hosts import stem
from model.portals.raised import CLOAKED, CLOAKING, DIFFERS, REDIRECT, Suspicion
from model.portals.rows import MAX_HOSTS, Look, PortalRow
from model.verdict import Evidence, Severity

# Of 64 bits of simhash (web.md §2.2): beyond this the main text is another.
UNLIKE: Final = 20
# Fewer words than this have no main text to compare.
_FEW_WORDS: Final = 20
_MOST_EXTRA: Final = 3
# Personas that ask for another language than Vietnamese.
_FOREIGN: Final = frozenset({"english"})


class Odd(NamedTuple):
    """The look that stands apart, and for what."""

    look: Look
    suspicion: Suspicion


def compared(mine: Look, row: PortalRow, at: int) -> Iterator[Odd]:
    """Each pair of `mine` with another persona's look of its round, both ways round."""
    if not _comparable(mine):
        return
    for watched in row.looks.values():
        other = watched.look.value
        if _beside(mine, other) and _comparable(other):
            yield from _odds(mine, other, row, at)


def _beside(one: Look, other: Look) -> bool:
    """Whether two looks are of the same thing: address, round, line, and both read or both run."""
    same = (one.round, one.mark, one.part, one.vantage, one.rendered) == (other.round, other.mark, other.part, other.vantage, other.rendered)
    return same and one.persona != other.persona


def _comparable(look: Look) -> bool:
    return look.outcome != "unknown" or look.reason == "unfolded"


def _odds(one: Look, other: Look, row: PortalRow, at: int) -> Iterator[Odd]:
    if one.left != other.left:
        odd, even = (one, other) if one.left else (other, one)
        yield Odd(odd, _only_some(odd, at))
        if _unlike(odd, even):
            yield Odd(odd, _cloaked(odd, odd.end, at))
    elif not one.left and not _translated(one, other) and _unlike(one, other):
        for odd, even in ((one, other), (other, one)):
            for host in _extra(odd, even, row):
                yield Odd(odd, _cloaked(odd, host, at))


def _extra(odd: Look, even: Look, row: PortalRow) -> tuple[str, ...]:
    """Strange hosts that only `odd` was shown; where the other's list is full, nobody knows what it lacks."""
    if len(even.foreign) >= MAX_HOSTS:
        return ()
    return tuple(host for host in odd.foreign if host not in even.foreign and not learnt_hosts(row, host))[:_MOST_EXTRA]


def _translated(one: Look, other: Look) -> bool:
    """Who asks in another language may be answered in it."""
    return one.language[:2] != other.language[:2] and (one.persona in _FOREIGN or other.persona in _FOREIGN)


def _unlike(one: Look, other: Look) -> bool:
    if min(one.words, other.words) < _FEW_WORDS:
        return max(one.words, other.words) >= 3 * _FEW_WORDS
    return ((one.text ^ other.text) & 0xFFFF_FFFF_FFFF_FFFF).bit_count() > UNLIKE


def _only_some(odd: Look, at: int) -> Suspicion:
    return Suspicion(
        detector=REDIRECT,
        kind="only_some",
        key="only_some",
        severity=Severity.MEDIUM,
        confirmed=Severity.MEDIUM,
        host=odd.end,
        hosts=(odd.end,),
        evidence=(Evidence("persona", odd.persona, at),),
    )


def _cloaked(odd: Look, host: str, at: int) -> Suspicion:
    # By itself a pair says nothing yet: banners turn, nodes of one site differ. The same strangers must come back for the same persona; on a page that
    # has nothing else against it, more than once.
    kind = CLOAKED if odd.left or any(found.rank > Severity.LOW.rank for found in odd.found) else DIFFERS
    return Suspicion(
        detector=CLOAKING,
        kind=kind,
        key=f"{kind}:{stem(host)}",
        severity=Severity.LOW,
        confirmed=Severity.HIGH,
        host=odd.end if odd.left else "",
        hosts=(host,),
        value=host,
        evidence=(Evidence("persona", odd.persona, at), Evidence("url_host", host, at)),
    )
