import asyncio
import json
import time
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.alertmanager import Alertmanager, AlertmanagerOptions
from exporters.alertmanager_alerts import ENDED_KEPT, Memory, Wording
from exporters.render import Place
from exporters.runner import Pace, run
from exporters.sink import FILTERED, OptionsError
from exporters.tally import Tally
from model.ledger import Cause
from model.text import Text
from model.verdict import Evidence, Severity, Subject, Urgency
from tests.exporters.outboxes import MemoryOutbox
from tests.exporters.samples import AT, change, posture, told
from tests.servers.alertmanager import Alertmanager as Server
from tests.servers.call import Login
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import Answer

SECOND = 1_000_000_000
MINUTE, DAY = 60 * SECOND, 86_400 * SECOND


@pytest.fixture
def options(tmp_path):
    return AlertmanagerOptions(urls=("http://127.0.0.1:9",), told_file=tmp_path / "told.json", place=Place(name="Xã A"))


@pytest.fixture
async def make(options):
    made = []

    def sink(now=time.time_ns, **fields):
        made.append(Alertmanager(msgspec.structs.replace(options, **fields), now=now))
        return made[-1]

    yield sink
    for one in made:
        await one.close()


def outcomes(receipts):
    return [receipt.outcome for receipt in receipts]


def recent(step="opened", ago=60, **fields):
    at = time.time_ns() - ago * SECOND
    return change(step, at=at, opened=fields.pop("opened", at), **fields)


@pytest.mark.servers
async def test_people_are_told_of_the_beginning_and_of_the_end(alertmanager, people, make):
    sink = make(urls=(alertmanager.url,))
    began = recent(name="TV-Sảnh")
    assert outcomes(await sink.send([told(1, began)])) == ["accepted"]
    (firing,) = await people.heard("firing")
    code = began.finding.id
    assert firing["labels"] == {
        "alertname": "VG-NET-02", "service": "vonggac", "site": "xa-a", "severity": "high", "urgency": "ticket", "finding": code,
    }  # fmt: skip
    assert firing["annotations"]["summary"] == "CAO · Màn hình đang mở cho mọi người · “TV-Sảnh” · Xã A"
    assert "1. Tắt phản chiếu màn hình." in firing["annotations"]["description"]
    end = recent("resolved", 1, opened=began.finding.opened)
    assert outcomes(await sink.send([told(2, end)])) == ["accepted"]
    (resolved,) = await people.heard("resolved")
    assert resolved["labels"] == firing["labels"]
    assert resolved["annotations"]["summary"].startswith("ĐÃ KHẮC PHỤC · ")


class Idle(MemoryOutbox):
    """Nothing new ever comes."""

    async def lease(self, sink, limit, wait):
        await asyncio.sleep(0.01)
        return []


@pytest.mark.servers
async def test_a_dead_box_ends_nothing_and_a_new_alertmanager_is_told_again(alertmanager, make):
    first = make(urls=(alertmanager.url,))
    assert outcomes(await first.send([told(1, recent())])) == ["accepted"]
    (held,) = alertmanager.alerts()
    assert _days_ahead(held["endsAt"]) > 6.9
    await first.close()
    # Alertmanager keeps alerts in memory alone; the box is started anew too, and nothing new is found meanwhile.
    alertmanager.restart()
    assert alertmanager.alerts() == []
    sink, stop = make(urls=(alertmanager.url,)), asyncio.Event()
    sending = asyncio.create_task(run(Idle(), sink, stop, pace=Pace(now=time.time_ns), tally=Tally(sink="alertmanager")))
    async with asyncio.timeout(20):
        while not await asyncio.to_thread(alertmanager.alerts):
            await asyncio.sleep(0.05)
    assert [one["labels"]["finding"] for one in alertmanager.alerts()] == [held["labels"]["finding"]]
    stop.set()
    await sending


def _days_ahead(moment):
    return (datetime.fromisoformat(moment).timestamp() - time.time()) / 86_400


@pytest.mark.servers
async def test_an_end_told_by_a_clock_that_is_ahead_comes_through_when_said_again(alertmanager, make):
    # Two seconds ahead in place of minutes: Alertmanager takes an end to come for one that has not come.
    began = recent()
    sink = make(urls=(alertmanager.url,), resend=SECOND)
    await sink.send([told(1, began)])
    await sink.send([told(2, change("resolved", at=time.time_ns() + 2 * SECOND, opened=began.finding.opened))])
    assert len(alertmanager.alerts()) == 1
    async with asyncio.timeout(20):
        while await asyncio.to_thread(alertmanager.alerts):
            await sink.remind()
            await asyncio.sleep(0.1)
    assert alertmanager.alerts() == []


