"""What a USB device is by its interfaces, `cc:ss:pp` in hex (USB-IF, Defined Class Codes): the device says so itself, so it is a hint, never a proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from model.posture.told import Peripheral, PeripheralKind

# Worst first: a stick that is a keyboard too is told as a keyboard, a phone that tethers as a way out.
_RULES: Final[tuple[tuple[str, PeripheralKind], ...]] = (
    ("e0:01:03", "modem"),      # RNDIS: a phone that tethers, a 4G stick
    ("02:0e", "modem"),         # MBIM
    ("02:06", "network"),       # Ethernet (CDC ECM)
    ("02:0d", "network"),       # Ethernet (CDC NCM)
    ("0b", "token"),            # smart card, a token for signatures
    ("06", "phone"),            # still image: MTP and PTP
    ("08", "storage"),
    ("e0:01:01", "bluetooth"),
    ("e0", "network"),          # other wireless controllers
    ("03:01:01", "keyboard"),
    ("07", "printer"),
    ("0e", "camera"),
    ("01", "audio"),
)  # fmt: skip


def kind_of(interfaces: Sequence[str]) -> PeripheralKind:
    """What the device offers, the most dangerous first; `other` for mice and whatever has no class of its own."""
    return next((kind for start, kind in _RULES if any(each.startswith(start) for each in interfaces)), "other")


def is_hub(interfaces: Sequence[str]) -> bool:
    """Whether it is a hub and nothing else: a part of the box, or of a dock."""
    return bool(interfaces) and all(each.startswith("09") for each in interfaces)


def same(device: Peripheral) -> str:
    """What tells one device from another: its kind of thing and its own serial's mark, where it has one."""
    return f"{device.usb}|{device.serial}"
