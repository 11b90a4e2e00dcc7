"""VG-NET-01: what is shared, and the benign twins that look alike."""

from __future__ import annotations

import pytest

from collector.engine import Engine
from detectors.shared_segment import SharedSegment
from model.declared import Declared, RegisteredAsset, Zone
from model.facts import AddressSeen, DhcpClientSeen, DhcpServerSeen, RouterAdvertised, SensorHeard
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Subject

# 15/07/2025 08:00 in Viet Nam.
MORNING = 1_752_541_200 * SECOND
STAFF, CITIZEN = Zone(leg="can-bo", role="staff", name="Mạng cán bộ"), Zone(leg="nguoi-dan", role="citizen", name="Wi-Fi khu chờ")
PAIR = Subject("segments", "can-bo|nguoi-dan")
ANDROID = {"vendor_class": "android-dhcp-14", "parameters": (1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108)}
WINDOWS = {"vendor_class": "MSFT 5.0", "parameters": (1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)}


def site(*zones, register=None):
    return SiteView(Declared(site="xa", legs=("can-bo", "nguoi-dan"), zones=zones, register=register), now=MORNING)


def listen(view, at, *legs):
    for leg in legs or ("can-bo", "nguoi-dan"):
        fold(view, SensorHeard(at=at, sensor=f"capture:{leg}", leg=leg))


def use(view, leg, mac, ip, at=MORNING, times=2):
    for again in range(times):
        fold(view, AddressSeen(at=at + again * 10 * SECOND, leg=leg, mac=mac, ip=ip))


def on_both(view, mac, ip, times, apart=1_000_000):
    """The same broadcast heard on both legs of one switch."""
    for n in range(times):
        at = MORNING + n * MINUTE
        fold(view, AddressSeen(at=at, leg="can-bo", mac=mac, ip=ip))
        fold(view, AddressSeen(at=at + apart, leg="nguoi-dan", mac=mac, ip=ip))


def mac(number, start="00:06:5b"):
    return f"{start}:00:{number >> 8:02x}:{number & 255:02x}"


def judge(view, subject=PAIR, **options):
    return SharedSegment(**options).judge(view, subject)


def ladder(verdict):
    return dict(verdict.state)["ladder"]


def test_devices_heard_on_both_legs_at_once_share_the_link_layer():
    view = site(STAFF, CITIZEN)
    for number in range(3):
        on_both(view, mac(number), f"192.168.1.{number + 10}", 4)
    verdict = judge(view)
    assert (verdict.outcome, verdict.severity, verdict.grade, ladder(verdict)) == (Outcome.VIOLATION, Severity.HIGH, Grade.CONFIRMED, "shared_l2")
    assert "Mạng cán bộ" in verdict.summary.vi
    assert "Wi-Fi khu chờ" in verdict.summary.vi


def test_one_device_heard_on_both_legs_is_likely_and_medium():
    view = site(STAFF, CITIZEN)
    on_both(view, mac(1), "192.168.1.10", 5)
    assert (judge(view).severity, judge(view).grade) == (Severity.MEDIUM, Grade.LIKELY)


def test_fewer_crossings_than_the_option_say_nothing():
    view = site(STAFF, CITIZEN)
    # Each time the device is heard on both, the second leg and the return to the first count.
    on_both(view, mac(1), "192.168.1.10", 2)
    assert judge(view, crossings=5).outcome is Outcome.UNKNOWN
    assert judge(view, crossings=1).outcome is Outcome.VIOLATION


def test_a_laptop_that_roams_is_no_shared_network():
    view = site(STAFF, CITIZEN)
    on_both(view, mac(1), "192.168.1.10", 5, apart=30 * SECOND)
    verdict = judge(view)
    assert (verdict.outcome, ladder(verdict)) == (Outcome.UNKNOWN, "not_observed")


