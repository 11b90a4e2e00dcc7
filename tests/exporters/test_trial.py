"""The test message goes through the sink's own code, is marked, and its receipt is what the server said."""

import time

import msgspec
import pytest

from exporters.sink import FILTERED
from exporters.trial import FINDING, RULE, trial
from exporters.webhook import Webhook, WebhookOptions
from model.verdict import Severity, Urgency
from tests.exporters.outboxes import ScriptedSink


@pytest.fixture
def options(tmp_path, webhook_secret, webhook_receiver):
    secret = tmp_path / "secret"
    secret.write_text(f"{webhook_secret}\n")
    secret.chmod(0o600)
    return WebhookOptions(url=webhook_receiver.url, secret_file=secret, told_file=tmp_path / "told")


async def tried(options):
    sink = Webhook(options, now=time.time_ns)
    try:
        return await trial(sink, "xa-a", time.time_ns())
    finally:
        await sink.close()


async def test_one_marked_message_arrives_and_the_receipt_says_so(options, webhook_receiver):
    receipt = await tried(options)
    assert (receipt.outcome, receipt.reason) == ("accepted", "")
    (delivery,) = webhook_receiver.accepted
    data = delivery.json()["data"]
    assert (data["id"], data["detector"], data["site"], data["severity"]) == (FINDING, RULE, "xa-a", "low")
    assert data["title"] == "TIN THỬ, không phải sự việc"
    assert "TIN THỬ" in data["text"]
    assert "test" in delivery.id


@pytest.mark.parametrize(("urgencies", "least"), [((Urgency.REPORT,), Severity.LOW), ((Urgency.PAGE,), Severity.CRITICAL)])
async def test_it_is_told_in_the_lowest_severity_that_the_sink_takes(options, webhook_receiver, urgencies, least):
    receipt = await tried(msgspec.structs.replace(options, urgencies=urgencies, min_severity=least))
    assert receipt.reason == ""
    (delivery,) = webhook_receiver.accepted
    assert delivery.json()["data"]["severity"] == least


async def test_what_a_stranger_may_read_is_marked_too(options, webhook_receiver):
    await tried(msgspec.structs.replace(options, detail="id_only"))
    assert RULE in webhook_receiver.accepted[0].json()["data"]["text"]


@pytest.mark.parametrize(("status", "outcome"), [(401, "retry"), (404, "retry"), (503, "retry"), (422, "rejected")])
async def test_the_servers_own_refusal_is_the_receipt_and_nothing_is_sent_twice(options, webhook_receiver, status, outcome):
    webhook_receiver.answer_next(status)
    receipt = await tried(options)
    assert receipt.outcome == outcome
    assert str(status) in receipt.reason
    assert len(webhook_receiver.deliveries) == 1


async def test_a_sink_that_takes_no_findings_is_sent_nothing():
    sink = ScriptedSink()
    sink.streams = ("health",)
    receipt = await trial(sink, "xa-a", time.time_ns())
    assert (receipt.reason, sink.sent) == (FILTERED, [])
