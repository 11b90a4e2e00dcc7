"""VG-NET-09: what lets others in, what was declared or taken back, what passes between segments, and what a plain port can say of it."""

from __future__ import annotations

import msgspec
import pytest

from detectors.no_firewall import NoFirewall
from model import nonce
from model.declared import Declared, Opening, Zone
from model.facts import AddressSeen, Prefix, RouterAdvertised, SensorHeard
from model.restored import restore, row_of
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Subject, Urgency
from model.wire.exposure import MAX_MAPPINGS, MAX_PORTS
from model.wirefacts import InboundAnswered, LineTold, MappingSeen, NonceHeard, ProbeRan
from model.wording import no_firewall as words

KEY = b"k" * 32
# Tuesday 15/07/2025 08:00 in Viet Nam.
START = 1_752_541_200 * SECOND
ROUTER, PC, NAS, PHONE = "a4:f4:c2:10:20:01", "00:06:5b:10:20:21", "00:11:32:10:20:31", "6a:5f:2e:10:20:51"
IP = {ROUTER: "192.168.10.1", PC: "192.168.10.21", NAS: "192.168.10.31", PHONE: "192.168.20.51"}
OUTSIDE = "203.0.113.50"
ZONES = (Zone(leg="lan", role="staff", name="Mạng cán bộ"), Zone(leg="wifi", role="citizen", name="Mạng người dân"))


class Place:
    """Two legs, of officers and of citizens."""

    def __init__(self, vantage="mirror", zones=ZONES, **known):
        self.view = SiteView(Declared(site="xa", legs=("lan", "wifi"), zones=zones, **known), key=KEY, now=START)
        self.vantage = vantage
        self.listen(0)

    def listen(self, at):
        for leg in ("lan", "wifi"):
            self.tell(SensorHeard, "", at, leg=leg, sensor=f"capture:{leg}", vantage=self.vantage)

    def tell(self, kind, mac="", at=0, leg="lan", **fields):
        if mac:
            fields = {"mac": mac, "ip": IP[mac], **fields}
        return fold(self.view, kind(at=START + at, leg=leg, **fields))

    def reached(self, mac=PC, at=0, port=3389, peer_ip=OUTSIDE, **fields):
        self.tell(InboundAnswered, mac, at, port=port, peer_ip=peer_ip, peer_mac=ROUTER, **fields)

    def maps(self, mac=PC, at=0, via="upnp", accepted=True, **fields):
        told = {"protocol": "tcp", "client_ip": IP[mac], "client_port": 80, "outside_port": 8080, "router_ip": IP[ROUTER], "router_mac": ROUTER, **fields}
        self.tell(MappingSeen, mac, at, via=via, accepted=accepted, **told)

    def pass_time(self, days):
        for half_hour in range(48 * days + 1):
            self.listen(half_hour * 30 * MINUTE)
            for leg in self.view.legs.values():
                leg.blind.clear()
        self.view.now = START + days * DAY

    def judge(self, mac=PC):
        return NoFirewall().judge(self.view, Subject("asset", self.view.by_mac[mac]))

    def line(self, segment="lan"):
        return NoFirewall().judge(self.view, Subject("segment", segment))

    def pair(self):
        return NoFirewall().judge(self.view, Subject("segments", "lan|wifi"))


# Let in from outside


def test_a_connection_nobody_inside_asked_for_is_high():
    place = Place()
    place.reached()
    verdict = place.judge()
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (Outcome.VIOLATION, Severity.HIGH, Grade.CONFIRMED, Urgency.TICKET)
    assert "cổng TCP 3389" in verdict.summary.vi
    assert any(OUTSIDE in piece.value for piece in verdict.evidence)


def test_of_a_citizens_device_nobody_is_named_who_reached_it():
    place = Place()
    place.tell(InboundAnswered, PHONE, leg="wifi", port=8080, peer_ip=OUTSIDE)
    verdict = place.judge(PHONE)
    assert verdict.severity is Severity.HIGH
    row = place.view.wire.exposure[place.view.by_mac[PHONE]]
    assert OUTSIDE not in repr((row, verdict))


