import asyncio
import base64
import json
import logging
import os
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Independent

from exporters.render import Place
from exporters.runner import Pace, run
from exporters.secret import read_secret
from exporters.signing import SigningKeys
from exporters.sink import FILTERED, OptionsError
from exporters.tally import Tally
from exporters.told import ToldFile
from exporters.webhook import Webhook, WebhookOptions
from exporters.webhook_answer import asked, of_status
from model.verdict import Severity, Subject, Urgency
from tests.exporters.outboxes import FakePace, MemoryOutbox
from tests.exporters.samples import AT, change, posture, told
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import Answer, Drip, HalfBody, Hang, Reset, too_many_requests, unavailable
from tests.servers.process import free_port
from tests.servers.webhook_receiver import WebhookReceiver

SECOND = 1_000_000_000


@pytest.fixture
def options(tmp_path, webhook_secret, webhook_receiver):
    secret = tmp_path / "secret"
    secret.write_text(f"# on-call, 2025\n{webhook_secret}\n")
    secret.chmod(0o600)
    return WebhookOptions(url=webhook_receiver.url, secret_file=secret, told_file=tmp_path / "webhook.told", place=Place(name="Xã A"))


@pytest.fixture
async def make(options):
    made = []

    def sink(**fields):
        made.append(Webhook(msgspec.structs.replace(options, **fields), now=time.time_ns))
        return made[-1]

    yield sink
    for one in made:
        await one.close()


def outcomes(receipts):
    return [receipt.outcome for receipt in receipts]


async def test_an_independent_library_accepts_the_signature_and_the_body_is_the_contract(make, webhook_receiver):
    receipts = await make().send([told(1, name="TV-Sảnh", macs=("02:00:00:00:00:01",), ips=("192.0.2.7",))])
    assert outcomes(receipts) == ["accepted"]
    (delivery,) = webhook_receiver.accepted
    assert delivery.id == "row-1"
    assert delivery.headers["content-type"] == "application/json"
    body = delivery.json()
    assert list(body) == ["type", "timestamp", "data"]
    assert (body["type"], body["timestamp"]) == ("finding.opened", "2025-07-15T02:14:03.000000Z")
    data = body["data"]
    assert list(data)[:3] == ["id", "detector", "state"]
    assert list(data)[-3:] == ["cause", "sequence", "text"]
    assert data["subject"]["ips"] == ["192.0.2.7"]
    assert data["text"].startswith("CAO · Màn hình đang mở cho mọi người · “TV-Sảnh” · Xã A\n")


async def test_id_only_lets_no_name_address_or_evidence_out(make, webhook_receiver):
    await make(detail="id_only").send([told(1, name="TV-Sảnh", macs=("02:00:00:00:00:01",), ips=("192.0.2.7",))])
    (delivery,) = webhook_receiver.accepted
    for secret in ("TV-Sảnh", "192.0.2.7", "02:00:00:00:00:01", "_airplay", "Màn hình"):
        assert secret not in delivery.body.decode()
    data = delivery.json()["data"]
    assert data["text"] == f"CAO · Mã VG-NET-02/{data['id'][:4]} · /phat-hien/{data['id']}"
    assert data["sequence"] == 1


async def test_a_retry_keeps_the_id_and_signs_the_time_of_sending(options, webhook_receiver):
    clock = [time.time_ns() - 60 * SECOND]
    sink = Webhook(options, now=lambda: clock[0])
    webhook_receiver.answer_next(503)
    assert outcomes(await sink.send([told(1)])) == ["retry"]
    clock[0] += 60 * SECOND
    assert outcomes(await sink.send([told(1)])) == ["accepted"]
    first, second = webhook_receiver.deliveries
    assert first.id == second.id == "row-1"
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 60
    assert first.refused is None
    await sink.close()


async def test_while_keys_are_rotated_receivers_of_either_key_accept(options, make, webhook_secret, webhook_receiver):
    fresh = "whsec_" + base64.b64encode(os.urandom(32)).decode()
    options.secret_file.write_text(f"{fresh}\n{webhook_secret}\n")
    async with WebhookReceiver(fresh) as newer:
        for receiver in (webhook_receiver, newer):
            assert outcomes(await make(url=receiver.url).send([told(1)])) == ["accepted"]
            assert len(receiver.deliveries[0].headers["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, "accepted") for status in (200, 201, 202, 204)),
        *((status, "rejected") for status in (400, 413, 422)),
        *((status, "retry") for status in (301, 302, 307, 308, 401, 403, 404, 405, 408, 409, 410, 425, 429, 500, 502, 503, 504)),
    ],
)
async def test_what_each_status_means(make, webhook_receiver, status, outcome):
    webhook_receiver.answer_next(status, headers={"Location": "http://127.0.0.1:1/elsewhere"} if 300 <= status < 400 else None)
    (receipt,) = await make().send([told(1)])
    assert receipt.outcome == outcome
    assert (str(status) in receipt.reason) == (outcome != "accepted")
    assert len(webhook_receiver.deliveries) == 1


