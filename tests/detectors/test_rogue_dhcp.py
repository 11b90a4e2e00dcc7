"""VG-NET-04: servers and router advertisers that nobody declared, relays and fail-over pairs that are lawful, and when one counts as gone."""

from __future__ import annotations

import msgspec
import pytest

from detectors.rogue_dhcp import RogueDhcp
from detectors.rogue_router import RogueRouter
from model import nonce
from model.declared import Declared, Server
from model.facts import Dhcp6ServerSeen, DhcpServerSeen, Prefix, RouterAdvertised, SensorHeard
from model.restored import restore, row_of
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Subject, Urgency
from model.wire.servers import MAX_ON_SEGMENT, MAX_SERVED
from model.wirefacts import ProbeRan
from model.wording import rogue_dhcp as words
from tests.model.steps import work

KEY = b"k" * 32
# Tuesday 15/07/2025 08:00 in Viet Nam.
START = 1_752_541_200 * SECOND
LAWFUL, SECOND_SERVER, ROGUE, RELAY = "a4:f4:c2:10:20:01", "a4:f4:c2:10:20:02", "c0:4a:00:10:20:66", "00:1b:0d:10:20:fe"
IP = {LAWFUL: "192.168.10.1", SECOND_SERVER: "192.168.10.2", ROGUE: "192.168.0.1", RELAY: "192.168.10.254"}
CLIENT = "00:06:5b:10:20:21"
ONE = (Server(leg="lan", ip=IP[LAWFUL], mac=LAWFUL),)


class Site:
    """What is heard on one leg."""

    def __init__(self, servers=ONE, routers=None, vantage="mirror"):
        self.view = SiteView(Declared(site="xa", legs=("lan",), dhcp_servers=servers, routers=routers), key=KEY, now=START)
        self.vantage = vantage
        self.listen(0)

    def listen(self, at):
        fold(self.view, SensorHeard(at=START + at, sensor="capture:lan", leg="lan", vantage=self.vantage))

    def dhcp(self, mac=ROGUE, at=0, message="ack", **fields):
        ip = IP[mac]
        given = {"server_id": ip, "ip": ip, "routers": (ip,), "dns": (ip,), "mask": "255.255.255.0", "offered_ip": ip[:-1] + "77", "client_mac": CLIENT}
        given |= {"vlan": (), **fields}
        if message == "nak":
            given |= {"routers": (), "dns": (), "mask": "", "offered_ip": ""}
        return fold(self.view, DhcpServerSeen(at=START + at, leg="lan", mac=mac, message=message, **given))

    def ra(self, mac=ROGUE, at=0, lifetime=1800, **fields):
        prefix = Prefix(prefix="2001:db8:66::/64", on_link=True, autonomous=True, valid=1, preferred=1)
        fold(self.view, RouterAdvertised(at=START + at, leg="lan", mac=mac, ip="fe80::66", lifetime=lifetime, prefixes=(prefix,), **fields))

    def pass_time(self, days, *, heard=True):
        for half_hour in range(48 * days + 1):
            if heard:
                self.listen(half_hour * 30 * MINUTE)
                self.view.legs["lan"].blind.clear()
        self.view.now = START + days * DAY

    def ask(self, at, probe="dhcp"):
        ours = nonce.address(KEY, b"ab")
        fold(self.view, ProbeRan(at=START + at, sensor="probe", leg="lan", probe=probe, outcome="sent", client=ours, tapped=True))

    def judge(self, mac=ROGUE):
        return RogueDhcp().judge(self.view, Subject("asset", self.view.by_mac[mac]))


def test_a_server_nobody_declared_is_high_and_says_where_it_sends_people():
    site = Site()
    site.dhcp(LAWFUL)
    site.dhcp(ROGUE, dns=("203.0.113.53",))
    verdict = site.judge()
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (Outcome.VIOLATION, Severity.HIGH, Grade.CONFIRMED, Urgency.PAGE)
    assert f"bảo các máy đi ra ngoài qua {IP[ROGUE]}" in verdict.summary.vi
    assert "tên miền (DNS) ở 203.0.113.53" in verdict.summary.vi
    assert any(site.view.by_mac[LAWFUL] in piece.value for piece in verdict.evidence), "whom it contradicts"
    assert site.judge(LAWFUL).outcome is Outcome.CLEAR


