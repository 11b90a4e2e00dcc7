"""The capture sensor on real interfaces: what it hears, what it leaves out, and how it outlives its interface's troubles."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from pathlib import Path

import pytest
from lab import Net, Space, until

from collector.decode.pipeline import clauses
from collector.livecapture import LiveCapture, Tuning
from collector.vantagewatch import Schedule
from model.facts import AddressSeen
from model.times import SECOND
from tests.capture import writers as w
from tests.capture.conftest import Kept, capturing, inside

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.root


def cable(net: Net) -> tuple[Space, Space]:
    """Two spaces joined by a cable: `leg0` in the first, `far0` in the second."""
    here, there = net.space("here"), net.space("there")
    lay(here, there)
    return here, there


def lay(here: Space, there: Space) -> None:
    quiet = "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"
    there.shell(quiet)
    here.shell(f"{quiet}; ip link add leg0 type veth peer name far0 netns {there.pid}; ip link set leg0 up")
    there.shell("ip link set far0 up")


def sender(space: Space, interface: str) -> socket.socket:
    out = space.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind((interface, 0))
    return out


def arp_of(number: int, tags=()) -> bytes:
    """An ARP request of station number `number`."""
    mac = bytes.fromhex("02aa00") + number.to_bytes(3, "big")
    return w.ethernet(w.arp(mac), w.ARP, mac, tags=tags)


def stations(sink: Kept) -> list[int]:
    """The numbers of the stations heard by ARP, in order."""
    macs = [fact.mac for fact in sink.of(AddressSeen)]
    return [int(mac[9:].replace(":", ""), 16) for mac in macs if mac.startswith("02:aa:00")]


TAGS = {
    "untagged": ((), ()),
    "vlan": (((0x8100, 20),), (20,)),
    "qinq 8100": (((0x8100, 100), (0x8100, 20)), (100, 20)),
    "qinq 88a8": (((0x88A8, 100), (0x8100, 20)), (100, 20)),
    "qinq 9100": (((0x9100, 100), (0x8100, 20)), (100, 20)),
}


def test_frames_of_every_tag_depth_are_heard_with_their_tags(net: Net) -> None:
    here, there = cable(net)
    sink = Kept()
    with capturing(here, sink, "leg0"), sender(there, "far0") as out:
        for number, (tags, _vlan) in enumerate(TAGS.values()):
            out.send(arp_of(number, tags))
            out.send(w.ethernet(w.ipv4(6, w.tcp(1, 2, 0x10, bytes(100)), target="192.168.10.9"), w.IPV4, tags=tags))
        sink.wait(lambda: len(stations(sink)) >= len(TAGS), "not every tag depth was heard")
    heard = {fact.mac: fact.vlan for fact in sink.of(AddressSeen)}
    assert [heard[f"02:aa:00:00:00:0{number}"] for number in range(len(TAGS))] == [vlan for _tags, vlan in TAGS.values()]
    assert sink.beats()[-1].received == len(TAGS)


def test_the_kernel_takes_the_filter(net: Net, capfd: pytest.CaptureFixture[str]) -> None:
    """Else libpcap says so on standard error, and filters every frame itself."""
    here, _ = cable(net)
    with inside(here), LiveCapture("leg0", clauses(), Tuning()):
        assert "filter failed" not in capfd.readouterr().err


def test_frames_we_send_ourselves_are_left_out(net: Net) -> None:
    here, there = cable(net)
    sink = Kept()
    with capturing(here, sink, "leg0"), sender(here, "leg0") as own, sender(there, "far0") as other:
        for number in range(50):
            own.send(arp_of(1000 + number))
            other.send(arp_of(number))
    assert stations(sink) == list(range(50))


def test_stopping_hands_over_the_last_frame(net: Net) -> None:
    here, there = cable(net)
    for _ in range(5):
        sink = Kept()
        with capturing(here, sink, "leg0") as capture, sender(there, "far0") as out:
            for number in range(700):
                out.send(arp_of(number))
            capture.stop()
        assert stations(sink) == list(range(700))
        assert sink.beats()[-1].received == 700
        assert capture.health().state == "stopped"


def test_facts_and_heartbeats_are_numbered_in_one_row(net: Net) -> None:
    here, there = cable(net)
    sink = Kept()
    with capturing(here, sink, "leg0", heartbeat=SECOND // 20), sender(there, "far0") as out:
        for number in range(20):
            out.send(arp_of(number))
            seen = len(sink.beats())
            sink.wait(lambda seen=seen: len(sink.beats()) > seen, "no further heartbeat")
    assert [fact.sequence for fact in sink.facts] == list(range(1, len(sink.facts) + 1))
    assert {(fact.sensor, fact.leg) for fact in sink.facts} == {("capture:lan", "lan")}
    beat = sink.beats()[-1]
    assert (beat.state, beat.interface, beat.received, beat.decoded, beat.undecodable, beat.message) == ("running", "leg0", 20, 20, 0, "")


def test_undecodable_frames_and_followed_connections_are_counted(net: Net) -> None:
    here, there = cable(net)
    sink = Kept()
    with capturing(here, sink, "leg0"), sender(there, "far0") as out:
        out.send(w.ethernet(w.arp()[:20], w.ARP))
        out.send(arp_of(7))
        out.send(w.ethernet(w.ipv4(6, w.tcp(50_001, 49_494, 0x18, b"POST /a HTTP/1.1\r\n"), target="192.168.10.9"), w.IPV4))
    beat = sink.beats()[-1]
    assert (beat.undecodable, beat.decoded, beat.flows, beat.flows_dropped, beat.flows_cut) == (1, 2, 1, 0, 0)


def test_an_interface_that_comes_goes_and_comes_back(net: Net, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "collector.sensors.capture")
    here, there = net.space("here"), net.space("there")
    sink = Kept()
    with capturing(here, sink, "leg0", waiting=True, heartbeat=SECOND // 10):
        assert sink.wait_for_state("waiting").message == "không có giao diện leg0; hiện có: lo"
        beats = len(sink.beats())
        sink.wait(lambda: len(sink.beats()) > beats + 3, "no heartbeats while waiting")
        for turn in range(2):
            before = len(sink.facts)
            lay(here, there)
            sink.wait_for_state("running", before)
            with sender(there, "far0") as out:
                out.send(arp_of(turn))
            sink.wait(lambda turn=turn: turn in stations(sink), "the frame after the interface came was not heard")
            before = len(sink.facts)
            here.shell("ip link del leg0")
            sink.wait_for_state("waiting", before)
    lines = [record.getMessage() for record in caplog.records if record.name == "collector.sensors.capture"]
    missing = "capture:lan: không có giao diện leg0; hiện có: lo"
    back = "capture:lan: đã nghe lại được trên leg0"
    assert [line for line in lines if "cắm cáp" not in line] == [missing, back, missing, back, missing]
    assert sink.beats()[-1].received == 2


def test_an_interface_switched_off_and_on(net: Net) -> None:
    here, there = cable(net)
    sink = Kept()
    with capturing(here, sink, "leg0"), sender(there, "far0") as out:
        here.shell("ip link set leg0 down")
        assert sink.wait_for_state("waiting").message == "giao diện leg0 đang tắt"
        before = len(sink.facts)
        here.shell("ip link set leg0 up")
        sink.wait_for_state("running", before)
        out.send(arp_of(1))
        sink.wait(lambda: stations(sink) == [1], "nothing heard after switching on")


def test_a_cable_pulled_out_and_put_in(net: Net) -> None:
    here, there = cable(net)
    sink = Kept()
    with capturing(here, sink, "leg0"), sender(there, "far0") as out:
        there.shell("ip link set far0 down")
        assert sink.wait_for_state("waiting").message == "leg0 chưa cắm cáp mạng"
        before = len(sink.facts)
        there.shell("ip link set far0 up")
        sink.wait_for_state("running", before)
        out.send(arp_of(1))
        sink.wait(lambda: stations(sink) == [1], "nothing heard after the cable was put in")


def test_an_interface_renamed_away_is_not_listened_to_any_more(net: Net) -> None:
    here, there = cable(net)
    sink = Kept()
    with capturing(here, sink, "leg0"), sender(there, "far0") as out:
        here.shell("ip link set leg0 name other0")
        assert sink.wait_for_state("waiting").message == "không có giao diện leg0; hiện có: lo, other0"
        out.send(arp_of(1))
        before = len(sink.facts)
        here.shell("ip link set other0 name leg0; ip link set leg0 up")
        sink.wait_for_state("running", before)
        out.send(arp_of(2))
        sink.wait(lambda: 2 in stations(sink), "nothing heard after the name came back")
    assert stations(sink) == [2]


def test_auto_follows_the_default_route(net: Net) -> None:
    here, there = cable(net)
    sink = Kept()
    with capturing(here, sink, "auto", waiting=True), sender(there, "far0") as out:
        waiting = sink.wait_for_state("waiting")
        assert waiting.message == "máy chưa có tuyến mặc định nên không tự chọn được giao diện; hiện có: lo, leg0"
        assert waiting.interface == ""
        here.shell("ip address add 192.168.10.1/24 dev leg0; ip route add default via 192.168.10.254")
        assert sink.wait_for_state("running").interface == "leg0"
        out.send(arp_of(1))
        sink.wait(lambda: stations(sink) == [1], "nothing heard on the default route's interface")
        here.shell("ip route del default")
        out.send(arp_of(2))
        sink.wait(lambda: stations(sink) == [1, 2], "deaf after the default route went")


def test_frames_the_kernel_had_no_room_for_are_counted(net: Net) -> None:
    here, there = cable(net)
    go_on = threading.Event()

    class Slow(Kept):
        def put(self, facts):
            taken = super().put(facts)
            if isinstance(facts[0], AddressSeen):
                go_on.wait(30)
            return taken

    sink, sent = Slow(), 30_000
    with capturing(here, sink, "leg0", tuning=Tuning(buffer=512 * 1024)) as capture, sender(there, "far0") as out:
        for number in range(sent):
            out.send(arp_of(number))
        go_on.set()
        capture.stop()
    beat = sink.beats()[-1]
    assert beat.dropped > 1000
    assert beat.received + beat.dropped == sent


def test_what_core_refuses_is_said(net: Net) -> None:
    here, there = cable(net)

    class Full(Kept):
        def put(self, facts):
            super().put(facts)
            return 0 if isinstance(facts[0], AddressSeen) else len(facts)

    sink = Full()
    with capturing(here, sink, "leg0"), sender(there, "far0") as out:
        out.send(arp_of(1))
        sink.wait(lambda: stations(sink) == [1], "nothing heard")
    assert sink.beats()[-1].message == "core không nhận kịp 1 dữ liệu quan sát"


def test_a_fault_of_ours_is_told_and_listening_goes_on(net: Net, caplog: pytest.LogCaptureFixture) -> None:
    here, there = cable(net)

    class Faulty(Kept):
        faults = 1

        def put(self, facts):
            if isinstance(facts[0], AddressSeen) and self.faults:
                self.faults = 0
                raise RuntimeError("planted")
            return super().put(facts)

    sink = Faulty()
    with capturing(here, sink, "leg0"), sender(there, "far0") as out:
        out.send(arp_of(1))
        assert sink.wait_for_state("failed").message == "lỗi không ngờ, đang thử lại"
        before = len(sink.facts)
        sink.wait_for_state("running", before - 1)
        out.send(arp_of(2))
        sink.wait(lambda: stations(sink) == [2], "deaf after a fault")
    assert "planted" in caplog.text


SCRIPT = """
import json, sys, threading
from collector.clock import SystemClock
from collector.sensors.capture import Capture, Listening
class Sink:
    def put(self, facts):
        for fact in facts:
            print(fact.state, fact.vantage, fact.message, flush=True)
        return len(facts)
