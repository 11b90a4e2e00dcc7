"""VG-NET-01 proven and not proven by the real probe program, over real switches, routers, servers, relays and reflectors.

With VONGGAC_RECORD naming a folder, each case is recorded there (tests/cases/probes) and replayed without root by tests/replay/test_probes.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import probing
import pytest
from between import forwarder
from lab import Host, Net, Segment, until
from probing import CITIZEN, PAIR, STAFF

from model.verdict import Grade, Outcome, Severity

pytestmark = pytest.mark.root
RECORD = os.environ.get("VONGGAC_RECORD", "")
PROVEN = (Outcome.VIOLATION, Severity.HIGH, Grade.PROVEN, "proven_shared_l2")
MAYBE = (Outcome.VIOLATION, Severity.MEDIUM, Grade.LIKELY, "shared_l2")
ROUTED = (Outcome.VIOLATION, Severity.HIGH, Grade.CONFIRMED, "routed_reachable")
UNKNOWN = (Outcome.UNKNOWN, "not_observed")


def graded(verdict):
    rung = dict(verdict.state)["ladder"]
    return (verdict.outcome, rung) if verdict.outcome is Outcome.UNKNOWN else (verdict.outcome, verdict.severity, verdict.grade, rung)


async def judged(name, net, tmp_path, staff, citizen, rung, *, probes=("nonce",), more="", subject=PAIR, before=None, rounds=1):
    """A box on both segments makes its rounds; the verdict on the pair, its runs, and the record."""
    space, *legs = probing.legs_of(net, staff, citizen)
    if before is not None:
        before(legs)
    async with probing.box(space, tmp_path, probes, more) as box:
        with probing.recorded(tuple(legs), tmp_path) if RECORD else contextlib.nullcontext():
            # tcpdump misses the first frame that it should write.
            for _ in range(rounds + bool(RECORD)):
                runs = await box.round()
            verdict = await box.settled(rung, subject)
            offers = await box.offers()
        if RECORD:
            probing.kept(tmp_path, Path(RECORD) / name, (tmp_path / "state/identity.key").read_bytes(), box.runs)
    return verdict, runs, offers


def two(net: Net) -> tuple[Segment, Segment]:
    return net.segment("staff", flooding=False), net.segment("citizen", flooding=False)


async def test_one_flat_switch(net, tmp_path):
    flat = net.segment("flat", flooding=False)
    verdict, runs, _ = await judged("flat", net, tmp_path, flat, flat, "proven_shared_l2")
    assert graded(verdict) == PROVEN
    assert "ngược lại" in verdict.summary.vi
    assert {(run.leg, run.probe, run.outcome, run.tapped) for run in runs} == {
        (leg, probe, "sent", True) for leg in (STAFF, CITIZEN) for probe in ("nonce_raw", "nonce_udp")
    }


async def test_two_separate_switches(net, tmp_path):
    verdict, runs, _ = await judged("separate", net, tmp_path, *two(net), "not_observed")
    assert graded(verdict) == UNKNOWN
    assert all(run.tapped for run in runs)
    assert "cách ly" in verdict.reason.vi


async def test_isolation_on_both_sides_hides_it(net, tmp_path):
    flat = net.segment("flat", flooding=False)
    verdict, *_ = await judged("isolated-both", net, tmp_path, flat, flat, "not_observed", before=lambda legs: flat.isolate(*legs))
    assert graded(verdict) == UNKNOWN
    assert "cách ly" in verdict.reason.vi


async def test_isolation_on_one_side_does_not(net, tmp_path):
    flat = net.segment("flat", flooding=False)
    verdict, *_ = await judged("isolated-one", net, tmp_path, flat, flat, "proven_shared_l2", before=lambda legs: flat.isolate(legs[0]))
    assert graded(verdict) == PROVEN


async def test_a_one_way_leak(net, tmp_path):
    staff, citizen = two(net)
    forwarder(net, citizen, staff)
    verdict, *_ = await judged("one-way", net, tmp_path, staff, citizen, "proven_shared_l2")
    assert graded(verdict) == PROVEN
    assert "một chiều" in verdict.summary.vi
    assert verdict.summary.vi.index("Wi-Fi khu chờ") < verdict.summary.vi.index("Mạng cán bộ")


async def test_frames_that_come_over_with_a_tag(net, tmp_path):
    staff, citizen = two(net)
    forwarder(net, staff, citizen, "--tag", "20")
    more = '\n[[zones]]\nleg = "nguoi-dan"\nvlan = [20]\nrole = "citizen"\nname = "VLAN 20"\n'
    pair = f"{STAFF}|{CITIZEN}/20"
    verdict, *_ = await judged("tagged", net, tmp_path, staff, citizen, "proven_shared_l2", more=more, subject=pair)
    assert graded(verdict) == PROVEN
    assert "VLAN 20" in verdict.summary.vi


async def test_a_relay_of_broadcasts_is_only_likely(net, tmp_path):
    staff, citizen = two(net)
    forwarder(net, staff, citizen, "--relay", "34997")
    verdict, *_ = await judged("relayed", net, tmp_path, staff, citizen, "shared_l2")
    assert graded(verdict) == MAYBE
    assert "chuyển tiếp" in verdict.summary.vi


def reflector(net: Net, staff: Segment, citizen: Segment) -> Host:
    """avahi's reflector between the two."""
    host = net.host("reflector", staff, "192.168.10.7/24")
    citizen.plug(host, "eth1")
    host.shell("ip address add 192.168.20.7/24 dev eth1; ip link set eth1 up")
    conf = host.folder / "avahi.conf"
    server = "[server]\nhost-name=cau\nuse-ipv6=no\nenable-dbus=no\nallow-interfaces=eth0,eth1\n"
    conf.write_text(server + "[wide-area]\nenable-wide-area=no\n[publish]\npublish-hinfo=no\npublish-workstation=no\n[reflector]\nenable-reflector=yes\n")
    host.popen(["avahi-daemon", "-f", conf, "--no-drop-root", "--no-rlimits", "--no-chroot"]).wait_for("Server startup complete")
    return host


