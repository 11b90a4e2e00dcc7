"""VG-NET-01 by probes of our own: what proves, what only looks so, what silence says, and when a proof is over."""

from __future__ import annotations

from itertools import count

import pytest

from collector.engine import Engine
from detectors.shared_segment import SharedSegment
from model import nonce
from model.declared import Declared, Zone
from model.facts import AddressSeen, DhcpServerSeen, Prefix, RouterAdvertised, SensorHeard
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Subject
from model.wirefacts import GatewayTold, LineTold, ProbeRan
from tests.model.making import AT, KEY, heard_nonce

STAFF, CITIZEN = Zone(leg="can-bo", role="staff", name="Mạng cán bộ"), Zone(leg="nguoi-dan", role="citizen", name="Wi-Fi khu chờ")
PAIR = Subject("segments", "can-bo|nguoi-dan")
OWN = {"can-bo": "02:00:00:00:00:01", "nguoi-dan": "02:00:00:00:00:02"}
RELAY, ROUTER, OTHER_ROUTER = "00:e0:4c:00:00:99", "a4:f4:c2:10:20:01", "a4:f4:c2:10:20:02"
VRRP = "00:00:5e:00:01:07"
ASKS = nonce.address(KEY, b"ab")
_numbers = count(1)


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
    number = next(_numbers)
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


# Nonces


def test_frames_heard_both_ways_prove_one_link_layer():
    view = site()
    both_ways(view, AT, crosses=True)
    verdict = judge(view)
    assert graded(verdict) == PROVEN
    assert "ngược lại" in verdict.summary.vi
    assert "nonce raw can-bo > nguoi-dan" in [piece.value for piece in verdict.evidence]


def test_a_one_way_leak_is_proven_and_its_direction_told():
    view = site()
    listen(view, AT)
    probe(view, "nguoi-dan", AT, crosses=True)
    probe(view, "can-bo", AT)
    verdict = judge(view)
    assert graded(verdict) == PROVEN
    assert "một chiều" in verdict.summary.vi
    assert verdict.summary.vi.index("Wi-Fi khu chờ") < verdict.summary.vi.index("Mạng cán bộ")


def test_datagrams_alone_prove_nothing_where_the_raw_frames_stayed_away():
    view = site()
    both_ways(view, AT, "raw")
    both_ways(view, AT, "udp", crosses=True)
    assert graded(judge(view)) == MAYBE


def test_datagrams_alone_prove_it_where_no_raw_frame_could_be_sent():
    view = site()
    both_ways(view, AT, "raw", outcome="failed", tapped=False)
    both_ways(view, AT, "udp", crosses=True)
    assert graded(judge(view)) == PROVEN


@pytest.mark.parametrize("how", [{"mac": RELAY}, {"ttl": 254}], ids=["another sender", "a hop"])
def test_a_relayed_datagram_is_only_likely(how):
    view = site()
    both_ways(view, AT, "udp", crosses=True, **how)
    verdict = judge(view)
    assert graded(verdict) == MAYBE
    assert "chuyển tiếp" in verdict.summary.vi


def test_a_mirror_port_alone_may_have_been_given_a_copy():
    view = site(vantage="mirror")
    listen(view, AT, vantage="mirror")
    probe(view, "can-bo", AT, crosses=True)
    assert graded(judge(view)) == MAYBE
    probe(view, "nguoi-dan", AT + MINUTE, crosses=True)
    assert graded(judge(view)) == PROVEN


def test_a_tagged_frame_joins_the_tagged_segment_alone():
    view = site(STAFF, CITIZEN, Zone(leg="can-bo", role="staff", vlan=(20,)))
    listen(view, AT)
    probe(view, "nguoi-dan", AT, crosses=True, vlan=(20,))
    assert graded(judge(view, Subject("segments", "can-bo/20|nguoi-dan"))) == PROVEN
    assert judge(view).outcome is Outcome.UNKNOWN


# Silence


