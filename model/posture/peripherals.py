"""Devices in the sockets of a PC: what is lawful without a word, what the register lists, and what was there before.

The register's rules are read like USBGuard's: the id with a wildcard, the serial's mark, and all of the device's interfaces must fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from model.posture.rows import Plug
from model.posture.told import Peripheral, PeripheralHistory, Peripherals
from model.posture.usb import same
from model.rows import Held, Sighting, put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.declared import Declared, UsbRule
    from model.posture.rows import PcRow
    from model.rows import Stamp

# Remembered of one PC: what a hostile gadget, or a counter where citizens' sticks come and go, may fill.
MAX_PLUGS: Final = 64
MAX_HISTORY: Final = 512
# Makers of tokens and smart-card readers for signatures (usb.ids of 26 July 2025): their readers also come as HID, and many bring a drive with their driver.
ISSUERS: Final = {
    "04b9": "Rainbow (SafeNet)",
    "04e6": "SCM (Identiv)",
    "0529": "Aladdin (SafeNet)",
    "072f": "Advanced Card Systems",
    "076b": "OmniKey",
    "08e6": "Gemalto (Thales)",
    "096e": "Feitian",
    "0973": "Schlumberger",
    "09c3": "HID Global",
    "0a89": "Aktiv",
    "0dc3": "Athena",
    "25dd": "Bit4id",
    "2ccf": "Hypersecu",
}
_SMART_CARD: Final = "0b"
_BOOT_KEYBOARD: Final = "03:01:01"
# Ethernet, tethering and mobile broadband: whoever plugs it in has another way out.
_WAYS_OUT: Final = ("e0:01:03", "02:0e", "02:06", "02:0d")
_HARMLESS: Final = ("03:00", "ff", "fe", "ef")

# What a device is to the rule: nothing to say, or the kind of thing that must be in the register.
Matter = Literal["lawful", "ordinary", "keyboard", "way_out", "storage", "phone", "network", "camera", "printer"]
Fit = Literal["listed", "expired", "other_serial", "more_interfaces", "other_pc", "unlisted"]
# How near a rule came, so that the reason told is that of the nearest one.
_NEARNESS: Final[dict[Fit, int]] = {"unlisted": 0, "other_pc": 1, "other_serial": 2, "more_interfaces": 3, "expired": 4, "listed": 5}


class Ruling(NamedTuple):
    """What the register says of a device, and the line that decided, None where no line names it."""

    fit: Fit
    rule: UsbRule | None = None


def matter(device: Peripheral) -> Matter:
    """What kind of thing this is to the rule, the worst that it can do."""
    if _is_token(device):
        return "lawful"
    if device.kind == "modem" or (device.kind == "phone" and any(each.startswith(_WAYS_OUT) for each in device.interfaces)):
        return "way_out"
    if _can(device, "08"):
        return "storage"
    if _BOOT_KEYBOARD in device.interfaces or device.kind == "keyboard":
        return "keyboard"
    return device.kind if device.kind in ("storage", "phone", "network", "camera", "printer") else "ordinary"


def ruling(declared: Declared, pcs: frozenset[str], device: Peripheral, at: int) -> Ruling:
    """What usb.csv says of a device at one of the PCs with these names at an instant. No list lists nothing."""
    return next(iter(rulings(declared, pcs, device, at)), Ruling("unlisted"))


def rulings(declared: Declared, pcs: frozenset[str], device: Peripheral, at: int) -> list[Ruling]:
    """What every line says that names the device's code, the one that decides first, then the nearer ones."""
    fits = [Ruling(_fit(rule, pcs, device, at), rule) for rule in declared.usb or () if _names(rule, device)]
    return sorted(fits, key=lambda each: -_NEARNESS[each.fit])


def note(row: PcRow, told: Peripherals | PeripheralHistory, stamp: Stamp) -> bool:
    """What was plugged in is remembered when it is gone; whether something is there that was not."""
    topic = str(told.__struct_config__.tag)
    row.since[topic] = min(stamp.at, row.since.get(topic, stamp.at))
    return _plugged(row, told, stamp) if isinstance(told, Peripherals) else _listed(row, told, stamp.at)


def is_new(row: PcRow, plug: Plug) -> bool:
    """It came after the first list that the PC gave."""
    return plug.seen.first > row.since.get("peripherals", plug.seen.first)


def came_since(row: PcRow, told: PeripheralHistory) -> list[tuple[Peripheral, int]]:
    """Devices of the registry's memory that its first answer did not hold, and when they were first among it."""
    start = row.since.get("peripheral_history", 0)
    known = ((device, row.history.get(same(device), start)) for device in told.devices)
    return [(device, first) for device, first in known if first > start]


def rebase(row: PcRow, at: int) -> None:
    """The clock was set back to `at`: nothing was seen later than that."""
    for plug in row.plugs.values():
        plug.seen.rebase(at)
    row.history = {key: min(first, at) for key, first in row.history.items()}
    row.since = {topic: min(first, at) for topic, first in row.since.items()}


def _is_token(device: Peripheral) -> bool:
    """A token or card reader as officers must have; with a drive or a keyboard in it only where its maker makes such."""
    issuer = device.usb[:4].lower() in ISSUERS
    cards = _can(device, _SMART_CARD) or (device.kind == "token" and not device.interfaces)
    others = [each for each in device.interfaces if not each.startswith((_SMART_CARD, *_HARMLESS))]
    if issuer:
        return (cards or not _can(device, "08")) and all(each.startswith("08") for each in others)
    return cards and not others


def _can(device: Peripheral, group: str) -> bool:
    return any(each.startswith(group) for each in device.interfaces)


def _names(rule: UsbRule, device: Peripheral) -> bool:
    vendor, _, product = rule.usb.lower().partition(":")
    of, _, its = device.usb.lower().partition(":")
    return vendor in ("*", of) and product in ("*", its)


def _fit(rule: UsbRule, pcs: frozenset[str], device: Peripheral, at: int) -> Fit:
    if rule.pc and rule.pc.lower() not in pcs:
        return "other_pc"
    if rule.serial and rule.serial != device.serial:
        return "other_serial"
    if rule.interfaces and not all(_allowed(rule.interfaces, each) for each in device.interfaces):
        return "more_interfaces"
    return "listed" if at < rule.until else "expired"


def _allowed(interfaces: Sequence[str], each: str) -> bool:
    """`08:*:*` allows every drive."""
    parts = each.lower().split(":")
    return any(all(want in ("*", has) for want, has in zip(line.lower().split(":"), parts, strict=False)) for line in interfaces)


def _plugged(row: PcRow, told: Peripherals, stamp: Stamp) -> bool:
    news = False
    for device in told.devices:
        key = "|".join((same(device), device.kind, *device.interfaces))
        known = row.plugs.get(key)
        if known is None:
            row.plugs[key], news = Plug(Held(device, stamp), Sighting(stamp.at, stamp.at)), True
            continue
        known.seen.extend(stamp.at)
        known.device, _ = put(known.device, device, stamp)
    while len(row.plugs) > MAX_PLUGS:
        del row.plugs[min(row.plugs, key=lambda key: (row.plugs[key].seen.last, key))]
    return news


def _listed(row: PcRow, told: PeripheralHistory, at: int) -> bool:
    before = len(row.history)
    for device in told.devices[:MAX_HISTORY]:
        key = same(device)
        if key in row.history or len(row.history) < MAX_HISTORY:
            row.history[key] = min(at, row.history.get(key, at))
    return len(row.history) > before