async def test_an_mdns_reflector_is_no_shared_network(net, tmp_path):
    staff, citizen = two(net)
    reflector(net, staff, citizen)
    ear = citizen.leg()
    with probing.recording(ear, tmp_path / "mdns.pcap", "udp port 5353 and src 192.168.20.7"):
        asker = net.host("asker", staff, "192.168.10.9/24")
        asker.run([sys.executable, "-c", ASK_MDNS])
        until(lambda: b"_airplay" in (tmp_path / "mdns.pcap").read_bytes(), "the question on the other side")
    verdict, *_ = await judged("mdns-reflector", net, tmp_path, staff, citizen, "not_observed")
    assert graded(verdict) == UNKNOWN


ASK_MDNS = "import socket as s; u = s.socket(2, 2); u.bind(('', 5353)); u.sendto(bytes.fromhex('000000000001000000000000085f616972706c6179045f746370056c6f63616c00000c0001'), ('224.0.0.251', 5353))"  # noqa: E501 - a whole program


def dhcp(router: Host, network: str, *options: str) -> None:
    """dnsmasq that gives out .200-.220 of a /24 and names the router as gateway."""
    argv = ["dnsmasq", "-k", "--no-resolv", "--no-hosts", "--port=0", "--no-ping", "--user=root", "--conf-file=/dev/null", "--pid-file=", "--log-facility=-"]
    served = [f"--dhcp-range={network}.200,{network}.220,255.255.255.0,1h", f"--dhcp-option=3,{network}.1"] if network else []
    router.popen([*argv, f"--dhcp-leasefile={router.folder}/leases", *served, *options]).wait_for("started")


def techniques(verdict):
    return dict(piece.value.split(" ", 1) for piece in verdict.evidence if piece.kind == "probe" and piece.value.count(" ") == 1)


@pytest.mark.parametrize(("name", "macs"), [("same-prefix", ("a4:f4:c2:10:20:01", "a4:f4:c2:10:20:02")), ("vrrp", ("00:00:5e:00:01:07", "00:00:5e:00:01:07"))])
async def test_the_same_prefix_behind_two_routers_is_two_networks(net, tmp_path, name, macs):
    staff, citizen = two(net)
    for segment, mac in zip((staff, citizen), macs, strict=True):
        dhcp(net.host(f"router-{segment.name}", segment, "192.168.1.1/24", mac=mac), "192.168.1")
    # The second round asks for the gateways that the servers named in the first.
    verdict, runs, offers = await judged(name, net, tmp_path, staff, citizen, "not_observed", probes=("nonce", "dhcp", "gateway"), rounds=2)
    assert graded(verdict) == UNKNOWN
    assert techniques(verdict)["dhcp"] == "silent"
    assert offers == {(STAFF, "192.168.1.1", ""), (CITIZEN, "192.168.1.1", "")}
    assert {(run.leg, run.outcome) for run in runs if run.probe == "gateway4"} == {(STAFF, "sent"), (CITIZEN, "sent")}


