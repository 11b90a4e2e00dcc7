"""What the kernel says of a USB device (Documentation/ABI/testing/sysfs-bus-usb) as the rules know it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from model.posture.told import Peripheral
from model.posture.usb import is_hub, kind_of
from model.text import shown

_ID = re.compile(r"[0-9a-f]{4}")
_BYTE = re.compile(r"[0-9a-f]{2}")
# A device may claim up to 32 interfaces (bNumInterfaces); few have more than eight.
_MOST = 32


def device_of(attributes: Mapping[str, str], interfaces: Sequence[Mapping[str, str]], mark: Callable[[str], str]) -> Peripheral | None:
    """The device; None for hubs, and for what has no vendor and product. `mark` hashes its serial number, which goes no further."""
    vendor, product = (attributes.get(name, "").strip().lower() for name in ("idVendor", "idProduct"))
    if not (_ID.fullmatch(vendor) and _ID.fullmatch(product)):
        return None
    offered = sorted({triple for each in interfaces[:_MOST] if (triple := _triple(each, "bInterface")) is not None})
    own = _triple(attributes, "bDevice")
    if is_hub(offered) or (own is not None and own.startswith("09")):
        return None
    serial = attributes.get("serial", "").strip()
    return Peripheral(
        usb=f"{vendor}:{product}",
        name=shown(" ".join(attributes.get(name, "").strip() for name in ("manufacturer", "product")).strip(), 64),
        kind=kind_of(offered),
        interfaces=tuple(offered),
        # Windows keeps ids of devices in capitals: the register's mark must be the same whichever machine it was plugged into.
        serial=mark(f"{vendor}:{product}:{serial.upper()}") if serial else "",
    )


def _triple(attributes: Mapping[str, str], prefix: str) -> str | None:
    parts = [attributes.get(prefix + name, "").strip().lower() for name in ("Class", "SubClass", "Protocol")]
    return ":".join(parts) if all(_BYTE.fullmatch(part) for part in parts) else None