@pytest.mark.parametrize(("until", "outcome"), [(DAY, Outcome.CLEAR), (-DAY, Outcome.VIOLATION)])
def test_a_declared_server_is_clear_until_its_last_day(until, outcome):
    place = Place(openings=(Opening(mac=PC, port=3389, owner="Lan", until=START + until),))
    place.reached()
    assert place.judge().outcome is outcome
    place.reached(port=22)
    assert place.judge().outcome is Outcome.VIOLATION, "another port of the same server"


def test_public_addresses_of_the_site_itself_are_not_outside():
    place = Place()
    prefix = Prefix(prefix="2001:db8:20::/64", on_link=True, autonomous=True, valid=1, preferred=1)
    place.tell(RouterAdvertised, ROUTER, leg="wifi", ip="fe80::1", lifetime=1800, prefixes=(prefix,))
    place.reached(ip="2001:db8:10::21", peer_ip="2001:db8:20::51")
    assert place.judge() is None
    place.reached(ip="2001:db8:10::21", peer_ip="2001:db8:30::51")
    assert place.judge().outcome is Outcome.VIOLATION


def test_declared_prefixes_are_not_outside_either():
    place = Place(zones=(Zone(leg="lan", role="staff", prefixes=("203.0.113.0/24",)),))
    place.reached()
    assert place.judge() is None


def test_what_is_heard_no_more_is_unknown_and_after_five_working_days_closed():
    place = Place()
    place.reached()
    place.view.now = START + 25 * HOUR
    assert (place.judge().outcome, place.judge().reason) == (Outcome.UNKNOWN, words.SILENT)
    place.pass_time(8)
    assert place.judge().outcome is Outcome.CLEAR


def test_at_a_plain_port_silence_closes_nothing():
    place = Place(vantage="plain")
    place.reached()
    place.pass_time(10)
    assert (place.judge().outcome, place.judge().reason) == (Outcome.UNKNOWN, words.PLAIN)


# Mappings


@pytest.mark.parametrize(("via", "accepted", "grade"), [("upnp", True, Grade.CONFIRMED), ("nat_pmp", True, Grade.CONFIRMED), ("pcp", None, Grade.LIKELY)])
def test_a_mapped_port_is_medium(via, accepted, grade):
    place = Place()
    place.maps(via=via, accepted=accepted)
    verdict = place.judge()
    assert (verdict.outcome, verdict.severity, verdict.grade) == (Outcome.VIOLATION, Severity.MEDIUM, grade)
    assert "tcp/8080" in verdict.summary.vi


def test_an_answer_counts_whichever_comes_first():
    for order in ((None, True), (True, None)):
        place = Place()
        for number, accepted in enumerate(order):
            place.maps(accepted=accepted, at=0, **({"description": "game"} if number else {}))
        assert place.judge().grade is Grade.CONFIRMED


def test_of_a_mapping_no_address_is_kept():
    place = Place()
    place.tell(MappingSeen, PHONE, leg="wifi", via="upnp", protocol="tcp", client_ip=IP[PHONE], client_port=80, outside_port=8080, accepted=True)
    assert place.judge(PHONE).outcome is Outcome.VIOLATION
    assert IP[PHONE] not in repr((place.view.wire.exposure, place.judge(PHONE)))


@pytest.mark.parametrize("via", ["upnp", "nat_pmp"])
def test_a_mapping_taken_back_is_clear(via):
    place = Place()
    place.maps(via=via)
    gone = {"client_ip": "", "client_port": 0} if via == "upnp" else {"outside_port": 0}
    place.maps(via=via, at=MINUTE, deleted=True, **gone)
    assert (place.judge().outcome, place.judge().summary) == (Outcome.CLEAR, words.TAKEN_BACK)


def test_a_refused_mapping_is_none():
    place = Place()
    place.maps(accepted=None)
    place.maps(accepted=False)
    assert (place.judge().outcome, place.judge().summary) == (Outcome.CLEAR, words.REFUSED)


