"""What needs a network: the whole program on a leg of the laboratory (root, network namespaces), as a box runs it."""

from __future__ import annotations

import base64
import re
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from make_capture import QUIET_RATE, capture, quiet
from measure import Figure, cpu_of, memory_of, percentile
from scapy.layers.dns import DNS, DNSRR, DNSRRSRV
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether

from collector.capturefile import CaptureFile
from collector.decode.pipeline import clauses
from tests.lab.lab import Leg, Net, Process, Space
from tests.system.program import ONE_BY_ONE, Box, address, fetched, running, spawned

ROOT = Path(__file__).parents[1]
IDLE_SECONDS = 60
HEARTBEAT = 2
# 5 Gbit/s of this capture: five times what a commune's cable carries.
PACED = 500_000
LEG = f'[[legs]]\nname = "lan"\ninterface = "{{}}"\nheartbeat = "{HEARTBEAT}s"\n'


@contextmanager
def box_on_a_leg() -> Iterator[tuple[Box, Leg, Leg]]:
    """A box's folder, the leg it listens on, and a leg of the same segment to speak from."""
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as folder, Net() as net:
        talker, sensor = cable(net)
        yield Box(Path(folder)).site("bench", ["lan"]).write(LEG.format(sensor.interface)), sensor, talker


def cable(net: Net) -> tuple[Leg, Leg]:
    """Two ends of one veth pair, to speak on and to listen on. No bridge between them: it would keep group reports for itself."""
    talker, sensor = net.space("talker"), net.space("box")
    for space in (talker, sensor):
        space.shell("echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6")
    talker.shell(f"ip link add out0 type veth peer name leg0 netns {sensor.pid}; ethtool -K out0 tx off tso off gso off gro off >/dev/null")
    sensor.shell("ethtool -K leg0 tx off tso off gso off gro off >/dev/null; ip link set leg0 promisc on up")
    talker.shell("ip link set out0 up")
    return Leg(talker, "out0"), Leg(sensor, "leg0")


@contextmanager
def listening(box: Box, sensor: Leg) -> Iterator[tuple[Process, str]]:
    """The program on its leg, from when it hears: the process and its page's address."""
    with running(box, "run", space=sensor.space) as program:
        page = address(program)
        program.wait_for(f"đang nghe trên {sensor.interface}", 30)
        yield program, page


def metric(space: Space, page: str, name: str) -> int:
    """One of the program's own metrics, all its labels together."""
    script = f"import urllib.request; print(urllib.request.urlopen('{page}metrics', timeout=20).read().decode())"
    lines = re.findall(rf"^vonggac_{name}(?:\{{[^}}]*\}})? ([0-9.e+]+)$", space.run([sys.executable, "-c", script]), re.MULTILINE)
    return int(sum(map(float, lines)))


def flooded(runs: int) -> list[Figure]:
    """The 900 MB capture over veth, at 500,000 frames a second and as fast as tcpreplay can: what was lost, what share of a core the program took meanwhile."""
    wanted = sum(len(packets) for _, packets in CaptureFile(capture(), clauses()).batches())
    with box_on_a_leg() as (box, sensor, talker), listening(box, sensor) as (program, page):

        def flood(speed: str) -> tuple[int, float, float]:
            before, spent = metric(sensor.space, page, "capture_received_total"), cpu_of(program.popen.pid)
            said = talker.space.run(["tcpreplay", speed, "--preload-pcap", "-i", talker.interface, capture()], timeout=300)
            time.sleep(2 * HEARTBEAT)  # figures come with the heartbeat
            seconds, rate = (float(re.findall(pattern, said)[-1]) for pattern in (r"in ([0-9.]+) seconds", r"([0-9.]+) pps"))
            share = (cpu_of(program.popen.pid) - spent) / seconds * 100
            heard = metric(sensor.space, page, "capture_received_total") - before
            return max(wanted - heard, metric(sensor.space, page, "capture_dropped_total")), share, rate / 1000

        _, paced, _ = zip(*(flood(f"--pps={PACED}") for _ in range(runs)), strict=True)
        lost, shares, rates = zip(*(flood("--topspeed") for _ in range(runs)), strict=True)
    offered = f"at {min(rates):.0f} to {max(rates):.0f} thousand frames a second"
    return [
        Figure(f"live over veth, {PACED:,} frames a second: share of a core while it lasts", paced, 30, " %"),
        Figure(f"the same {offered}: frames lost of {wanted}", lost, 0),
        Figure("the same: share of a core while it lasts", shares, 30, " %", held=50, why="20 minutes of control traffic within two thirds of a second"),
    ]


