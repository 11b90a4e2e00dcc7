"""What is plugged in, what was, and what restricts it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from collector.decode.posture.cells import Desk, Row, counted
from model.posture.told import Bluetooth, Peripheral, PeripheralControl, PeripheralHistory, PeripheralKind, Peripherals
from model.posture.usb import is_hub, kind_of

_ID: Final = re.compile(r"[0-9a-f]{4}")
_INTERFACE: Final = re.compile(r"(?i)USB\\Class_([0-9a-f]{1,2})&SubClass_([0-9a-f]{1,2})&Prot_([0-9a-f]{1,2})(?![0-9a-f])")
_MAX_DEVICES: Final = 64
_MAX_INTERFACES: Final = 32
# What Windows' driver says where the interfaces alone do not (vendor's own protocols): by service, then by class of device.
_SERVICES: Final[dict[str, PeripheralKind]] = {
    "usbstor": "storage", "uaspstor": "storage", "wudfwpdmtp": "phone", "wudfwpdfs": "phone", "usbaapl64": "phone", "usbrndis6": "modem", "usb_rndisx": "modem",
    "wmbclass": "modem", "usbccid": "token", "usbprint": "printer", "usbvideo": "camera", "bthusb": "bluetooth", "usbaudio": "audio",
}  # fmt: skip
_CLASSES: Final[dict[str, PeripheralKind]] = {
    "wpd": "phone", "modem": "modem", "net": "network", "smartcardreader": "token", "keyboard": "keyboard", "diskdrive": "storage", "camera": "camera",
    "image": "camera", "printer": "printer", "media": "audio", "bluetooth": "bluetooth", "androidusbdeviceclass": "phone",
}  # fmt: skip


def peripherals(rows: list[Row], desk: Desk) -> Peripherals | None:
    """Each device once: its parts, which Windows lists as devices of their own, are its interfaces."""
    found, looked = counted(rows, "vendor")
    return Peripherals(devices=_devices(found, desk)) if looked else None


def peripheral_history(rows: list[Row], desk: Desk) -> PeripheralHistory | None:
    """Storage and phones that Windows remembers."""
    found, looked = counted(rows, "vendor")
    return PeripheralHistory(devices=_devices(found, desk)) if looked else None


def _devices(rows: Iterable[Row], desk: Desk) -> tuple[Peripheral, ...]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        vendor, product = row.raw("vendor").lower(), row.raw("product").lower()
        if _ID.fullmatch(vendor) and _ID.fullmatch(product) and f"{vendor}:{product}" != "0000:0000":
            groups.setdefault(f"{vendor}:{product}", []).append(row)
        else:
            desk.dropped += 1
    devices = dict.fromkeys(device for usb, group in sorted(groups.items()) for device in _of_group(usb, group, desk))
    desk.dropped += max(0, len(devices) - _MAX_DEVICES)
    return tuple(devices)[:_MAX_DEVICES]


def _of_group(usb: str, rows: list[Row], desk: Desk) -> list[Peripheral]:
    interfaces = tuple(sorted({triple for row in rows for triple in _interfaces(row)}))[:_MAX_INTERFACES]
    if is_hub(interfaces):
        return []
    kind = _kind(interfaces, rows)
    name = next((name for row in rows if (name := row.text("name"))), "")
    owners = [row for row in rows if not row.raw("part")] or rows[:1]
    serials = dict.fromkeys(_serial(usb, row, desk) for row in owners)
    return [Peripheral(usb=usb, name=name, kind=kind, interfaces=interfaces, serial=serial) for serial in serials]


def _interfaces(row: Row) -> list[str]:
    return [":".join(part.zfill(2).lower() for part in found) for found in _INTERFACE.findall(row.raw("interfaces"))]


def _kind(interfaces: tuple[str, ...], rows: list[Row]) -> PeripheralKind:
    own = kind_of(interfaces)
    if own != "other":
        return own
    for column, known in (("service", _SERVICES), ("class", _CLASSES)):
        named = next((known[word] for row in rows if (word := row.raw(column).lower()) in known), None)
        if named is not None:
            return named
    return own


def _serial(usb: str, row: Row, desk: Desk) -> str:
    """A mark; where the device has no serial of its own Windows makes one up, with & as its second character."""
    serial = row.raw("serial").upper()
    return desk.mark(f"{usb}:{serial}") if serial and serial[1:2] != "&" and not row.raw("part") else ""


def peripheral_control(rows: list[Row], _desk: Desk) -> PeripheralControl | None:
    """Every Windows has USBSTOR's start value: without it nothing was read."""
    row = next(iter(rows), None)
    if row is None or not any(row.raw(column) for column in ("start", "deny_all", "deny_disk", "restrict", "write_protect", "autorun")):
        return None
    start, autorun = row.number("start", 9), row.number("autorun", 0xFFFF)
    denied = [on for column in ("deny_all", "deny_disk") if (on := row.flag(column)) is not None]
    return PeripheralControl(
        storage_off=None if start is None else start == 4,
        denied=any(denied) if denied else None,
        restricted=row.flag("restrict"),
        read_only=row.flag("write_protect"),
        # Bit 2 (0x04): removable drives; 0xFF: all.
        no_autorun=None if autorun is None else bool(autorun & 0x04),
    )


def bluetooth(rows: list[Row], _desk: Desk) -> Bluetooth | None:
    """A radio without its service is off."""
    row = next((row for row in rows if row.number("looked")), None)
    radios = None if row is None else row.number("radios")
    return None if row is None or radios is None else Bluetooth(on=radios > 0 and row.raw("service").upper() == "RUNNING")