@pytest.mark.servers
async def test_a_finding_that_grew_is_an_alert_of_its_own_degree_and_one_that_shrank_stays(alertmanager, people, make):
    sink = make(urls=(alertmanager.url,))
    low = recent(severity=Severity.LOW, urgency=Urgency.TICKET)
    opened = low.finding.opened
    await sink.send([told(1, low)])
    await people.heard("firing")
    await sink.send([told(2, recent("updated", 3, opened=opened, severity=Severity.CRITICAL, urgency=Urgency.PAGE))])
    (moved,) = await people.heard("resolved")
    assert (moved["labels"]["severity"], "Chưa hết" in moved["annotations"]["summary"]) == ("low", True)
    await sink.send([told(3, recent("updated", 2, opened=opened, severity=Severity.LOW, urgency=Urgency.TICKET))])
    (held,) = alertmanager.alerts()
    assert (held["labels"]["severity"], held["labels"]["urgency"]) == ("critical", "page")
    assert held["annotations"]["summary"].startswith("THẤP · CẬP NHẬT")


@pytest.mark.servers
async def test_one_that_is_not_seen_any_more_is_not_told_as_over(alertmanager, make):
    sink = make(urls=(alertmanager.url,))
    began = recent()
    await sink.send([told(1, began)])
    assert outcomes(await sink.send([told(2, recent("lapsed", 1, opened=began.finding.opened))])) == ["accepted"]
    (held,) = alertmanager.alerts()
    assert held["annotations"]["summary"].startswith("MẤT DẤU")
    assert _days_ahead(held["endsAt"]) > 6.9
    assert await sink.remind() is None


@pytest.mark.servers
async def test_only_with_the_right_password(people, make, tmp_path):
    # bcrypt of the password below, as Alertmanager's web.yml wants it.
    web_config = "basic_auth_users:\n  hộp: '$2b$04$abcdefghijklmnopqrstuuipp0s2caGTWy70A9IvKvBbT0X2yA/xC'\n"
    secret = tmp_path / "password"
    with Server(people.url, web_config=web_config) as server:
        for password, outcome in (("sai", "retry"), ("đúng-mật-khẩu", "accepted")):
            secret.write_text(password)
            secret.chmod(0o600)
            (receipt,) = await make(urls=(server.url,), username="hộp", password_file=secret).send([told(1, recent())])
            assert receipt.outcome == outcome
            assert receipt.trouble == ("login" if outcome == "retry" else "")
            assert password not in receipt.reason
        assert len(server.alerts(login=Login("hộp", "đúng-mật-khẩu"))) == 1


@pytest.mark.servers
async def test_one_member_of_a_cluster_that_answers_is_enough(alertmanager, make):
    sink = make(urls=("http://127.0.0.1:9", alertmanager.url))
    assert outcomes(await sink.send([told(1, recent())])) == ["accepted"]
    assert len(alertmanager.alerts()) == 1


@pytest.mark.servers
async def test_the_malformed_one_of_a_batch_is_set_aside_and_the_others_stand(alertmanager, make):
    sink = make(urls=(alertmanager.url,))
    rows = [told(n, recent(subject=Subject("asset", f"a{n}"))) for n in range(3)]
    refusal = Answer(400, {"Content-Type": "application/json"}, b'"invalid label set"')
    async with FaultProxy(alertmanager.url) as proxy:
        # The batch, then the second alone; what stands between them passes.
        proxy.next(refusal)
        sink = make(urls=(proxy.url,))
        posting, posted = sink._poster.post, []

        async def post(*told):
            posted.append(told)
            if len(posted) == 3:
                proxy.next(refusal)
            return await posting(*told)

        sink._poster.post = post
        receipts = await sink.send(rows)
    assert [(receipt.seq, receipt.outcome) for receipt in receipts] == [(0, "accepted"), (1, "rejected"), (2, "accepted")]
    assert len(alertmanager.alerts()) == 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(400, {"Content-Type": "application/json"}, b'"start time must be before end time"'), "rejected"),
        (Answer(400, {"Content-Type": "application/json"}, b'{"code":400,"message":"parsing alerts body failed"}'), "rejected"),
        (Answer(400, {"Content-Type": "text/html"}, b"<h1>400 Bad Request</h1>"), "retry"),
        (Answer(413), "retry"),
        (Answer(204), "retry"),
        (Answer(200, {}, b"{}"), "retry"),
    ],
)
async def test_only_alertmanagers_own_word_counts(make, answer, outcome):
    async with FaultProxy("http://127.0.0.1:9") as proxy:
        proxy.always(answer)
        sink = make(urls=(proxy.url,))
        (receipt,) = await sink.send([told(1, recent())])
        assert receipt.outcome == outcome
        assert outcomes(await sink.send([told(2, recent("resolved"))])) == ["accepted"], "nobody was told that it began"


def wording(detail="full", **place):
    return Wording(detail=detail, language="vi", place=Place(**place))


