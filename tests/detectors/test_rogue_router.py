"""VG-NET-05: which signs make a router of a device, how they agree, what is declared, and what only looks like one."""

from __future__ import annotations

import msgspec
import pytest

from collector.engine import Engine
from detectors.rogue_router import RogueRouter
from detectors.unlisted_device import UnlistedDevice
from model.declared import Declared, RegisteredAsset, Server, Zone
from model.facts import AddressSeen, DhcpClientSeen, DhcpServerSeen, NeighbourSeen, Prefix, RouterAdvertised, SensorHeard, ServiceAdvertised, UpnpAdvertised
from model.restored import restore, row_of
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Subject, Urgency
from model.wirefacts import HopsSeen

# Tuesday 15/07/2025 08:00 in Viet Nam.
START = 1_752_541_200 * SECOND
GATEWAY, ROGUE, PC, PHONE, VIRTUAL = "a4:f4:c2:10:20:01", "c0:4a:00:10:20:66", "00:06:5b:10:20:21", "6a:5f:2e:10:20:51", "00:00:5e:00:01:0a"
IP = {GATEWAY: "192.168.10.1", ROGUE: "192.168.10.66", PC: "192.168.10.21", PHONE: "192.168.10.51", VIRTUAL: "192.168.10.254"}
ROUTERS = (Server(leg="lan", ip=IP[GATEWAY], mac=GATEWAY),)
IGD = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"
WINDOWS = {"vendor_class": "MSFT 5.0", "parameters": (1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)}


class Place:
    """What is heard on one leg."""

    def __init__(self, routers=ROUTERS, vantage="mirror", role="staff", **known):
        zones = (Zone(leg="lan", role=role),) if role else ()
        self.view = SiteView(Declared(site="xa", legs=("lan",), zones=zones, routers=routers, **known), key=b"k" * 32, now=START, vendor_of=MAKERS.get)
        self.vantage = vantage
        self.listen(0)

    def listen(self, at):
        self.tell(SensorHeard, "", at, sensor="capture:lan", vantage=self.vantage)

    def tell(self, kind, mac, at=0, **fields):
        if kind is not SensorHeard:
            fields = {"mac": mac, "ip": IP.get(mac, ""), **fields}
        return fold(self.view, kind(at=START + at, leg="lan", **fields))

    def speaks(self, mac, ip="", at=0):
        for again in range(2):
            self.tell(AddressSeen, mac, at + again * SECOND, **({"ip": ip} if ip else {}))

    def dhcp(self, mac, ip, at=0):
        given = {"server_id": ip, "routers": (ip,), "mask": "255.255.255.0", "offered_ip": ip.rpartition(".")[0] + ".77", "client_mac": PHONE}
        self.tell(DhcpServerSeen, mac, at, ip=ip, message="ack", **given)

    def hops(self, mac, *ttls, at=0, ip=""):
        for ttl in ttls:
            self.tell(HopsSeen, mac, at, ttl=ttl, **({"ip": ip} if ip else {}))

    def ra(self, mac=ROGUE, at=0, lifetime=1800):
        prefix = Prefix(prefix="2001:db8:66::/64", on_link=True, autonomous=True, valid=1, preferred=1)
        self.tell(RouterAdvertised, mac, at, ip="fe80::66", lifetime=lifetime, prefixes=(prefix,))

    def igd(self, mac=ROGUE, at=0, **fields):
        self.tell(UpnpAdvertised, mac, at, usn=f"uuid:{mac}::{IGD}", target=IGD, **fields)

    def lldp(self, *able, mac=ROGUE):
        self.tell(NeighbourSeen, mac, via="lldp", chassis=mac, port="1", ttl=120, capabilities=able)

    def pass_time(self, days):
        for half_hour in range(48 * days + 1):
            self.listen(half_hour * 30 * MINUTE)
            self.view.legs["lan"].blind.clear()
        self.view.now = START + days * DAY

    def judge(self, mac=ROGUE):
        return RogueRouter().judge(self.view, Subject("asset", self.view.by_mac[mac]))


class Makers(dict):
    def get(self, key, default=""):
        return super().get(key, default)


MAKERS = Makers({"30:52:53:10:20:77": "BuildJet, Inc.", "cc:2d:e0:10:20:66": "Routerboard.com"})

DIRECT = {
    "ra": lambda place: place.ra(),
    "dhcp": lambda place: place.dhcp(ROGUE, IP[ROGUE]),
    "igd": lambda place: place.igd(),
    "lldp": lambda place: place.lldp("router"),
    "wlan": lambda place: place.lldp("bridge", "wlan"),
    "brings": lambda place: place.hops(ROGUE, 52, ip="203.0.113.9"),
}


@pytest.mark.parametrize("sign", DIRECT)
def test_a_routers_own_word_is_high_and_confirmed(sign):
    place = Place()
    DIRECT[sign](place)
    verdict = place.judge()
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (Outcome.VIOLATION, Severity.HIGH, Grade.CONFIRMED, Urgency.TICKET)
    assert dict(verdict.state)["kind"] == ("access_point" if sign == "wlan" else "router")