def test_silence_is_not_observed_and_says_why_it_may_be_blind():
    view = site()
    both_ways(view, AT)
    verdict = judge(view)
    assert (verdict.outcome, rung(verdict)) == (Outcome.UNKNOWN, "not_observed")
    assert "khung thử lớp 2" in verdict.reason.vi
    assert "cách ly" in verdict.reason.vi
    assert techniques(verdict)["nonce"] == "silent"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"outcome": "failed", "tapped": False, "detail": "eth1 đang tắt"}, "eth1 đang tắt"),
        ({"tapped": False}, "không thấy rời khỏi hộp"),
    ],
)
def test_a_probe_that_could_not_be_made_is_told(how, why):
    view = site()
    both_ways(view, AT, **how)
    verdict = judge(view)
    assert verdict.outcome is Outcome.UNKNOWN
    assert why in verdict.reason.vi
    assert techniques(verdict)["nonce"] == "unable"


def test_a_leg_that_nobody_listened_to_heard_nothing():
    view = site()
    for origin in OWN:
        probe(view, origin, AT + HOUR)
    assert techniques(judge(view))["nonce"] == "unable"


def test_no_number_of_silences_makes_it_clear():
    view = site()
    for hour in range(0, 48, 4):
        both_ways(view, AT + hour * HOUR)
    assert judge(view).outcome is Outcome.UNKNOWN


def test_without_probes_the_verdict_says_that_none_is_switched_on():
    assert "chưa bật" in judge(site()).reason.vi


# How a proof ends


def later(view, hours, **fields):
    """Runs both ways at these hours, listened to in between."""
    for minute in range(0, hours[-1] * 60 + 1, 1):
        listen(view, AT + minute * MINUTE)
    for hour in hours:
        both_ways(view, AT + hour * HOUR, **fields)


def test_three_silences_both_ways_over_a_day_end_it():
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, (2, 14, 26))
    verdict = judge(view)
    assert (verdict.outcome, rung(verdict)) == (Outcome.CLEAR, "not_observed")
    assert "24 giờ" in verdict.summary.vi


@pytest.mark.parametrize("hours", [(2, 26), (2, 14, 20)], ids=["twice", "within less than a day"])
def test_fewer_do_not(hours):
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, hours)
    assert graded(judge(view)) == PROVEN


def test_silence_without_its_control_does_not():
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, (2, 14, 26), tapped=False)
    assert graded(judge(view)) == PROVEN


def test_silence_one_way_does_not():
    view = site()
    both_ways(view, AT, crosses=True)
    for hour in (2, 14, 26):
        listen(view, AT + hour * HOUR)
        probe(view, "can-bo", AT + hour * HOUR)
        probe(view, "can-bo", AT + hour * HOUR, "udp")
    assert graded(judge(view)) == PROVEN


def test_one_more_crossing_begins_anew():
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, (2, 14))
    listen(view, AT + 20 * HOUR)
    probe(view, "can-bo", AT + 20 * HOUR, crosses=True)
    later(view, (26,))
    assert graded(judge(view)) == PROVEN


def test_a_device_that_crosses_meanwhile_keeps_it_open():
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, (2, 14, 26))
    for number in range(3):
        at = AT + (20 + number) * HOUR
        for leg in OWN:
            fold(view, AddressSeen(at=at, leg=leg, mac="00:06:5b:00:00:77", ip="192.168.1.7"))
            fold(view, AddressSeen(at=at + 2, leg=leg, mac="00:06:5b:00:00:77", ip="192.168.1.7"))
    assert graded(judge(view)) == MAYBE


def test_the_finding_opens_with_the_frame_and_closes_with_the_third_silence():
    view = site()
    engine = Engine(view, [SharedSegment()])

    def run(at, *, crosses):
        for beat in range(-60, 61, 60):
            for leg in OWN:
                engine.take(SensorHeard(at=at + beat * SECOND, sensor=f"capture:{leg}", leg=leg, vantage="plain"))
        for origin, own in OWN.items():
            number = next(_numbers)
            fields = {"nonce": f"{number:016x}", "client": own, "target": other(origin), "tapped": True}
            engine.take(ProbeRan(at=at, sensor="probe", sequence=number, leg=origin, probe="nonce_raw", outcome="sent", **fields))
            if crosses:
                engine.take(heard_nonce("raw", number, at, origin, other(origin), at=at + 1000, leg=other(origin), mac=own, sequence=number))
        engine.tick(at + MINUTE)

    run(AT, crosses=True)
    [finding] = engine.findings.values()
    assert (finding.state, finding.grade, finding.subject) == ("open", Grade.PROVEN, PAIR)
    for hour in (2, 14, 26):
        run(AT + hour * HOUR, crosses=False)
    [finding] = engine.findings.values()
    assert finding.state == "resolved"