def test_one_that_gives_the_lawful_way_out_is_not_said_to_lead_elsewhere():
    site = Site()
    site.dhcp(LAWFUL)
    site.dhcp(ROGUE, routers=(IP[LAWFUL],), dns=(IP[LAWFUL],))
    assert site.judge().outcome is Outcome.VIOLATION
    assert "ra ngoài" not in site.judge().summary.vi


def test_who_forges_the_lawful_identifier_speaks_from_another_address():
    site = Site()
    site.dhcp(ROGUE, server_id=IP[LAWFUL], ip=IP[LAWFUL])
    assert site.judge().outcome is Outcome.VIOLATION


@pytest.mark.parametrize("declared", [Server(leg="lan", mac=LAWFUL), Server(leg="lan", ip=IP[LAWFUL])])
def test_one_column_of_the_list_is_enough(declared):
    site = Site((declared,))
    site.dhcp(LAWFUL)
    site.dhcp(ROGUE)
    assert (site.judge(LAWFUL).outcome, site.judge(ROGUE).outcome) == (Outcome.CLEAR, Outcome.VIOLATION)


def test_what_is_declared_for_another_leg_is_not_for_this():
    site = Site((Server(leg="wifi", ip=IP[LAWFUL]),))
    site.dhcp(LAWFUL)
    assert site.judge(LAWFUL).outcome is Outcome.VIOLATION


def test_a_pair_of_declared_servers_is_lawful_even_when_they_refuse_each_others_clients():
    site = Site((*ONE, Server(leg="lan", mac=SECOND_SERVER)))
    site.dhcp(LAWFUL)
    site.dhcp(SECOND_SERVER, message="nak", at=SECOND)
    assert {site.judge(mac).outcome for mac in (LAWFUL, SECOND_SERVER)} == {Outcome.CLEAR}


# Relays


@pytest.mark.parametrize("routers", [None, (Server(leg="lan", ip=IP[RELAY]),), (Server(leg="lan", mac=RELAY),)])
def test_a_lawful_server_through_a_relay_for_two_segments(routers):
    site = Site((Server(leg="lan", ip="10.0.0.5", mac=LAWFUL),), routers)
    for vlan, relay in (((), IP[RELAY]), ((20,), "192.168.20.254")):
        site.dhcp(RELAY, server_id="10.0.0.5", relay=relay, vlan=vlan)
    assert site.judge(RELAY).outcome is Outcome.CLEAR


def test_a_relay_that_is_no_declared_router_lends_nobody_a_good_name():
    site = Site((Server(leg="lan", ip="10.0.0.5"),), (Server(leg="lan", mac=LAWFUL),))
    site.dhcp(RELAY, server_id="10.0.0.5", relay=IP[RELAY])
    assert site.judge(RELAY).outcome is Outcome.VIOLATION


def test_a_relay_that_passes_on_a_strangers_answers():
    site = Site(ONE)
    site.dhcp(RELAY, server_id="172.16.9.9", relay=IP[RELAY])
    assert "chuyển tiếp từ máy chủ 172.16.9.9" in site.judge(RELAY).summary.vi


# Nothing declared


def test_without_a_list_nobody_is_a_stranger():
    site = Site(None)
    site.dhcp(ROGUE)
    assert (site.judge().outcome, site.judge().reason, site.judge().evidence) == (Outcome.NOT_APPLICABLE, words.NOT_DECLARED, ())


def test_without_a_list_two_that_contradict_each_other_are_told():
    site = Site(None)
    site.dhcp(LAWFUL)
    site.dhcp(ROGUE)
    verdict = site.judge()
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "trái ngược" in verdict.summary.vi
    assert len(verdict.evidence) == 2


def test_two_of_recordings_days_apart_do_not_contradict_each_other():
    site = Site(None)
    site.dhcp(LAWFUL)
    site.dhcp(ROGUE, at=38 * DAY)
    assert site.judge().evidence == ()


def test_an_empty_list_makes_everybody_a_stranger():
    site = Site(())
    site.dhcp(ROGUE)
    assert site.judge().outcome is Outcome.VIOLATION


# Refusals


