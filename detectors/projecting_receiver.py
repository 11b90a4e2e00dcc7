"""Finding 2 on the PC itself: it is a screen for others, and asks no PIN."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from model.detector import About, Closing, Detector
from model.posture.ask import assets_of_pcs
from model.posture.judging import Case, Pc, Read, Wrong, conclude, pc_of, read
from model.posture.told import Projecting
from model.screens import Lamps
from model.screens import read as lamps_of
from model.site import SiteView
from model.text import Text
from model.times import HOUR
from model.verdict import Evidence, Grade, Subject, Verdict
from model.wire import reads
from model.wording import pc_common
from model.wording import projecting_receiver as words


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectingReceiver(Detector):
    """VG-END-11. `wire_hours`: for how long after it was last heard on the network a screen's advert counts beside what the PC says."""

    wire_hours: int = 24

    about: ClassVar[About] = About(
        id="VG-END-11",
        findings=(2,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint",),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1042", "M1035"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every enrolled PC."""
        return (Subject("asset", asset) for asset in assets_of_pcs(view))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """What Windows is set to do, and beside it what the network hears of the same PC."""
        pc = pc_of(view, subject)
        if pc is None:
            return None
        projecting = read(view, pc, Projecting)
        heard = self._heard(view, pc)
        wrongs = list(_wrongs(projecting, heard))
        doubts = list(_doubts(projecting.told)) if projecting.told is not None else []
        if heard and not wrongs and projecting.told is not None:
            doubts.append(words.only_heard([lamps.family for lamps in heard]))
        # Over Wi-Fi Direct a receiver takes pictures without a port of its own, so that one seems closed is no proof.
        off = projecting.told is not None and projecting.told.receiver is True and _takes(projecting.told) and not projecting.told.pin
        good, grade = (words.INSTALLED_OFF, Grade.LIKELY) if off else (words.GOOD, Grade.CONFIRMED)
        return conclude(self, view, pc, Case(wrongs, [projecting], good, doubts, grade))

    def _heard(self, view: SiteView, pc: Pc) -> list[Lamps]:
        """As what the network hears this PC offer itself now (VG-NET-02 judges that)."""
        told = view.wire.reads.get(pc.asset.id)
        families = lamps_of(pc.asset, told and reads.veiled(view, told))
        return [lamps for lamps in families if lamps.enabled == "yes" and not lamps.left and view.age(lamps.seen.last) < self.wire_hours * HOUR]


def _wrongs(projecting: Read[Projecting], heard: Sequence[Lamps]) -> Iterator[Wrong]:
    told = projecting.told
    if told is None:
        return
    also = [words.also_heard([lamps.family for lamps in heard])] if heard else []
    seen = tuple(Evidence("state", f"{lamps.family} open: {lamps.open}", lamps.seen.last) for lamps in heard)
    if _takes(told) and told.listening and not told.pin:
        said, grade = (words.OPEN, Grade.CONFIRMED) if told.pin is False else (words.OPEN_LIKELY, Grade.LIKELY)
        yield Wrong(
            "receiver", _with(said, also), projecting, "open", grade=grade, remedy=words.REMEDY_RECEIVER, seen=_seen("receiver: open", projecting, seen)
        )
        also = []
    # Windows writes this value once somebody switched it on: without it nothing plays.
    if told.play_to:
        said = _with(words.PLAYS, also)
        yield Wrong("play_to", said, projecting, "on", grade=Grade.BY_DESIGN, remedy=words.REMEDY_PLAY, seen=_seen("play_to: on", projecting, seen))


def _takes(told: Projecting) -> bool:
    """Whether Windows' own receiver may take a picture: it is installed, or its port is open all the same, and no policy forbids it."""
    return told.allowed is not False and (told.receiver is True or told.listening is True)


def _doubts(told: Projecting) -> Iterator[Text]:
    if told.receiver is None and told.allowed is not False and not told.listening and not told.pin:
        yield words.UNTOLD
    if told.receiver and told.allowed is not False and told.listening is None and not told.pin:
        yield words.MAY_LISTEN


def _seen(what: str, projecting: Read[Projecting], heard: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return (Evidence("state", what, projecting.at), *heard)


def _with(said: Text, also: Sequence[Text]) -> Text:
    return Text("; ".join([said.vi, *(each.vi for each in also)]), "; ".join([said.en, *(each.en for each in also)]))
