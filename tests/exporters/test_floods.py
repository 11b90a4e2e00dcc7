"""Floods through the sinks themselves, to the servers people use: one message, its end, and what is held."""

import asyncio
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from exporters.alertmanager import Alertmanager, AlertmanagerOptions
from exporters.mail import Mail, MailOptions
from exporters.pagerduty import PagerDuty, PagerDutyOptions
from exporters.short_message import words
from exporters.webhook import Webhook, WebhookOptions
from exporters.zalo import Zalo, ZaloOptions
from model.times import HOUR, MINUTE
from model.verdict import Severity
from tests.exporters.calling import PLACE, House, finding_of, page
from tests.exporters.flooding import FLOOD, flood
from tests.servers.oncall import PagerDutyStub, ZaloStub
from tests.servers.smtp import MailServer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


@pytest.fixture
def secret(tmp_path, webhook_secret):
    return private(tmp_path / "secret", webhook_secret)


@pytest.fixture
async def kept():
    """Keeps a sink until the test is over, then closes it."""
    sinks = []
    yield lambda sink: sinks.append(sink) or sink
    for sink in sinks:
        await sink.close()


def private(file, content):
    file.write_text(content)
    file.chmod(0o600)
    return file


def given(house, **fields):
    return {"told_file": house.folder / "told", "place": PLACE, "manner": house.options(**fields).manner}


async def sent(sink, *rows):
    return {receipt.outcome for receipt in await sink.send(rows)}


async def test_a_webhook_takes_a_flood_as_one_signed_message_that_names_each_finding(house, kept, secret, webhook_receiver):
    rows = [page(n) for n in range(10)]
    for detail in ("full", "id_only"):
        options = WebhookOptions(url=webhook_receiver.url, secret_file=secret, detail=detail, **given(house) | {"told_file": house.folder / detail})
        sink = kept(Webhook(options, now=time.time_ns))
        assert await sent(sink, *rows) == {"accepted"}
    full, stranger = (delivery.json() for delivery in webhook_receiver.accepted)
    assert full["type"] == stranger["type"] == "findings.group"
    assert full["data"]["groups"] == [{"site": "xa-a", "detector": "VG-NET-02", "step": "opened", "cause": "observed", "severity": "high", "count": 10}]
    assert {one["id"] for one in full["data"]["findings"]} == {finding_of(row).id for row in rows}
    assert full["data"]["findings"][0].keys() == {"id", "state", "severity", "sequence"}
    assert "TV-0" in full["data"]["text"]
    assert "TV-" not in str(stranger)
    assert "Xã A" not in str(stranger)


async def test_pagerduty_has_one_incident_of_a_flood_that_ends_with_the_last_of_it(house, kept):
    key = "0123456789abcdef0123456789ABCDEF"
    async with PagerDutyStub(key) as stub:
        options = PagerDutyOptions(url=stub.url, key_file=private(house.folder / "key", key), **given(house))
        sink = kept(PagerDuty(options, now=time.time_ns))
        assert await sent(sink, *(page(n) for n in range(5)), page(7, detector="VG-NET-08")) == {"accepted"}
        (_, alone), (action, fold) = sorted(((one["event_action"], one["dedup_key"]) for one in stub.accepted), key=lambda one: "fold" in one[1])
        assert (action, fold[:13]) == ("trigger", "vonggac-fold-")
        stub.accepted.clear()
        # The ends of many are no flood there: each closes its incident and calls nobody.
        assert await sent(sink, *(page(20 + n, "resolved", of=n, sequence=2) for n in range(4)), page(30, "acknowledged", of=4, sequence=2)) == {"accepted"}
        assert stub.accepted == []
        assert await sent(sink, page(31, "resolved", of=4, sequence=3), page(32, "resolved", of=7, sequence=2, detector="VG-NET-08")) == {"accepted"}
        assert {(one["event_action"], one["dedup_key"]) for one in stub.accepted} == {("resolve", fold), ("resolve", alone)}


async def test_what_grew_out_of_a_flood_gets_an_incident_of_its_own(house, kept):
    key = "0123456789abcdef0123456789ABCDEF"
    async with PagerDutyStub(key) as stub:
        sink = kept(PagerDuty(PagerDutyOptions(url=stub.url, key_file=private(house.folder / "key", key), **given(house)), now=time.time_ns))
        await sent(sink, *(page(n) for n in range(4)))
        stub.accepted.clear()
        one = page(20, "updated", of=1, sequence=2, severity=Severity.CRITICAL)
        await sent(sink, one, *(page(30 + n, "resolved", of=n, sequence=2) for n in (0, 2, 3)))
        assert [(event["event_action"], event["dedup_key"][:13]) for event in stub.accepted] == [
            ("trigger", f"vonggac-{finding_of(one).id}"[:13]),
            ("resolve", "vonggac-fold-"),
        ]


