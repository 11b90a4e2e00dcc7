import json
import logging
import sys

import msgspec
import pytest
from aiohttp import web

from exporters.apprise_sink import AppriseOptions, AppriseSink
from exporters.sink import FILTERED, OptionsError
from model.text import Text
from model.verdict import Subject, Urgency
from tests.exporters.samples import change, posture, told
from tests.servers.process import free_port

# One of apprise's mail modules imports it while it looks for its services.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

PAGE = {"urgency": Urgency.PAGE}


class Channel:
    """A service of apprise's own `json://` kind."""

    def __init__(self):
        self.heard, self.status = [], 200
        self.port = free_port()
        self.url = f"json://127.0.0.1:{self.port}/hook/token-rieng"

    async def take(self, request):
        self.heard.append(json.loads(await request.read()))
        return web.Response(status=self.status, headers={"Location": self.url.replace("json", "http")})


@pytest.fixture
async def channel():
    one, application = Channel(), web.Application()
    application.router.add_post("/{tail:.*}", one.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", one.port).start()
    yield one
    await runner.cleanup()


@pytest.fixture
def make(tmp_path, channel):
    def sink(urls=None, **fields):
        secret = tmp_path / "urls"
        secret.write_text(urls or channel.url)
        secret.chmod(0o600)
        options = AppriseOptions(urls_file=secret, told_file=tmp_path / "told")
        return AppriseSink(msgspec.structs.replace(options, **fields))

    return sink


async def test_it_reaches_a_channel_with_rule_degree_and_code_alone(make, channel):
    what = change(name="TV-Sảnh", ips=("192.0.2.7",), **PAGE)
    (receipt,) = await make().send([told(1, what)])
    assert receipt.outcome == "accepted"
    (message,) = channel.heard
    code = what.finding.id
    assert message["message"] == f"CAO · Mã VG-NET-02/{code[:4]} · /phat-hien/{code}"


async def test_a_name_from_the_network_stays_text(make, channel):
    hostile = change(name="<!channel>", summary=Text("“<b>@everyone” [x](http://evil.example)", "x"), **PAGE)
    await make(detail="full").send([told(1, hostile)])
    said = channel.heard[0]["message"]
    assert not set("<>@") & set(said)
    assert "http://evil" not in said


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500])
async def test_whatever_went_wrong_is_tried_again_and_the_rest_is_not_even_tried(make, channel, status):
    channel.status = status
    rows = [told(n, change(subject=Subject("asset", f"a{n}"), **PAGE)) for n in range(3)]
    assert [receipt.outcome for receipt in await make().send(rows)] == ["retry"] * 3
    assert len(channel.heard) == 1


async def test_one_dead_address_has_no_other_read_an_alert_twice_nor_wait_for_the_next(make, channel):
    dead = f"json://127.0.0.1:{free_port()}/hook"
    sink = make(f"{dead}\n{channel.url}")
    first, second = (told(n, change(subject=Subject("asset", f"a{n}"), **PAGE)) for n in (1, 2))
    assert [receipt.outcome for receipt in await sink.send([first, second])] == ["retry"] * 2
    assert len({heard["message"] for heard in channel.heard}) == len(channel.heard) == 2
    assert [receipt.outcome for receipt in await sink.send([first, second])] == ["retry"] * 2
    assert len(channel.heard) == 2


async def test_an_address_that_comes_back_is_told_and_then_all_is_done(make, channel):
    channel.status = 503
    sink = make(f"{channel.url}\n{channel.url}/hai")
    assert (await sink.send([told(1, change(**PAGE))]))[0].outcome == "retry"
    channel.status = 200
    assert (await sink.send([told(1, change(**PAGE))]))[0].outcome == "accepted"
    assert len(channel.heard) == 4


async def test_posture_wakes_nobody_and_nothing_ends_that_never_began(make, channel):
    rows = [told(1, change()), posture(2), told(3, change("resolved", subject=Subject("asset", "b"), **PAGE))]
    assert [(r.outcome, r.reason) for r in await make().send(rows)] == [("accepted", FILTERED)] * 3
    assert channel.heard == []


async def test_its_own_log_lines_and_our_reasons_hold_no_token(make, channel, caplog):
    channel.status = 500
    with caplog.at_level(logging.DEBUG):
        receipts = await make().send([told(1, change(**PAGE))])
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith(("apprise", "exporters")))
    assert "token-rieng" not in ours + repr(receipts)


def test_without_the_package_one_sentence_says_what_to_do(make, monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(OptionsError) as caught:
        make()
    assert "pip install 'vonggac[apprise]'" in caught.value.text.vi
    assert "pip install 'vonggac[apprise]'" in caught.value.text.en


def test_an_address_it_cannot_read_is_named_by_its_number_alone(make, channel):
    with pytest.raises(OptionsError) as caught:
        make(f"{channel.url}\nno-such-service://token-rieng@x")
    assert "thứ 2" in caught.value.text.vi
    assert "token-rieng" not in caught.value.text.vi + caught.value.text.en