# Routed way


def test_a_datagram_by_way_of_a_router_is_a_routed_path_with_its_hops():
    view = site()
    listen(view, AT)
    probe(view, "nguoi-dan", AT, "routed", crosses=True, ttl=254, mac=ROUTER)
    verdict = judge(view)
    assert graded(verdict) == (Outcome.VIOLATION, Severity.HIGH, Grade.CONFIRMED, "routed_reachable")
    assert "qua 1 bộ định tuyến" in verdict.summary.vi


def test_a_routed_way_that_is_shut_is_over_after_a_day():
    view = site()
    listen(view, AT)
    probe(view, "nguoi-dan", AT, "routed", crosses=True, ttl=254, mac=ROUTER)
    later(view, (2, 14))
    for hour in (2, 14):
        probe(view, "nguoi-dan", AT + hour * HOUR, "routed")
    assert rung(judge(view)) == "routed_reachable"
    listen(view, AT + 26 * HOUR)
    probe(view, "nguoi-dan", AT + 26 * HOUR, "routed")
    assert judge(view).outcome is Outcome.CLEAR


# Own DISCOVER, gateways, router advertisements


def discover(view, leg, mac, server="192.168.1.1", offered="192.168.1.77", mask="255.255.255.0", relay="", at=AT):
    number = next(_numbers)
    fold(view, ProbeRan(at=at, sensor="probe", sequence=number, leg=leg, probe="dhcp", outcome="sent", client=ASKS))
    told = {"message": "offer", "server_id": server, "offered_ip": offered, "mask": mask, "relay": relay, "client_mac": ASKS}
    fold(view, DhcpServerSeen(at=at + SECOND, leg=leg, sequence=number, mac=mac, ip=relay or server, **told))


def test_one_server_with_one_range_on_both_is_one_subnet():
    view = site()
    for leg in OWN:
        discover(view, leg, ROUTER)
    verdict = judge(view)
    assert graded(verdict) == (Outcome.VIOLATION, Severity.MEDIUM, Grade.LIKELY, "same_subnet")
    assert "192.168.1.0/24" in verdict.summary.vi


def test_the_same_prefix_behind_two_routers_is_two_networks():
    view = site()
    discover(view, "can-bo", ROUTER)
    discover(view, "nguoi-dan", OTHER_ROUTER)
    for leg, mac in (("can-bo", ROUTER), ("nguoi-dan", OTHER_ROUTER)):
        fold(view, GatewayTold(at=AT, leg=leg, mac=mac, ip="192.168.1.1", asked_by=ASKS))
    assert judge(view).outcome is Outcome.UNKNOWN


def test_a_relay_for_two_segments_is_no_shared_network():
    view = site()
    discover(view, "can-bo", ROUTER, "10.0.0.5", "192.168.10.77", relay="192.168.10.1")
    discover(view, "nguoi-dan", OTHER_ROUTER, "10.0.0.5", "192.168.20.77", relay="192.168.20.1")
    verdict = judge(view)
    assert verdict.outcome is Outcome.UNKNOWN
    assert techniques(verdict)["dhcp"] == "silent"


def test_one_switch_with_one_address_for_all_its_networks_is_one_line_at_most():
    view = site()
    discover(view, "can-bo", ROUTER, "192.168.10.1", "192.168.10.77")
    discover(view, "nguoi-dan", ROUTER, "192.168.20.1", "192.168.20.77")
    for leg, ip in (("can-bo", "192.168.10.1"), ("nguoi-dan", "192.168.20.1")):
        fold(view, GatewayTold(at=AT, leg=leg, mac=ROUTER, ip=ip, asked_by=ASKS))
    verdict = judge(view)
    assert (rung(verdict), verdict.severity) == ("same_line_only", Severity.LOW)


