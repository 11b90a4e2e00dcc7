"""What a screen answered to our own questions, laid over what it advertises: a direct answer is surer than an advert while it is no hour older.

Families and what their protocols have to guard: research, network §2; docs/screens.md has the table for people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from model.episodes import Session, running, sessions
from model.rows import Held, Sighting
from model.screens.lamps import Lamps, Tri, tri
from model.text import shown
from model.times import HOUR, rfc3339
from model.verdict import Evidence, Grade

if TYPE_CHECKING:
    from model.wire.reads import Answer, Family, ReadRow

# A sensor that was switched off must not speak for a screen for ever.
HOLDS: Final = HOUR


class Way(NamedTuple):
    """A family that is asked: the lamps' names for it (the first where there is no advert), and what holds when an answer does not say.

    `whole`: an answer that nothing is shown speaks for the screen; else it only ends what the same family said before.
    """

    names: tuple[str, ...]
    open: Tri
    grade: Grade
    whole: bool
    picture: Tri


WAYS: Mapping[str, Way] = {
    "pjlink": Way(("PJLink",), "unknown", Grade.LIKELY, whole=False, picture="yes"),
    "ntcontrol": Way(("Panasonic (NTCONTROL)",), "unknown", Grade.LIKELY, whole=False, picture="yes"),
    "epson": Way(("Epson (ESC/VP.net)",), "unknown", Grade.LIKELY, whole=False, picture="yes"),
    "dlna": Way(("DLNA",), "yes", Grade.BY_DESIGN, whole=True, picture="yes"),
    "dial": Way(("DIAL",), "yes", Grade.BY_DESIGN, whole=False, picture="yes"),
    "roku": Way(("Roku",), "yes", Grade.BY_DESIGN, whole=True, picture="yes"),
    # The flags of the sound service are those of the receiver.
    "airplay": Way(("AirPlay", "AirPlay (âm thanh)"), "unknown", Grade.LIKELY, whole=False, picture="unknown"),
    "cast": Way(("Google Cast",), "yes", Grade.BY_DESIGN, whole=True, picture="unknown"),
    "samsung": Way(("Samsung",), "unknown", Grade.LIKELY, whole=False, picture="yes"),
    "kodi": Way(("Kodi",), "unknown", Grade.LIKELY, whole=True, picture="yes"),
}


def answered(row: ReadRow) -> dict[str, Family]:
    """The families of the row that answered something."""
    return {name: family for name, family in row.families.items() if family.answers and name in WAYS}


def overlay(found: Sequence[Lamps], row: ReadRow | None) -> Iterator[Lamps]:
    """The lamps with what was answered; a family that only answers has lamps of its own."""
    told = answered(row) if row else {}
    by_name = {lamps_name: name for name in told for lamps_name in WAYS[name].names}
    advertised = {by_name.get(lamps.family) for lamps in found}
    for lamps in found:
        name = by_name.get(lamps.family)
        yield lamps if name is None else _laid_over(lamps, WAYS[name], name, told[name])
    for name, family in sorted(told.items()):
        if name not in advertised:
            yield _alone(WAYS[name], name, family)


def _laid_over(lamps: Lamps, way: Way, name: str, family: Family) -> Lamps:
    last = _last(family)
    was_open = lamps.was_open or family.opened is not None
    if last.stamp.at < lamps.seen.last - HOLDS:
        return msgspec.structs.replace(lamps, was_open=was_open)
    # It said goodbye and answered all the same: it is there.
    left = lamps.left and (last.stamp.at <= lamps.seen.last or _shut(family))
    guarded = family.latest("protected")
    session = None if left else running(family.words) or lamps.session
    return msgspec.structs.replace(
        lamps,
        enabled=lamps.enabled if left else "yes",
        open=lamps.open if guarded is None else tri(not guarded.value.protected),
        in_session=lamps.in_session if left else _in_session(family, way, lamps.in_session),
        picture=_picture(family, lamps.picture),
        grade=lamps.grade if guarded is None else Grade.CONFIRMED,
        evidence=(*lamps.evidence, *_evidence(name, family)),
        seen=Sighting(min(lamps.seen.first, last.stamp.at), max(lamps.seen.last, last.stamp.at)),
        protection=lamps.protection if guarded is None else guarded.value.guard,
        was_open=was_open,
        session=session,
        left=left,
        closed=lamps.closed and left,
    )


def _alone(way: Way, name: str, family: Family) -> Lamps:
    last, guarded = _last(family), family.latest("protected")
    left = _shut(family)
    session = None if left else running(family.words)
    return Lamps(
        family=way.names[0],
        # It refuses now what it answered before. Without a goodbye that may be a pause.
        enabled="unknown" if left else "yes",
        open=way.open if guarded is None else tri(not guarded.value.protected),
        in_session="unknown" if left else _in_session(family, way, "unknown"),
        picture=_picture(family, way.picture),
        grade=way.grade if guarded is None else Grade.CONFIRMED,
        evidence=_evidence(name, family),
        seen=Sighting(min(held.stamp.at for held in family.answers.values()), last.stamp.at),
        protection=guarded.value.guard if guarded else "",
        was_open=family.opened is not None,
        session=session,
        left=left,
    )


def _last(family: Family) -> Held[Answer]:
    return max(family.answers.values(), key=lambda held: held.stamp)


def _shut(family: Family) -> bool:
    """The port refused after the last answer."""
    return family.refused is not None and family.refused > _last(family).stamp


def _in_session(family: Family, way: Way, otherwise: Tri) -> Tri:
    said = family.latest("playing")
    if said is None or (not said.value.playing and not way.whole):
        return otherwise
    return tri(said.value.playing)


def _picture(family: Family, otherwise: Tri) -> Tri:
    said = family.latest("picture")
    # A sound service's advert knows better than the receiver behind it what it takes itself.
    return tri(said.value.picture) if said is not None and otherwise == "unknown" else otherwise


def _evidence(name: str, family: Family) -> tuple[Evidence, ...]:
    """The answers, and the last session they told of, also one that is over: `beginning/end what`."""
    answers = tuple(Evidence("read", _words(name, asked, held.value), held.stamp.at) for asked, held in sorted(family.answers.items()))
    return (*answers, *(_session(session) for session in sessions(family.words)[-1:]))


def _session(session: Session) -> Evidence:
    over = f"/{rfc3339(session.ended.at)}" if session.ended else ""
    # What is shown may be an address.
    told = f"{rfc3339(session.first.at)}{over} {session.what}".strip().replace("http", "hxxp")
    return Evidence("session", told, session.ended.at if session.ended else session.last.at)


def _words(name: str, asked: str, answer: Answer) -> str:
    """The answer on one line. Addresses lead to other people's places: written so that no reader's client makes a link of them."""
    said = {key: getattr(answer, key) for key in ("port", "protected", "guard", "playing", "what", "name", "model", "picture")}
    told = " ".join(f"{key}={value}" for key, value in said.items() if value not in (None, "", 0) or value is False)
    return shown(f"{name} {asked} {told}".replace("http", "hxxp"), 400)