async def test_a_redirect_is_not_followed(make, webhook_receiver, webhook_secret):
    async with WebhookReceiver(webhook_secret) as elsewhere:
        webhook_receiver.answer_next(307, headers={"Location": elsewhere.url})
        (receipt,) = await make().send([told(1)])
        assert receipt.outcome == "retry"
        assert "chuyển hướng" in receipt.reason
        assert elsewhere.deliveries == []


async def test_retry_after_is_passed_on(make, webhook_receiver):
    webhook_receiver.answer_next(429, headers={"Retry-After": "120"})
    (receipt,) = await make().send([told(1)])
    assert (receipt.outcome, receipt.after) == ("retry", 120 * SECOND)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Tue, 15 Jul 2025 02:15:03 GMT", 60),
        ("Tue, 15 Jul 2025 02:14:00 GMT", 0),
        ("soon", 0),
        ("", 0),
        ("-5", 0),
        ("9" * 400, 999_999_999),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    assert asked(header, AT) == seconds * SECOND


@given(st.text(max_size=40))
def test_no_retry_after_breaks_anything(header):
    assert asked(header, AT) >= 0


@given(st.integers(100, 999), st.binary(max_size=300))
def test_no_status_or_body_loses_a_row_without_a_reason(status, said):
    answer = of_status(status, "", said, AT, "vi")
    assert (answer.outcome == "accepted") == (200 <= status < 300)
    assert (answer.outcome == "rejected") == (status in (400, 413, 422))
    assert answer.reason or answer.outcome == "accepted"
    assert "\n" not in answer.reason


async def test_after_an_outage_the_rest_is_not_even_tried(make, webhook_receiver):
    webhook_receiver.answer_next(401, times=9)
    receipts = await make().send([told(n, subject=Subject("asset", f"a{n}")) for n in range(9)])
    assert outcomes(receipts) == ["retry"] * 9
    assert [receipt.seq for receipt in receipts] == list(range(9))
    assert receipts[0].trouble == "login"
    assert len(webhook_receiver.deliveries) == 1


async def test_a_row_the_server_fails_on_lets_the_next_through_and_two_in_turn_stop(make, webhook_receiver):
    rows = [told(n, subject=Subject("asset", f"a{n}")) for n in range(3)]
    webhook_receiver.answer_next(500)
    assert outcomes(await make().send(rows)) == ["retry", "accepted", "accepted"]
    webhook_receiver.answer_next(500, times=2)
    assert outcomes(await make().send(rows)) == ["retry", "retry", "retry"]
    assert len(webhook_receiver.deliveries) == 5


async def test_nobody_listening_is_a_retry_and_names_no_address(make):
    port = free_port()
    (receipt,) = await make(url=f"http://127.0.0.1:{port}/hook/token-1234").send([told(1)])
    assert receipt.outcome == "retry"
    assert receipt.reason == "không kết nối được tới máy nhận"


@pytest.mark.parametrize("fault", [Reset(), HalfBody(), Hang(), unavailable(), too_many_requests(3)], ids=repr)
async def test_whatever_happens_on_the_way_is_a_retry_under_the_same_id(make, webhook_receiver, fault):
    async with FaultProxy(f"http://127.0.0.1:{webhook_receiver.port}") as proxy:
        proxy.next(fault)
        sink = make(url=f"{proxy.url}/alerts", timeout=SECOND)
        assert outcomes(await sink.send([told(1)])) == ["retry"]
        assert outcomes(await sink.send([told(1)])) == ["accepted"]
        assert {delivery.id for delivery in webhook_receiver.deliveries} == {"row-1"}


@pytest.mark.parametrize("fault", [Drip(), Answer(200, {}, b"x" * 50_000_000), Answer(200, {"Content-Type": "text/html"}, b"OK")], ids=["drip", "huge", "word"])
async def test_a_status_of_success_counts_whatever_its_body(make, webhook_receiver, fault):
    async with FaultProxy(f"http://127.0.0.1:{webhook_receiver.port}") as proxy:
        proxy.next(fault)
        assert outcomes(await make(url=f"{proxy.url}/alerts").send([told(1)])) == ["accepted"]


async def test_a_refusals_endless_words_are_cut(make, webhook_receiver):
    async with FaultProxy(f"http://127.0.0.1:{webhook_receiver.port}") as proxy:
        proxy.next(Answer(400, {}, b"http://evil.example/ \x1b[2J" * 2_000_000))
        (receipt,) = await make(url=f"{proxy.url}/alerts").send([told(1)])
    assert receipt.outcome == "rejected"
    assert len(receipt.reason) < 200
    assert "hxxp://evil[.]example" in receipt.reason


