"""Reads a journal and makes the report of one of its sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exporters.console.snapshot import Snapshot, read
from model.inspection.laptop import honest, limits
from model.inspection.report import Called, Material, made
from model.naming import PC
from model.posture.roster import RECEIVER
from model.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from model.declared import Declared
    from model.detector import About
    from model.inspection.document import Delivered, Manual, Report
    from model.inspection.laptop import Circumstances
    from model.ports import JournalReader
    from model.posture.rows import PcRow
    from model.rows import Leg
    from model.text import Language
    from model.verdict import Subject, Verdict


async def gather(
    reader: JournalReader, declared: Declared, abouts: Sequence[About], *,
    box: str = "", since: int = 0, until: int = 0, previous: Report | None = None, delivered: Sequence[Delivered] = (), language: Language = "vi",
    manual: Sequence[Manual] = (), seen: Circumstances | None = None, inspector: str = "",
) -> Report:  # fmt: skip
    """The report of the declared site; `since` and `until` in ns, 0 for the longest known period that ends now. Raises what the reader raises.

    `seen` tells how an inspector's laptop looked, who was there and no box.
    """
    snapshot = await read(reader, declared, language, sinks=True)
    verdicts = await reader.verdicts(declared.site)
    verdicts = honest(verdicts, seen) if seen else verdicts
    now = snapshot.now
    return made(
        Material(
            declared=declared,
            now=now,
            called=_caller(snapshot),
            pc_called=_pc_caller(snapshot),
            box=box,
            since=since,
            until=until,
            abouts=abouts,
            findings=[change for change in snapshot.findings if change.finding.site == declared.site],
            verdicts=verdicts,
            legs=_legs(declared, snapshot.legs),
            sinks=snapshot.sinks,
            delivered=delivered,
            pcs=_pcs(declared, await reader.pcs(), verdicts),
            previous=previous,
            source="laptop" if seen else "box",
            inspector=inspector,
            limits=limits(seen) if seen else {},
            manual=manual,
        )
    )


class _Caller:
    """Names of subjects as the page has them: of a citizen's own device never more than the beginning of its hash."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __call__(self, subject: Subject, told: str) -> Called:
        snapshot = self._snapshot
        return Called(snapshot.subject_name(subject, told), snapshot.place_of(subject), snapshot.subject_address(subject))


def _caller(snapshot: Snapshot) -> _Caller:
    return _Caller(snapshot)


class _PcCaller:
    """A PC by its name in the list of enrolled ones, else as its asset is called, else by its certificate's name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __call__(self, row: PcRow) -> str:
        line = self._snapshot.declared.pc(frozenset({row.id.lower(), *row.macs}))
        asset = self._snapshot.assets.get(row.asset)
        return shown((line.name if line else "") or (self._snapshot.asset_name(asset) if asset else "") or row.id.removeprefix(PC))


def _pc_caller(snapshot: Snapshot) -> _PcCaller:
    return _PcCaller(snapshot)


def _legs(declared: Declared, legs: Iterable[Leg]) -> list[Leg]:
    """Those of the site, and the receiver of its PCs, which is heard like one."""
    mine = {*declared.legs, *([RECEIVER] if declared.enrolled else [])}
    return [leg for leg in legs if leg.name in mine]


def _pcs(declared: Declared, rows: Iterable[PcRow], verdicts: Iterable[Verdict]) -> list[PcRow]:
    """The PCs of the site: by its list, or because one of its verdicts is about them."""
    judged = {verdict.subject.id for verdict in verdicts if verdict.subject.kind == "asset"}
    return [row for row in rows if row.asset in judged or declared.pc(frozenset({row.id.lower()})) is not None]
