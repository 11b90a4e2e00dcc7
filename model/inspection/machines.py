"""The annex: what PCs told of their own hardware, system and programs. Facts for people who plan; nothing here is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from model.inspection.document import Annex, Machine, Strange, instant
from model.posture import told
from model.posture.builds import edition_class
from model.text import shown
from model.times import DAY, day_of, local

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from model.posture.builds import Builds
    from model.posture.rows import PcRow

T = TypeVar("T", bound=told.Told)

# Names of programs told of one PC: enough to ask its user, not an inventory.
MOST_PROGRAMS = 12


class _Answered(NamedTuple):
    """A PC by what people call it, its row, and what it told of itself when."""

    name: str
    row: PcRow
    machine: told.Machine
    at: int


def annex(pcs: Sequence[PcRow], builds: Builds, named: Callable[[PcRow], str], now: int) -> Annex:
    """The oldest systems first; PCs that never answered are counted, not left out."""
    answered = [found for row in pcs if (found := _answered(row, named)) is not None]
    programs = [each for row in pcs if (each := _programs(row, named)) is not None]
    machines = [_machine(each, builds, now) for each in answered]
    return Annex(
        machines=tuple(sorted(machines, key=lambda machine: (machine.out_of_support is not True, -(machine.days or 0), machine.name))),
        silent=len(pcs) - len(answered),
        programs=tuple(sorted((strange for strange in programs if strange.unknown), key=lambda strange: (-strange.unknown, strange.name))),
        untold=len(pcs) - len(programs),
    )


def _said(row: PcRow, kind: type[T]) -> tuple[T, int] | None:
    topic = row.topics.get(str(kind.__struct_config__.tag))
    held = topic.answer if topic else None
    return (held.value.told, held.stamp.at) if held is not None and isinstance(held.value.told, kind) else None


def _answered(row: PcRow, named: Callable[[PcRow], str]) -> _Answered | None:
    said = _said(row, told.Machine)
    return _Answered(named(row), row, *said) if said else None


def _machine(pc: _Answered, builds: Builds, now: int) -> Machine:
    machine, disk = pc.machine, _said(pc.row, told.Disks)
    line = builds.support(machine.build, edition_class(machine.edition or machine.product)) if machine.build else None
    return Machine(
        name=pc.name,
        at=instant(pc.at),
        product=shown(" ".join(part for part in (machine.product, machine.edition) if part)),
        model=shown(" ".join(part for part in (machine.vendor, machine.model) if part)),
        processor=shown(machine.cpu),
        cores=machine.cores or None,
        memory=machine.memory or None,
        disk=(disk[0].size or None) if disk else None,
        days=max(0, day_of(now) - machine.installed) if machine.installed is not None else None,
        support_ends=local(line.ends * DAY)[:10] if line else "",
        out_of_support=day_of(now) > max(line.ends, line.paid or 0) if line else None,
    )


def _programs(row: PcRow, named: Callable[[PcRow], str]) -> Strange | None:
    said = _said(row, told.Programs)
    if said is None:
        return None
    programs = said[0]
    names = tuple(shown(name, 60) for name in programs.names[:MOST_PROGRAMS])
    return Strange(name=named(row), unknown=programs.unknown, installed=programs.installed, programs=names)