capture = Capture(Listening(sensor="s", leg="lan", interface=sys.argv[1], language="en"), Sink(), SystemClock())
capture.start()
sys.stdin.read() if len(sys.argv) > 2 else threading.Event().wait(20)
"""


def test_without_the_capability_one_sentence_says_how_to_grant_it(net: Net) -> None:
    here, _there = cable(net)
    without = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"]
    program = here.popen([*without, sys.executable, "-c", SCRIPT, "leg0"], env={"PYTHONPATH": str(ROOT)})
    program.wait_for("setcap")
    assert program.popen.poll() is None
    line = next(line for line in program.said().splitlines() if line.startswith("failed"))
    python = Path(sys.executable).resolve()
    assert f"run `sudo setcap cap_net_raw+ep {python}` and start again" in line
    assert "AmbientCapabilities=CAP_NET_RAW" in line
    assert "Traceback" not in program.said()


def test_the_raw_capability_alone_is_enough(net: Net) -> None:
    here, _there = cable(net)
    only = ["setpriv", "--bounding-set=-all,+net_raw", "--inh-caps=-all"]
    program = here.popen([*only, sys.executable, "-c", SCRIPT, "leg0"], env={"PYTHONPATH": str(ROOT)})
    program.wait_for("running")
    assert "failed" not in program.said()
    assert program.popen.poll() is None


QUICK = Schedule(open=0.5, every=0.6)


def talk(out: socket.socket, here: bytes, there: bytes, count: int = 10) -> None:
    for _ in range(count):
        out.send(w.ethernet(w.ipv4(17, w.udp(4000, 4000), "10.0.0.1", "10.0.0.2"), w.IPV4, here, there))


def stations_on(net: Net, *, flooding: bool, count: int = 4) -> tuple[Space, list[tuple[socket.socket, bytes]]]:
    segment = net.segment("lan", flooding=flooding)
    hosts = [net.host(f"h{number}", segment, mac=f"02:bb:00:00:00:{number:02x}") for number in range(count)]
    leg = segment.leg()
    return leg.space, [(sender(host, "eth0"), bytes.fromhex(host.mac.replace(":", ""))) for host in hosts]


def chatter(hosts: list[tuple[socket.socket, bytes]], number: int) -> None:
    """Every host says something to all, then pairs of hosts talk to each other."""
    for out, mac in hosts:
        out.send(w.ethernet(w.arp(mac), w.ARP, mac))
    for (out, mac), (back, peer) in zip(hosts[::2], hosts[1::2], strict=True):
        for _ in range(3):
            talk(out, mac, peer, 2)
            talk(back, peer, mac, 2)


@pytest.mark.parametrize(("flooding", "vantage"), [(True, "mirror"), (False, "plain")])
def test_the_vantage_is_found_out(net: Net, flooding: bool, vantage: str) -> None:
    space, hosts = stations_on(net, flooding=flooding)
    sink = Kept()
    with capturing(space, sink, "leg0", schedule=QUICK, heartbeat=SECOND // 20):
        assert sink.beats()[0].vantage == "unknown"
        turns = iter(range(10_000))

        def found() -> bool:
            chatter(hosts, next(turns))
            return sink.beats()[-1].vantage != "unknown"

        until(found, "the vantage")
    assert sink.beats()[-1].vantage == vantage
    for out, _mac in hosts:
        out.close()


def test_own_traffic_proves_no_mirror(net: Net) -> None:
    space, hosts = stations_on(net, flooding=False, count=2)
    space.shell("ip address add 10.9.0.1/24 dev leg0")
    own = bytes.fromhex(space.shell("ip -o link show leg0").split("link/ether ")[1][:17].replace(":", ""))
    (out, mac), _other = hosts
    sink = Kept()
    with capturing(space, sink, "leg0", schedule=QUICK, heartbeat=SECOND // 5), sender(space, "leg0") as mine:

        def several_windows_passed() -> bool:
            talk(mine, own, mac)
            talk(out, mac, own)
            return len(sink.beats()) > 15  # three seconds: five windows

        until(several_windows_passed, "heartbeats")
    assert {beat.vantage for beat in sink.beats()} == {"unknown"}
    for each, _mac in hosts:
        each.close()


def test_inline_when_declared(net: Net) -> None:
    here, _there = cable(net)
    sink = Kept()
    with capturing(here, sink, "leg0", inline=True):
        assert sink.wait_for_state("running").vantage == "inline"


def test_inline_when_the_leg_is_a_port_of_our_own_bridge(net: Net) -> None:
    here, _there = cable(net)
    here.shell("mount -t sysfs sysfs /sys; ip link add br0 type bridge; ip link set leg0 master br0; ip link set br0 up")
    program = here.popen([sys.executable, "-c", SCRIPT, "leg0"], env={"PYTHONPATH": str(ROOT)})
    program.wait_for("running")
    assert [line for line in program.said().splitlines() if line.startswith("running") and not line.startswith("running inline")] == []


def test_a_frame_does_not_wait_for_others(net: Net) -> None:
    here, there = cable(net)
    sink = Kept()
    with capturing(here, sink, "leg0", heartbeat=300 * SECOND), sender(there, "far0") as out:
        out.send(arp_of(1))
        sink.wait(lambda: stations(sink), "a single frame stayed in the ring")
        assert stations(sink) == [1]
