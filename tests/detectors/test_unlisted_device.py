"""VG-NET-06: what the register does not list, how bad by its class, and what is nobody's equipment."""

from __future__ import annotations

import pytest

from collector.engine import Engine
from detectors.unlisted_device import UnlistedDevice
from model.declared import Declared, RegisteredAsset, Screen, Zone
from model.facts import AddressSeen, DhcpClientSeen, SensorHeard, ServiceAdvertised
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Outcome, Severity, Subject, Urgency

MORNING = 1_752_541_200 * SECOND
STAFF = Zone(leg="lan", role="staff")
WINDOWS = {"vendor_class": "MSFT 5.0", "parameters": (1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)}
PC, PRINTER, CAMERA = "00:06:5b:0d:01:12", "00:1e:8f:0d:01:21", "44:19:b6:0d:01:41"


def site(zone=STAFF, register=(), screens=None):
    zones = () if zone is None else (zone,)
    return SiteView(Declared(site="xa", legs=("lan",), zones=zones, register=register, screens=screens), now=MORNING, vendor_of=MAKERS.get)


class Makers(dict):
    def get(self, key, default=""):
        return super().get(key, default)


MAKERS = Makers({CAMERA: "Hangzhou Hikvision Digital Technology Co.,Ltd.", PRINTER: "Canon Inc.", PC: "Dell Inc."})


def pc(view, mac=PC, name="PC-LA", at=MORNING):
    fold(view, DhcpClientSeen(at=at, leg="lan", mac=mac, message="request", host_name=name, **WINDOWS))
    return view.by_mac[mac]


def printer(view, at=MORNING):
    said = (("ty", "Canon MF440"), ("product", "(Canon MF440 Series)"))
    fold(view, ServiceAdvertised(at=at, leg="lan", mac=PRINTER, ip="192.168.1.21", service="_ipp._tcp.local.", instance="Máy in", port=631, text=said))
    return view.by_mac[PRINTER]


def something(view, mac, at=MORNING):
    for again in range(2):
        fold(view, AddressSeen(at=at + again * SECOND, leg="lan", mac=mac, ip="192.168.1.77"))
    return view.by_mac[mac]


def judge(view, asset):
    return UnlistedDevice().judge(view, Subject("asset", asset))


def test_a_computer_that_nobody_listed_is_high_and_a_printer_low():
    view = site()
    computer, machine = judge(view, pc(view)), judge(view, printer(view))
    assert (computer.outcome, computer.severity, computer.urgency) == (Outcome.VIOLATION, Severity.HIGH, Urgency.TICKET)
    assert "PC-LA" in computer.summary.vi
    assert "máy tính Windows" in computer.summary.vi
    assert (machine.outcome, machine.severity) == (Outcome.VIOLATION, Severity.LOW)


def test_a_device_of_unknown_kind_is_medium_and_said_to_be_unknown():
    view = site()
    verdict = judge(view, something(view, "00:90:a9:00:00:07"))
    assert verdict.severity is Severity.MEDIUM
    assert "chưa rõ loại" in verdict.summary.vi


def test_what_the_register_or_the_list_of_screens_names_is_clear():
    listed = site(register=(RegisteredAsset(mac=PC, name="Máy tiếp nhận"),))
    shown = site(screens=(Screen(mac=PC, name="TV"),))
    assert judge(listed, pc(listed)).outcome is Outcome.CLEAR
    assert judge(shown, pc(shown)).outcome is Outcome.CLEAR


def test_without_a_register_the_rule_does_not_apply_and_says_why():
    view = site(register=None)
    verdict = judge(view, pc(view))
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "register.csv" in verdict.reason.vi


@pytest.mark.parametrize("zone", [None, Zone(leg="lan", role="citizen"), Zone(leg="lan", role="display")])
def test_only_staff_segments_are_the_registers_matter(zone):
    view = site(zone)
    assert judge(view, pc(view)) is None


def test_officers_own_phones_with_random_addresses_are_no_equipment():
    view = site()
    assert judge(view, something(view, "da:a1:19:00:00:07")) is None


def phones(engine, day, named, count=100):
    """That day's visit of the same phones, each with an address it never had before."""
    for number in range(count):
        mac = f"da:a1:{day:02x}:00:{number >> 8:02x}:{number & 255:02x}"
        at = MORNING + day * DAY + number * SECOND
        name = f"{engine.view.site}-{number}-a-phu" if named else ""
        engine.take(DhcpClientSeen(at=at, leg="lan", mac=mac, message="request", host_name=name, vendor_class="android-dhcp-14", parameters=(1, 3, 6, 15)))
        engine.take(AddressSeen(at=at + MINUTE, leg="lan", mac=mac, ip=f"192.168.1.{number + 20}"))


def live(engine, day):
    """A day is listened to from its morning on."""
    for minute in range(24 * 60):
        at = MORNING + day * DAY + minute * MINUTE
        engine.take(SensorHeard(at=at, sensor="capture:lan", leg="lan"))
        engine.tick(at)


