"""Classes on real captures: outside ones labelled with what was recorded, and our own laboratory's."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.replay import Replay
from model.classes.judge import classify, named
from model.classes.kinds import UNKNOWN, Classification
from model.declared import Declared
from model.rows import Asset
from model.screens import is_screen, read
from model.screens.mdns import read_services
from model.screens.wire import read_ports, read_projector, read_upnp
from model.verdict import Grade
from tests import corpus

SURE = (Grade.CONFIRMED, Grade.LIKELY, Grade.PROVEN)

# By hand from the labels `dhcp-os` and `iot` (corpus README): capture, MAC, what it is. Two clients are left out whose label does not say
# what they are: a bare udhcp (dhcp-option-52-overload) and a machine starting by PXE (emix).
LABELLED = [
    ("ipfixprobe__inputs-mixed.pcap", "a0:f3:c1:16:5a:ca", "router"),
    ("suricata-verify__dhcp-eve-extended-option-60-input.pcap", "28:cf:da:dc:8d:76", "windows_pc"),
    ("suricata-verify__output-eve-ftp-data-input.pcap", "68:5d:43:8b:f9:de", "windows_pc"),
    ("suricata-verify__output-eve-ftp-data-input.pcap", "18:59:33:f4:49:1f", "router"),
    ("suricata-verify__smb2-ntlmssp-negotiateflags-input.pcap", "00:0c:29:61:f5:5f", "windows_pc"),
    ("suricata-verify__smb2-ntlmssp-negotiateflags-input.pcap", "00:0c:29:03:df:ad", "windows_pc"),
    ("iot_sentinel__Aria-Setup-C-4-STA.pcap", "20:f8:5e:ca:91:52", "iot"),
    ("iot_sentinel__D-LinkCam-Setup-C-9-STA.pcap", "b0:c5:54:25:5b:0e", "camera"),
    ("iot_sentinel__EdimaxCam1-Setup-A-7-STA.pcap", "74:da:38:80:7a:08", "camera"),
    ("iot_sentinel__Lightify-Setup-C-13-STA.pcap", "84:18:26:7b:5f:6b", "iot"),
    ("iot_sentinel__SmarterCoffee-Setup-C-3-STA.pcap", "5c:cf:7f:07:ae:fb", "iot"),
    ("iot_sentinel__TP-LinkPlugHS100-Setup-C-4-STA.pcap", "50:c7:bf:00:fc:a3", "iot"),
    ("iot_sentinel__WeMoSwitch-Setup-A-8-STA.pcap", "94:10:3e:35:01:c1", "iot"),
    ("iot_sentinel__Withings-Setup-C-11-STA.pcap", "00:24:e4:24:80:2a", "iot"),
    ("arkime__wireshark-dhcp.pcap", "00:0b:82:01:fc:42", "voip_phone"),
    ("mercury__emix.pcap", "00:15:17:a3:d1:10", "windows_pc"),
    ("mercury__smb.pcap", "00:15:17:a3:d1:10", "windows_pc"),
    ("ndpi__android.pcap", "d8:30:62:56:00:1c", "mac"),
    ("ndpi__android.pcap", "4c:6a:f6:9f:f6:27", "phone_android"),
    ("ndpi__teams.pcap", "d8:0d:17:d6:55:ab", "switch"),
    ("ndpi__teams.pcap", "00:80:8f:9a:ae:bd", "single_board_computer"),
    ("tcpdump__dhcp-mud.pcap", "b8:27:eb:b8:53:c8", "single_board_computer"),
    ("tcpdump__dhcp-option-108.pcapng", "42:b4:44:b4:f0:ee", "mac"),
    ("tcpdump__dhcpv4v6-rfc5970-rfc8572.pcap", "00:00:44:01:00:00", "switch"),
    ("tcpdump__eapon1.pcap", "00:04:23:57:a5:7a", "windows_pc"),
    ("zeek__dhcp_time_and_nameserver.pcap", "00:90:f5:91:cd:1f", "linux_pc"),
]

# What else the labels tell of hosts, or their own unmistakable words.
TOLD = [
    ("ipfixprobe__dnssd.pcap", "8c:85:90:77:1a:72", "mac"),
    ("ipfixprobe__dnssd.pcap", "14:20:5e:57:ec:a6", "phone_iphone"),
    ("ndpi__anyconnect-vpn.pcap", "d8:31:34:20:77:fb", "screen"),
    ("ndpi__anyconnect-vpn.pcap", "a4:77:33:8c:f1:40", "screen"),
    ("ndpi__anyconnect-vpn.pcap", "34:36:3b:cf:75:28", "mac"),
    ("zeek__raw_packets.pcap", "e8:de:27:ff:c0:78", "router"),
    ("suricata-verify__ssdp.pcap", "e0:91:f5:73:8c:c2", "router"),
]

# Our laboratory's stations (tests/cases/lab/*/about.md): case, MAC, what they play.
LAB = [
    ("airplay-pin", "00:0a:95:10:20:41", "screen"),
    ("airplay-uxplay", "00:e0:4c:10:20:31", "screen"),
    ("cast-busy", "00:f6:20:10:20:33", "screen"),
    ("dhcp-dnsmasq", "a4:f4:c2:10:20:01", "router"),
    ("dhcp-dnsmasq", "00:06:5b:10:20:21", "windows_pc"),
    ("dhcp-dnsmasq", "6a:5f:2e:10:20:51", "phone_android"),
    ("dhcp-dnsmasq", "5e:3c:1b:10:20:52", "phone_iphone"),
    ("dhcp-dnsmasq", "1c:a4:10:10:20:34", "screen"),
    ("dial-peer", "1c:a4:10:10:20:38", "screen"),
    ("dlna-gmediarender", "1c:a4:10:10:20:34", "screen"),
    ("mediaserver-minidlna", "00:11:32:10:20:36", "nas"),
    ("miracast-mice", "00:10:dc:10:20:42", "windows_pc"),
    ("only-questions", "10:b6:76:10:20:22", "windows_pc"),
    ("pjlink-search", "38:1a:52:10:20:43", "projector"),
    ("printer-ipp", "00:1e:8f:10:20:44", "printer"),
    ("ra-radvd", "a4:f4:c2:10:20:01", "router"),
    ("raop-shairport", "2c:cf:67:10:20:32", "speaker"),
    ("roku-emulated", "00:0d:4b:10:20:37", "screen"),
]


def heard(path: Path) -> dict[str, Asset]:
    player = Replay(Declared(site="replay", legs=("file",)), [], "file")
    player.run(path)
    view = player.engine.view
    return {mac: view.assets[asset] for mac, asset in view.by_mac.items()}


def judged(rows: list[tuple[Path, str, str]]) -> list[tuple[str, str, str, Classification]]:
    by_file = {path: heard(path) for path, _, _ in rows}
    return [(path.name, mac, name, classify(by_file[path][mac])) for path, mac, name in rows]


@pytest.mark.corpus
def test_labelled_devices() -> None:
    answers = judged([(corpus.capture(file), mac, name) for file, mac, name in LABELLED])
    right = [row for row in answers if row[3].name == row[2]]
    wrong = [(file, mac, name, known.name, known.grade) for file, mac, name, known in answers if known.name not in (name, UNKNOWN)]
    assert [row for row in wrong if row[4] in SURE] == []
    assert len(right) >= 0.7 * len(answers), [row for row in answers if row not in right]
    assert len(wrong) <= 0.05 * len(answers), wrong
    print(f"\nclasses: {len(right)} of {len(answers)} right, {len(wrong)} wrong")


@pytest.mark.corpus
def test_devices_that_other_labels_tell_of() -> None:
    assert [row[:3] for row in judged([(corpus.capture(file), mac, name) for file, mac, name in TOLD]) if row[3].name != row[2]] == []


@pytest.mark.corpus
def test_the_maker_of_the_mac_did_not_decide() -> None:
    known = classify(heard(corpus.capture("suricata-verify__dhcp-eve-extended-option-60-input.pcap"))["28:cf:da:dc:8d:76"])
    assert known.name != "mac"
    assert known.grade not in SURE


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "mac"), [("suricata-verify__dhcp-option-52-overload-input.pcap", "92:dd:a4:8d:5f:de"), ("mercury__emix.pcap", "de:ad:be:ef:02:00")]
)
def test_too_little_is_unknown(file: str, mac: str) -> None:
    assert classify(heard(corpus.capture(file))[mac]).name == UNKNOWN


@pytest.mark.parametrize(("case", "mac", "name"), LAB)
def test_the_laboratory(case: str, mac: str, name: str) -> None:
    known = classify(heard(corpus.LAB / case / "capture.pcap")[mac])
    assert known.name == name
    assert known.evidence


@pytest.mark.parametrize("case", ["only-questions", "cast-idle", "dial-peer"])
def test_asking_makes_nobody_a_screen(case: str) -> None:
    askers = [asset for asset in heard(corpus.LAB / case / "capture.pcap").values() if asset.asked]
    assert askers
    assert [asset.id for asset in askers if classify(asset).name in ("screen", "speaker", "projector")] == []


def test_short_answers_are_those_of_the_long_ones() -> None:
    told = [asset for path in corpus.lab_captures() for asset in heard(path).values()]
    assert {classify(asset).name for asset in told} >= {UNKNOWN, "screen", "printer"}
    assert [named(asset) for asset in told] == [classify(asset).name for asset in told]
    readers = (read_services, read_upnp, read_projector, lambda asset: read_ports(asset, ()))
    by_readers = [any(True for reader in readers for _ in reader(asset)) for asset in told]
    assert [is_screen(asset) for asset in told] == by_readers == [bool(read(asset)) for asset in told]
    assert 10 < sum(by_readers) < len(told)
