"""What is remembered of the box's own sockets: what was taken out while nobody looked, and how much of it is kept."""

from __future__ import annotations

import itertools

from model.declared import Declared
from model.endpointfacts import PeripheralSeen, SocketsListed
from model.posture.plugged import MAX_DEVICES
from model.posture.told import Peripheral
from model.posture.usb import same
from model.restored import restore, row_of
from model.site import SiteView, fold
from model.times import DAY, HOUR
from model.verdict import Subject

AT = 1_750_000_000_000_000_000
STICK = Peripheral(usb="0951:1666", kind="storage", interfaces=("08:06:50",), serial="aa11")
MOUSE = Peripheral(usb="046d:c077", interfaces=("03:01:02",))
BOX = Subject("sensor", "peripherals")
_numbers = itertools.count(1)


def box(*facts):
    view = SiteView(Declared(site="xa"), key=b"k" * 32, now=AT)
    for fact in facts:
        fold(view, fact)
    return view


def seen(device, at=AT, *, there=True):
    return PeripheralSeen(at=at, sensor="peripherals", sequence=next(_numbers), device=device, port="1-1", there=there)


def listed(*devices, at=AT):
    return SocketsListed(at=at, sensor="peripherals", sequence=next(_numbers), there=tuple(same(device) for device in devices))


def there(view):
    row = view.posture.plugged["peripherals"]
    return sorted(row.devices[key].device.value.usb for key in row.devices if row.is_there(key))


def test_what_was_taken_out_while_the_sensor_was_off_is_gone_when_it_lists_again():
    view = box(seen(STICK), seen(MOUSE))
    assert there(view) == ["046d:c077", "0951:1666"]
    assert fold(view, listed(MOUSE, at=AT + HOUR)) == (BOX,)
    assert there(view) == ["046d:c077"]
    fold(view, seen(STICK, AT + 2 * HOUR))
    assert there(view) == ["046d:c077", "0951:1666"]


def test_a_list_that_comes_before_what_it_is_later_than_says_the_same():
    assert there(box(listed(at=AT + HOUR), seen(STICK))) == there(box(seen(STICK), listed(at=AT + HOUR))) == []


def test_the_list_outlives_a_restart():
    view = box(seen(STICK), listed(at=AT + HOUR))
    again = box()
    restore(again, [row_of(view, "plugged", "peripherals")])
    assert there(again) == []
    assert list(again.posture.plugged["peripherals"].devices) == [same(STICK)]


def test_a_gadget_that_changes_its_name_fills_nothing():
    view = box(*(seen(Peripheral(usb=f"{number:04x}:0001"), AT + number) for number in range(MAX_DEVICES + 10)))
    row = view.posture.plugged["peripherals"]
    assert (len(row.devices), row.forgotten) == (MAX_DEVICES, 10)


def test_a_clock_that_was_set_back_leaves_nothing_in_the_future():
    view = box(seen(STICK, AT + DAY))
    view.new_epoch(AT)
    row = view.posture.plugged["peripherals"]
    assert (row.seen.last, row.devices[same(STICK)].seen.last) == (AT, AT)
