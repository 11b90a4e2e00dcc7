"""Finding 3: nothing restricts peripherals, a device that the register does not list, another way out, a keyboard that comes new.

Tokens and smart cards for signatures are lawful without a word. What was plugged in and is gone stays told for some working days (an episode).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from model.detector import About, Closing, Detector
from model.posture import strange
from model.posture.ask import assets_of_pcs, pcs
from model.posture.judging import Case, Read, Wrong, conclude, pc_of, read
from model.posture.told import Bluetooth, PeripheralControl, PeripheralHistory, Peripherals, SuiteControl
from model.site import SiteView
from model.text import Text
from model.times import DAY
from model.verdict import Evidence, Grade, Outcome, Subject, Urgency, Verdict
from model.wording import pc_common
from model.wording import peripheral as words


@dataclass(frozen=True, slots=True, kw_only=True)
class UnrestrictedPeripherals(Detector):
    """VG-END-01. `days`: working days for which a device that is gone stays told; `no_bluetooth`: uses of PCs where Bluetooth must be off."""

    days: int = 5
    no_bluetooth: tuple[str, ...] = ("kiosk", "server")

    about: ClassVar[About] = About(
        id="VG-END-01",
        findings=(3,),
        title=words.TITLE,
        kinds=("asset", "sensor"),
        needs=("endpoint", "declared"),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1034", "T1200"),
    )

    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every enrolled PC, and the box's own sockets."""
        yield from (Subject("asset", asset) for asset in assets_of_pcs(view))
        yield from (Subject("sensor", sensor) for sensor in sorted(view.posture.plugged))

    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """What restricts peripherals, then what is or was in the sockets; the list of devices only where a register is declared."""
        if subject.kind == "sensor":
            return self._box(view, subject)
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
        names = frozenset((pc.enrolled.id.lower(), *pc.asset.macs, *(row.id for row in pcs(view, pc.asset.id))))
        found, again = strange.wrongs(view, names, strange.of_pc(view, pc, now, past), self.days)
        # A stick that is there is worse than a setting that is missing.
        wrongs = [*found, *wrongs]
        good = words.GOOD if view.declared.usb is not None else words.NO_REGISTER
        return conclude(self, view, pc, Case(wrongs, needed, good, doubts, again=again))

    def _box(self, view: SiteView, subject: Subject) -> Verdict | None:
        """The box's own sockets, by the kernel's word."""
        row, sensor = view.posture.plugged.get(subject.id), view.sensors.get(subject.id)
        if row is None:
            return None
        wrongs, again = strange.wrongs(view, frozenset({subject.id.lower()}), strange.of_box(row), self.days)
        if wrongs:
            return self._on_box(view, subject, wrongs, again)
        if view.declared.usb is None:
            return self.verdict(subject, Outcome.NOT_APPLICABLE, words.BOX_NO_REGISTER, reason=words.BOX_NO_REGISTER)
        if sensor is None or sensor.state != "running":
            return self.verdict(subject, Outcome.UNKNOWN, words.BOX_UNHEARD, reason=words.BOX_UNHEARD)
        return self.verdict(subject, Outcome.CLEAR, words.BOX_GOOD, evidence=(Evidence("heartbeat", sensor.state, sensor.seen.last),), grade=Grade.CONFIRMED)

    def _on_box(self, view: SiteView, subject: Subject, wrongs: list[Wrong], again: int | None) -> Verdict:
        worst = wrongs[0]
        return Verdict(
            detector=self.about.id,
            subject=subject,
            outcome=Outcome.VIOLATION,
            severity=worst.severity,
            grade=worst.grade,
            urgency=Urgency.REPORT,
            title=words.BOX_TITLE,
            summary=words.on_box([wrong.said for wrong in wrongs], worst.by.at, view.now),
            remedy=worst.remedy,
            evidence=tuple(piece for wrong in wrongs for piece in wrong.seen),
            state=tuple(sorted({wrong.what: wrong.value for wrong in wrongs}.items())),
            recheck_at=again,
        )


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
