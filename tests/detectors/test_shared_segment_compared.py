"""VG-NET-01 by comparison: own DISCOVER, gateways, router advertisements and lines, with all that is lawful and looks alike."""

from __future__ import annotations

import pytest

from model.facts import AddressSeen, DhcpServerSeen, Prefix, RouterAdvertised
from model.site import fold
from model.times import MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity
from model.wirefacts import GatewayTold, LineTold, ProbeRan
from tests.detectors.probed import ASKS, OTHER_ROUTER, OWN, RELAY, ROUTER, VRRP, both_ways, graded, judge, numbers, rung, site, techniques
from tests.model.making import AT

# Own DISCOVER, gateways, router advertisements


def discover(view, leg, mac, server="192.168.1.1", offered="192.168.1.77", mask="255.255.255.0", relay="", at=AT):
    number = next(numbers)
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


def test_an_arp_answer_to_our_own_question_is_such_an_answer():
    view = site()
    for leg in OWN:
        fold(view, AddressSeen(at=AT, leg=leg, mac=ROUTER, ip="192.168.1.1", form="reply", told=ASKS))
        fold(view, AddressSeen(at=AT, leg=leg, mac=RELAY, ip="192.168.1.9", form="reply", told=ROUTER))
    assert {leg: list(row.gateways) for leg, row in view.wire.proof.items()} == {leg: ["192.168.1.1"] for leg in OWN}
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