def test_a_lease_runs_out_where_its_renewal_would_be_heard():
    for vantage, outcome in (("mirror", Outcome.CLEAR), ("plain", Outcome.UNKNOWN)):
        place = Place(vantage=vantage)
        place.maps(via="nat_pmp", lease=3600)
        place.view.now = START + 59 * MINUTE
        assert place.judge().outcome is Outcome.VIOLATION
        place.view.now = START + 61 * MINUTE
        assert place.judge().outcome is outcome


def test_a_mapping_for_another_is_the_others():
    place = Place()
    place.tell(AddressSeen, NAS)
    place.tell(AddressSeen, NAS, SECOND)
    place.maps(client_ip=IP[NAS])
    assert place.judge(NAS).outcome is Outcome.VIOLATION
    assert place.judge(PC) is None


def test_what_windows_maps_for_teredo_is_told_and_opens_nothing():
    place = Place()
    place.maps(protocol="udp", client_port=59085, outside_port=59085, description="Teredo")
    assert (place.judge().outcome, place.judge().reason) == (Outcome.UNKNOWN, words.TEREDO)
    place.reached()
    assert place.judge().severity is Severity.HIGH


def test_a_tcp_port_under_that_name_is_no_teredo():
    place = Place()
    place.maps(client_port=59085, outside_port=59085, description="Teredo")
    assert place.judge().outcome is Outcome.VIOLATION


@pytest.mark.parametrize("port", [80, 8080])
def test_a_declared_mapping_is_clear_by_its_inside_or_outside_port(port):
    place = Place(openings=(Opening(mac=PC, port=port, owner="Lan", until=START + DAY),))
    place.maps()
    assert place.judge().outcome is Outcome.CLEAR
    place.view.now = START + 2 * DAY
    assert place.judge().outcome is not Outcome.CLEAR, "its day is over"


# The SOC's knock


def knock(place, at, *ports, knocked=(22, 80)):
    place.tell(LineTold, at=at, address=OUTSIDE, open_ports=ports, knocked=knocked)


def heard(place, leg="lan"):
    mac = PC if leg == "lan" else PHONE
    for again in range(2):
        place.tell(AddressSeen, mac, again * SECOND, leg=leg)


@pytest.mark.parametrize(("vantage", "why"), [("plain", words.PLAIN), ("mirror", words.NOTHING_SEEN)])
def test_without_a_knock_a_line_is_unknown_with_what_is_needed(vantage, why):
    place = Place(vantage=vantage)
    heard(place)
    assert (place.line().outcome, place.line().reason) == (Outcome.UNKNOWN, why)
    place.tell(LineTold, address=OUTSIDE)
    assert place.line().outcome is Outcome.UNKNOWN, "nobody was asked to knock"


def test_a_port_open_to_a_knock_is_medium_and_closed_after_three_over_a_day():
    place = Place(vantage="plain")
    heard(place)
    touched = place.tell(LineTold, address=OUTSIDE, open_ports=(80,), knocked=(22, 80))
    assert Subject("segment", "lan") in touched
    assert (place.line().outcome, place.line().severity) == (Outcome.VIOLATION, Severity.MEDIUM)
    assert "80" in place.line().summary.vi
    for hours in (1, 2, 3):
        knock(place, hours * HOUR)
        place.view.now = START + hours * HOUR
        assert place.line().outcome is Outcome.UNKNOWN
    knock(place, 26 * HOUR)
    place.view.now = START + 26 * HOUR
    assert place.line().outcome is Outcome.CLEAR


def test_a_declared_port_may_answer_a_knock():
    place = Place(openings=(Opening(mac=PC, port=80, owner="Lan", until=START + 9 * DAY),))
    heard(place)
    for hours in (0, 12, 24):
        knock(place, hours * HOUR, 80)
    assert place.line().outcome is Outcome.CLEAR


# Between segments


def both(place):
    heard(place)
    heard(place, "wifi")