@pytest.mark.parametrize("sign", DIRECT)
def test_without_declared_routers_it_does_not_apply_but_shows_what_was_heard(sign):
    place = Place(routers=None)
    DIRECT[sign](place)
    verdict = place.judge()
    assert (verdict.outcome, verdict.reason.vi) == (Outcome.NOT_APPLICABLE, "Chưa khai báo bộ định tuyến (routers.csv).")
    assert verdict.evidence


@pytest.mark.parametrize("known", [Server(leg="lan", mac=ROGUE), Server(leg="lan", ip=IP[ROGUE])])
def test_a_declared_router_is_clear_by_either_column(known):
    place = Place(routers=(*ROUTERS, known))
    place.speaks(ROGUE)
    place.igd()
    assert place.judge().outcome is Outcome.CLEAR


def test_what_is_declared_for_another_leg_is_not_for_this():
    place = Place(routers=(Server(leg="wifi", mac=ROGUE),))
    place.igd()
    assert place.judge().outcome is Outcome.VIOLATION


def test_entering_an_access_point_in_the_register_closes_it_with_the_editors_name():
    place = Place()
    engine = Engine(place.view, [RogueRouter()])
    engine.take(UpnpAdvertised(at=START, leg="lan", mac=ROGUE, ip=IP[ROGUE], usn=f"uuid:x::{IGD}", target=IGD))
    assert [finding.state for finding in engine.findings.values()] == ["open"]
    engine.taken_news()
    known = msgspec.structs.replace(place.view.declared, register=(RegisteredAsset(mac=ROGUE, name="Wi-Fi tầng 2"),), edited_by="Lan")
    engine.declare(known)
    [change] = engine.taken_news().changes
    assert (change.step, change.cause.kind, change.cause.by) == ("resolved", "policy", "Lan")


# Time to live


@pytest.mark.parametrize(
    ("ttls", "outcome"),
    [
        ((64, 63), Outcome.UNKNOWN),  # containers behind a Linux PC
        ((128, 127), Outcome.UNKNOWN),  # a Windows PC with a virtual one
        ((63,), Outcome.UNKNOWN),
        ((64, 127), Outcome.VIOLATION),  # a Linux box with Windows PCs behind it
        ((128, 63), Outcome.VIOLATION),
        ((63, 127), Outcome.VIOLATION),
        ((64,), None),
        ((64, 128, 255), None),  # a PC with several systems, one after the other
        ((40, 60), None),
    ],
)
def test_what_a_lowered_time_to_live_says_alone(ttls, outcome):
    place = Place()
    place.hops(ROGUE, *ttls)
    verdict = place.judge()
    assert (verdict and verdict.outcome) is outcome
    if outcome is Outcome.VIOLATION:
        assert (verdict.severity, verdict.grade) == (Severity.MEDIUM, Grade.LIKELY)


def test_its_own_system_is_also_told_by_its_dhcp_request():
    place = Place()
    place.tell(DhcpClientSeen, ROGUE, message="request", ttl=64)
    place.hops(ROGUE, 127)
    assert place.judge().outcome is Outcome.VIOLATION


def test_two_weak_signs_agree_on_medium():
    place = Place()
    place.hops(ROGUE, 64, 63)
    assert place.judge().outcome is Outcome.UNKNOWN
    place.speaks(ROGUE, "192.168.8.1")
    assert (place.judge().severity, place.judge().grade, dict(place.judge().state)["kind"]) == (Severity.MEDIUM, Grade.LIKELY, "modem")


def test_a_segment_with_public_addresses_is_no_router():
    place = Place()
    place.hops(ROGUE, 64, ip="203.0.113.9")
    assert place.judge() is None


# Shared lines, sticks, remote keyboards: findings whatever is declared


@pytest.mark.parametrize("ip", ["192.168.42.129", "192.168.43.1", "172.20.10.1", "192.168.137.1"])
def test_a_phones_line_among_office_devices_is_a_finding_even_without_declared_routers(ip):
    place = Place(routers=None)
    place.speaks(PC)
    place.speaks(ROGUE, ip)
    assert (place.judge().outcome, place.judge().severity) == (Outcome.VIOLATION, Severity.MEDIUM)
    place.dhcp(ROGUE, ip, at=SECOND)
    assert (place.judge().severity, dict(place.judge().state)["kind"]) == (Severity.HIGH, "tether")
    assert "chia sẻ mạng" in place.judge().summary.vi


def test_a_network_that_is_all_the_phones_may_be_the_offices_way_out():
    place = Place(routers=None)
    place.speaks(PC, "192.168.43.20")
    place.dhcp(ROGUE, "192.168.43.1")
    assert place.judge().outcome is Outcome.NOT_APPLICABLE
    place.speaks(PHONE)
    assert place.judge().outcome is Outcome.VIOLATION, "others are on another network"


def test_a_gateway_that_happens_to_be_numbered_like_a_stick_is_none():
    place = Place(routers=None)
    place.speaks(PC)
    place.speaks(GATEWAY, "192.168.8.1")
    assert place.judge(GATEWAY).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("routers", [None, ROUTERS])
