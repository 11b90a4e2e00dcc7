"""A takeover: from the push on the wire to the signed message at the on-call, and what keeping its evidence at hand costs every frame."""

from __future__ import annotations

import base64
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import following
from living import LEG, ROOT, box_on_a_leg, listening
from measure import Figure, percentile
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from collector.decode.pipeline import Pipeline
from collector.sealing.keys import generate
from collector.sealing.ring import Ring
from tests.lab.lab import Leg, Process
from tests.system.program import ONE_BY_ONE

PHONE = "6a:5f:2e:10:20:51"


def figures(screens: int, runs: int) -> list[Figure]:
    """So many screens taken over one after the other; then the ring, `runs` times."""
    delays = _delays(screens)
    pushes = [following.frame(("192.168.20.20", 40_000 + turn % 20_000), ("192.168.20.9", 49_494), following.PUSH) for turn in range(4000)]
    hellos = [following.frame(("192.168.20.20", 40_000 + turn % 20_000), ("203.0.113.9", 443), following.HELLO) for turn in range(8000)]
    return [
        Figure("a push to a screen on the wire to webhook received, sealed meanwhile, p50", [percentile(delays, 0.5)], 0.3, " s"),
        Figure(f"the same, p95 of {screens} screens", [percentile(delays, 0.95)], 1.0, " s"),
        Figure("a push followed, with its ring / without", [_read(pushes, ring=True) / _read(pushes, ring=False) for _ in range(runs)], 1.1),
        Figure(
            "a TLS hello in which there is nothing, with the ring / without", [_read(hellos, ring=True) / _read(hellos, ring=False) for _ in range(runs)], 1.1
        ),
    ]


def _read(frames: list[bytes], *, ring: bool) -> float:
    """CPU seconds of these frames through a fresh pipeline."""
    pipeline = Pipeline("bench", "lan", 1)
    if ring:
        pipeline.flows.heed = Ring().add
    began = time.process_time()
    for turn, data in enumerate(frames):
        pipeline.decode(following.START + turn * 1_000_000, data)
    return time.process_time() - began


def _delays(screens: int) -> list[float]:
    with box_on_a_leg() as (box, sensor, talker), _oncall(sensor) as (receiver, sink):
        rows = [f"{_mac(number)},Man hinh {number:03d}" for number in range(screens)]
        (box.folder / "declared" / "screens.csv").write_text("mac,name\n" + "\n".join(rows) + "\n")
        generate(box.folder / "soc")
        box.write(LEG.format(sensor.interface), sink, '[evidence]\nsoc_public_key_file = "soc/soc-evidence.pub"\n')
        with listening(box, sensor):
            time.sleep(3)  # the finding about the start, if any, is not what is measured
            return [_delay(talker, receiver, number) for number in range(screens)]


@contextmanager
def _oncall(sensor: Leg) -> Iterator[tuple[Process, str]]:
    """The on-call's end, and the table that sends messages there."""
    with tempfile.TemporaryDirectory(prefix="vonggac-bench-") as place:
        secret = Path(place) / "secret"
        secret.write_text("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
        secret.chmod(0o600)
        receiver = sensor.space.popen([sys.executable, ROOT / "benchmarks" / "receiver.py", secret], env={"PYTHONPATH": str(ROOT)})
        receiver.wait_for("listening", 30)
        yield receiver, f'[[sinks]]\ntype = "webhook"\nname = "oncall"\nurl = "{receiver.said().split()[1]}"\nsecret_file = "{secret}"\n{ONE_BY_ONE}'


def _mac(number: int) -> str:
    return f"1c:a4:10:31:{number >> 8:02x}:{number & 255:02x}"


def _delay(talker: Leg, receiver: Process, number: int) -> float:
    name = f"Man hinh {number:03d}"
    ends = Ether(src=PHONE, dst=_mac(number)) / IP(src="192.168.20.20", dst=f"192.168.{30 + number // 200}.{number % 200 + 20}")
    push = bytes(ends / TCP(sport=40_000 + number, dport=49_494, flags="PA", seq=1000) / Raw(following.PUSH))
    with talker.space.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((talker.interface, 0))
        sent = time.monotonic_ns()
        wire.send(push)
    receiver.wait_for(name, 30)
    line = next(line for line in receiver.said().splitlines() if name in line)
    # So that frames meet every phase of the program's own rhythms; and not more than 32 new files are sealed a minute: some go without.
    time.sleep(0.02 + number % 7 / 50)
    return (int(line.split()[1]) - sent) / 1e9
