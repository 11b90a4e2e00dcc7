"""How one fact about a PC changes what is believed of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from model import assets
from model.endpointfacts import EndpointsCounted, PcAnswered, PcFact, PcHeard
from model.naming import PC
from model.posture import machines, peripherals, plugged, revisions
from model.posture.rows import MAX_DAYS, Answer, Day, PcRow, TakenRow, Topic
from model.posture.told import Interfaces, Machine, PeripheralHistory, Peripherals, Working
from model.rows import MAX_NAMES, Sighting, Stamp, put
from model.times import HOUR, day_of
from model.verdict import Subject

if TYPE_CHECKING:
    from model.site import SiteView

# A commune has at most some two hundred; certificates are given out by people, so the bound only keeps a mistake from filling the box.
MAX_PCS: Final = 4_096
_MAX_TOPICS: Final = 64
# An answer like the last one is news after so long: its age is part of every verdict.
_LONG_AGO: Final = HOUR

PostureRow = PcRow | TakenRow | plugged.PluggedRow


@dataclass(slots=True)
class Tables:
    """Enrolled PCs by their names, and what core has taken of sensors that keep their facts. The indices are made from the rows, never written."""

    pc: dict[str, PcRow] = field(default_factory=dict)
    taken: dict[str, TakenRow] = field(default_factory=dict)
    plugged: dict[str, plugged.PluggedRow] = field(default_factory=dict)
    by_asset: dict[str, set[str]] = field(default_factory=dict)
    by_mac: dict[str, set[str]] = field(default_factory=dict)
    boards: dict[str, str] = field(default_factory=dict)
    by_board: dict[str, set[str]] = field(default_factory=dict)
    revisions: dict[int, dict[int, int]] = field(default_factory=dict)


ROWS: dict[str, type[PostureRow]] = {"pc": PcRow, "taken": TakenRow, "plugged": plugged.PluggedRow}


def _answered(view: SiteView, fact: PcAnswered) -> tuple[Subject, ...]:
    row = _row(view, fact)
    if row is None or (fact.topic not in row.topics and len(row.topics) >= _MAX_TOPICS):
        return ()
    topic = row.topics.setdefault(fact.topic, Topic())
    stamp = Stamp(view.epoch, fact.answered, fact.sensor, fact.sequence)
    news = _keep(topic, fact, stamp)
    touched = _learn(view, row, fact, stamp) if fact.told is not None else ()
    view.changed("pc", row.id)
    return tuple(dict.fromkeys((*touched, Subject("asset", row.asset)))) if news or touched else ()


def _keep(topic: Topic, fact: PcAnswered, stamp: Stamp) -> bool:
    """Whether the answer says anything new, be it only that it is fresh again."""
    if fact.told is None:
        topic.trouble, changed = put(topic.trouble, fact.trouble or "failed", stamp)
        return changed
    before = topic.answer
    aged = before is None or stamp.at - before.stamp.at >= _LONG_AGO
    cured = before is not None and topic.trouble is not None and topic.trouble.stamp > before.stamp
    topic.answer, changed = put(before, Answer(fact.told, fact.source, fact.catalogue), stamp)
    return changed or aged or cured


def _learn(view: SiteView, row: PcRow, fact: PcAnswered, stamp: Stamp) -> tuple[Subject, ...]:
    """What an answer says beside itself: which device on the wire the PC is, who worked at it that day, what is new in its sockets."""
    if isinstance(fact.told, Interfaces):
        return machines.claim(view, row, fact.told.macs, fact.answered)
    if isinstance(fact.told, Working) and fact.told.active:
        return (Subject("asset", row.asset),) if _worked(row, fact.told, day_of(fact.answered)) else ()
    if isinstance(fact.told, Peripherals | PeripheralHistory):
        return (Subject("asset", row.asset),) if peripherals.note(row, fact.told, stamp) else ()
    if isinstance(fact.told, Machine):
        revisions.note(view.posture, row, fact.told, fact.answered)
        return machines.told(view, row)
    return ()


def _worked(row: PcRow, told: Working, day: int) -> bool:
    known = row.days.setdefault(day, Day())
    before = (len(known.users), len(known.admins), known.builtin)
    known.users = sorted({*known.users, told.user})[:8]
    if told.admin or told.builtin:
        known.admins = sorted({*known.admins, told.user})[:8]
    known.builtin = known.builtin or told.builtin
    while len(row.days) > MAX_DAYS:
        del row.days[min(row.days)]
    return before != (len(known.users), len(known.admins), known.builtin)


def _heard(view: SiteView, fact: PcHeard) -> tuple[Subject, ...]:
    known = view.posture.pc.get(fact.pc)
    news = known is None or fact.at - known.seen.last >= _LONG_AGO
    row = _row(view, fact)
    if row is None:
        return ()
    stamp = view.stamp(fact)
    if fact.skew is not None:
        row.skew, _ = put(row.skew, fact.skew, stamp)
    if fact.version:
        row.version, _ = put(row.version, fact.version, stamp)
    view.changed("pc", row.id)
    return (Subject("asset", row.asset),) if news or row.asset in view.pinned else ()


def _row(view: SiteView, fact: PcFact) -> PcRow | None:
    """The PC's row, made with its first fact."""
    _take(view, fact)
    row = view.posture.pc.get(fact.pc)
    if row is None:
        if len(view.posture.pc) >= MAX_PCS:
            view.overflowed += 1
            return None
        made = assets.of_pc(view, fact.pc, fact.at)
        row = view.posture.pc[fact.pc] = PcRow(id=fact.pc, asset=made.id, seen=Sighting(fact.at, fact.at))
        view.posture.by_asset.setdefault(made.id, set()).add(row.id)
    row.seen.extend(fact.at)
    # Whoever checks in is there, be it on a network that nobody listens to.
    asset = view.assets[row.asset]
    asset.seen.extend(fact.at)
    assets.sight(asset.names, PC + row.id, fact.at, MAX_NAMES)
    view.changed("asset", row.asset)
    return row


def _take(view: SiteView, fact: PcFact) -> None:
    """With the commit that holds this fact's effect the sensor may forget the fact."""
    taken = _taken(view, fact.sensor)
    taken.sequence = max(taken.sequence, fact.sequence)


def _counted(view: SiteView, fact: EndpointsCounted) -> tuple[Subject, ...]:
    taken = _taken(view, fact.sensor)
    taken.counts, _ = put(taken.counts, fact.counts, view.stamp(fact))
    return ()


def _taken(view: SiteView, sensor: str) -> TakenRow:
    view.changed("taken", sensor)
    return view.posture.taken.setdefault(sensor, TakenRow(id=sensor, site=view.site))


def restore(tables: Tables, row: object) -> bool:
    """Puts a row from the journal back, with its indices; False when it is none of these."""
    if isinstance(row, TakenRow):
        tables.taken[row.id] = row
        return True
    if isinstance(row, plugged.PluggedRow):
        tables.plugged[row.id] = row
        return True
    if not isinstance(row, PcRow):
        return False
    tables.pc[row.id] = row
    machines.restore(tables, row)
    revisions.restore(tables, row)
    return True


def new_epoch(tables: Tables, at: int) -> None:
    """The clock was set back to `at`: no PC was seen later than that."""
    for row in tables.pc.values():
        row.seen.rebase(at)
        machines.rebase(row, at)
        peripherals.rebase(row, at)
        revisions.rebase(tables, row, at)
    for box in tables.plugged.values():
        plugged.rebase(box, at)


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    PcAnswered: _answered,
    PcHeard: _heard,
    EndpointsCounted: _counted,
    **plugged.FOLDS,
}