def test_a_war_of_refusals_is_told():
    site = Site()
    site.dhcp(LAWFUL)
    site.dhcp(ROGUE, at=SECOND, message="nak")
    verdict = site.judge()
    assert verdict.outcome is Outcome.VIOLATION
    assert "NAK" in verdict.summary.vi
    assert any(piece.kind == "count" for piece in verdict.evidence)


def test_refusing_a_client_that_nobody_else_serves_is_no_war():
    site = Site()
    site.dhcp(LAWFUL, client_mac="00:06:5b:10:20:99")
    site.dhcp(ROGUE, at=SECOND, message="nak")
    assert "NAK" not in site.judge().summary.vi


# IPv6


def test_an_advertiser_that_is_no_declared_router():
    site = Site(routers=(Server(leg="lan", ip=IP[LAWFUL], mac=LAWFUL),))
    site.ra(LAWFUL)
    site.ra(ROGUE)
    assert site.judge(LAWFUL).outcome is Outcome.CLEAR, "its IPv4 line stands for both families"
    assert "bộ định tuyến IPv6" in site.judge().summary.vi


def test_an_advertisement_with_lifetime_zero_is_no_router():
    site = Site(routers=ONE)
    site.ra(ROGUE, lifetime=0)
    assert site.judge() is None


def test_advertisers_without_a_list_of_routers():
    site = Site(routers=None)
    site.ra(ROGUE)
    assert (site.judge().outcome, site.judge().reason) == (Outcome.NOT_APPLICABLE, words.NO_ROUTERS)


@pytest.mark.parametrize(
    ("mac", "duid", "outcome"),
    [
        (LAWFUL, "00:02:00:00:ab:11", Outcome.CLEAR),
        (RELAY, "00:03:00:01:" + LAWFUL, Outcome.CLEAR),
        (ROGUE, "00:03:00:01:" + ROGUE, Outcome.VIOLATION),
    ],
)
def test_a_dhcpv6_server_is_known_by_its_address_or_the_one_in_its_duid(mac, duid, outcome):
    site = Site()
    fold(site.view, Dhcp6ServerSeen(at=START, leg="lan", mac=mac, ip="fe80::9", message="reply", server_id=duid))
    assert site.judge(mac).outcome is outcome


# Whom it wakes


def test_the_first_stranger_of_a_day_pages_and_a_further_one_is_a_ticket():
    site = Site()
    site.dhcp(ROGUE)
    site.dhcp(SECOND_SERVER, at=HOUR)
    site.dhcp(RELAY, at=DAY)
    assert [site.judge(mac).urgency for mac in (ROGUE, SECOND_SERVER, RELAY)] == [Urgency.PAGE, Urgency.TICKET, Urgency.PAGE]


# When it is gone


def test_silent_for_hours_is_neither_there_nor_gone():
    site = Site()
    site.dhcp(ROGUE)
    site.pass_time(2)
    assert (site.judge().outcome, site.judge().reason) == (Outcome.UNKNOWN, words.SILENT)


def test_five_working_days_of_listening_without_it():
    site = Site()
    site.dhcp(ROGUE)
    site.pass_time(7)
    assert site.judge().outcome is Outcome.UNKNOWN, "Wednesday to Friday and Monday are four"
    site.pass_time(8)
    assert site.judge().outcome is Outcome.CLEAR


def test_days_that_nobody_listened_do_not_count():
    site = Site()
    site.dhcp(ROGUE)
    site.pass_time(20, heard=False)
    assert site.judge().outcome is Outcome.UNKNOWN


def test_on_a_plain_port_silence_says_nothing_of_dhcp_but_something_of_advertisements():
    site = Site(routers=ONE, vantage="plain")
    site.dhcp(ROGUE)
    site.ra(SECOND_SERVER)
    site.pass_time(9)
    assert (site.judge().outcome, site.judge().reason) == (Outcome.UNKNOWN, words.PLAIN)
    assert site.judge(SECOND_SERVER).outcome is Outcome.CLEAR