def test_a_citizens_device_let_in_by_an_officers_host_is_medium():
    place = Place()
    both(place)
    assert place.pair().outcome is Outcome.UNKNOWN
    touched = place.tell(InboundAnswered, leg="wifi", ip=IP[PC], port=445, peer_ip=IP[PHONE], routed=True)
    assert Subject("segments", "lan|wifi") in touched
    verdict = place.pair()
    assert (verdict.outcome, verdict.severity) == (Outcome.VIOLATION, Severity.MEDIUM)
    assert "Mạng người dân" in verdict.summary.vi
    assert IP[PHONE] not in repr((verdict, place.view.wire.exposure)), "which device it was is nobody's matter"


def test_the_other_way_round_is_no_finding():
    place = Place()
    both(place)
    place.tell(InboundAnswered, leg="lan", ip=IP[PHONE], port=80, peer_ip=IP[PC], routed=True)
    assert place.pair().outcome is Outcome.UNKNOWN


def test_a_routed_probe_of_ours_passes_and_three_that_do_not_close_it():
    place = Place()
    both(place)
    probe(place, 1, 0, heard=True)
    place.view.now = START + MINUTE
    assert place.pair().outcome is Outcome.VIOLATION
    for number, hours in enumerate((1, 13, 26), 2):
        place.listen(hours * HOUR)
        for leg in place.view.legs.values():
            leg.blind.clear()
        for origin in ("wifi", "lan"):
            probe(place, number, hours * HOUR, origin=origin)
    place.view.now = START + 27 * HOUR
    assert place.pair().outcome is Outcome.CLEAR


def probe(place, number, at, *, origin="wifi", heard=False):
    target = "lan" if origin == "wifi" else "wifi"
    said = {"shape": "routed", "box": "hop", "origin": origin, "target": target, "sent": START + at, "nonce": f"{number:016x}"}
    place.tell(ProbeRan, at=at, leg=origin, probe="routed", outcome="sent", target=target, nonce=said["nonce"], tapped=True)
    if heard:
        tag = nonce.tag_of(KEY, **said)
        fold(place.view, NonceHeard(at=START + at + SECOND, leg=target, mac=ROUTER, ip=IP[PHONE], ttl=63, tag=tag, **said))


def test_pairs_nobody_declared_are_not_judged():
    place = Place(zones=())
    both(place)
    place.tell(InboundAnswered, leg="wifi", ip=IP[PC], port=445, peer_ip=IP[PHONE], routed=True)
    assert place.pair() is None


# Rows


def test_a_stranger_can_fill_a_row_but_not_make_it_grow():
    place = Place()
    for number in range(200):
        place.reached(port=1000 + number, at=number)
        place.maps(outside_port=1000 + number, at=number)
    row = place.view.wire.exposure[place.view.by_mac[PC]]
    assert (len(row.reached), len(row.mapped)) == (MAX_PORTS, MAX_MAPPINGS)


def test_a_restart_costs_nothing():
    place = Place()
    both(place)
    place.reached()
    place.maps(lease=7200)
    knock(place, 0, 80)
    place.tell(InboundAnswered, leg="wifi", ip=IP[PC], port=445, peer_ip=IP[PHONE], routed=True)
    before = (place.judge(), place.line(), place.pair())
    again = Place()
    rows = [row_of(place.view, kind, row_id) for kind, row_id in sorted(place.view.dirty)]
    restore(again.view, [msgspec.msgpack.decode(msgspec.msgpack.encode(row), type=type(row)) for row in rows if row is not None])
    assert (again.judge(), again.line(), again.pair()) == before


def test_two_assets_that_were_one_keep_what_both_knew():
    place = Place()
    place.tell(InboundAnswered, ip=IP[PC], port=22, peer_ip=OUTSIDE)
    place.tell(MappingSeen, ip=IP[PC], via="nat_pmp", protocol="udp", client_ip=IP[PC], client_port=5000, outside_port=5000, accepted=True)
    place.reached(at=SECOND)
    place.tell(AddressSeen, PC, 2 * SECOND)
    assert dict(place.judge().state) == {"inbound": "22,3389", "mapped": "udp/5000"}
