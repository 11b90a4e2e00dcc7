"""Frame by frame against tshark, over the outside captures that hold these protocols. Both must name the same, in the same frames."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from functools import cache

import pytest

from collector.decode.pipeline import Pipeline
from model.facts import BridgeSeen, BrowserAnnounced, Dhcp6ClientSeen, Dhcp6ServerSeen, GroupsReported, NameAsked, NameSeen, NeighbourSeen, NetbiosNamed
from tests import corpus
from tests.decode import frames

pytestmark = pytest.mark.corpus

FIELDS = (
    *("igmp.type", "igmp.maddr", "icmpv6.type", "icmpv6.mldr.mar.multicast_address", "icmpv6.mld.multicast_address"),
    *(
        "dns.qry.name",
        "dns.qry.type",
        "dns.flags.response",
        "dns.resp.name",
        "dns.a",
        "dns.aaaa",
        "dns.count.answers",
        "dns.resp.type",
        "dns.flags.rcode",
        "udp.dstport",
        "udp.srcport",
    ),
    *(
        "nbns.name",
        "nbns.netbios_name",
        "nbns.flags.opcode",
        "nbns.flags.response",
        "browser.command",
        "browser.server",
        "browser.os_major",
        "browser.os_minor",
    ),
    *("browser.server_type", "browser.comment", "browser.mb_server"),
    *("dhcpv6.msgtype", "dhcpv6.duid.bytes", "dhcpv6.requested_option_code", "dhcpv6.client_domain", "dhcpv6.vendorclass.enterprise"),
    *("dhcpv6.iaaddr.ip", "dhcpv6.dns_server", "dhcpv6.vendorclass.data"),
    *("stp.root.hw", "stp.root.prio", "stp.root.ext", "stp.root.cost", "stp.bridge.hw", "stp.bridge.prio", "stp.bridge.ext", "stp.port"),
    *("stp.version", "stp.flags.tc", "cdp.deviceid", "cdp.portid", "cdp.platform", "cdp.native_vlan", "cdp.ttl", "cdp.nrgyz.ip_address"),
)

Row = dict[str, list[str]]

GROUPS = (
    *("iot_sentinel__D-LinkCam-Setup-C-9-STA.pcap", "iot_sentinel__EdimaxCam1-Setup-A-7-STA.pcap", "iot_sentinel__Lightify-Setup-C-13-STA.pcap"),
    *("mercury__emix.pcap", "ndpi__anyconnect-vpn.pcap", "suricata-verify__output-eve-ftp-data-input.pcap"),
    *("suricata-verify__smb2-ntlmssp-negotiateflags-input.pcap", "suricata-verify__wireshark-wiki-IGMP-dataset.pcap", "ipfixprobe__inputs-mixed.pcap"),
)
LLMNR = (
    *("suricata-verify__llmnr-udp-input.pcap", "suricata-verify__smb2-ntlmssp-negotiateflags-input.pcap"),
    *("suricata-verify__output-eve-ftp-data-input.pcap", "mercury__emix.pcap", "zeek__wikipedia.pcap"),
)
NETBIOS = (
    *("arkime__nbns.pcap", "ipfixprobe__netbios.pcap", "mercury__emix.pcap", "mercury__smb.pcap", "peafowl__smtp.pcap", "tcpdump__eapon1.pcap"),
    *("suricata-verify__smb2-ntlmssp-negotiateflags-input.pcap", "ndpi__anyconnect-vpn.pcap", "zeek__smb_v2_only_non_zero_reserved1.pcap"),
)
DHCP6 = (
    *("tcpdump__dhcpv4v6-rfc5970-rfc8572.pcap", "suricata-verify__smb2-ntlmssp-negotiateflags-input.pcap", "mercury__emix.pcap"),
    *("ipfixprobe__inputs-mixed.pcap", "ipfixprobe__sip.pcap", "pcapplusplus__example2.pcap", "ndpi__android.pcap"),
)
LOOK_UPS = ("pcapplusplus__example2.pcap", "mercury__emix.pcap", "mercury__surfshark.pcap", "ndpi__teams.pcap")
UNQUALIFIED = {"ipfixprobe__inputs-mixed.pcap": "openwrt"}
TREES = ("ndpi__teams.pcap", "suricata-verify__base64-decode-5885-input.pcap", "zeek__ncp.pcap", "zeek__raw_packets.pcap", "zeek__wikipedia.pcap")


@pytest.fixture(scope="module", autouse=True)
def _tshark():
    if not shutil.which("tshark"):
        if os.environ.get("CI"):
            pytest.fail("tshark is missing (deploy/apt-test.txt)")
        pytest.skip("tshark is missing")


@cache
def told(name: str) -> dict[int, Row]:
    """Frame number -> field -> values, as tshark reads the capture."""
    asked = [part for field in FIELDS for part in ("-e", field)]
    command = ["tshark", "-n", "-r", str(corpus.capture(name)), "-T", "fields", "-E", "separator=/t", "-E", "aggregator=|", "-e", "frame.number", *asked]
    # Its home is where no settings of a user are; filterless, since a display filter would hide what we wrongly read.
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "HOME": "/nonexistent"})
    rows = {}
    for line in done.stdout.splitlines():
        number, *values = line.split("\t")
        rows[int(number)] = {field: value.split("|") for field, value in zip(FIELDS, values, strict=True) if value}
    return rows


@cache
def found(name: str) -> dict[int, list]:
    """Frame number -> our facts."""
    pipeline, facts = None, defaultdict(list)
    for number, (link, at, data) in enumerate(frames.read(corpus.capture(name)), 1):
        pipeline = pipeline or Pipeline("capture", "lab", link)
        facts[number] += pipeline.decode(at, data)
    return facts


def of(name: str, *kinds) -> dict[int, list]:
    return {number: chosen for number, facts in found(name).items() if (chosen := [fact for fact in facts if isinstance(fact, kinds)])}


def first(row: Row, field: str) -> str:
    return row.get(field, [""])[0]


@pytest.mark.parametrize("name", GROUPS)
def test_groups(name):
    theirs: dict[int, set[str]] = {}
    for number, row in told(name).items():
        # An ICMP error carries the header of what it answers; only the message itself counts.
        if first(row, "igmp.type") in {"0x12", "0x16", "0x17", "0x22"}:
            theirs[number] = set(row.get("igmp.maddr", ()))
        elif row.get("icmpv6.type") in (["131"], ["132"], ["143"]):
            groups = {*row.get("icmpv6.mldr.mar.multicast_address", ()), *row.get("icmpv6.mld.multicast_address", ())}
            theirs[number] = {group for group in groups if not group.startswith("ff02::1:ff")}
    ours = {number: {group for fact in facts for group in (*fact.joined, *fact.left)} for number, facts in of(name, GroupsReported).items()}
    assert theirs
    assert ours == {number: groups for number, groups in theirs.items() if groups}


@pytest.mark.parametrize("name", LOOK_UPS)
def test_dns_answers(name):
    """The decoder that runs only where it is named."""
    theirs = {}
    for number, row in told(name).items():
        if first(row, "udp.srcport") == "53" and first(row, "dns.flags.response") == "1" and first(row, "dns.flags.rcode") == "0":
            # tshark lists the records of all sections in order; ours are those of the answer.
            kinds = row.get("dns.resp.type", [])[: int(first(row, "dns.count.answers"))]
            addresses = {*row.get("dns.a", [])[: kinds.count("1")], *row.get("dns.aaaa", [])[: kinds.count("28")]}
            if addresses:
                theirs[number] = (first(row, "dns.qry.name").lower() + ".", addresses)
    ours, pipeline = {}, None
    for number, (link, at, data) in enumerate(frames.read(corpus.capture(name)), 1):
        pipeline = pipeline or Pipeline("capture", "lab", link, ["dns"])
        if facts := pipeline.decode(at, data):
            ours[number] = (facts[0].name, set(facts[0].addresses))
    assert len(theirs) >= 10
    assert ours == theirs


@pytest.mark.parametrize("name", LLMNR)
def test_llmnr(name):
    asked, answered = {}, {}
    for number, row in told(name).items():
        if first(row, "dns.flags.response") == "0" and first(row, "udp.dstport") == "5355" and first(row, "dns.qry.type") in {"1", "28", "255"}:
            asked[number] = {query.lower() for query in row["dns.qry.name"]}
        if first(row, "dns.flags.response") == "1" and first(row, "udp.srcport") == "5355" and ("dns.a" in row or "dns.aaaa" in row):
            answered[number] = set(row["dns.resp.name"])
    assert asked
    assert {number: {f.name for f in facts if f.via == "llmnr"} for number, facts in of(name, NameAsked).items() if facts[0].via == "llmnr"} == asked
    ours = {number: {fact.name for fact in facts if fact.via == "llmnr"} for number, facts in of(name, NameSeen).items()}
    assert {number: names for number, names in ours.items() if names} == answered


def plain(shown: str) -> str:
    """`WORKGROUP<1d> (Local Master Browser)` -> `WORKGROUP`; tshark writes the browsers' marks as <01><02>."""
    return shown.replace("<01><02>", "").replace("<02>", "").partition("<")[0].rstrip()


