import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.render import MAX_ALERT, Place, alert
from exporters.sink import FILTERED, OptionsError
from exporters.zalo import Zalo, ZaloOptions
from model.text import Text
from model.verdict import Evidence, Subject, Urgency
from tests.exporters.samples import AT, change, posture, told
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import Answer
from tests.servers.oncall import ZaloStub

TOKEN, CHAT = "1234567890:aBc_dEf-123", "6ede9afa66b88fe6d6a9"
SECOND = 1_000_000_000
PAGE = {"urgency": Urgency.PAGE}


@pytest.fixture
async def zalo():
    async with ZaloStub(TOKEN, CHAT) as stub:
        yield stub


@pytest.fixture
async def make(tmp_path, zalo):
    secret = tmp_path / "token"
    secret.write_text(TOKEN)
    secret.chmod(0o600)
    given = ZaloOptions(url=zalo.base, chat_id=CHAT, token_file=secret, told_file=tmp_path / "told", place=Place(name="Xã A"))
    made = []

    def sink(**fields):
        made.append(Zalo(msgspec.structs.replace(given, **fields), now=time.time_ns))
        return made[-1]

    yield sink
    for one in made:
        await one.close()


async def test_strangers_read_rule_degree_and_code_and_nothing_else(make, zalo):
    what = change(name="TV-Sảnh", ips=("192.0.2.7",), **PAGE)
    sink = make(place=Place(name="Xã A", rules={"VG-NET-02": Text("Màn hình mở", "Open screen")}))
    (receipt,) = await sink.send([told(1, what)])
    assert receipt.outcome == "accepted"
    code = what.finding.id
    assert zalo.accepted == [{"chat_id": CHAT, "text": f"CAO · Màn hình mở · Mã VG-NET-02/{code[:4]} · /phat-hien/{code}"}]


async def test_told_in_full_where_asked_for_and_of_the_end(make, zalo):
    sink = make(detail="full")
    rows = [told(1, change(name="TV-Sảnh", **PAGE)), told(2, change("resolved", **PAGE))]
    assert [(await sink.send([row]))[0].outcome for row in rows] == ["accepted", "accepted"]
    began, ended = (message["text"] for message in zalo.accepted)
    assert began.startswith("CAO · Màn hình đang mở cho mọi người · “TV-Sảnh” · Xã A\n")
    assert "1. Tắt phản chiếu màn hình." in began
    assert ended.startswith("ĐÃ KHẮC PHỤC · ")


async def test_posture_wakes_nobody_and_nothing_ends_that_never_began(make, zalo):
    rows = [told(1, change()), posture(2), told(3, change("resolved", subject=Subject("asset", "b"), **PAGE))]
    assert [(r.outcome, r.reason) for r in await make().send(rows)] == [("accepted", FILTERED)] * 3
    assert zalo.accepted == []


@pytest.mark.parametrize("in_200", [True, False])
async def test_what_is_for_people_to_put_right_loses_nothing(make, zalo, in_200):
    zalo.in_200 = in_200
    row = told(1, change(**PAGE))
    for wrong, words, trouble in (({"token": "1:other"}, "token của bot", "login"), ({"chat": "somebody-else"}, "chat_id", "")):
        was = vars(zalo).copy()
        vars(zalo).update(wrong)
        (receipt,) = await make().send([row])
        assert (receipt.outcome, receipt.trouble) == ("retry", trouble)
        assert words in receipt.reason
        vars(zalo).update({key: was[key] for key in wrong})
    assert [receipt.outcome for receipt in await make().send([row])] == ["accepted"]


@pytest.mark.parametrize("in_200", [True, False])
async def test_asked_to_slow_down_also_inside_a_200(make, zalo, in_200):
    zalo.in_200, zalo.busy = in_200, 1
    sink = make()
    rows = [told(n, change(subject=Subject("asset", f"a{n}"), **PAGE)) for n in range(3)]
    receipts = await sink.send(rows)
    assert [(receipt.outcome, receipt.after) for receipt in receipts] == [("retry", 60 * SECOND)] * 3
    assert zalo.refused == ["Quota exceeded"], "the rest is not even tried"
    assert {receipt.outcome for receipt in await sink.send(rows)} == {"accepted"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200),
        Answer(200, {}, b"<html>ok</html>"),
        Answer(200, {}, b'{"ok": false}'),
        Answer(200, {}, b'{"ok": "true"}'),
        Answer(200, {}, b'{"result": {}}'),
        Answer(500, {}, b'{"ok": true}'),
        Answer(200, {}, b'{"ok": false, "error_code": 408, "description": "timeout"}'),
        Answer(200, {}, b'{"ok": false, "error_code": 999}'),
        Answer(413),
        Answer(302, {"Location": "http://127.0.0.1:9/"}),
    ],
    ids=str,
)
async def test_only_zalos_own_yes_counts_and_nothing_is_refused_for_good(make, answer):
    async with FaultProxy("http://127.0.0.1:9") as proxy:
        proxy.always(answer)
        (receipt,) = await make(url=proxy.url).send([told(1, change(**PAGE))])
    assert receipt.outcome == "retry"
    assert receipt.reason


async def test_the_token_is_in_no_message_of_the_sink(make, zalo, caplog):
    caplog.set_level(0)
    zalo.chat = "somebody-else"
    sink = make()
    receipts = [*await sink.send([told(1, change(**PAGE))]), *await make(url="http://127.0.0.1:9").send([told(1, change(**PAGE))])]
    ours = "".join(record.getMessage() for record in caplog.records if not record.name.startswith(("aiohttp.access", "aiohttp.server")))
    for said in (ours, repr(sink), repr(receipts)):
        assert TOKEN not in said


async def test_a_token_of_another_form_is_refused_without_being_repeated(make, tmp_path):
    secret = tmp_path / "other"
    secret.write_text("somebody/../else")
    secret.chmod(0o600)
    with pytest.raises(OptionsError) as caught:
        make(token_file=secret)
    assert "somebody" not in caught.value.text.vi + caught.value.text.en


@given(st.text(st.characters(min_codepoint=0x1F300, max_codepoint=0x1F9FF), min_size=50), st.text(max_size=300))
def test_the_longest_alert_fits_into_two_thousand_whichever_way_they_count(name, seen):
    hostile = change(name=name, summary=Text(f"“{name * 9}”", "x"), evidence=(Evidence("mdns", seen, AT),) * 9, **PAGE)
    text = alert(hostile)
    assert len(text) <= MAX_ALERT
    assert 1 <= len(text.encode("utf-16-le")) // 2 <= 2000