async def test_a_certificate_nobody_vouches_for_is_an_outage(make, certificates, webhook_secret):
    async with WebhookReceiver(webhook_secret, tls=certificates.right) as receiver:
        (receipt,) = await make(url=receiver.url).send([told(1)])
        assert (receipt.outcome, receipt.trouble, receiver.deliveries) == ("retry", "certificate", [])
        assert "chứng thư" in receipt.reason


async def test_a_certificate_of_an_authority_that_is_named_is_trusted(make, certificates, webhook_secret):
    async with WebhookReceiver(webhook_secret, tls=certificates.right) as receiver:
        assert outcomes(await make(url=receiver.url, ca_file=certificates.authority).send([told(1)])) == ["accepted"]


async def test_only_the_findings_a_sink_is_for_reach_it(make, webhook_receiver):
    sink = make(urgencies=(Urgency.PAGE,), min_severity=Severity.HIGH)
    rows = [
        told(1, subject=Subject("asset", "a"), urgency=Urgency.TICKET, severity=Severity.CRITICAL),
        told(2, subject=Subject("asset", "b"), urgency=Urgency.PAGE, severity=Severity.MEDIUM),
        told(3, subject=Subject("asset", "c"), urgency=Urgency.PAGE, severity=Severity.HIGH),
        posture(4),
    ]
    receipts = await sink.send(rows)
    assert [(r.outcome, r.reason) for r in receipts] == [("accepted", FILTERED), ("accepted", FILTERED), ("accepted", ""), ("accepted", FILTERED)]
    assert [delivery.id for delivery in webhook_receiver.accepted] == ["row-3"]


async def types(sink, receiver, *changes):
    """What people hear of one finding's life."""
    before = len(receiver.accepted)
    for seq, one in enumerate(changes, before + 1):
        assert outcomes(await sink.send([told(seq, one)])) == ["accepted"]
    return [delivery.json()["type"] for delivery in receiver.accepted[before:]]


async def test_nothing_is_told_as_over_that_was_never_told_as_open(make, webhook_receiver):
    sink = make(urgencies=(Urgency.PAGE,))
    quiet = {"urgency": Urgency.TICKET}
    for end in ("resolved", "lapsed", "accepted", "acknowledged"):
        assert await types(sink, webhook_receiver, change("opened", **quiet), change(end, **quiet)) == []
    # Its urgency when it ends does not matter: what matters is whether somebody was told.
    assert await types(sink, webhook_receiver, change("resolved", urgency=Urgency.PAGE)) == []


async def test_who_was_told_hears_of_the_end_even_when_it_became_less_urgent_meanwhile(make, webhook_receiver):
    page, ticket = {"urgency": Urgency.PAGE}, {"urgency": Urgency.TICKET}
    heard = await types(
        make(urgencies=(Urgency.PAGE,)),
        webhook_receiver,
        change(**page),
        change("updated", **ticket),
        change("resolved", **ticket),
        change("resolved", **ticket),
    )
    assert heard == ["finding.opened", "finding.updated", "finding.resolved"]


async def test_what_grows_into_a_sinks_concern_is_new_to_its_people(make, webhook_receiver):
    sink = make(min_severity=Severity.HIGH)
    low, high = {"severity": Severity.LOW}, {"severity": Severity.HIGH}
    heard = await types(sink, webhook_receiver, change(**low), change("updated", **high), change("updated", **high), change("lapsed", **high))
    assert heard == ["finding.opened", "finding.updated", "finding.lapsed"]


async def test_what_people_were_told_survives_a_restart(make, options, webhook_receiver):
    await types(make(), webhook_receiver, change())
    assert change().finding.id in ToldFile(options.told_file)
    assert await types(make(), webhook_receiver, change("resolved")) == ["finding.resolved"]
    assert change().finding.id not in ToldFile(options.told_file)


async def test_a_refused_opening_is_not_taken_for_told(make, webhook_receiver):
    sink = make()
    webhook_receiver.answer_next(400)
    assert outcomes(await sink.send([told(1)])) == ["rejected"]
    assert await types(sink, webhook_receiver, change("resolved")) == []


async def test_a_full_disk_stops_no_alert_and_is_said_once(make, options, webhook_receiver, caplog):
    sink = make()
    options.told_file.with_name("webhook.told.new").mkdir()
    with caplog.at_level(logging.ERROR):
        heard = await types(sink, webhook_receiver, change(), change("updated"), change("updated"))
    assert heard == ["finding.opened", "finding.updated", "finding.updated"]
    assert caplog.text.count("không ghi được") == 1