def test_a_reflector_repeats_under_its_own_address_and_is_no_shared_network():
    view = site(STAFF, CITIZEN)
    use(view, "can-bo", mac(1), "192.168.10.10", times=6)
    use(view, "nguoi-dan", mac(2), "192.168.20.2", times=6)
    assert judge(view).outcome is Outcome.UNKNOWN


def test_one_router_with_a_range_for_each_is_a_line_shared_and_never_a_network_shared():
    view = site(STAFF, CITIZEN)
    for leg, ip in (("can-bo", "192.168.10.1"), ("nguoi-dan", "192.168.20.1")):
        fold(view, RouterAdvertised(at=MORNING, leg=leg, mac=mac(1), ip=ip, lifetime=1800))
    use(view, "can-bo", mac(2), "192.168.10.9")
    use(view, "nguoi-dan", mac(3), "192.168.20.9")
    verdict = judge(view)
    assert (verdict.severity, ladder(verdict)) == (Severity.LOW, "same_line_only")
    assert "chưa phải chung mạng" in verdict.summary.vi


def test_one_gateway_and_one_range_on_both_legs_is_the_same_subnet():
    view = site(STAFF, CITIZEN)
    for leg in ("can-bo", "nguoi-dan"):
        fold(view, DhcpServerSeen(at=MORNING, leg=leg, mac=mac(1), ip="192.168.1.1", message="ack", server_id="192.168.1.1", mask="255.255.255.0"))
        use(view, leg, mac(2 if leg == "can-bo" else 3), "192.168.1.9")
    verdict = judge(view)
    assert (verdict.severity, verdict.grade, ladder(verdict)) == (Severity.MEDIUM, Grade.LIKELY, "same_subnet")


def test_two_routers_that_number_alike_are_two_networks():
    view = site(STAFF, CITIZEN)
    for number, leg in enumerate(("can-bo", "nguoi-dan")):
        fold(view, DhcpServerSeen(at=MORNING, leg=leg, mac=mac(number), ip="192.168.1.1", message="ack", server_id="192.168.1.1", mask="255.255.255.0"))
    assert judge(view).outcome is Outcome.UNKNOWN


def test_a_leg_nobody_heard_makes_the_pair_blind():
    view = site(STAFF, CITIZEN)
    use(view, "can-bo", mac(1), "192.168.1.9")
    assert ladder(judge(view)) == "blind"


def test_crossings_that_ended_a_week_ago_close_while_both_legs_are_heard_and_not_otherwise():
    view = site(STAFF, CITIZEN)
    for number in range(2):
        on_both(view, mac(number), f"192.168.1.{number + 10}", 5)
    for minute in range(0, 8 * 24 * 60, 1):
        listen(view, MORNING + minute * MINUTE)
    view.now = MORNING + 8 * DAY
    assert judge(view).outcome is Outcome.CLEAR
    deaf = site(STAFF, CITIZEN)
    for number in range(2):
        on_both(deaf, mac(number), f"192.168.1.{number + 10}", 5)
    listen(deaf, MORNING)
    deaf.now = MORNING + 8 * DAY
    assert judge(deaf).outcome is Outcome.VIOLATION


@pytest.mark.parametrize(
    ("addresses", "ranges"),
    [
        (("192.168.1.5", "192.168.1.6"), 1),
        (("192.168.1.5", "192.168.0.6"), 2),
        (("10.1.2.3", "10.1.3.4"), 1),
        (("10.1.2.3", "10.46.3.4"), 2),
        (("192.168.1.5", "169.254.7.7"), 1),
        (("147.229.181.1", "147.229.183.9"), 1),
    ],
)
def test_ranges_on_one_wire_are_told_apart_as_far_as_anybody_can_know(addresses, ranges):
    view = site()
    for number, ip in enumerate(addresses):
        use(view, "can-bo", mac(number), ip)
    verdict = judge(view, Subject("segment", "can-bo"))
    assert (verdict.outcome is Outcome.VIOLATION) == (ranges > 1)
    if ranges > 1:
        assert (verdict.severity, verdict.grade) == (Severity.LOW, Grade.INFERRED)