def delayed(screens: int) -> list[Figure]:
    """From a screen's advert on the wire to the signed message at the on-call, one new screen at a time."""
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as place:
        secret = Path(place) / "secret"
        secret.write_text("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
        secret.chmod(0o600)
        with box_on_a_leg() as (box, sensor, talker):
            receiver = sensor.space.popen([sys.executable, ROOT / "benchmarks" / "receiver.py", secret], env={"PYTHONPATH": str(ROOT)})
            receiver.wait_for("listening", 30)
            url = receiver.said().split()[1]
            box.write(LEG.format(sensor.interface), f'[[sinks]]\ntype = "webhook"\nname = "oncall"\nurl = "{url}"\nsecret_file = "{secret}"\n{ONE_BY_ONE}')
            with listening(box, sensor):
                time.sleep(3)  # the finding about the start, if any, is not what is measured
                delays = [_delay(talker, receiver, number) for number in range(screens)]
    return [
        Figure("frame on the wire to webhook received, p50", [percentile(delays, 0.5)], 0.3, " s"),
        Figure(f"the same, p95 of {screens} screens", [percentile(delays, 0.95)], 1.0, " s"),
    ]


def _delay(talker: Leg, receiver: Process, number: int) -> float:
    name = f"Man hinh {number:03d}"
    with talker.space.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((talker.interface, 0))
        sent = time.monotonic_ns()
        wire.send(advert(number, name))
    receiver.wait_for(name, 30)
    line = next(line for line in receiver.said().splitlines() if name in line)
    time.sleep(0.02 + number % 7 / 50)  # so that frames meet every phase of the program's own rhythms
    return (int(line.split()[1]) - sent) / 1e9


def advert(number: int, name: str) -> bytes:
    """An open AirPlay receiver that announces itself, as none before it did."""
    ip = f"192.168.{30 + number // 200}.{number % 200 + 20}"
    service = f"{name}._airplay._tcp.local."
    host = f"man-hinh-{number}.local."
    records = [
        DNSRR(rrname="_airplay._tcp.local.", type="PTR", rclass=1, ttl=4500, rdata=service),
        DNSRRSRV(rrname=service, rclass=0x8001, ttl=120, port=7000, target=host),
        DNSRR(rrname=service, type="TXT", rclass=0x8001, ttl=4500, rdata=["deviceid=00:e0:4c:00:00:01", "flags=0x4", "model=AppleTV5,3"]),
        DNSRR(rrname=host, type="A", rclass=0x8001, ttl=120, rdata=ip),
    ]
    mac = f"00:e0:4c:31:{number >> 8:02x}:{number & 255:02x}"
    message = DNS(qr=1, aa=1, qd=[], an=records)
    return bytes(Ether(src=mac, dst="01:00:5e:00:00:fb") / IP(src=ip, dst="224.0.0.251", ttl=255) / UDP(sport=5353, dport=5353) / message)


def idle() -> list[Figure]:
    """A minute of an ordinary segment after another in which everybody was met: what the program takes when nothing happens."""
    with box_on_a_leg() as (box, sensor, talker), listening(box, sensor) as (program, page):
        pid = program.popen.pid
        player = talker.space.popen(["tcpreplay", "-i", talker.interface, "--loop", "0", quiet()])
        time.sleep(IDLE_SECONDS)  # everybody was met, the vantage is known
        spent = cpu_of(pid)
        time.sleep(IDLE_SECONDS)
        share, memory = (cpu_of(pid) - spent) / IDLE_SECONDS * 100, memory_of(pid) / 1e6
        assets = metric(sensor.space, page, "assets")
        player.stop()
    return [
        Figure(f"`vonggac run` on a quiet leg ({assets} devices, {QUIET_RATE} frames a second), share of a core", [share], 2, " %"),
        Figure("the same, memory held", [memory], 120, " MB"),
    ]


def started_again(runs: int) -> list[Figure]:
    """`make run` where everything is set up already: until the page answers, and until it is drawn."""
    seconds = []
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as folder:
        box = Box(Path(folder)).site("bench", ["lan"]).write('[[legs]]\nname = "lan"\ninterface = "lo"\n')
        for _ in range(runs):
            began = time.monotonic()
            program = spawned(["make", "-C", str(ROOT), "run", f"CONFIG={box.config}"], box.folder / "make.log")
            try:
                fetched(address(program))
                seconds.append(time.monotonic() - began)
            finally:
                program.stop()
            program.log.unlink()
    return [Figure("`make run`, set up before, to the page", seconds, 10, " s")]
