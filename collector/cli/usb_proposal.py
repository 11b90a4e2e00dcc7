"""Drafts for the list of USB devices: what was seen and is not in it, for a person to sign, and the list as rules of USBGuard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from collector.csvtable import harmless
from model.declared import Declared, UsbRule
from model.posture import peripherals, strange
from model.posture.plugged import PluggedRow
from model.posture.rows import PcRow
from model.posture.told import Peripheral, PeripheralHistory
from model.posture.usb import same
from model.text import Language, Text, shown
from model.times import local
from model.wording.peripheral import kind_of

COLUMNS: Final = ("usb", "name", "owner", "until", "serial", "interfaces", "pc", "note")
_BOX: Final = Text("hộp giám sát", "the box itself")


class Observed(NamedTuple):
    """One device that the rule asks about: at which PCs it was seen (empty: at the box itself), and when last."""

    device: Peripheral
    pcs: tuple[str, ...]
    last: int


def observed(sites: Mapping[str, Declared], pcs: Iterable[PcRow], boxes: Iterable[PluggedRow], now: int) -> list[Observed]:
    """What was seen and would be told, each device once; ways out of the network are not for a list, and are left out."""
    seen: dict[tuple[str, tuple[str, ...]], Observed] = {}
    for device, pc, last in (*_of_pcs(sites, pcs, now), *_of_boxes(sites, boxes)):
        key = (same(device), device.interfaces)
        known = seen.get(key, Observed(device, (), 0))
        seen[key] = Observed(device, tuple(sorted({*known.pcs, *([pc] if pc else [])})), max(known.last, last))
    return [seen[key] for key in sorted(seen)]


def rows(found: Iterable[Observed], language: Language) -> Iterator[tuple[str, ...]]:
    """Lines of usb.csv without owner and last day: until a person fills them in, the box refuses the file."""
    for device, pcs, last in found:
        kind = kind_of(peripherals.matter(device)).to(language)
        where = ", ".join(pcs) or _BOX.to(language)
        only = pcs[0] if len(pcs) == 1 else ""
        name = harmless(shown(device.name, 64)) or kind
        yield (device.usb, name, "", "", device.serial, " ".join(device.interfaces), only, f"{kind}; {shown(where, 200)}; {local(last)}")


def policy(declared: Declared, pc: str, now: int) -> Iterator[str]:
    """The list as rules for USBGuard at `pc` (empty: the box itself), never wider than the list. The last one turns everything else away."""
    yield "# usb.csv -> USBGuard"
    yield "allow with-interface match-all { 09:*:* }"
    yield "allow with-interface match-all { 0b:*:* }"
    for issuer in sorted(peripherals.ISSUERS):
        yield f"allow id {issuer}:* with-interface match-all {{ 0b:*:* 03:00:* }}"
    for rule in declared.usb or ():
        if now < rule.until and rule.pc.lower() in ("", pc.lower()):
            yield f"# {shown(rule.name, 60)} / {shown(rule.owner, 60)} / {local(rule.until - 1)[:10]}"
            yield _rule(rule)
    yield "block"


def _rule(rule: UsbRule) -> str:
    within = f" with-interface match-all {{ {' '.join(rule.interfaces)} }}" if rule.interfaces else ""
    if rule.serial:
        # The list keeps a mark, which USBGuard cannot check: the number on the device is for a person to fill in.
        return f'# allow id {rule.usb} serial "..."{within}'
    return f"allow id {rule.usb}{within}"


def _of_pcs(sites: Mapping[str, Declared], pcs: Iterable[PcRow], now: int) -> Iterator[tuple[Peripheral, str, int]]:
    for row in pcs:
        declared = next((site for site in sites.values() if site.pc(frozenset({row.id.lower()}))), next(iter(sites.values())))
        known = [(plug.device.value, plug.seen.last, peripherals.is_new(row, plug)) for plug in row.plugs.values()]
        listed = {same(device) for device, _, _ in known}
        known += [(device, row.history.get(same(device), now), True) for device in _remembered(row) if same(device) not in listed]
        yield from ((device, row.id, last) for device, last, new in known if _asked(declared, row.id, device, last, new=new))


def _of_boxes(sites: Mapping[str, Declared], boxes: Iterable[PluggedRow]) -> Iterator[tuple[Peripheral, str, int]]:
    declared = next(iter(sites.values()))
    for row in boxes:
        yield from ((met.device, "", met.last) for met in strange.of_box(row) if _asked(declared, row.id, met.device, met.last, new=met.new))


def _remembered(row: PcRow) -> tuple[Peripheral, ...]:
    topic = row.topics.get("peripheral_history")
    told = topic.answer.value.told if topic and topic.answer else None
    return told.devices if isinstance(told, PeripheralHistory) else ()


def _asked(declared: Declared, pc: str, device: Peripheral, at: int, *, new: bool) -> bool:
    matter = peripherals.matter(device)
    if matter in ("lawful", "ordinary", "way_out") or (matter in ("keyboard", "camera") and not new):
        return False
    return peripherals.ruling(declared, frozenset({pc.lower()}), device, at).fit != "listed"
