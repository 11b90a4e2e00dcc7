"""Finding 5: a PC without antivirus, or with one that is off, old or not licensed.

Windows Security Center knows what is registered and on; Kaspersky's own values know its licence. Servers have no Security Center: there the services speak.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from model.detector import About, Closing
from model.posture.judging import Case, Pc, Read, Wrong, conclude, read
from model.posture.rule import PcRule
from model.posture.told import Antivirus, AvProduct, AvServices, KasperskyLicence
from model.site import SiteView
from model.text import Text
from model.times import day_of
from model.verdict import Evidence, Grade, Severity, Verdict
from model.wording import antivirus as words
from model.wording import pc_common


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingAntivirus(PcRule):
    """VG-END-02. `warn_days`: how long before its end a licence is told; `base_days`: how old Kaspersky's signatures may be."""

    warn_days: int = 30
    base_days: int = 7

    only_windows: ClassVar[bool] = True
    about: ClassVar[About] = About(
        id="VG-END-02",
        findings=(5,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint",),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1049",),
    )

    def judge_pc(self, view: SiteView, pc: Pc) -> Verdict:
        """By Security Center where there is one, else by the services; Kaspersky's licence besides."""
        centre, services, kaspersky = read(view, pc, Antivirus), read(view, pc, AvServices), read(view, pc, KasperskyLicence)
        # Windows answers for a server with an error, which says nothing about its antivirus.
        blind = centre.told is not None and (centre.told.center == "error" or (_is_server(pc) and not centre.told.products))
        case = self._by_services(view, services, kaspersky) if blind else self._by_centre(centre, services)
        if not (kaspersky.told is not None and kaspersky.told.installed) and not _has_kaspersky(centre, services):
            return conclude(self, view, pc, case)
        own = self._kaspersky(view, kaspersky)
        return conclude(self, view, pc, case._replace(wrongs=[*case.wrongs, *own], needed=[*case.needed, kaspersky]))

    def _by_centre(self, centre: Read[Antivirus], services: Read[AvServices]) -> Case:
        told = centre.told
        if told is None:
            return Case([], [centre], words.NOT_SAID)
        on = [product for product in told.products if product.state == "on"]
        if not told.products:
            return self._nothing(centre, services)
        if not on:
            return self._down(centre, told.products)
        good = words.at_work([product.name for product in on])
        if any(product.fresh for product in on):
            return Case([], [centre], good)
        stale = [product for product in on if product.fresh is False]
        if len(stale) < len(on):
            return Case([], [centre], good, (words.FRESH_UNKNOWN,))
        wrong = Wrong("signatures", words.stale(stale[0].name), centre, "old", remedy=words.UPDATE, seen=(_product(stale[0], centre.at),))
        return Case([wrong], [centre], good)

    def _nothing(self, centre: Read[Antivirus], services: Read[AvServices]) -> Case:
        """Security Center may lag behind after a start: a service that runs says that it does."""
        if centre.told is not None and (centre.told.center == "good" or (services.told is not None and services.told.running)):
            return Case([], [centre, services], words.NONE, (words.CONTRADICTS,))
        grade = Grade.CONFIRMED if services.told is not None else Grade.LIKELY
        wrong = Wrong("antivirus", words.NONE, centre, "none", Severity.HIGH, grade, words.INSTALL, words.MISSING)
        return Case([wrong], [centre, services], words.NONE)

    def _down(self, centre: Read[Antivirus], products: Iterable[AvProduct]) -> Case:
        known = [product for product in products if product.state in ("off", "snoozed", "expired")]
        if not known:
            return Case([], [centre], words.NOT_SAID, (words.NOT_SAID,))
        # Of Defender and another maker's that is off, the other one is what people meant to have.
        worst = min(known, key=lambda product: ("defender" in product.name.lower(), product.name))
        severity = Severity.HIGH if worst.state == "off" else Severity.MEDIUM
        remedy = words.LICENSE if worst.state == "expired" else words.TURN_ON
        said = words.down(worst.name, worst.state)
        return Case([Wrong("antivirus", said, centre, worst.state, severity, remedy=remedy, seen=(_product(worst, centre.at),))], [centre], words.NONE)

    def _by_services(self, view: SiteView, services: Read[AvServices], kaspersky: Read[KasperskyLicence]) -> Case:
        told = services.told
        if told is None:
            return Case([], [services], words.NO_SERVICE)
        # The agent of an administration server protects nothing by itself.
        running, installed = ([product for product in products if product != "kaspersky_agent"] for products in (told.running, told.installed))
        if running:
            own = kaspersky.told
            sure = own is not None and own.installed and bool(own.kind) and None not in (own.updated, own.days_left)
            doubts: tuple[Text, ...] = () if sure and "kaspersky" in running and not self._kaspersky(view, kaspersky) else (words.NO_CENTRE,)
            return Case([], [services], words.server_at_work(), doubts, Grade.LIKELY)
        said = words.service_down(installed[0]) if installed else words.NO_SERVICE
        title, remedy = (None, words.TURN_ON) if installed else (words.MISSING, words.INSTALL)
        value = "off" if installed else "none"
        return Case([Wrong("antivirus", said, services, value, Severity.HIGH, Grade.LIKELY, remedy, title)], [services], words.NO_SERVICE)

    def _kaspersky(self, view: SiteView, own: Read[KasperskyLicence]) -> list[Wrong]:
        told = own.told
        if told is None or not told.installed:
            return []
        found: list[Wrong] = []
        # What was left of the licence when it was read is less by now.
        left = None if told.days_left is None else told.days_left - (day_of(view.now) - day_of(own.at))
        if not told.kind and (told.kind == 0 or left is None):
            grade = Grade.CONFIRMED if told.kind == 0 else Grade.LIKELY
            found.append(Wrong("licence", words.NOT_ACTIVATED, own, "not_activated", grade=grade, remedy=words.LICENSE))
        elif left is not None and left <= 0:
            found.append(Wrong("licence", words.expired(), own, "expired", remedy=words.LICENSE))
        elif left is not None and left < self.warn_days:
            found.append(Wrong("licence", words.runs_out(left), own, "runs_out", Severity.LOW, remedy=words.LICENSE))
        if told.updated is not None and (age := day_of(view.now) - told.updated) > self.base_days:
            found.append(Wrong("bases", words.bases(age), own, "old", remedy=words.UPDATE))
        return found


def _is_server(pc: Pc) -> bool:
    return pc.machine is not None and pc.machine.server


def _has_kaspersky(centre: Read[Antivirus], services: Read[AvServices]) -> bool:
    """Its licence is looked at where it is on; one that was replaced leaves its values behind."""
    products = centre.told.products if centre.told else ()
    running = services.told.running if services.told else ()
    return "kaspersky" in running or any("kaspersky" in product.name.lower() for product in products)


def _product(product: AvProduct, at: int) -> Evidence:
    return Evidence("product", f"{product.name[:80]} {product.state}", at)
