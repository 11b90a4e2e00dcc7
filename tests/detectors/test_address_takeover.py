"""VG-NET-08: who poses as another's address, how it shows, and the many honest ways of having two devices at one address."""

from __future__ import annotations

import pytest

from model import nonce
from model.declared import Server
from model.facts import DhcpClientSeen, RouterAdvertised
from model.times import SECOND
from model.verdict import Grade, Outcome, Severity, Urgency
from model.wirefacts import AddressProbed
from model.wording import address_takeover as words
from tests.detectors.addresses import EVIL, GATEWAY, IP, KEY, OTHER_ROUTER, PC, START, V6, VICTIM, Wire, poisoned, signs_of

# What is found


def test_unasked_answers_to_a_victim_that_it_is_the_router_are_critical_and_page():
    wire = Wire()
    wire.live(VICTIM, EVIL)
    wire.lease()
    poisoned(wire)
    verdict = wire.judge()
    assert (verdict.outcome, verdict.severity, verdict.urgency, verdict.grade) == (Outcome.VIOLATION, Severity.CRITICAL, Urgency.PAGE, Grade.CONFIRMED)
    assert dict(verdict.state)["target"] == "gateway"
    assert verdict.title == words.title(EVIL, gateway=True)
    assert EVIL in verdict.title.vi, "the address it took is no name for it"
    assert IP[GATEWAY] in verdict.summary.vi
    assert "1 máy" in verdict.summary.vi
    assert verdict.subject in wire.touched


def test_of_another_device_they_are_high():
    wire = Wire()
    wire.live(VICTIM, EVIL, PC)
    poisoned(wire, ip=IP[PC])
    verdict = wire.judge()
    assert (verdict.outcome, verdict.severity) == (Outcome.VIOLATION, Severity.HIGH)
    assert signs_of(verdict) == ["poison"]
    assert IP[PC] not in verdict.summary.vi, "whose address it is may be a citizen's matter"


def test_a_declared_router_makes_its_address_the_way_out_without_dhcp():
    wire = Wire(routers=(Server(leg="lan", ip=IP[GATEWAY], mac=GATEWAY),))
    wire.live(VICTIM, EVIL)
    poisoned(wire)
    assert wire.judge().severity is Severity.CRITICAL


def test_slow_poison_is_found_too():
    wire = Wire()
    wire.live(VICTIM, EVIL)
    wire.lease()
    poisoned(wire, every=10.0)
    assert wire.judge().outcome is Outcome.VIOLATION


def test_claiming_an_address_and_asking_where_it_is():
    """The one from a public recording: a single unasked answer, then the claimant itself looks for the router."""
    wire = Wire()
    wire.claim(EVIL, IP[GATEWAY], 0, form="request", target=IP[VICTIM])
    wire.claim(VICTIM, at=0.1, to=EVIL)
    wire.claim(EVIL, IP[GATEWAY], 0.2, to=VICTIM, target=IP[VICTIM])
    wire.ask(EVIL, IP[GATEWAY], 9)
    assert signs_of(wire.judge()) == ["contradiction"]


def test_telling_each_of_two_sides_that_it_is_the_other():
    wire = Wire()
    wire.live(VICTIM, EVIL)
    wire.claim(EVIL, IP[GATEWAY], 10, to=VICTIM)
    wire.claim(EVIL, IP[VICTIM], 10, to=GATEWAY)
    assert "both_ways" in signs_of(wire.judge())


@pytest.mark.parametrize("vantage", ["mirror", "plain"])
def test_poison_to_everybody_is_found_from_a_plain_port_too(vantage):
    wire = Wire(vantage)
    wire.lease()
    wire.claim(GATEWAY, at=0.5, form="request", target=IP[PC])
    wire.ask(EVIL, IP[PC], 1)
    for number in range(5):
        wire.claim(EVIL, IP[GATEWAY], 10 + 2 * number, target="0.0.0.0")
    assert wire.judge().severity is Severity.CRITICAL


def test_poison_to_everybody_needs_no_known_router():
    wire = Wire()
    wire.live(VICTIM)
    for number in range(5):
        wire.claim(EVIL, IP[GATEWAY], 10 + 2 * number, target="0.0.0.0")
    verdict = wire.judge()
    assert (signs_of(verdict), verdict.severity) == (["poison"], Severity.HIGH)