@pytest.mark.parametrize("name", [name for name in NETBIOS if name != "peafowl__smtp.pcap"])
def test_netbios_names(name):
    read = 0
    for number, facts in of(name, NetbiosNamed, NameAsked).items():
        row = told(name)[number]
        ours = {(fact.name, fact.suffix) for fact in facts if not isinstance(fact, NameAsked) or fact.via == "nbns"}
        if "nbns.name" in row and "browser.command" not in row and ours:
            theirs = {(plain(shown), int(shown.rpartition("<")[2][:2], 16)) for shown in row["nbns.name"]}
            # Of a name table tshark gives the names alone.
            listed = {plain(shown) for shown in row.get("nbns.netbios_name", ())}
            assert {claim for claim in ours if claim[0] not in listed} <= theirs, number
            read += 1
    assert read


def test_every_question_and_claim_is_read():
    for name in ("arkime__nbns.pcap", "ipfixprobe__netbios.pcap", "mercury__smb.pcap"):
        ours = of(name, NetbiosNamed, NameAsked)
        for number, row in told(name).items():
            claims = first(row, "nbns.flags.response") == "0" and first(row, "nbns.flags.opcode") in {"0", "5", "6", "8"}
            if claims and "nbns.name" in row and not row["nbns.name"][0].startswith("*") and "<03>" not in row["nbns.name"][0]:
                assert number in ours, (name, number)


