"""What was plugged into the box itself: an episode for each device, which lasts until its own rule ends it (architecture rule 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import msgspec

from model.endpointfacts import PeripheralSeen, SocketsListed
from model.posture.told import Peripheral
from model.posture.usb import same
from model.rows import Held, Sighting, put
from model.verdict import Subject

if TYPE_CHECKING:
    from model.site import SiteView

# Devices remembered of one box: a hostile gadget changes its name with each plug.
MAX_DEVICES: Final = 64


class Plugged(msgspec.Struct):
    """One device: when it was seen there, in which socket last, and whether it is there now."""

    device: Held[Peripheral]
    seen: Sighting
    there: Held[bool]
    port: str = ""


class PluggedRow(msgspec.Struct, kw_only=True):
    """What one box's sensor of sockets saw; `id` is the sensor's."""

    id: str
    seen: Sighting
    devices: dict[str, Plugged] = msgspec.field(default_factory=dict)
    listed: Held[tuple[str, ...]] | None = None
    forgotten: int = 0

    def is_there(self, key: str) -> bool:
        """Whether the device is plugged in: as told of it last, unless a list made later lacks it."""
        known, listed = self.devices[key], self.listed
        return known.there.value and (listed is None or listed.stamp < known.there.stamp or key in listed.value)


def _seen(view: SiteView, fact: PeripheralSeen) -> tuple[Subject, ...]:
    table = view.posture.plugged
    row = table.setdefault(fact.sensor, PluggedRow(id=fact.sensor, seen=Sighting(fact.at, fact.at)))
    row.seen.extend(fact.at)
    view.changed("plugged", row.id)
    return (Subject("sensor", row.id),) if _note(view, row, fact) else ()


def _listed(view: SiteView, fact: SocketsListed) -> tuple[Subject, ...]:
    row = view.posture.plugged.setdefault(fact.sensor, PluggedRow(id=fact.sensor, seen=Sighting(fact.at, fact.at)))
    row.seen.extend(fact.at)
    row.listed, news = put(row.listed, fact.there[:MAX_DEVICES], view.stamp(fact))
    view.changed("plugged", row.id)
    return (Subject("sensor", row.id),) if news else ()


def rebase(row: PluggedRow, at: int) -> None:
    """The clock was set back to `at`: nothing was seen later than that."""
    row.seen.rebase(at)
    for device in row.devices.values():
        device.seen.rebase(at)


def _note(view: SiteView, row: PluggedRow, fact: PeripheralSeen) -> bool:
    stamp, key = view.stamp(fact), same(fact.device)
    known = row.devices.get(key)
    if known is None:
        _room(row)
        row.devices[key] = Plugged(Held(fact.device, stamp), Sighting(fact.at, fact.at), Held(fact.there, stamp), fact.port)
        return True
    known.seen.extend(fact.at)
    known.port = fact.port or known.port
    known.device, changed = put(known.device, fact.device, stamp)
    known.there, moved = put(known.there, fact.there, stamp)
    return changed or moved


def _room(row: PluggedRow) -> None:
    """The device that was taken out longest ago goes first."""
    if len(row.devices) >= MAX_DEVICES:
        row.forgotten += 1
        del row.devices[min(row.devices, key=lambda key: (row.is_there(key), row.devices[key].seen.last, key))]


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {PeripheralSeen: _seen, SocketsListed: _listed}