def test_a_device_with_a_factory_address_before_dhcp_is_one_range():
    view = site()
    use(view, "can-bo", mac(1), "192.168.0.20")
    use(view, "can-bo", mac(1), "10.10.10.37")
    use(view, "can-bo", mac(2), "10.10.10.5")
    assert judge(view, Subject("segment", "can-bo")).outcome is Outcome.UNKNOWN


def test_a_mask_wider_than_24_is_one_range():
    view = site()
    fold(view, DhcpServerSeen(at=MORNING, leg="can-bo", mac=mac(9), ip="192.168.0.1", message="ack", server_id="192.168.0.1", mask="255.255.0.0"))
    use(view, "can-bo", mac(1), "192.168.3.20")
    use(view, "can-bo", mac(2), "192.168.77.5")
    assert judge(view, Subject("segment", "can-bo")).outcome is Outcome.UNKNOWN


def test_a_kiosk_declared_for_citizens_on_the_staff_network_is_named():
    view = site(STAFF, CITIZEN, register=(RegisteredAsset(mac=mac(7), name="Máy tra cứu 1", role="citizen"),))
    use(view, "can-bo", mac(7), "192.168.10.7")
    verdict = judge(view, Subject("segment", "can-bo"))
    assert (verdict.outcome, verdict.severity, verdict.grade) == (Outcome.VIOLATION, Severity.MEDIUM, Grade.LIKELY)
    assert "Máy tra cứu 1" in verdict.summary.vi


def kiosk(leg="can-bo"):
    """An engine that was told of a citizens' kiosk, which then speaks on that leg beside others."""
    engine = Engine(site(STAFF, CITIZEN, register=(RegisteredAsset(mac=mac(7), name="Máy tra cứu 1", role="citizen"),)), [SharedSegment()])
    for number in range(3):
        engine.take(AddressSeen(at=MORNING + number, leg="can-bo", mac=mac(number), ip=f"192.168.10.{number + 10}"))
    for again in range(2):
        engine.take(AddressSeen(at=MORNING + MINUTE + again * SECOND, leg=leg, mac=mac(7), ip="192.168.10.7"))
    return engine


def standing(engine):
    return [(finding.subject.id, finding.state) for finding in engine.findings.values()]


def test_a_misplaced_device_is_told_as_soon_as_it_is_heard():
    assert standing(kiosk()) == [("can-bo", "open")]
    assert standing(kiosk("nguoi-dan")) == []


def pass_days(engine, days, leg="can-bo"):
    """The sensor listens until so many days after the first morning."""
    for at in range(engine.view.now, MORNING + days * DAY, 2 * MINUTE):
        engine.tick(at)
        engine.take(SensorHeard(at=at, sensor=f"capture:{leg}", leg=leg))
    engine.tick(MORNING + days * DAY)


def test_it_is_over_once_the_device_was_not_heard_there_for_five_working_days():
    engine = kiosk()
    pass_days(engine, 6)
    assert standing(engine) == [("can-bo", "open")], "a weekend lies in between"
    pass_days(engine, 8)
    assert standing(engine) == [("can-bo", "resolved")]


def test_it_is_not_over_where_nobody_listened():
    engine = kiosk()
    engine.tick(MORNING + 20 * DAY)
    assert standing(engine) == [("can-bo", "open")]


def test_a_range_that_is_no_longer_used_ends_what_it_spoke_for():
    engine = Engine(site(), [SharedSegment()])
    for number, ip in enumerate(("192.168.1.5", "192.168.0.6")):
        for again in range(2):
            engine.take(AddressSeen(at=MORNING + again * SECOND, leg="can-bo", mac=mac(number), ip=ip))
    assert standing(engine) == [("can-bo", "open")]
    pass_days(engine, 8)
    assert standing(engine) == [("can-bo", "resolved")]