async def test_delivered_through_the_runner_over_an_outage_each_once_and_in_order(make, webhook_receiver):
    rows = []
    for n in range(0, 60, 2):
        subject = Subject("asset", f"a{n}")
        rows += [told(n, change(subject=subject, sequence=1)), told(n + 1, change("resolved", subject=subject, sequence=2))]
    webhook_receiver.answer_next(503, times=3)
    outbox, tally, stop, fake = MemoryOutbox(rows), Tally(sink="webhook"), asyncio.Event(), FakePace()
    task = asyncio.create_task(run(outbox, make(), stop, pace=Pace(now=time.time_ns, sleep=fake.pace.sleep, random=fake.pace.random), tally=tally))
    ids = await webhook_receiver.accepted_ids(60)
    stop.set()
    await task
    assert ids == {f"row-{n}" for n in range(60)}
    heard = [(d.json()["data"]["id"], d.json()["data"]["sequence"]) for d in webhook_receiver.accepted]
    assert len(heard) == 60
    for finding in {finding for finding, _ in heard}:
        assert [sequence for who, sequence in heard if who == finding] == [1, 2]
    assert (tally.delivered, tally.rejected) == (60, 0)


async def test_the_secret_is_in_no_message_of_the_sink(options, make, webhook_receiver, webhook_secret, caplog):
    with caplog.at_level(logging.DEBUG):
        sink = make()
        webhook_receiver.answer_next(401)
        receipts = await sink.send([told(1)])
    key = webhook_secret.removeprefix("whsec_")
    for said in (
        caplog.text,
        repr(sink),
        repr(vars(sink)),
        repr(receipts),
        repr(options),
        *(repr(d.headers) + d.body.decode() for d in webhook_receiver.deliveries),
    ):
        assert key not in said


def refusal(call):
    with pytest.raises(OptionsError) as caught:
        call()
    assert caught.value.text.vi.endswith(".")
    assert caught.value.text.en.endswith(".")
    return caught.value.text.en


def test_a_secret_anybody_may_read_is_refused(options):
    options.secret_file.chmod(0o644)
    assert "chmod 600" in refusal(lambda: read_secret(options.secret_file))


@pytest.mark.parametrize(("content", "why"), [(b"", "is empty"), (b"# nothing\n", "is empty"), (b"\xff\xfe", "is no text")])
def test_a_secret_file_without_a_secret_is_refused(tmp_path, content, why):
    file = tmp_path / "s"
    file.write_bytes(content)
    file.chmod(0o600)
    assert why in refusal(lambda: read_secret(file))


def test_a_secret_that_is_not_there_is_refused(tmp_path):
    assert "No such file" in refusal(lambda: read_secret(tmp_path / "none"))
    assert "LoadCredential" in refusal(lambda: read_secret(None, "hook", {}))


def test_a_secret_comes_as_a_systemd_credential(tmp_path):
    (tmp_path / "hook").write_text("whsec_x\n")
    (tmp_path / "hook").chmod(0o400)
    assert read_secret(None, "hook", {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == ("whsec_x",)
    refusal(lambda: read_secret(None, "../../etc/passwd", {"CREDENTIALS_DIRECTORY": str(tmp_path)}))


@pytest.mark.parametrize(
    "secret", ["secret", "whsec_", "whsec_!!!!", "whsec_" + base64.b64encode(b"short").decode(), "whsec_" + base64.b64encode(b"x" * 65).decode()]
)
def test_a_malformed_key_is_refused_without_being_repeated(secret):
    said = refusal(lambda: SigningKeys([secret]))
    assert secret.removeprefix("whsec_") not in said or secret == "whsec_"


def test_a_damaged_memory_and_a_bad_certificate_file_are_one_sentence_each(options, tmp_path):
    options.told_file.write_text("{")
    assert "damaged" in refusal(lambda: Webhook(options, now=time.time_ns))
    options.told_file.unlink()
    nothing = tmp_path / "ca.pem"
    refusal(lambda: Webhook(msgspec.structs.replace(options, ca_file=nothing), now=time.time_ns))
    nothing.write_text("no certificate")
    refusal(lambda: Webhook(msgspec.structs.replace(options, ca_file=nothing), now=time.time_ns))


@given(st.binary(min_size=24, max_size=64), st.integers(0, 9), st.dictionaries(st.text(max_size=9), st.text(max_size=30)))
def test_any_body_signed_is_accepted_by_the_independent_library(key, number, data):
    secret = "whsec_" + base64.b64encode(key).decode()
    body, at = json.dumps(data).encode(), int(time.time())
    header = SigningKeys([secret]).sign(f"row-{number}", at, body)
    headers = {"webhook-id": f"row-{number}", "webhook-timestamp": str(at), "webhook-signature": header}
    assert Independent(secret).verify(body, headers) == data
