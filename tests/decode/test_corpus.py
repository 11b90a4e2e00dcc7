"""Real captures against what tshark read in them (the corpus' README), and every file to its last frame."""

import re
from functools import cache

import pytest

from collector.decode.pipeline import Pipeline
from model.facts import AddressSeen, DhcpClientSeen, DhcpServerSeen, NameSeen, ServiceAdvertised, ServiceAsked, UpnpAdvertised, UpnpAsked
from tests import corpus
from tests.decode import frames

pytestmark = pytest.mark.corpus

PAIR = r"([0-9a-f:]{17})/([0-9a-f:.]+[0-9a-f])"
SCREENS = {"_airplay._tcp.local.", "_raop._tcp.local.", "_googlecast._tcp.local.", "_display._tcp.local.", "_amzn-wplay._tcp.local."}
DIAL = "urn:dial-multiscreen-org:service:dial:1"


@cache
def told() -> dict[str, str]:
    """File name -> its labels and what tshark read."""
    if corpus.root() is None:
        return {}
    entries = re.findall(r"^- `([^`]+)` — (.+?)(?=^- `|\Z)", corpus.capture("README.md").read_text(), re.MULTILINE | re.DOTALL)
    return dict(entries)


@cache
def facts(name: str) -> list:
    return frames.facts_of(corpus.capture(name))


def of(name, *kinds):
    return [fact for fact in facts(name) if isinstance(fact, kinds)]


def labels(name: str) -> set[str]:
    return set(told()[name].splitlines()[0].partition("|")[0].split())


def section(name: str, start: str) -> str:
    found = re.search(rf"(?<=; ){start}(.*?)(?:; |$)", told()[name], re.MULTILINE)
    return found[1] if found else ""


def with_section(start: str) -> list[str]:
    return [name for name in told() if section(name, start)]


@pytest.mark.parametrize("path", corpus.captures(), ids=lambda path: path.name)
def test_every_frame_gives_facts_or_a_fault(path):
    pipeline, count = None, 0
    for link, at, data in frames.read(path):
        pipeline = pipeline or Pipeline("capture", "lab", link)
        pipeline.decode(at, data)
        count += 1
    assert count
    assert pipeline.decoded + pipeline.undecodable <= count
    broken = pipeline.undecodable
    assert not broken or labels(path.name) & {"fuzzed", "arp-malformed"}, f"{broken} frames of an honest capture were not understood"


@pytest.mark.parametrize("name", with_section("DHCP (?=[0-9a-f]{2}:)"))
def test_dhcp_clients_as_tshark_read_them(name):
    rows = re.findall(r"DHCP ([0-9a-f:]{17}) host=(\S+) class=(.+?) opt55=([0-9,]+)", told()[name])
    assert rows
    for mac, host, vendor, wished in rows:
        seen = [fact for fact in of(name, DhcpClientSeen) if fact.mac == mac]
        assert tuple(map(int, wished.split(","))) in {fact.parameters for fact in seen}
        assert host == "-" or host in {fact.host_name for fact in seen}
        assert vendor == "-" or vendor in {fact.vendor_class for fact in seen}


@pytest.mark.parametrize("name", with_section("DHCP answers from"))
def test_dhcp_servers_as_tshark_read_them(name):
    pairs, _, masks = section(name, "DHCP answers from").partition(" mask ")
    assert masks
    assert set(re.findall(PAIR, pairs)) == {(fact.mac, fact.server_id) for fact in of(name, DhcpServerSeen)}
    assert set(masks.split(", ")) == {fact.mask for fact in of(name, DhcpServerSeen)} - {""}


@pytest.mark.parametrize("name", with_section("asks for cast services:"))
def test_who_asks_is_heard_asking(name):
    pairs = set(re.findall(PAIR, section(name, "asks for cast services:")))
    assert pairs
    assert pairs <= {(fact.mac, fact.ip) for fact in of(name, ServiceAsked, UpnpAsked)}


# An Android emulator behind its PC's NAT: the responses leave from another port than 5353, and RFC 6762 §6 has everybody ignore them.
BEHIND_NAT = "mercury__quic_reordered_frames.pcap"


def test_responses_from_another_port_are_ignored():
    assert not of(BEHIND_NAT, ServiceAdvertised)


@pytest.mark.parametrize("name", sorted({*with_section("announces"), *with_section("other mDNS/SSDP announcers:")} - {BEHIND_NAT}))
def test_who_announces_is_heard_announcing(name):
    pairs = set(re.findall(PAIR, section(name, "announces") + section(name, "other mDNS/SSDP announcers:")))
    assert pairs
    assert pairs <= {(fact.mac, fact.ip) for fact in of(name, ServiceAdvertised, UpnpAdvertised, NameSeen)}


@pytest.mark.parametrize("name", [name for name in told() if "cast-query" in labels(name) and "cast-receiver" not in labels(name)])
def test_who_only_asks_advertises_no_screen(name):
    assert not [fact for fact in of(name, ServiceAdvertised) if fact.service in SCREENS]
    assert not [fact for fact in of(name, UpnpAdvertised) if fact.target == DIAL or "MediaRenderer" in fact.target]


def test_three_thousand_questions_advertise_nothing():
    assert not of("mercury__mdns_capture.pcap", ServiceAdvertised, NameSeen)
    assert len(of("mercury__mdns_capture.pcap", ServiceAsked)) > 3000


def test_a_roku_and_a_chromecast_answer():
    answers = {(fact.mac, fact.ip, fact.server) for fact in of("ndpi__anyconnect-vpn.pcap", UpnpAdvertised) if fact.target == DIAL}
    assert answers == {
        ("d8:31:34:20:77:fb", "10.0.0.151", "Roku UPnP/1.0 Roku/9.1.0"),
        ("a4:77:33:8c:f1:40", "10.0.0.149", "Linux/3.8.13+, UPnP/1.0, Portable SDK for UPnP devices/1.6.18"),
    }


@pytest.mark.parametrize("name", with_section("ARP "))
def test_no_address_comes_from_routed_traffic(name):
    if {"composite", "fuzzed", "arp-malformed"} & labels(name):
        return
    spread: dict[str, set[str]] = {}
    for fact in of(name, AddressSeen):
        if ":" not in fact.ip:
            spread.setdefault(fact.mac, set()).add(fact.ip)
    # A router's MAC carries the whole Internet's addresses; a binding by scope gives a station a handful.
    assert not {mac: ips for mac, ips in spread.items() if len(ips) > 4}