def test_a_virtual_routers_address_is_the_same_everywhere_and_says_nothing():
    view = site()
    for leg in OWN:
        discover(view, leg, VRRP)
        fold(view, GatewayTold(at=AT, leg=leg, mac=VRRP, ip="192.168.1.1", asked_by=ASKS))
        fold(view, RouterAdvertised(at=AT, leg=leg, mac=VRRP, lifetime=1800, prefixes=(PREFIX,)))
    assert judge(view).outcome is Outcome.UNKNOWN


def test_one_gateway_that_answers_for_one_address_on_both_is_one_subnet():
    view = site()
    for leg in OWN:
        fold(view, GatewayTold(at=AT, leg=leg, mac=ROUTER, ip="192.168.1.1", asked_by=ASKS))
    assert rung(judge(view)) == "same_subnet"


def test_answers_to_questions_that_were_not_ours_prove_nothing():
    view = site()
    for leg in OWN:
        fold(view, GatewayTold(at=AT, leg=leg, mac=ROUTER, ip="192.168.1.1", asked_by="ee:b5:00:00:00:00"))
    assert view.wire.proof == {}


PREFIX = Prefix(prefix="2001:db8:1::/64", on_link=True, autonomous=True, valid=1, preferred=1)


def test_one_router_that_advertises_one_prefix_on_both_is_one_subnet():
    view = site()
    for leg in OWN:
        fold(view, RouterAdvertised(at=AT, leg=leg, mac=ROUTER, lifetime=1800, prefixes=(PREFIX,)))
    assert rung(judge(view)) == "same_subnet"


def test_two_routers_with_one_prefix_of_their_maker_are_two():
    view = site()
    for leg, mac in (("can-bo", ROUTER), ("nguoi-dan", OTHER_ROUTER)):
        fold(view, RouterAdvertised(at=AT, leg=leg, mac=mac, lifetime=1800, prefixes=(PREFIX,)))
    assert judge(view).outcome is Outcome.UNKNOWN


# The line


def lines(one, two):
    view = site()
    for leg, told in (("can-bo", one), ("nguoi-dan", two)):
        fold(view, LineTold(at=AT, sensor="lines", leg=leg, **told))
    return judge(view)


def test_one_public_address_by_one_router_is_one_line():
    verdict = lines({"address": "203.0.113.5", "gateway_mac": ROUTER}, {"address": "203.0.113.5", "gateway_mac": ROUTER})
    assert graded(verdict) == (Outcome.VIOLATION, Severity.LOW, Grade.LIKELY, "same_line_only")


def test_one_public_address_by_two_routers_is_a_carriers_nat():
    verdict = lines({"address": "203.0.113.5", "gateway_mac": ROUTER}, {"address": "203.0.113.5", "gateway_mac": OTHER_ROUTER})
    assert verdict.outcome is Outcome.UNKNOWN
    assert techniques(verdict)["line"] == "silent"


@pytest.mark.parametrize(("hop", "shared"), [("192.168.1.1", False), ("100.64.0.1", False), ("123.30.1.1", True)])
def test_the_first_hop_tells_routers_apart_only_where_it_is_an_address_of_the_world(hop, shared):
    told = {"address": "203.0.113.5", "first_hop": hop}
    assert (lines(told, told).outcome is Outcome.VIOLATION) == shared


def test_the_worst_that_is_known_is_what_is_told():
    view = site()
    for leg in OWN:
        fold(view, LineTold(at=AT, sensor="lines", leg=leg, address="203.0.113.5", gateway_mac=ROUTER))
        discover(view, leg, ROUTER)
    assert rung(judge(view)) == "same_subnet"
    both_ways(view, AT + MINUTE, crosses=True)
    assert rung(judge(view)) == "proven_shared_l2"
    assert {"dhcp", "nonce", "line"} <= techniques(judge(view)).keys()


def test_a_laptop_that_roams_carries_no_nonce():
    view = site()
    for n in range(6):
        leg = list(OWN)[n % 2]
        at = AT + n * 40 * SECOND
        fold(view, AddressSeen(at=at, leg=leg, mac="00:06:5b:00:00:77", ip="192.168.1.7"))
    both_ways(view, AT + 10 * MINUTE)
    view.now = AT + DAY
    assert judge(view).outcome is Outcome.UNKNOWN
