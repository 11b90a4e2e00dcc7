"""`vonggac run` killed at any moment, again and again: what the journal says happened is what every sink got."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from collector.access import JOURNAL
from collector.journal.standalone import read_only
from tests.lab.lab import Leg, Net, Process
from tests.servers.webhook_receiver import WebhookReceiver
from tests.system.program import ONE_BY_ONE, PATIENCE, Box, running, started
from tests.system.screens import Wire, mac

# Of the whole in one process; the services apart are killed twenty times in test_kill_split.py, a thousand in `make soak`.
KILLS = 8
SCREENS = range(1, 301)
# A finding and how often it had changed: one document at each sink.
Told = tuple[str, int]


class ReceiverInSpace(WebhookReceiver):
    """The same on-call endpoint, on the loopback of a laboratory space."""

    def __init__(self, secret: str, leg: Leg) -> None:
        super().__init__(secret)
        self._socket = leg.space.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self.port))

    async def listen(self) -> None:
        await web.SockSite(self._runner, self._socket).start()


def sinks(box: Box, receiver: ReceiverInSpace, secret: str) -> Box:
    file = box.folder / "webhook-secret"
    file.write_text(secret)
    file.chmod(0o600)
    return box.write(
        '[[legs]]\nname = "lan"\ninterface = "leg0"\nheartbeat = "30s"\n',
        f'[[sinks]]\ntype = "webhook"\nurl = "{receiver.url}"\nsecret_file = "{file}"\nurgencies = ["page", "ticket", "report"]\n{ONE_BY_ONE}',
        '[[sinks]]\ntype = "jsonlines"\npath = "lines.jsonl"\nstreams = ["finding"]\n',
    )


async def produced(box: Box) -> set[Told]:
    """Every change of every finding, as the journal has it."""
    with read_only(box.folder / "state" / JOURNAL) as reader:
        return {(c.finding.id, c.finding.sequence) for now in await reader.findings() for c in await reader.history(now.finding.id)}


async def waiting(box: Box) -> int:
    """Documents not yet at their sinks."""
    with read_only(box.folder / "state" / JOURNAL) as reader:
        return sum(sink.waiting for sink in await reader.sinks())


def written(box: Box) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (box.folder / "lines.jsonl").read_text().splitlines()]


async def killed(box: Box, leg: Leg, moment: str, after: float) -> None:
    """One life, killed some time after its start or its first words, or then as it writes a line and has yet to tell the journal so."""
    process = started(box, "run", space=leg.space)
    try:
        if moment != "starting":
            await spoken(process)
        await asyncio.sleep(after)
        if moment == "writing":
            await asyncio.to_thread(kill_at_growth, process, box.folder / "lines.jsonl")
    finally:
        process.popen.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.wait)
    assert "Traceback" not in process.said(), process.said()


def kill_at_growth(process: Process, file: Path) -> None:
    """As soon as the file grows: asked without a pause, for the journal hears of it within a millisecond or two."""
    until = time.monotonic() + 2
    size = os.path.getsize(file) if file.exists() else 0
    while time.monotonic() < until:
        if file.exists() and os.path.getsize(file) > size:
            break
    process.popen.send_signal(signal.SIGKILL)


async def spoken(process: Process, text: str = "127.0.0.1") -> None:
    await asyncio.to_thread(process.wait_for, text, PATIENCE)


async def settled(box: Box, screens: int) -> None:
    """Every screen has its finding, and every document is where it belongs."""
    async with asyncio.timeout(PATIENCE):
        while len({finding for finding, _ in await produced(box)}) < screens or await waiting(box):
            await asyncio.sleep(0.1)


@pytest.mark.root
async def test_killed_at_random_moments_every_sink_has_what_the_journal_has(net: Net, box: Box, webhook_secret: str) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), Wire(segment.leg())
    dice = random.Random(20250715)
    async with ReceiverInSpace(webhook_secret, leg) as receiver:
        sinks(box, receiver, webhook_secret)
        # Slow enough that screens are still new at the last kill.
        with wire.growing(SCREENS, each=0.05):
            for _ in range(KILLS):
                await killed(box, leg, dice.choice(["starting", "at work", "writing", "writing"]), after=dice.uniform(0.0, 0.6))
        assert await produced(box), "no life was long enough to find anything"
        with running(box, "run", space=leg.space) as process:
            await spoken(process, "đang nghe trên")
            wire.send(SCREENS)
            await settled(box, len(SCREENS))
        wire.close()
        expected = await produced(box)
        await compare(box, receiver, expected)


async def compare(box: Box, receiver: ReceiverInSpace, expected: set[Told]) -> None:
    lines = written(box)
    rows = [line["row"] for line in lines]
    assert len(rows) == len(set(rows)), "a line was written twice"
    assert {line["subject"]["macs"][0] for line in (line["finding"] for line in lines)} == {mac(number) for number in SCREENS}
    assert len(lines) == len(expected)
    assert {(line["finding"]["id"], line["sequence"]) for line in lines} == expected
    bodies: dict[str, set[str]] = {}
    for delivery in receiver.accepted:
        data = delivery.json()["data"]
        bodies.setdefault(delivery.id, set()).add(json.dumps({**data, "text": ""}, sort_keys=True))
    # A delivery whose receipt was lost in a kill comes again: under the same id, saying the same.
    assert all(len(said) == 1 for said in bodies.values())
    told = {(data["id"], data["sequence"]) for said in bodies.values() for data in map(json.loads, said)}
    assert told == expected
    assert len(bodies) == len(expected), "one change went out under two ids"
    assert set(bodies) == set(rows), "the sinks have different documents"
    assert not [delivery.refused for delivery in receiver.deliveries if delivery.refused]
