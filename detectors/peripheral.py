"""Finding 3: nothing restricts peripherals, a device that the register does not list, another way out, a keyboard that comes new.

Tokens and smart cards for signatures are lawful without a word. What was plugged in and is gone stays told for some working days (an episode).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from model.detector import About, Closing, Detector
from model.posture import peripherals
from model.posture.ask import assets_of_pcs, pcs
from model.posture.judging import Case, Pc, Read, Wrong, conclude, holds_until, pc_of, read
from model.posture.told import Bluetooth, Peripheral, PeripheralControl, PeripheralHistory, Peripherals, SuiteControl
from model.posture.usb import same
from model.site import SiteView
from model.text import Text
from model.times import DAY
from model.verdict import Evidence, Grade, Subject, Verdict
from model.wording import pc_common
from model.wording import peripheral as words

_MOST = 6


class _Met(NamedTuple):
    """A device that answers had: since when, until when, whether it is there now, whether it came after the first answer, and whose word that is."""

    device: Peripheral
    first: int
    last: int
    there: bool
    new: bool
    by: Read[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnrestrictedPeripherals(Detector):
    """VG-END-01. `days`: working days for which a device that is gone stays told; `no_bluetooth`: uses of PCs where Bluetooth must be off."""

    days: int = 5
    no_bluetooth: tuple[str, ...] = ("kiosk", "server")

    about: ClassVar[About] = About(
        id="VG-END-01",
        findings=(3,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint", "declared"),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1034", "T1091", "T1200"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every enrolled PC."""
        return (Subject("asset", asset) for asset in assets_of_pcs(view))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """What restricts peripherals, then what is or was in the sockets; the list of devices only where a register is declared."""
        pc = pc_of(view, subject)
        if pc is None:
            return None
        control, suite = read(view, pc, PeripheralControl), read(view, pc, SuiteControl, carried=30 * DAY)
        now, past, radio = read(view, pc, Peripherals), read(view, pc, PeripheralHistory), read(view, pc, Bluetooth)
        wrongs, doubts, needed = _control(control, suite)
        needed.append(now)
        if view.declared.usb is not None:
            needed.append(past)
        if pc.enrolled.use in self.no_bluetooth:
            needed.append(radio)
            wrongs.extend(_radio(radio))
        strange, again = self._strange(view, pc, now, past)
        # A way out is worse than a stick, a stick that is there worse than a setting that is missing.
        wrongs = [*sorted(strange, key=lambda wrong: wrong.value != "way_out"), *wrongs]
        good = words.GOOD if view.declared.usb is not None else words.NO_REGISTER
        return conclude(self, view, pc, Case(wrongs, needed, good, doubts, again=again))

    def _strange(self, view: SiteView, pc: Pc, now: Read[Peripherals], past: Read[PeripheralHistory]) -> tuple[list[Wrong], int | None]:
        """Devices that must not be or have been there, and when the first of those that are gone is no longer told."""
        wrongs: list[Wrong] = []
        ends: list[int] = []
        for met in _met(view, pc, now, past):
            until = holds_until(met.last, view.declared.holidays, self.days * DAY)
            if not met.there and view.now >= until:
                continue
            wrong = _device(view, pc, met) if len(wrongs) < _MOST else None
            if wrong is not None:
                wrongs.append(wrong)
                ends.extend([] if met.there else [until])
        return wrongs, min(ends, default=None)


def _control(control: Read[PeripheralControl], suite: Read[SuiteControl]) -> tuple[list[Wrong], list[Text], list[Read[Any]]]:
    """What restricts devices: a suite's own control leaves nothing among Windows' settings, so its report is asked first."""
    if suite.told is not None and suite.told.on:
        return [], [], [suite]
    told = control.told
    if told is None or any((told.storage_off, told.denied, told.restricted, told.read_only)):
        return [], [], [control]
    if suite.standing == "stale":
        return [], [words.OLD_REPORT], [control]
    return [Wrong("control", words.NO_CONTROL, control, "none", remedy=words.RESTRICT)], [], [control]


def _radio(radio: Read[Bluetooth]) -> list[Wrong]:
    return [Wrong("bluetooth", words.BLUETOOTH, radio, "on", remedy=words.RADIO_OFF)] if radio.told is not None and radio.told.on else []


def _met(view: SiteView, pc: Pc, now: Read[Peripherals], past: Read[PeripheralHistory]) -> list[_Met]:
    """What is there, was there, or came into the registry's memory; what is there first, then the latest."""
    found: dict[str, _Met] = {}
    # A PC that was enrolled anew has two rows: the one that speaks now is first, and its word on what is new holds.
    for row in pcs(view, pc.asset.id):
        for key, plug in row.plugs.items() if now.told is not None else ():
            device = plug.device.value
            there = now.told is not None and device in now.told.devices
            found.setdefault(key, _Met(device, plug.seen.first, plug.seen.last, there, peripherals.is_new(row, plug), now))
        known = {same(met.device) for met in found.values()}
        for device, first in peripherals.came_since(row, past.told) if past.told is not None else ():
            if same(device) not in known:
                found.setdefault(same(device), _Met(device, first, first, False, True, past))
    return sorted(found.values(), key=lambda met: (not met.there, -met.last, met.device.usb, met.device.serial, met.device.kind, met.device.interfaces))


def _device(view: SiteView, pc: Pc, met: _Met) -> Wrong | None:
    """What is wrong with one device; None: lawful, listed, ordinary, or there is no register to judge it by."""
    device, matter = met.device, peripherals.matter(met.device)
    # Keyboards and cameras that were there at the first look are the PC's own: every laptop has both inside.
    if matter in ("lawful", "ordinary") or (matter in ("keyboard", "camera") and not met.new):
        return None
    names = frozenset((pc.enrolled.id.lower(), *pc.asset.macs, *(row.id for row in pcs(view, pc.asset.id))))
    fit, rule = peripherals.ruling(view.declared, names, device, met.last)
    if fit == "listed":
        return None
    gone = None if met.there else met.last
    what, seen = f"usb {device.usb[:9]} {device.serial[:16]}".strip(), (Evidence("product", _said(device), met.last),)
    if matter == "way_out":
        said = words.way_out(device, gone, view.now)
        return Wrong(what, said, met.by, matter, remedy=words.CUT_OFF, title=words.WAY_OUT_TITLE, seen=seen)
    if matter == "keyboard":
        said = words.keyboard(device, met.first, view.now)
        return Wrong(what, said, met.by, matter, grade=Grade.INFERRED, remedy=words.CHECK_KEYBOARD, title=words.KEYBOARD_TITLE, seen=seen)
    if view.declared.usb is None:
        return None
    said = words.device(device, matter, fit, rule, gone, view.now)
    return Wrong(what, said, met.by, f"{matter} {fit}", remedy=words.UNPLUG, title=words.DEVICE_TITLE, seen=seen)


def _said(device: Peripheral) -> str:
    return " ".join(part for part in (device.usb[:9], device.kind, device.serial[:16], ",".join(device.interfaces[:8])) if part)