async def test_one_server_by_relay_for_two_segments_is_no_shared_network(net, tmp_path):
    staff, citizen = two(net)
    core = net.segment("core", flooding=False)
    server = net.host("server", core, "10.0.0.5/24", gateway="10.0.0.1")
    router = net.host("router", core, "10.0.0.1/24")
    router.shell("echo 1 >/proc/sys/net/ipv4/ip_forward")
    for number, segment in ((10, staff), (20, citizen)):
        segment.plug(router, f"eth{number}")
        router.shell(f"ip address add 192.168.{number}.1/24 dev eth{number}; ip link set eth{number} up")
    dhcp(server, "192.168.10", "--dhcp-range=192.168.20.200,192.168.20.220,255.255.255.0,1h")
    dhcp(router, "", "--dhcp-relay=192.168.10.1,10.0.0.5", "--dhcp-relay=192.168.20.1,10.0.0.5")
    verdict, _, offers = await judged("dhcp-relay", net, tmp_path, staff, citizen, "not_observed", probes=("nonce", "dhcp"), rounds=2)
    assert graded(verdict) == UNKNOWN
    assert offers == {(STAFF, "10.0.0.5", "192.168.10.1"), (CITIZEN, "10.0.0.5", "192.168.20.1")}
    assert techniques(verdict)["dhcp"] == "silent"


async def test_a_router_without_a_firewall_between_them(net, tmp_path):
    staff, citizen = two(net)
    router = net.host("router", staff, "192.168.10.1/24", mac="a4:f4:c2:10:20:01")
    citizen.plug(router, "eth1", "a4:f4:c2:10:20:02")
    router.shell("ip address add 192.168.20.1/24 dev eth1; ip link set eth1 up; echo 1 >/proc/sys/net/ipv4/ip_forward")

    def addresses(legs):
        space = legs[0].space
        space.shell("ip address add 192.168.10.2/24 dev leg0; ip address add 192.168.20.2/24 dev leg1")
        space.shell("ip route add default via 192.168.10.1 dev leg0 metric 1; ip route add default via 192.168.20.1 dev leg1 metric 2")
        space.shell("ping -c1 -W2 192.168.10.1; ping -c1 -W2 192.168.20.1")

    verdict, runs, _ = await judged("routed", net, tmp_path, staff, citizen, "routed_reachable", probes=("nonce", "routed"), before=addresses)
    assert graded(verdict) == ROUTED
    assert "qua 1 bộ định tuyến" in verdict.summary.vi
    assert {run.outcome for run in runs} == {"sent"}


async def test_a_laptop_that_roams_is_no_proof(net, tmp_path):
    staff, citizen = two(net)
    laptops = [net.host(f"laptop-{segment.name}", segment, "192.168.10.77/24", mac="30:9c:23:00:00:77") for segment in (staff, citizen)]

    def roam(_space):
        for laptop in laptops:
            laptop.shell("ip link set eth0 down")

    space, *legs = probing.legs_of(net, staff, citizen)
    roam(space)
    async with probing.box(space, tmp_path, ("nonce",)) as box:
        with probing.recorded(tuple(legs), tmp_path) if RECORD else contextlib.nullcontext():
            for laptop in laptops * 2:
                laptop.shell("ip link set eth0 up; ip route replace 224.0.0.0/4 dev eth0")
                laptop.run([sys.executable, "-c", SHOUT])
                # A station needs longer than a second to leave one network and join another.
                await asyncio.sleep(1.1)
                laptop.shell("ip link set eth0 down")
            await box.round()
            verdict = await box.settled("not_observed")
        if RECORD:
            probing.kept(tmp_path, Path(RECORD) / "roaming", (tmp_path / "state/identity.key").read_bytes(), box.runs)
    assert graded(verdict) == UNKNOWN


SHOUT = "import socket as s; u = s.socket(2, 2); u.setsockopt(1, 6, 1); [u.sendto(b'x', ('192.168.10.255', 9)) for _ in range(3)]"


async def test_a_cable_pulled_out_is_told(net, tmp_path):
    staff, citizen = two(net)
    space, *_ = probing.legs_of(net, staff, citizen)
    async with probing.box(space, tmp_path, ("nonce",)) as box:
        space.shell("ip link set leg1 down")
        runs = await box.round()
        verdict = await box.settled("not_observed")
    assert {(run.leg, run.outcome, run.detail) for run in runs} >= {(CITIZEN, "failed", "leg1 đang tắt hoặc chưa cắm cáp")}
    assert verdict.outcome is Outcome.UNKNOWN