def test_announcing_again_and_again_what_the_router_still_uses():
    wire = Wire("plain")
    wire.lease()
    wire.claim(GATEWAY, at=1, form="request", target=IP[PC])
    for number in range(5):
        wire.claim(EVIL, IP[GATEWAY], 10 + 2 * number)
    wire.claim(GATEWAY, at=15, form="request", target=IP[PC])
    verdict = wire.judge()
    assert "announced" in signs_of(verdict)


def test_two_that_are_the_router_in_turn():
    wire = Wire()
    wire.lease()
    for number in range(3):
        wire.claim(GATEWAY, at=4 * number, form="request", target=IP[PC])
        wire.claim(EVIL, IP[GATEWAY], 4 * number + 2, form="request", target=IP[VICTIM])
    assert signs_of(wire.judge()) == ["turns"]


def test_a_second_answer_to_our_own_question():
    wire = Wire("plain")
    ours = nonce.address(KEY, b"ab")
    for at in (1, 30):
        for number, mac in enumerate((GATEWAY, EVIL)):
            wire.claim(mac, IP[GATEWAY], at + number / 10, to=ours)
    assert "two_answers" in signs_of(wire.judge())
    assert wire.judge(GATEWAY).outcome is Outcome.UNKNOWN


def test_an_answer_is_judged_though_its_station_had_spoken_in_the_same_second():
    wire = Wire("plain")
    wire.live(VICTIM, EVIL)
    ours = nonce.address(KEY, b"ab")
    wire.claim(GATEWAY, at=30, form="request", target=IP[VICTIM])
    wire.claim(EVIL, IP[GATEWAY], 30.1, to=ours)
    wire.touched.clear()
    wire.claim(GATEWAY, at=30.2, to=ours)
    assert "two_answers" in signs_of(wire.judge())
    assert wire.judge().subject in wire.touched


def test_neighbour_discovery_is_judged_the_same():
    wire = Wire()
    wire.take(RouterAdvertised(at=START, leg="lan", mac=GATEWAY, ip=V6[GATEWAY], lifetime=1800))
    for mac in (GATEWAY, EVIL, VICTIM) * 2:
        wire.claim(mac, V6[mac], 1, form="request", target="fe80::99", via="nd")
    for number in range(5):
        wire.claim(EVIL, V6[GATEWAY], 10 + 2 * number, to=VICTIM, via="nd")
    verdict = wire.judge()
    assert verdict.severity is Severity.CRITICAL
    assert {piece.kind for piece in verdict.evidence} == {"nd", "mac"}


def test_whose_frames_carried_the_lie_is_told():
    wire = Wire()
    wire.live(VICTIM, EVIL)
    wire.lease()
    for number in range(5):
        wire.claim("02:00:00:00:00:99", IP[GATEWAY], 10 + 2 * number, to=VICTIM, carrier=EVIL)
    verdict = wire.judge("02:00:00:00:00:99")
    assert verdict.outcome is Outcome.VIOLATION
    assert any(wire.view.by_mac[EVIL] in piece.value for piece in verdict.evidence)


# What is lawful


def test_answers_to_questions_are_no_poison():
    wire = Wire()
    wire.lease()
    wire.live(VICTIM, EVIL)
    for second in range(1, 60, 2):
        wire.ask(VICTIM, IP[GATEWAY], second)
        wire.claim(GATEWAY, at=second + 0.1, to=VICTIM)
    assert wire.nobody_lies()


def test_probes_and_announcements_of_a_new_address():
    wire = Wire()
    wire.live(VICTIM, PC)
    for number in range(3):
        wire.take(AddressProbed(at=START + number * SECOND, leg="lan", mac=EVIL, target=IP[PC]))
        wire.claim(PC, at=number + 0.1, to=EVIL)
    for number in range(2):
        wire.claim(EVIL, at=5 + 2 * number)
    assert wire.nobody_lies()


def test_an_address_that_dhcp_gives_to_somebody_else():
    wire = Wire()
    wire.live(VICTIM, PC)
    wire.claim(EVIL, IP[PC], 7200)
    wire.claim(EVIL, IP[PC], 7202)
    wire.ask(EVIL, IP[GATEWAY], 7203, ip=IP[PC])
    assert wire.nobody_lies()


