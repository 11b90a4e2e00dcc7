"""Our own laboratory recordings: what real screens say, as facts."""

import pytest

from collector.decode.pipeline import Pipeline
from model.facts import (
    AddressSeen,
    DhcpClientSeen,
    DhcpServerSeen,
    NameSeen,
    PjlinkSeen,
    PortAnswered,
    RouterAdvertised,
    ServiceAdvertised,
    ServiceAsked,
    UpnpAdvertised,
    UpnpAsked,
)
from tests import corpus
from tests.decode import frames

RENDERER = "urn:schemas-upnp-org:device:MediaRenderer:1"
DIAL = "urn:dial-multiscreen-org:service:dial:1"
AIRPLAY, RAOP, CAST, MICE = "_airplay._tcp.local.", "_raop._tcp.local.", "_googlecast._tcp.local.", "_display._tcp.local."
UXPLAY = "00:e0:4c:10:20:31"


def service(mac, kind, alive=True, **text):
    def fits(fact):
        if not (isinstance(fact, ServiceAdvertised) and (fact.mac, fact.service, fact.alive) == (mac, kind, alive) and fact.instance):
            return False
        return text.items() <= dict(fact.text or ()).items()

    return fits


def upnp(mac, target, alive=True):
    return lambda fact: isinstance(fact, UpnpAdvertised) and (fact.mac, fact.target, fact.alive) == (mac, target, alive)


def fact(kind, **fields):
    return lambda found: isinstance(found, kind) and all(getattr(found, name) == value for name, value in fields.items())


CASES = {
    "airplay-uxplay": [
        service(UXPLAY, AIRPLAY, features="0x5A7FFEE6,0x0", flags="0x4", model="AppleTV3,2"),
        service(UXPLAY, RAOP, pw="false"),
        fact(PortAnswered, mac=UXPLAY, port=7000, accepted=True),
        fact(NameSeen, mac=UXPLAY, name="man-hinh.local.", via="mdns"),
    ],
    "airplay-uxplay-goodbye": [service(UXPLAY, AIRPLAY), service(UXPLAY, AIRPLAY, alive=False), service(UXPLAY, RAOP, alive=False)],
    "airplay-pin": [service("00:0a:95:10:20:41", AIRPLAY, flags="0x24c")],
    "airplay-pin-session": [service("00:0a:95:10:20:41", AIRPLAY, flags="0x2024c")],
    "raop-shairport": [lambda found: isinstance(found, ServiceAdvertised) and found.service == RAOP and found.alive],
    "cast-idle": [service("00:f6:20:10:20:33", CAST, st="0")],
    "cast-busy": [service("00:f6:20:10:20:33", CAST, st="1")],
    "cast-goodbye": [service("00:f6:20:10:20:33", CAST, alive=False)],
    "miracast-mice": [service("00:10:dc:10:20:42", MICE, container_id="{6B1D2C11-7A55-4E0C-9F5E-1D2A3B4C5D42}")],
    "dial-peer": [upnp("1c:a4:10:10:20:38", DIAL), fact(UpnpAsked, target=DIAL)],
    "dlna-rygel-byebye": [
        upnp("28:cd:c1:10:20:35", "urn:schemas-upnp-org:device:MediaRenderer:2"),
        upnp("28:cd:c1:10:20:35", "urn:schemas-upnp-org:device:MediaRenderer:2", alive=False),
    ],
    "roku-emulated": [upnp("00:0d:4b:10:20:37", "roku:ecp"), fact(PortAnswered, mac="00:0d:4b:10:20:37", port=8060, accepted=True)],
    "pjlink-search": [
        fact(PjlinkSeen, mac="38:1a:52:10:20:43", form="search_answer", line="%2ACKN=38:1a:52:10:20:43"),
        fact(PjlinkSeen, mac="38:1a:52:10:20:43", form="greeting", protected=False),
    ],
    "dhcp-dnsmasq": [
        fact(DhcpClientSeen, message="discover", host_name="PC-KETOAN", vendor_class="MSFT 5.0"),
        fact(DhcpServerSeen, message="ack", offered_ip="192.168.10.34", routers=("192.168.10.1",), lease=28800),
        fact(AddressSeen, mac="1c:a4:10:10:20:34", ip="192.168.10.34", via="dhcp"),
    ],
    "only-questions": [lambda found: isinstance(found, (ServiceAsked, UpnpAsked))],
    "ra-radvd": [lambda found: isinstance(found, RouterAdvertised) and found.lifetime > 0 and found.prefixes],
    "ra-radvd-stop": [lambda found: isinstance(found, RouterAdvertised) and found.lifetime == 0],
    "dlna-gmediarender": [lambda found: isinstance(found, UpnpAdvertised) and found.target == RENDERER and found.alive],
    "dlna-gmediarender-byebye": [lambda found: isinstance(found, UpnpAdvertised) and found.target == RENDERER and not found.alive],
}


@pytest.mark.parametrize("name", CASES)
def test_what_was_said(name):
    facts = frames.facts_of(corpus.LAB / name / "capture.pcap")
    for number, fits in enumerate(CASES[name]):
        assert any(fits(found) for found in facts), number


def test_questions_advertise_nothing():
    facts = frames.facts_of(corpus.LAB / "only-questions" / "capture.pcap")
    assert not [found for found in facts if isinstance(found, (ServiceAdvertised, UpnpAdvertised, PjlinkSeen))]


@pytest.mark.parametrize("path", corpus.lab_captures(), ids=lambda path: path.parent.name)
def test_every_recording_is_understood(path):
    pipeline = None
    for link, at, data in frames.read(path):
        pipeline = pipeline or Pipeline("capture", "lab", link)
        pipeline.decode(at, data)
    assert pipeline.decoded
    assert not pipeline.undecodable
