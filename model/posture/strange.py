"""Devices in the sockets of a PC, or of the box itself, that must not be or have been there: what VG-END-01 says of single devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from model.posture import peripherals
from model.posture.ask import pcs
from model.posture.judging import Read, Wrong, holds_until
from model.posture.told import Peripheral, PeripheralHistory, Peripherals
from model.posture.usb import same
from model.times import DAY, MINUTE
from model.verdict import Evidence, Grade
from model.wording import peripheral as words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.posture.judging import Pc
    from model.posture.plugged import PluggedRow
    from model.site import SiteView

# What is told at a time; the rest waits until these are taken out or listed.
MOST: Final = 6


class Met(NamedTuple):
    """A device that was seen: since when, until when, whether it is there now, whether it came after the first look, and whose word that is."""

    device: Peripheral
    first: int
    last: int
    there: bool
    new: bool
    by: Read[Any]


def of_pc(view: SiteView, pc: Pc, now: Read[Peripherals], past: Read[PeripheralHistory]) -> list[Met]:
    """What is there, was there, or came into the registry's memory."""
    found: dict[str, Met] = {}
    # A PC that was enrolled anew has two rows: the one that speaks now is first, and its word on what is new holds.
    for row in pcs(view, pc.asset.id):
        for key, plug in row.plugs.items() if now.told is not None else ():
            device = plug.device.value
            there = now.told is not None and device in now.told.devices
            found.setdefault(key, Met(device, plug.seen.first, plug.seen.last, there, peripherals.is_new(row, plug), now))
        known = {same(met.device) for met in found.values()}
        for device, first in peripherals.came_since(row, past.told) if past.told is not None else ():
            if same(device) not in known:
                found.setdefault(same(device), Met(device, first, first, False, True, past))
    return list(found.values())


def of_box(row: PluggedRow) -> list[Met]:
    """What the kernel told; all that it listed as the sensor began was there before."""
    return [
        Met(each.device.value, each.seen.first, each.seen.last, row.is_there(key), each.seen.first > row.seen.first + MINUTE, _kernel(each.seen.last))
        for key, each in row.devices.items()
    ]


def wrongs(view: SiteView, names: frozenset[str], found: Iterable[Met], days: int) -> tuple[list[Wrong], int | None]:
    """The worst first, and when the first of those that are gone is no longer told: after so many working days."""
    known: list[Wrong] = []
    ends: list[int] = []
    for met in sorted(found, key=_order):
        until = holds_until(met.last, view.declared.holidays, days * DAY)
        if not met.there and view.now >= until:
            continue
        wrong = _wrong(view, names, met) if len(known) < MOST else None
        if wrong is not None:
            known.append(wrong)
            ends.extend([] if met.there else [until])
    return sorted(known, key=lambda wrong: wrong.value != "way_out"), min(ends, default=None)


def _order(met: Met) -> tuple[Any, ...]:
    return (not met.there, -met.last, met.device.usb, met.device.serial, met.device.kind, met.device.interfaces)


def _kernel(at: int) -> Read[Any]:
    return Read("peripherals", None, "fresh", at)


def _wrong(view: SiteView, names: frozenset[str], met: Met) -> Wrong | None:
    """What is wrong with one device; None: lawful, listed, ordinary, or there is no register to judge it by."""
    device, matter = met.device, peripherals.matter(met.device)
    # Keyboards and cameras that were there at the first look are the PC's own: every laptop has both inside.
    if matter in ("lawful", "ordinary") or (matter in ("keyboard", "camera") and not met.new):
        return None
    fit, rule = peripherals.ruling(view.declared, names, device, met.last)
    if fit == "listed":
        return None
    gone = None if met.there else met.last
    what, seen = f"usb {device.usb[:9]} {device.serial[:16]}".strip(), (Evidence("product", _said(device), met.last),)
    if matter == "way_out":
        said = words.way_out(device, gone, view.now)
        return Wrong(what, said, met.by, matter, remedy=words.CUT_OFF if met.there else words.CUT_OFF_GONE, title=words.WAY_OUT_TITLE, seen=seen)
    if matter == "keyboard":
        said = words.keyboard(device, met.first, view.now)
        return Wrong(what, said, met.by, matter, grade=Grade.INFERRED, remedy=words.CHECK_KEYBOARD, title=words.KEYBOARD_TITLE, seen=seen)
    if view.declared.usb is None:
        return None
    said = words.device(device, matter, fit, rule, gone, view.now)
    return Wrong(what, said, met.by, f"{matter} {fit}", remedy=words.UNPLUG, title=words.DEVICE_TITLE, seen=seen)


def _said(device: Peripheral) -> str:
    return " ".join(part for part in (device.usb[:9], device.kind, device.serial[:16], ",".join(device.interfaces[:8])) if part)
