import json
import re
from urllib.parse import parse_qs

import msgspec
import pytest
from aiohttp import web

from exporters.render import Place
from exporters.sms_http import SmsHttp, SmsHttpOptions, filled
from model.text import Text
from model.verdict import Urgency
from tests.exporters.samples import AT, change, told

SECRET = 'khóa"bí=mật&1'
PLACE = Place(name="Xã A", rules={"VG-NET-02": Text("Màn hình mở", "Open screen")})


class Gateway:
    """An operator's gateway as such are documented: always 200, with a code in its JSON."""

    def __init__(self):
        self.heard = []
        self.answers = []

    async def __aenter__(self):
        application = web.Application()
        application.router.add_post("/{rest:.*}", self.handle)
        self.runner = web.AppRunner(application)
        await self.runner.setup()
        self.site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await self.site.start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_):
        await self.runner.cleanup()

    async def handle(self, request):
        self.heard.append((request.path_qs, dict(request.headers), await request.text()))
        return self.answers.pop(0) if self.answers else web.json_response({"code": "100"})


@pytest.fixture
async def gateway():
    async with Gateway() as one:
        yield one


@pytest.fixture
async def make(tmp_path, gateway):
    made = []
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    options = SmsHttpOptions(
        url=gateway.url + "/send",
        body='{"key": "{secret}", "phone": "{number}", "content": "{text}", "request": "{id}"}',
        success=r'"code": ?"100"',
        secret_file=secret,
        numbers=("+84912345678", "0987654321"),
        urgencies=(Urgency.PAGE, Urgency.TICKET),
        told_file=tmp_path / "told",
        place=PLACE,
        detail="full",
    )

    def sink(**fields):
        made.append(SmsHttp(msgspec.structs.replace(options, **fields), now=lambda: AT))
        return made[-1]

    yield sink
    for one in made:
        await one.close()


def outcomes(receipts):
    return [receipt.outcome for receipt in receipts]


async def test_each_number_gets_one_post_and_hostile_text_stays_within_its_place(make, gateway):
    what = change(title=Text('Màn hình "x", "key": "y\\', "x"))
    assert outcomes(await make().send([told(1, what)])) == ["accepted"]
    first, second = (json.loads(body) for _, _, body in gateway.heard)
    assert list(first) == ["key", "phone", "content", "request"]
    assert (first["key"], first["phone"], first["request"]) == (SECRET, "+84912345678", "row-1")
    assert first["content"].startswith('CAO - Man hinh "x", "key": "y\\ - Xa A - Ma VG-NET-02/')
    assert second["phone"] == "0987654321"
    assert gateway.heard[0][1]["Content-Type"] == "application/json"


async def test_a_form_a_header_and_the_url_are_filled_in_each_by_its_own_rules(make, gateway):
    sink = make(form="form", body="to={number}&text={text}", headers=("X-Id: {id}",), url=gateway.url + "/send/{number}?k={secret}")
    assert outcomes(await sink.send([told(1)])) == ["accepted"]
    path, headers, body = gateway.heard[0]
    assert path == "/send/%2B84912345678?k="
    assert headers["X-Id"] == "row-1"
    assert parse_qs(body)["to"] == ["+84912345678"]
    assert parse_qs(body)["text"][0].startswith("CAO - Man hinh dang mo")


async def test_a_success_that_does_not_say_so_is_none(make, gateway):
    gateway.answers = [web.json_response({"code": "103", "why": f"no credit for {SECRET}"}, dumps=lambda said: json.dumps(said, ensure_ascii=False))]
    (receipt,) = await make().send([told(1)])
    assert receipt.outcome == "retry"
    assert "103" in receipt.reason
    assert SECRET not in receipt.reason
    assert outcomes(await make().send([told(1)])) == ["accepted"]


async def test_the_page_of_a_network_that_wants_a_log_in_is_no_delivery(make, gateway):
    gateway.answers = [web.Response(text="<html>Đăng nhập</html>", content_type="text/html")]
    assert outcomes(await make().send([told(1), told(2)])) == ["retry"] * 2
    assert len(gateway.heard) == 1


@pytest.mark.parametrize(("status", "outcome"), [(301, "retry"), (401, "retry"), (404, "retry"), (429, "retry"), (503, "retry"), (400, "rejected")])
async def test_what_each_status_means(make, gateway, status, outcome):
    gateway.answers = [web.Response(status=status, text='{"code": "100"}') for _ in range(2)]
    (receipt,) = await make().send([told(1)])
    assert receipt.outcome == outcome


async def test_a_number_the_gateway_refuses_keeps_nobody_from_hearing_nor_from_hearing_the_end(make, gateway):
    sink = make()
    gateway.answers = [web.Response(status=400)]
    assert outcomes(await sink.send([told(1)])) == ["accepted"]
    assert outcomes(await sink.send([told(2, step="resolved")])) == ["accepted"]
    assert [json.loads(body)["request"] for _, _, body in gateway.heard] == ["row-1", "row-1", "row-2", "row-2"]


def test_other_braces_stay_and_nothing_is_filled_in_twice():
    said = {"number": "{text}", "text": "{secret}", "id": "i", "secret": "s"}
    assert filled('{"a": {"b": "{number}"}, "c": "{other}"}', said, str) == '{"a": {"b": "{text}"}, "c": "{other}"}'
    assert re.fullmatch(r"\{secret\}", filled("{text}", said, str))