@pytest.mark.parametrize("named", [True, False], ids=["names", "nothing but addresses"])
def test_a_hundred_phones_with_new_addresses_each_day_are_one_matter(named):
    engine = Engine(site(), [UnlistedDevice()])
    for day in range(3):
        phones(engine, day, named)
        live(engine, day)
    (finding,) = engine.findings.values()
    assert (finding.subject, finding.state, finding.severity, finding.times) == (Subject("segment", "lan"), "open", Severity.LOW, 1)
    # Identity joins those that say who they are; the others are counted by the day.
    assert len(engine.view.assets) == (100 if named else 300)
    assert "100 thiết bị" in judge_segment(engine.view).summary.vi


def judge_segment(view):
    return UnlistedDevice().judge(view, Subject("segment", "lan"))


def test_when_they_are_gone_for_a_day_that_was_listened_to_it_is_over():
    engine = Engine(site(), [UnlistedDevice()])
    phones(engine, 0, named=False)
    live(engine, 0)
    assert [finding.state for finding in engine.findings.values()] == ["open"]
    live(engine, 1)
    assert [finding.state for finding in engine.findings.values()] == ["resolved"]


def test_a_day_that_nobody_listened_to_ends_nothing():
    engine = Engine(site(), [UnlistedDevice()])
    phones(engine, 0, named=False)
    live(engine, 0)
    engine.tick(MORNING + 3 * DAY)
    assert judge_segment(engine.view).outcome is Outcome.UNKNOWN
    assert [finding.state for finding in engine.findings.values()] == ["open"]


def test_a_few_phones_of_officers_are_no_matter():
    engine = Engine(site(), [UnlistedDevice()])
    phones(engine, 0, named=False, count=9)
    live(engine, 0)
    engine.tick(MORNING + DAY)
    assert (judge_segment(engine.view).outcome, engine.findings) == (Outcome.CLEAR, {})


@pytest.mark.parametrize(
    ("zone", "register", "outcome"), [(STAFF, None, Outcome.NOT_APPLICABLE), (None, (), None), (Zone(leg="lan", role="citizen"), (), None)]
)
def test_phones_are_counted_on_staff_segments_with_a_register_alone(zone, register, outcome):
    engine = Engine(site(zone, register), [UnlistedDevice()])
    phones(engine, 0, named=False)
    verdict = judge_segment(engine.view)
    assert (verdict and verdict.outcome) == outcome


def test_a_router_is_another_rules_matter():
    view = site()
    asset = something(view, "00:90:a9:00:00:07")
    from model.facts import RouterAdvertised

    fold(view, RouterAdvertised(at=MORNING, leg="lan", mac="00:90:a9:00:00:07", ip="fe80::1", lifetime=1800))
    assert judge(view, asset) is None


def test_listing_the_device_closes_the_finding_with_the_editors_name():
    view = site()
    engine = Engine(view, [UnlistedDevice()])
    engine.take(DhcpClientSeen(at=MORNING, leg="lan", mac=PC, message="request", host_name="PC-LA", **WINDOWS))
    edited = Declared(site="xa", legs=("lan",), zones=(STAFF,), register=(RegisteredAsset(mac=PC, name="Máy tiếp nhận"),), edited_by="Lan")
    engine.taken_news()
    engine.declare(edited)
    (change,) = engine.taken_news().changes
    assert (change.step, change.cause.kind, change.cause.by) == ("resolved", "policy", "Lan")


def test_unheard_for_a_day_is_unknown_and_for_a_fortnight_lapsed():
    view = site()
    engine = Engine(view, [UnlistedDevice()])
    engine.take(DhcpClientSeen(at=MORNING, leg="lan", mac=PC, message="request", host_name="PC-LA", **WINDOWS))
    subject = Subject("asset", view.by_mac[PC])
    for minute in range(0, 15 * 24 * 60, 1):
        engine.take(SensorHeard(at=MORNING + minute * MINUTE, sensor="capture:lan", leg="lan"))
        if minute % 60 == 0:
            engine.tick(MORNING + minute * MINUTE)
        if minute * MINUTE == 25 * HOUR:
            assert judge(view, subject.id).outcome is Outcome.UNKNOWN
            assert engine.findings["VG-NET-06", subject].state == "open"
    engine.tick(MORNING + 15 * DAY)
    assert engine.findings["VG-NET-06", subject].state == "lapsed"


def test_a_restart_keeps_what_is_open_and_opens_nothing_twice():
    view = site()
    engine = Engine(view, [UnlistedDevice()])
    engine.take(DhcpClientSeen(at=MORNING, leg="lan", mac=PC, message="request", host_name="PC-LA", **WINDOWS))
    again = Engine(view, [UnlistedDevice()])
    again.restore(engine.findings.values(), engine.verdicts.values())
    again.tick(MORNING + MINUTE)
    again.review_after_start()
    assert again.taken_news().changes == []
    assert [finding.state for finding in again.findings.values()] == ["open"]