def test_a_router_that_was_replaced():
    wire = Wire()
    wire.lease()
    wire.live(VICTIM)
    for number in range(3):
        wire.claim(OTHER_ROUTER, IP[GATEWAY], 600 + number)
    for second in range(605, 700, 5):
        wire.ask(VICTIM, IP[GATEWAY], second)
        wire.claim(OTHER_ROUTER, IP[GATEWAY], second + 0.1, to=VICTIM)
    assert wire.nobody_lies()


@pytest.mark.parametrize("group", ["00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "00:00:0c:9f:f0:01", "00:00:5e:00:02:0a", "00:07:b4:00:01:02"])
def test_fail_over_groups(group):
    wire = Wire()
    wire.live(VICTIM)
    for second in range(0, 60, 2):
        wire.claim(group, IP[GATEWAY], second, carrier=GATEWAY if second < 30 else OTHER_ROUTER)
        wire.claim(GATEWAY, at=second + 1, form="request", target=IP[VICTIM])
    assert wire.nobody_lies()


def test_fail_over_without_a_group_address_hands_over_once():
    wire = Wire()
    wire.live(VICTIM)
    wire.lease()
    for mac, start in ((GATEWAY, 0), (OTHER_ROUTER, 100), (GATEWAY, 1000)):
        for number in range(5):
            wire.claim(mac, IP[GATEWAY], start + number)
    assert wire.nobody_lies()


def test_a_second_router_that_is_declared():
    both = tuple(Server(leg="lan", ip=IP[GATEWAY], mac=mac) for mac in (GATEWAY, OTHER_ROUTER))
    wire = Wire(routers=both)
    for second in range(0, 60, 2):
        wire.claim((GATEWAY, OTHER_ROUTER)[second // 2 % 2], IP[GATEWAY], second)
    assert wire.nobody_lies()
    assert wire.judge(OTHER_ROUTER).outcome is Outcome.CLEAR


def test_proxy_arp_by_the_declared_router():
    wire = Wire(routers=(Server(leg="lan", ip=IP[GATEWAY], mac=GATEWAY),))
    wire.live(VICTIM, PC)
    poisoned(wire, mac=GATEWAY, ip=IP[PC], times=10)
    assert wire.nobody_lies()


def test_two_honest_devices_with_one_address_clash_but_steal_nothing():
    wire = Wire()
    wire.live(VICTIM)
    for second in range(0, 60, 5):
        for mac in (PC, EVIL):
            wire.claim(mac, IP[PC], second)
            wire.ask(mac, IP[GATEWAY], second + 1, ip=IP[PC])
    assert wire.nobody_lies()


def test_a_laptop_on_cable_and_wifi():
    wire = Wire()
    for mac in (PC, EVIL):
        wire.take(DhcpClientSeen(at=START, leg="lan", mac=mac, message="request", host_name="PC-KETOAN-01"))
    wire.live(VICTIM, PC)
    poisoned(wire, ip=IP[PC])
    assert wire.nobody_lies()


def test_a_repeater_that_speaks_for_its_clients():
    wire = Wire()
    wire.live(VICTIM, PC)
    for number in range(8):
        wire.claim(PC, at=10 + 2 * number, to=VICTIM, carrier=EVIL)
    assert wire.nobody_lies()


def test_an_attacker_that_puts_things_right_again_does_not_make_the_router_a_liar():
    wire = Wire()
    wire.live(VICTIM, EVIL)
    end = poisoned(wire)
    for number in range(5):
        wire.claim(GATEWAY, at=end + 1 + number, to=VICTIM, carrier=EVIL)
    assert wire.judge(GATEWAY).outcome is not Outcome.VIOLATION if wire.judge(GATEWAY) else True
    assert wire.judge(EVIL).outcome is Outcome.VIOLATION


def test_a_scan_only_asks():
    wire = Wire()
    for number in range(2, 250):
        wire.ask(EVIL, f"192.168.10.{number}", number / 100)
    assert wire.nobody_lies()


def test_answers_that_a_mirror_gives_twice_count_once():
    wire = Wire()
    wire.live(VICTIM)
    wire.lease()
    for number in (0, 0.001, 1, 1.001, 2, 2.001):
        wire.claim(EVIL, IP[GATEWAY], 10 + number, to=VICTIM)
    assert wire.nobody_lies()