async def test_a_flood_is_one_mail_and_its_end_another(house, kept, certificates):
    async with MailServer(certificates.right, login=False) as server:
        way = {"host": "localhost", "port": server.port, "ca_file": certificates.authority}
        sink = kept(Mail(MailOptions(**way, sender="vonggac@xa-a.example.vn", recipients=("truc@example.vn",), **given(house))))
        assert await sent(sink, *(page(n) for n in range(10))) == {"accepted"}
        assert await sent(sink, *(page(20 + n, "resolved", of=n, sequence=2) for n in range(10))) == {"accepted"}
        began, ended = server.mails
        assert began["Subject"] == "CAO · 10 × phát hiện mới · Màn hình mở · Xã A"
        assert began["Message-ID"].startswith("<fold-")
        assert "Xem từng phát hiện và cách xử lý: https://vonggac.example/phat-hien" in began.get_content()
        assert ended["Subject"] == "10 × đã khắc phục · Màn hình mở · Xã A"


async def test_strangers_read_of_a_flood_how_much_there_is_and_no_name(house, kept):
    async with ZaloStub("99:token", "1") as stub:
        options = ZaloOptions(url=stub.base, chat_id="1", token_file=private(house.folder / "token", "99:token"), **given(house))
        sink = kept(Zalo(options, now=time.time_ns))
        house.now += HOUR
        assert await sent(sink, *(page(n, ips=("192.0.2.7",)) for n in range(10))) == {"accepted"}
        (message,) = stub.accepted
        assert message["text"] == "CAO · 10 × phát hiện mới · Màn hình mở · https://vonggac.example/phat-hien?quy-tac=VG-NET-02"


async def test_a_short_message_of_a_flood_has_its_count_and_no_code(house):
    heard = house.audience()
    await house.tell(heard, *(page(n) for n in range(10)))
    (message,) = house.heard
    assert words(message, "full", "vi", PLACE) == "CAO · 10 × phát hiện mới · Màn hình mở · Xã A"


@pytest.mark.servers
async def test_a_real_alertmanager_is_told_after_maintenance_and_by_the_second_level_alone_when_nobody_took_it(house, kept, alertmanager):
    house.now = time.time_ns()
    house.maintain(begins=house.now, ends=house.now + HOUR)
    row = page(1, at=house.now, opened=house.now)
    house.stand(finding_of(row))
    first, second = (
        kept(
            Alertmanager(
                AlertmanagerOptions(name=name, urls=(alertmanager.url,), **given(house, **fields) | {"told_file": house.folder / name}), now=time.time_ns
            )
        )
        for name, fields in (("one", {}), ("two", {"level": 2, "after": 15 * MINUTE}))
    )
    assert (await sent(first, row), alertmanager.alerts()) == ({"later"}, [])
    house.now += HOUR
    assert (await sent(first, row), await sent(second, row)) == ({"accepted"}, {"later"})
    (alert,) = alertmanager.alerts()
    assert "VẪN CÒN MỞ SAU BẢO TRÌ" in alert["annotations"]["summary"]
    house.now += 15 * MINUTE
    assert await sent(second, row) == {"accepted"}
    # The same finding is the same alert, whichever level tells of it: receivers fold by its labels.
    (alert,) = alertmanager.alerts()
    assert "CHƯA AI TIẾP NHẬN" in alert["annotations"]["summary"]


async def test_killed_at_random_moments_each_change_of_every_flood_is_in_one_message(tmp_path, secret, webhook_receiver):
    dice, told, first = random.Random(20250630), set(), 0
    for _ in range(6):
        child = await start(tmp_path, webhook_receiver.url, first, "commit")
        try:
            for _ in range(dice.randrange(1, 12)):
                told.add(int(await child.stdout.readline()))
            await asyncio.sleep(dice.random() / 50)
        finally:
            child.kill()
        rest, _ = await child.communicate()
        told |= {int(number) for number in rest.split(b"\n")[:-1]}
        first = max(told) + 1
    child = await start(tmp_path, webhook_receiver.url, first, "drain")
    assert await asyncio.wait_for(child.wait(), 120) == 0
    messages = {}
    for delivery in webhook_receiver.accepted:
        data = delivery.json()["data"]
        changes = frozenset((one["id"], one["sequence"]) for one in data.get("findings", [data]))
        # A message that comes again is the same.
        assert messages.setdefault(delivery.id, changes) == changes
    heard = [change for changes in messages.values() for change in changes]
    assert len(set(heard)) == len(heard)
    committed = {(one.finding.id, sequence) for number in told for step, sequence in (("opened", 1), ("resolved", 2)) for one in flood(number, step, sequence)}
    assert committed <= set(heard)
    # What a kill kept from being told of may be there too: at most one flood a life.
    assert len(set(heard) - committed) <= 6 * 2 * FLOOD
    assert len(messages) < len(heard)


async def start(folder, url, first, mode):
    command = (sys.executable, "-m", "tests.exporters.flooding", str(folder), url, str(first), mode)
    return await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
