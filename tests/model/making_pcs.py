"""Facts of PCs for histories: what two of them answer, and one of their cards on the wire."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from model.endpointfacts import PcAnswered, PcHeard, PeripheralSeen, SocketsListed
from model.facts import NameSeen
from model.posture.told import (
    Accounts,
    Antivirus,
    AutoLogon,
    AvProduct,
    BrowserPolicy,
    BrowserRule,
    Documents,
    DocumentsAt,
    Firewall,
    Interfaces,
    KmsSetting,
    LogonPolicy,
    Machine,
    Peripheral,
    PeripheralControl,
    PeripheralHistory,
    Peripherals,
    PiracyTraces,
    Projecting,
    RemoteTools,
    SavedIn,
    SavedPasswords,
    ToolFound,
    UpdateControl,
    Updates,
    WindowsLicence,
    Working,
)
from model.times import SECOND

# As in tests/model/making.py, which takes its histories of PCs from here.
AT = 1_752_541_200 * SECOND
PC, PHONE, BOX = "10:b6:76:00:00:11", "6a:5f:2e:00:00:51", "1c:a4:10:00:00:34"
DOCK = "00:50:b6:00:00:77"

STICK = Peripheral(usb="0951:1666", name="Data", kind="storage", interfaces=("08:06:50",), serial="aa11")
KEYBOARD = Peripheral(usb="046d:c31c", kind="keyboard", interfaces=("03:01:01",))
TETHER = Peripheral(usb="04e8:6863", name="Điện thoại", kind="modem", interfaces=("e0:01:03",))
# The same device under another name: what a gadget calls itself is not what it is.
RENAMED = Peripheral(usb="0951:1666", name="Khác", kind="storage", interfaces=("08:06:50",), serial="aa11")

TOLD: tuple[Any, ...] = (
    *(Machine(platform=p, edition="Professional", build=26100, revision=r) for p in ("windows", "windows", "linux") for r in (4000, 4100, 9000)),
    *(Peripherals(devices=devices) for devices in ((), (KEYBOARD,), (KEYBOARD, STICK), (RENAMED, TETHER), (TETHER,))),
    *(PeripheralHistory(devices=devices) for devices in ((), (STICK,), (STICK, TETHER))),
    *(PeripheralControl(denied=denied) for denied in (None, True)),
    *(Antivirus(products=products, center="poor") for products in ((), (AvProduct(name="Kaspersky", state="on", fresh=True),))),
    *(SavedPasswords(browsers=browsers) for browsers in ((), (SavedIn(browser="coccoc", government=2, others=1),))),
    *(BrowserPolicy(browsers=(BrowserRule(browser="chrome", saving=allowed, syncing=allowed),)) for allowed in (None, False)),
    *(AutoLogon(on=on, stored=on) for on in (True, False)),
    *(LogonPolicy(length=length, complexity=True, lockout=5) for length in (0, 8)),
    *(Accounts(enabled=1, generic=blank, blank=blank, unset=0) for blank in (0, 1)),
    *(WindowsLicence(windows=status) for status in (1, 5)),
    *(KmsSetting(windows=server) for server in ("", "127.0.0.2", "10.9.9.9")),
    *(PiracyTraces(found=found) for found in ((), ("kmspico",))),
    *(Updates(last=day) for day in (None, AT // (24 * 3600 * SECOND) - 100)),
    *(UpdateControl(service_off=off, policy_off=False) for off in (True, False)),
    *(Working(active=True, user=user, admin=admin) for user in ("u1", "u2") for admin in (True, False)),
    *(RemoteTools(tools=tools) for tools in ((), (ToolFound(product="ultraviewer", stage="running"),))),
    *(Documents(places=places) for places in ((), (DocumentsAt(place="zalo", count=3, size=9, oldest=20_000, newest=20_100),))),
    *(Firewall(domain=True, private=True, public=public) for public in (True, False)),
    *(Projecting(receiver=receiver) for receiver in (True, False)),
)


# Each PC has a card that is heard on the wire, and both a dock that is not. (What was heard of a station before two PCs claimed it stays with the first.)
CARDS = {
    "pc-01": tuple(Interfaces(macs=macs) for macs in ((PC,), (PC, DOCK), (DOCK,), (PHONE, PC), ())),
    "pc-02": tuple(Interfaces(macs=macs) for macs in ((BOX,), (BOX, DOCK), ())),
}


def _answer(at: int, leg: str, answered: int, **fields: Any) -> PcAnswered:
    """Given up to an hour before it came; a PC reports over no leg."""
    del leg
    return PcAnswered(at=at, answered=at - answered, **fields)


def _socket(at: int, leg: str, **fields: Any) -> PeripheralSeen:
    del leg
    return PeripheralSeen(at=at, port="1-1", **fields)


def _list(at: int, leg: str, **fields: Any) -> SocketsListed:
    del leg
    return SocketsListed(at=at, **fields)


def _check_in(at: int, leg: str, **fields: Any) -> PcHeard:
    del leg
    return PcHeard(at=at, **fields)


@st.composite
def pcs(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """Two PCs that answer, fail to, or check in, one of their cards heard on the wire, and the box's own sockets."""
    pc = draw(st.sampled_from(["pc-01", "pc-01", "pc-02"]))
    told = draw(st.one_of(st.sampled_from(TOLD), st.sampled_from(TOLD), st.sampled_from(CARDS[pc])))
    how = {"answered": draw(st.sampled_from([0, 0, 3600 * SECOND])), "source": draw(st.sampled_from(["osquery", "osquery", "script", "ksc"]))}
    answer = {"pc": pc, "topic": told.__struct_config__.tag, **how}
    made: list[tuple[Any, dict[str, Any]]] = [
        *[(_answer, {**answer, "told": told})] * 4,
        (_answer, {**answer, "trouble": draw(st.sampled_from(["failed", "denied", "absent", "script"]))}),
        (_check_in, {"pc": pc, "version": draw(st.sampled_from(["", "5.23.0"])), "skew": draw(st.sampled_from([None, 1, 2]))}),
        (_socket, {"device": draw(st.sampled_from([STICK, RENAMED, KEYBOARD, TETHER])), "there": draw(st.booleans())}),
        (_list, {"there": draw(st.sampled_from([(), ("0951:1666|aa11",)]))}),
        (NameSeen, {"mac": draw(st.sampled_from([PC, BOX])), "name": draw(st.sampled_from(["pc-01.local.", "pc-02.local."]))}),
    ]
    return draw(st.sampled_from(made))
