"""The receiver believes only what the independent package verifies."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from standardwebhooks import Webhook

from tests.servers.webhook_receiver import WebhookReceiver

pytestmark = pytest.mark.servers

BODY = b'{"type":"finding.opened"}'


def _signed(secret: str, id_: str = "msg_1", at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    signature = Webhook(secret).sign(id_, at, BODY.decode())
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
    }


async def _post(receiver: WebhookReceiver, headers: dict[str, str], body: bytes = BODY) -> int:
    async with aiohttp.ClientSession() as client, client.post(receiver.url, data=body, headers=headers) as answer:
        return answer.status


async def test_a_signed_message_is_taken_and_recorded(webhook_receiver: WebhookReceiver, webhook_secret: str) -> None:
    assert await _post(webhook_receiver, _signed(webhook_secret)) == 204
    (one,) = await webhook_receiver.received(1)
    assert (one.id, one.body, one.json()["type"], one.refused) == ("msg_1", BODY, "finding.opened", None)


async def test_forged_changed_old_and_unsigned_messages_are_refused(webhook_receiver: WebhookReceiver, webhook_secret: str) -> None:
    good = _signed(webhook_secret)
    forged = _signed("whsec_" + "QUJD" * 11)
    old = _signed(webhook_secret, at=datetime.now(UTC) - timedelta(minutes=6))
    attempts = [(forged, BODY), (good, b'{"type":"x"}'), (old, BODY), ({}, BODY), ({**good, "webhook-signature": "?"}, BODY)]
    assert [await _post(webhook_receiver, headers, body) for headers, body in attempts] == [401] * len(attempts)
    assert webhook_receiver.accepted == []
    assert all(one.refused for one in webhook_receiver.deliveries)


async def test_it_answers_what_it_was_told_and_then_takes(webhook_receiver: WebhookReceiver, webhook_secret: str) -> None:
    webhook_receiver.answer_next(503, times=2, headers={"Retry-After": "1"})
    waiting = asyncio.create_task(webhook_receiver.accepted_ids(1))
    headers = _signed(webhook_secret)
    assert [await _post(webhook_receiver, headers) for _ in range(3)] == [503, 503, 204]
    assert await waiting == {"msg_1"}
    assert len(webhook_receiver.deliveries) == 3


async def test_it_can_be_away_and_come_back(webhook_receiver: WebhookReceiver, webhook_secret: str) -> None:
    await webhook_receiver.stop_listening()
    with pytest.raises(aiohttp.ClientConnectorError):
        await _post(webhook_receiver, _signed(webhook_secret))
    await webhook_receiver.listen()
    assert await _post(webhook_receiver, _signed(webhook_secret)) == 204
