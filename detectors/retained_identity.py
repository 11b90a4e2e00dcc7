"""Finding 12: papers and pictures of citizens lie on the PC longer than they may. Counts and ages alone leave the PC, never a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from model.declared import Enrolled
from model.detector import About, Closing, Detector
from model.posture.ask import assets_of_pcs
from model.posture.judging import Case, Read, Wrong, conclude, pc_of, read
from model.posture.laws import in_force
from model.posture.told import Documents, DocumentsAt
from model.site import SiteView
from model.times import day_of, is_working
from model.verdict import Evidence, Grade, Subject, Verdict
from model.wording import pc_common
from model.wording import retained_identity as words

# A file from before is one whose date was lost (an archive's 1980, a broken clock): 1 January 2000.
_FIRST_DAY = 10_957
# An officer reads a sentence, not a list.
_SAID = 2
# Nobody needs to know how many working days lie between today and a file of years ago.
_MOST_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainedIdentity(Detector):
    """VG-END-09. For how many working days such files may lie: at a counter, in an office, on a PC for citizens (0: not over night)."""

    counter_days: int = 1
    office_days: int = 7
    kiosk_days: int = 0

    about: ClassVar[About] = About(
        id="VG-END-09",
        findings=(12,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint",),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1057",),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every enrolled PC."""
        return (Subject("asset", asset) for asset in assets_of_pcs(view))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """By the day the PC counted them: an answer of yesterday speaks of yesterday."""
        pc = pc_of(view, subject)
        if pc is None:
            return None
        documents = read(view, pc, Documents)
        places = [place for place in documents.told.places if place.count > 0] if documents.told is not None else []
        allowed = self._allowed(pc.enrolled)
        late = [place for place in places if _working_days(place.oldest, documents.at, view.declared.holidays or ()) > allowed]
        doubts = [words.NO_DATES] if any(not _is_dated(place, documents.at) for place in places) else []
        return conclude(self, view, pc, Case(list(_wrongs(documents, late, allowed, pc.enrolled)), [documents], words.GOOD, doubts))

    def _allowed(self, pc: Enrolled) -> int:
        return {"counter": self.counter_days, "kiosk": self.kiosk_days}.get(pc.use, self.office_days)


def _wrongs(documents: Read[Documents], late: Sequence[DocumentsAt], allowed: int, pc: Enrolled) -> Iterator[Wrong]:
    if not late:
        return
    today = day_of(documents.at)
    worst = sorted(late, key=lambda place: (place.oldest, place.place))
    law = in_force(documents.at)
    told = [words.kept(place.place, place.count, today - place.oldest) for place in worst[:_SAID]]
    said = words.found(told, len(worst) - len(told), allowed, law.name if law else None)
    yield Wrong(
        "documents",
        said,
        documents,
        ",".join(sorted(place.place for place in late)),
        # Known by their names and places alone: no content is read.
        grade=Grade.LIKELY,
        remedy=(*words.REMEDY_PUBLIC, *words.REMEDY) if pc.use == "kiosk" else words.REMEDY,
        seen=tuple(Evidence("count", f"{each.place}: {each.count}, {each.size} B, {today - each.oldest} d", documents.at) for each in worst),
    )


def _is_dated(place: DocumentsAt, at: int) -> bool:
    """Whether its days can be true ones."""
    return _FIRST_DAY <= place.oldest <= place.newest <= day_of(at) + 1


def _working_days(oldest: int, at: int, holidays: Sequence[int]) -> int:
    """How many working days after the day of the oldest file had come by the day of the answer; 0 where that day cannot be true."""
    today = day_of(at)
    if not _FIRST_DAY <= oldest <= today:
        return 0
    return sum(is_working(day, holidays) for day in range(max(oldest, today - _MOST_DAYS) + 1, today + 1))