@pytest.mark.parametrize(("questions", "outcome"), [(2, Outcome.UNKNOWN), (3, Outcome.CLEAR)])
def test_three_questions_of_ours_over_a_day_end_it_on_a_plain_port_too(questions, outcome):
    site = Site(vantage="plain")
    site.dhcp(ROGUE)
    for number in range(questions):
        site.ask((25 - number) * HOUR)
    site.pass_time(2)
    assert site.judge().outcome is outcome


def test_an_answer_to_our_question_is_not_silence():
    site = Site(vantage="plain")
    for number in range(3):
        site.ask((10 + 10 * number) * HOUR)
    site.dhcp(ROGUE, at=31 * HOUR, client_mac=nonce.address(KEY, b"ab"), message="offer")
    site.pass_time(3)
    assert site.judge().outcome is Outcome.UNKNOWN


def test_a_restart_keeps_all():
    site = Site()
    site.dhcp(LAWFUL)
    site.dhcp(ROGUE)
    rows = [row_of(site.view, kind, key) for kind, key in sorted(site.view.dirty)]
    again = SiteView(site.view.declared, key=KEY, now=START)
    restore(again, [msgspec.json.decode(msgspec.json.encode(row), type=type(row)) for row in rows if row is not None])
    subject = Subject("asset", site.view.by_mac[ROGUE])
    assert RogueDhcp().judge(again, subject) == site.judge()


def test_a_flood_of_made_up_servers_is_bounded_and_the_real_one_stays():
    site = Site()
    site.dhcp(ROGUE)
    site.view.pinned.add(site.view.by_mac[ROGUE])
    for number in range(2_000):
        site.dhcp(ROGUE, at=number, server_id=f"10.0.{number >> 8}.{number & 255}")
        mac = f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}"
        fold(site.view, DhcpServerSeen(at=START + number, leg="lan", mac=mac, ip="10.9.9.9", message="offer", server_id="10.9.9.9"))
    assert len(site.view.wire.servers) <= MAX_ON_SEGMENT
    assert len(site.view.wire.servers[site.view.by_mac[ROGUE]].served) <= MAX_SERVED
    assert site.judge().outcome is Outcome.VIOLATION


def made_up(number):
    return f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}"


def flooded(servers, declared=ONE):
    """A site with its lawful server, a rogue, and so many made-up servers and routers after them; the most subjects that one of those touched."""
    site, touched = Site(declared, routers=ONE), 0
    site.dhcp(LAWFUL)
    site.dhcp(ROGUE)
    for number in range(servers):
        at = START + (number + 1) * SECOND
        mac, ip = made_up(number), f"10.{number % 7}.9.9"
        offer = DhcpServerSeen(at=at, leg="lan", mac=mac, ip=ip, message="offer", server_id=ip, mask="255.255.255.0", offered_ip=ip, routers=(ip,))
        advert = RouterAdvertised(at=at, leg="lan", mac=mac, ip=f"fe80::{number:x}", lifetime=1800)
        touched = max(touched, *(len(fold(site.view, fact)) for fact in (offer, advert)))
        site.view.pinned.add(site.view.by_mac[mac])
    site.view.now = START + (servers + 1) * SECOND
    return site, touched


def cost(rule, site, mac):
    """Of one judgement."""
    subject = Subject("asset", site.view.by_mac[mac])
    return work(lambda: rule.judge(site.view, subject))


@pytest.mark.parametrize("rule", [RogueDhcp(), RogueRouter()])
def test_the_cost_of_a_judgement_does_not_grow_with_made_up_servers(rule):
    few, touched_by_few = flooded(20)
    many, touched_by_many = flooded(400)
    for last in (LAWFUL, ROGUE, "newest"):
        costs = [cost(rule, site, made_up(count - 1) if last == "newest" else last) for site, count in ((few, 20), (many, 400))]
        assert costs[1] <= costs[0] * 1.1, (last, costs)
    assert touched_by_many <= touched_by_few + 2


def test_in_a_flood_the_lawful_one_and_the_first_of_the_day_stay():
    site, _ = flooded(400)
    assert site.judge(LAWFUL).outcome is Outcome.CLEAR
    assert site.judge(ROGUE).urgency is Urgency.PAGE
    newest = site.judge(made_up(399))
    assert (newest.outcome, newest.urgency) == (Outcome.VIOLATION, Urgency.TICKET)
    assert "10.0.9.9" in dict(newest.state)["routers"]