@pytest.mark.parametrize("name", NETBIOS)
def test_browser_announcements(name):
    theirs = {}
    for number, row in told(name).items():
        match first(row, "browser.command"):
            case "0x01" | "0x0f":
                version = f"{first(row, 'browser.os_major')}.{first(row, 'browser.os_minor')}"
                theirs[number] = (first(row, "browser.server"), version, int(first(row, "browser.server_type"), 16))
            case "0x0c":
                theirs[number] = (first(row, "browser.mb_server"), "", int(first(row, "browser.server_type"), 16))
    ours = {number: (fact.name, fact.version, fact.server_type) for number, [fact] in of(name, BrowserAnnounced).items()}
    assert ours == theirs


def test_somebody_announces():
    assert sum(len(of(name, BrowserAnnounced)) for name in NETBIOS) > 15


@pytest.mark.parametrize("name", DHCP6)
def test_dhcp6(name):
    clients, servers = of(name, Dhcp6ClientSeen), of(name, Dhcp6ServerSeen)
    messages = {number: row for number, row in told(name).items() if "dhcpv6.msgtype" in row and "icmpv6.type" not in row}
    assert messages
    assert {*clients, *servers} == set(messages)
    for number, [fact] in clients.items():
        row = messages[number]
        assert fact.duid.replace(":", "") == first(row, "dhcpv6.duid.bytes").replace(":", "")
        assert fact.parameters == tuple(map(int, row.get("dhcpv6.requested_option_code", ())))
        # tshark shows no name in which the root label is missing, as a client that does not know its domain writes it (RFC 4704 §4.2).
        assert fact.fqdn == (first(row, "dhcpv6.client_domain").lower().rstrip(".") or UNQUALIFIED.get(name, ""))
        assert fact.enterprise == int(first(row, "dhcpv6.vendorclass.enterprise") or 0)
        assert set(fact.addresses) == set(row.get("dhcpv6.iaaddr.ip", ()))
    for number, [fact] in servers.items():
        assert set(fact.addresses) == set(messages[number].get("dhcpv6.iaaddr.ip", ()))
        assert fact.dns == tuple(messages[number].get("dhcpv6.dns_server", ()))


@pytest.mark.parametrize("name", TREES)
def test_spanning_tree(name):
    theirs = {}
    for number, row in told(name).items():
        if "stp.root.hw" in row:
            root, bridge = (
                f"{int(first(row, f'stp.{end}.prio')) + int(first(row, f'stp.{end}.ext'))}/{first(row, f'stp.{end}.hw')}" for end in ("root", "bridge")
            )
            change = first(row, "stp.flags.tc") in {"1", "True"}
            theirs[number] = (root, bridge, int(first(row, "stp.port"), 16), int(first(row, "stp.root.cost")), int(first(row, "stp.version")), change)
    ours = {
        number: (fact.root, fact.bridge, fact.port, fact.cost, fact.version, fact.topology_change)
        for number, [fact] in of(name, BridgeSeen).items()
        if fact.root
    }
    assert theirs
    assert ours == theirs


def test_cdp():
    name = "pcapplusplus__example2.pcap"
    theirs = {
        number: (first(row, "cdp.deviceid"), first(row, "cdp.portid"), first(row, "cdp.platform"), int(first(row, "cdp.ttl")))
        for number, row in told(name).items()
        if "cdp.deviceid" in row
    }
    ours = of(name, NeighbourSeen)
    assert {number: (fact.chassis, fact.port, fact.model, fact.ttl) for number, [fact] in ours.items()} == theirs
    assert len(theirs) == 6
    for number, [fact] in ours.items():
        row = told(name)[number]
        assert fact.native_vlan == int(first(row, "cdp.native_vlan") or 0)
        assert set(fact.management) <= set(row["cdp.nrgyz.ip_address"])
        assert fact.capabilities[-1:] in {("bridge",), ("router",)}