def test_a_remote_keyboard_is_high_by_its_own_word(routers):
    place = Place(routers=routers)
    mac = "30:52:53:10:20:77"
    place.tell(ServiceAdvertised, mac, ip="192.168.10.77", service="_pikvm._tcp.local.", instance="kvm", port=443)
    verdict = place.judge(mac)
    assert (verdict.outcome, verdict.severity, dict(verdict.state)["kind"]) == (Outcome.VIOLATION, Severity.HIGH, "kvm")
    assert "bàn phím" in verdict.remedy[0].vi


def test_a_makers_name_alone_is_one_weak_sign_and_left_to_the_rule_about_unlisted_devices():
    place = Place(register=())
    mac = "cc:2d:e0:10:20:66"
    place.speaks(mac, "192.168.10.66")
    assert place.judge(mac).outcome is Outcome.UNKNOWN
    assert UnlistedDevice().judge(place.view, Subject("asset", place.view.by_mac[mac])).outcome is Outcome.VIOLATION


def test_the_rule_about_unlisted_devices_says_nothing_of_an_undeclared_router():
    place = Place(register=())
    place.igd()
    assert place.judge().outcome is Outcome.VIOLATION
    assert UnlistedDevice().judge(place.view, Subject("asset", place.view.by_mac[ROGUE])) is None


# Benign twins


def test_an_address_that_routers_share_is_no_device():
    place = Place()
    place.speaks(VIRTUAL)
    place.ra(VIRTUAL)
    assert place.judge(VIRTUAL) is None


def test_a_switch_between_says_that_it_is_a_bridge():
    place = Place()
    place.lldp("bridge")
    assert place.judge() is None


def test_one_that_asks_for_gateways_is_none():
    from model.facts import UpnpAsked

    place = Place()
    place.speaks(PC)
    place.tell(UpnpAsked, PC, target=IGD)
    assert place.judge(PC) is None


def test_a_reflectors_answers_are_not_its_own():
    place = Place()
    place.speaks(PC)
    place.tell(ServiceAdvertised, PC, service="_pikvm._tcp.local.", instance="kvm", port=443, owner_ip="192.168.20.77")
    assert place.judge(PC) is None


def test_an_ordinary_pc_is_not_spoken_of():
    place = Place()
    place.tell(DhcpClientSeen, PC, message="request", host_name="PC-01", ttl=128, **WINDOWS)
    place.hops(PC, 128)
    assert place.judge(PC) is None


def test_a_relay_is_the_servers_mouth_and_no_server():
    place = Place()
    told = {"server_id": "10.0.0.5", "ip": "192.168.10.66", "relay": "192.168.10.66", "routers": ("192.168.10.1",), "client_mac": PHONE}
    place.tell(DhcpServerSeen, ROGUE, message="ack", **{**told, "offered_ip": "192.168.10.77", "mask": "255.255.255.0"})
    verdict = place.judge()
    assert verdict is None or "dhcp" not in dict(verdict.state).get("signs", "").split(",")


# Its end


def test_heard_no_more_it_is_unknown_and_after_five_working_days_gone():
    place = Place()
    place.igd()
    place.view.now = START + 25 * HOUR
    assert place.judge().outcome is Outcome.UNKNOWN
    place.pass_time(6)
    assert place.judge().outcome is Outcome.UNKNOWN, "four working days"
    place.pass_time(8)
    assert place.judge().outcome is Outcome.CLEAR


def test_a_goodbye_alone_closes_nothing():
    place = Place()
    place.igd()
    place.igd(at=SECOND, alive=False)
    assert place.judge().outcome is Outcome.VIOLATION


def test_at_a_plain_port_silence_says_nothing_of_what_is_only_heard_at_a_mirror():
    place = Place()
    place.hops(ROGUE, 63, 127)
    place.vantage = "plain"
    place.pass_time(10)
    verdict = place.judge()
    assert verdict.outcome is Outcome.UNKNOWN
    assert "Cổng thường không nghe được" in verdict.reason.vi


def test_of_a_citizens_device_neither_name_nor_address_is_told():
    place = Place(role="citizen")
    place.tell(DhcpClientSeen, PHONE, message="request", host_name="iPhone cua Lan", ip="")
    place.hops(PHONE, 63, 127)
    verdict = place.judge(PHONE)
    assert verdict.outcome is Outcome.VIOLATION
    told = repr((verdict.summary, verdict.evidence))
    assert "Lan" not in told
    assert PHONE not in told


def test_a_restart_costs_nothing():
    place = Place()
    place.hops(ROGUE, 63, 127)
    place.hops(GATEWAY, 52, ip="203.0.113.9")
    before = place.judge()
    again = Place()
    rows = [row_of(place.view, kind, row_id) for kind, row_id in sorted(place.view.dirty)]
    restore(again.view, [msgspec.msgpack.decode(msgspec.msgpack.encode(row), type=type(row)) for row in rows if row is not None])
    assert again.judge() == before
    assert again.judge(GATEWAY).outcome is Outcome.CLEAR
