"""The sinks on the real journal, with a real receiver, killed and restarted."""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from collector.journal import Batch, Journal
from exporters.jsonlines import JsonLines, JsonLinesOptions
from exporters.prometheus import Metrics
from exporters.runner import Pace, run_all
from exporters.tally import Tally
from exporters.webhook import Webhook, WebhookOptions
from model.verdict import Subject
from tests.exporters.exporting import commit, life
from tests.exporters.readers import status
from tests.exporters.samples import AT, change

ROOT = Path(__file__).parents[2]


@pytest.fixture
def secret(tmp_path, webhook_secret):
    file = tmp_path / "secret"
    file.write_text(webhook_secret)
    file.chmod(0o600)
    return file


@pytest.fixture
def journal(tmp_path):
    with Journal.open(tmp_path / "journal.db", box="hop-1") as opened:
        yield opened


async def emptied(journal):
    async with asyncio.timeout(60):
        while journal.queued().rows:
            await asyncio.sleep(0.01)


def heard_of(receiver):
    """For each finding the sequence numbers that were accepted, in the order they came."""
    heard = {}
    for delivery in receiver.accepted:
        data = delivery.json()["data"]
        heard.setdefault(data["id"], []).append(data["sequence"])
    return heard


async def test_an_outage_of_one_sink_a_refusal_and_a_full_life_of_findings(journal, tmp_path, secret, webhook_receiver):
    webhook = Webhook(WebhookOptions(url=webhook_receiver.url, secret_file=secret, told_file=tmp_path / "told"), now=time.time_ns)
    lines = JsonLines(JsonLinesOptions(path=tmp_path / "lines.jsonl"))
    sinks, tallies, stop = [webhook, lines], [Tally(sink="webhook"), Tally(sink="jsonlines")], asyncio.Event()
    for sink in sinks:
        await journal.outbox().register(sink.name, sink.streams)
    webhook_receiver.answer_next(400)
    await webhook_receiver.stop_listening()
    pace = Pace(now=time.time_ns, random=lambda: 0.01)
    sending = asyncio.create_task(run_all(journal.outbox(), sinks, stop, pace=pace, tallies=tallies))
    for number in range(20):
        await asyncio.to_thread(commit, journal, number)
    async with asyncio.timeout(30):
        while tallies[1].delivered < 40 or not tallies[0].down:
            await asyncio.sleep(0.01)
    assert webhook_receiver.deliveries == []
    await webhook_receiver.listen()
    await emptied(journal)
    reader = journal.reader(status)
    (dead,) = await reader.dead_letters()
    page = Metrics(reader, now=time.time_ns, version="0.1.0", tallies=tallies)
    body, _ = await page.page()
    stop.set()
    await sending
    # The one opening that was refused is a dead letter; nobody was told of it, so nobody is told of its end.
    assert dead.sink == "webhook"
    refused = dead.row.document.change.finding.id
    assert heard_of(webhook_receiver) == {finding.id: [1, 2] for n in range(20) if (finding := life(n)[0].finding).id != refused}
    rows = [json.loads(line) for line in (tmp_path / "lines.jsonl").read_bytes().splitlines()]
    assert len({row["row"] for row in rows}) == len(rows) == 40
    assert (tallies[0].delivered, tallies[0].rejected, tallies[0].filtered) == (38, 1, 1)
    assert 'vonggac_dead_letters{sink="webhook"} 1.0' in body.decode()
    assert 'vonggac_findings{detector="VG-NET-02",severity="high",state="resolved"} 20.0' in body.decode()


async def test_killed_at_random_moments_what_arrived_is_what_was_committed(tmp_path, secret, webhook_receiver):
    dice, told, first = random.Random(20250630), set(), 0
    for _ in range(8):
        child = await start(tmp_path, webhook_receiver.url, first, "commit")
        try:
            for _ in range(dice.randrange(1, 25)):
                told.add(int(await child.stdout.readline()))
            await asyncio.sleep(dice.random() / 50)
        finally:
            child.kill()
        rest, _ = await child.communicate()
        told |= {int(number) for number in rest.split(b"\n")[:-1]}
        first = max(told) + 1
    child = await start(tmp_path, webhook_receiver.url, first, "drain")
    assert await asyncio.wait_for(child.wait(), 120) == 0
    written = [json.loads(line) for file in (tmp_path / "out").iterdir() for line in file.read_bytes().splitlines()]
    assert len({row["row"] for row in written}) == len(written)
    committed = {life(number)[0].finding.id for number in told}
    # A commit that the kill kept from being told of may be there too; it is whole then, or only opened.
    extra = {row["finding"]["id"] for row in written} - committed
    assert len(extra) <= 8
    for kind, ids in (("opened", committed), ("resolved", committed)):
        assert ids <= {row["finding"]["id"] for row in written if row["step"] == kind}
    heard = heard_of(webhook_receiver)
    assert set(heard) == {row["finding"]["id"] for row in written}
    for finding in committed:
        assert sorted(set(heard[finding])) == [1, 2]
        assert heard[finding] == sorted(heard[finding])
    assert {delivery.id for delivery in webhook_receiver.accepted} == {row["row"] for row in written}


async def start(folder, url, first, mode):
    command = (sys.executable, "-m", "tests.exporters.exporting", str(folder), url, str(first), mode)
    return await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


async def test_a_restart_between_opening_and_end_still_tells_the_end(journal, tmp_path, secret, webhook_receiver):
    subject = Subject("asset", "a1")
    for number, one in enumerate((change(subject=subject), change("resolved", at=AT + 1, subject=subject, sequence=2)), 1):
        options = WebhookOptions(url=webhook_receiver.url, secret_file=secret, told_file=tmp_path / "told")
        webhook, stop = Webhook(options, now=time.time_ns), asyncio.Event()
        sending = asyncio.create_task(run_all(journal.outbox(), [webhook], stop, pace=Pace(now=time.time_ns), tallies=[Tally(sink="webhook")]))
        journal.commit(Batch(site="xa-a", now=AT + number, findings=[one.finding], changes=[one]))
        await webhook_receiver.accepted_ids(number)
        stop.set()
        await sending
    assert [delivery.json()["type"] for delivery in webhook_receiver.accepted] == ["finding.opened", "finding.resolved"]
