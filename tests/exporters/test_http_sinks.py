"""What every sink that alerts people over HTTP owes: an outage of any kind loses nothing, and is never taken for a delivery."""

import time

import pytest

from exporters.alertmanager import Alertmanager, AlertmanagerOptions
from exporters.pagerduty import PagerDuty, PagerDutyOptions
from exporters.sms_http import SmsHttp, SmsHttpOptions
from exporters.webhook import Webhook, WebhookOptions
from exporters.zalo import Zalo, ZaloOptions
from model.verdict import Subject, Urgency
from tests.exporters.samples import change, told
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import Answer, Hang, Reset, captive_portal, too_many_requests, unavailable

SECOND = 1_000_000_000
SECRETS = {
    "webhook": "whsec_c2VjcmV0LW9mLXRoZS10ZXN0cy0yNC1ieXRlcyE=",
    "alertmanager": "mat-khau-rieng",
    "pagerduty": "0123456789abcdef" * 2,
    "zalo": "99:token_rieng",
    "sms_http": "cong-tin-nhan-rieng",
}


def named(fault):
    return str(fault)[:80]


@pytest.fixture(params=SECRETS)
async def make(request, tmp_path):
    kind = request.param
    secret = tmp_path / "secret"
    secret.write_text(SECRETS[kind])
    secret.chmod(0o600)
    made = []

    def sink(url, **fields):
        given = {"told_file": tmp_path / "told", "timeout": SECOND, **fields}
        match kind:
            case "webhook":
                made.append(Webhook(WebhookOptions(url=url, secret_file=secret, **given), now=time.time_ns))
            case "alertmanager":
                made.append(Alertmanager(AlertmanagerOptions(urls=(url,), username="box", password_file=secret, **given), now=time.time_ns))
            case "pagerduty":
                made.append(PagerDuty(PagerDutyOptions(url=url, key_file=secret, **given), now=time.time_ns))
            case "zalo":
                made.append(Zalo(ZaloOptions(url=url, chat_id="1", token_file=secret, **given), now=time.time_ns))
            case "sms_http":
                template = {"body": '{"key": "{secret}", "text": "{text}"}', "success": '"code": ?"100"', "numbers": ("113",)}
                made.append(SmsHttp(SmsHttpOptions(url=url, secret_file=secret, **template, **given), now=time.time_ns))
        return made[-1]

    yield sink
    for one in made:
        await one.close()


def rows(count=3):
    return [told(n, change(subject=Subject("asset", f"a{n}"), urgency=Urgency.PAGE)) for n in range(count)]


REDIRECTS = [Answer(status, {"Location": "http://127.0.0.1:9/"}) for status in (301, 302, 307, 308)]
# Success by its status alone: what a proxy shows while the receiver behind it is being repaired.
PAGE = Answer(201, {"Content-Type": "text/html"}, b"\xef\xbb\xbf\r\n <HTML><body>" + b"x" * 1_000_000)
CERTIFICATE = Answer(400, {"Content-Type": "text/html"}, b"<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n</html>")
PAGES = [captive_portal(), PAGE, CERTIFICATE]
REFUSALS = [Answer(status, {"Content-Type": "text/html"}, b"<h1>Proxy</h1>") for status in (401, 403, 404, 407, 410, 500, 502, 504)]


@pytest.mark.parametrize("fault", [Reset(), Hang(), unavailable(), too_many_requests(90), *REDIRECTS, *REFUSALS, *PAGES], ids=named)
async def test_an_outage_of_any_kind_keeps_every_row(make, fault):
    async with FaultProxy("http://127.0.0.1:9") as proxy:
        proxy.always(fault)
        receipts = await make(proxy.url, timeout=SECOND // 4 if fault == Hang() else SECOND).send(rows())
    assert [(receipt.seq, receipt.outcome) for receipt in receipts] == [(n, "retry") for n in range(3)]
    assert all(receipt.reason for receipt in receipts)
    if fault == too_many_requests(90):
        assert {receipt.after for receipt in receipts} == {90 * SECOND}


@pytest.mark.parametrize("wrong", ["wrong_name", "expired", "stranger"])
async def test_a_certificate_that_does_not_fit_keeps_every_row_and_lets_nothing_out(make, certificates, wrong):
    async with FaultProxy("http://127.0.0.1:9", tls=getattr(certificates, wrong)) as proxy:
        receipts = await make(proxy.url, ca_file=certificates.authority).send(rows())
        assert [(receipt.outcome, receipt.trouble) for receipt in receipts] == [("retry", "certificate")] * 3
        assert proxy.seen == []


async def test_words_without_end_are_cut(make):
    async with FaultProxy("http://127.0.0.1:9") as proxy:
        proxy.always(Answer(503, {}, b"\x1b[2J http://evil.example/ " * 200_000))
        (receipt, *_) = await make(proxy.url).send(rows())
    assert receipt.outcome == "retry"
    assert len(receipt.reason) < 200


async def test_no_secret_is_in_what_it_says(make, caplog, tmp_path):
    caplog.set_level(0)
    sink = make("http://127.0.0.1:9")
    receipts = await sink.send(rows())
    secret = (tmp_path / "secret").read_text().removeprefix("whsec_")
    assert [receipt.outcome for receipt in receipts] == ["retry"] * 3
    for said in (caplog.text, repr(sink), repr(receipts)):
        assert secret not in said
