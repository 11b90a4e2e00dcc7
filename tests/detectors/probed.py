"""A site with two legs, probes on them and what came of them, for the tests of VG-NET-01."""

from __future__ import annotations

from itertools import count

from detectors.shared_segment import SharedSegment
from model import nonce
from model.declared import Declared, Zone
from model.facts import AddressSeen, SensorHeard
from model.site import SiteView, fold
from model.times import MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Subject
from model.wirefacts import ProbeRan
from tests.model.making import AT, KEY, heard_nonce

STAFF, CITIZEN = Zone(leg="can-bo", role="staff", name="Mạng cán bộ"), Zone(leg="nguoi-dan", role="citizen", name="Wi-Fi khu chờ")
PAIR = Subject("segments", "can-bo|nguoi-dan")
OWN = {"can-bo": "02:00:00:00:00:01", "nguoi-dan": "02:00:00:00:00:02"}
RELAY, ROUTER, OTHER_ROUTER = "00:e0:4c:00:00:99", "a4:f4:c2:10:20:01", "a4:f4:c2:10:20:02"
VRRP = "00:00:5e:00:01:07"
ASKS = nonce.address(KEY, b"ab")
numbers = count(1)


def site(*zones, vantage="plain"):
    view = SiteView(Declared(site="xa", legs=("can-bo", "nguoi-dan"), zones=zones or (STAFF, CITIZEN)), key=KEY, now=AT)
    listen(view, AT, vantage=vantage)
    for leg in OWN:
        for again in range(2):
            fold(view, AddressSeen(at=AT + again, leg=leg, mac=f"00:06:5b:00:00:{len(leg):02x}", ip=f"192.168.{len(leg)}.9"))
    return view


def listen(view, at, *legs, vantage="plain"):
    for leg in legs or OWN:
        fold(view, SensorHeard(at=at, sensor=f"capture:{leg}", leg=leg, vantage=vantage))


def other(leg):
    return "nguoi-dan" if leg == "can-bo" else "can-bo"


def probe(view, origin, at, shape="raw", *, crosses=False, tapped=True, outcome="sent", mac="", ttl=None, vlan=(), detail=""):
    """One run from `origin`, and its frame on the other leg if it crosses."""
    number = next(numbers)
    kind = {"raw": "nonce_raw", "udp": "nonce_udp", "routed": "routed"}[shape]
    fields = {"nonce": f"{number:016x}", "client": OWN[origin], "target": other(origin), "tapped": tapped, "detail": detail}
    fold(view, ProbeRan(at=at, sensor="probe", sequence=number, leg=origin, probe=kind, outcome=outcome, **fields))
    if crosses:
        hops = {} if ttl is None else {"ttl": ttl}
        told = {"leg": other(origin), "mac": mac or OWN[origin], "vlan": vlan, "sensor": f"capture:{other(origin)}", "sequence": number, **hops}
        fold(view, heard_nonce(shape, number, at, origin, other(origin), at=at + SECOND // 1000, **told))
    view.now = max(view.now, at + MINUTE)


def both_ways(view, at, *shapes, **fields):
    listen(view, at)
    for origin in OWN:
        for shape in shapes or ("raw", "udp"):
            probe(view, origin, at, shape, **fields)


def judge(view, subject=PAIR):
    return SharedSegment().judge(view, subject)


def rung(verdict):
    return dict(verdict.state)["ladder"]


def graded(verdict):
    return verdict.outcome, verdict.severity, verdict.grade, rung(verdict)


PROVEN = (Outcome.VIOLATION, Severity.HIGH, Grade.PROVEN, "proven_shared_l2")
MAYBE = (Outcome.VIOLATION, Severity.MEDIUM, Grade.LIKELY, "shared_l2")


def techniques(verdict):
    """What each technique is told to have done."""
    return dict(piece.value.split(" ", 1) for piece in verdict.evidence if piece.kind == "probe" and not piece.value.startswith("nonce raw"))