def test_what_stands_is_what_was_told_and_not_what_was_tried():
    memory = Memory()
    plan = memory.plan(change(), wording())
    assert memory.open == {}
    memory.apply(plan)
    assert list(memory.open) == [change().finding.id]
    memory.apply(memory.plan(change("resolved", at=AT + 1), wording()))
    assert (memory.open, len(memory.ended)) == ({}, 1)


def test_an_end_is_said_again_for_a_quarter_of_an_hour_and_not_after_it_began_anew():
    memory = Memory()
    for one in (change(), change("resolved", at=AT + SECOND)):
        memory.apply(memory.plan(one, wording()))
    assert len(memory.told(AT + ENDED_KEPT)) == 1
    assert memory.told(AT + ENDED_KEPT + SECOND) == []
    for one in (change(), change("resolved", at=AT + SECOND), change("reopened", at=AT + 2 * SECOND, opened=AT + 2 * SECOND)):
        memory.apply(memory.plan(one, wording()))
    assert [one.ends for one in memory.told(AT + 3 * SECOND)] == [0]


def test_an_end_is_never_before_the_beginning():
    memory = Memory()
    memory.apply(memory.plan(change(opened=AT + DAY), wording()))
    (over,) = memory.plan(change("resolved", at=AT, opened=AT + DAY), wording()).said
    sent = over.alert(AT, DAY)
    assert sent.ends_at == sent.starts_at


def test_an_end_that_was_not_seen_is_told_as_what_it_is():
    memory = Memory()
    memory.apply(memory.plan(change(), wording()))
    (over,) = memory.plan(change("resolved", at=AT + 1, cause=Cause("policy", "Lan")), wording()).said
    assert over.annotations["summary"].startswith("ĐÓNG DO SỬA KHAI BÁO")


def test_strangers_read_the_rule_and_the_code_alone():
    (one,) = (
        Memory().plan(change(name="TV-Sảnh"), wording("id_only", rules={"VG-NET-02": Text("Màn hình mở", "Open screen")}, page_url="https://soc.example")).said
    )
    code = change().finding.id
    assert one.annotations == {"summary": f"CAO · Màn hình mở · Mã VG-NET-02/{code[:4]} · https://soc.example/phat-hien/{code}"}
    assert json.loads(msgspec.json.encode(one.alert(AT, DAY)))["generatorURL"] == f"https://soc.example/phat-hien/{code}"


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_from_the_network_is_markup_a_label_or_a_call_to_everybody(name, seen):
    hostile = change(name=f"<!channel>@everyone {name}", summary=Text(f"<b>{name}</b>", "x"), evidence=(Evidence("mdns", f"<script>{seen}", AT),))
    (one,) = Memory().plan(hostile, wording()).said
    said = "".join(one.annotations.values())
    assert not set("<>@") & set(said)
    assert one.labels == Memory().plan(change(), wording()).said[0].labels


async def test_only_what_it_is_for_is_sent_and_nothing_ends_that_never_began(make):
    sink = make(urgencies=(Urgency.PAGE,))
    rows = [told(1, recent()), posture(2), told(3, recent("resolved", subject=Subject("asset", "b"), urgency=Urgency.PAGE))]
    assert [(r.outcome, r.reason) for r in await sink.send(rows)] == [("accepted", FILTERED)] * 3


async def test_a_reminder_that_fails_is_an_outage_and_is_tried_sooner(make):
    clock = [AT]
    async with FaultProxy("http://127.0.0.1:9") as proxy:
        proxy.next(Answer(200))
        sink = make(urls=(proxy.url,), now=lambda: clock[0])
        assert outcomes(await sink.send([told(1)])) == ["accepted"]
        proxy.always(Answer(503))
        assert (await sink.remind()).outcome == "retry"
        assert await sink.remind() is None
        clock[0] += 30 * SECOND
        assert (await sink.remind()).outcome == "retry"
        proxy._planned.clear()
        proxy.always(Answer(200))
        clock[0] += 30 * SECOND
        assert (await sink.remind()).outcome == "accepted"
        clock[0] += 2 * MINUTE
        assert await sink.remind() is None
        # A clock set back must not silence us.
        clock[0] -= DAY
        assert (await sink.remind()).outcome == "accepted"


async def test_a_damaged_memory_is_one_sentence(make, options):
    options.told_file.write_text("[")
    with pytest.raises(OptionsError) as caught:
        make()
    assert "bị hỏng" in caught.value.text.vi


async def test_a_full_disk_stops_no_alert(make, options, caplog):
    sink = make()
    options.told_file.with_name("told.json.new").mkdir()
    async with FaultProxy("http://127.0.0.1:9") as proxy:
        proxy.always(Answer(200))
        sink = make(urls=(proxy.url,))
        assert outcomes(await sink.send([told(1, recent())])) == ["accepted"]
    assert "không ghi được" in caplog.text