def test_a_crowd_of_visitors_that_came_no_more_is_over_after_five_working_days():
    view = site()
    with_pcs(view)
    for day in range(3):
        passing_phones(view, day, 10)
    engine = Engine(view, [SharedSegment()])
    engine.tick(MORNING + 3 * DAY)
    engine.review_after_start()
    assert standing(engine) == [("lan", "open")]
    pass_days(engine, 9, "lan")
    assert standing(engine) == [("lan", "open")]
    pass_days(engine, 11, "lan")
    assert standing(engine) == [("lan", "resolved")]


def passing_phones(view, day, count, stay=20 * MINUTE):
    for number in range(count):
        at = MORNING + day * DAY + number * MINUTE
        phone = f"{number + 1:02x}:00:{day:02x}:aa:bb:cc".replace(f"{number + 1:02x}:", f"{(number << 4 | 2) & 255:02x}:", 1)
        for moment in (at, at + stay):
            fold(view, DhcpClientSeen(at=moment, leg="lan", mac=phone, message="request", **ANDROID))
            fold(view, AddressSeen(at=moment, leg="lan", mac=phone, ip=f"192.168.1.{100 + number}"))


def with_pcs(view, count=3):
    for number in range(count):
        fold(view, DhcpClientSeen(at=MORNING, leg="lan", mac=mac(number), message="request", host_name=f"PC-{number}", **WINDOWS))
        use(view, "lan", mac(number), f"192.168.1.{number + 10}")


def population(days, phones, stay=20 * MINUTE):
    view = site()
    with_pcs(view)
    for day in range(days):
        passing_phones(view, day, phones, stay)
    view.now = MORNING + days * DAY
    return judge(view, Subject("segment", "lan"))


def test_passing_phones_day_after_day_beside_windows_pcs_are_an_inference():
    verdict = population(3, 10)
    assert (verdict.outcome, verdict.severity, verdict.grade) == (Outcome.VIOLATION, Severity.LOW, Grade.INFERRED)
    assert "điện thoại" in verdict.summary.vi


def test_a_training_day_full_of_phones_is_one_day():
    assert population(1, 15).outcome is Outcome.UNKNOWN


def test_officers_own_phones_stay_the_day():
    assert population(4, 10, stay=7 * HOUR).outcome is Outcome.UNKNOWN


def test_virtual_machines_with_local_addresses_are_no_phones():
    view = site()
    with_pcs(view)
    for day in range(4):
        for number in range(10):
            machine = f"02:00:{day:02x}:00:00:{number:02x}"
            at = MORNING + day * DAY
            fold(view, DhcpClientSeen(at=at, leg="lan", mac=machine, message="request", vendor_class="", parameters=(1, 28, 2, 3, 15, 6, 119, 12)))
    view.now = MORNING + 4 * DAY
    assert judge(view, Subject("segment", "lan")).outcome is Outcome.UNKNOWN


def test_guest_wifi_done_right_opens_nothing():
    view = site(STAFF, CITIZEN)
    engine = Engine(view, [SharedSegment()])
    for number in range(10):
        for again in range(3):
            at = MORNING + again * MINUTE
            engine.take(AddressSeen(at=at, leg="can-bo", mac=mac(number), ip=f"192.168.10.{number + 10}"))
            engine.take(AddressSeen(at=at, leg="nguoi-dan", mac=mac(number, "02:11:22"), ip=f"192.168.20.{number + 10}"))
    engine.tick(MORNING + DAY)
    assert not [finding for finding in engine.findings.values() if finding.state == "open"]


def test_the_engine_opens_the_pair_as_soon_as_devices_cross():
    view = site(STAFF, CITIZEN)
    engine = Engine(view, [SharedSegment()])
    for number in range(2):
        for again in range(3):
            at = MORNING + again * MINUTE
            engine.take(AddressSeen(at=at, leg="can-bo", mac=mac(number), ip=f"192.168.1.{number + 10}"))
            engine.take(AddressSeen(at=at + 1000, leg="nguoi-dan", mac=mac(number), ip=f"192.168.1.{number + 10}"))
    assert [finding.subject for finding in engine.findings.values() if finding.state == "open"] == [PAIR]
