import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.message import Message
from exporters.pagerduty import PagerDuty, PagerDutyOptions, Payload
from exporters.render import Place
from exporters.sink import FILTERED, OptionsError
from model.ledger import Cause
from model.text import Text
from model.verdict import Evidence, Severity, Subject, Urgency
from tests.exporters.samples import AT, change, posture, told
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import Answer
from tests.servers.oncall import PagerDutyStub

KEY = "0123456789abcdef0123456789ABCDEF"
SECOND = 1_000_000_000
PAGE = {"urgency": Urgency.PAGE}


@pytest.fixture
async def pagerduty():
    async with PagerDutyStub(KEY) as stub:
        yield stub


@pytest.fixture
async def make(tmp_path, pagerduty):
    secret = tmp_path / "key"
    secret.write_text(KEY)
    secret.chmod(0o600)
    given = PagerDutyOptions(url=pagerduty.url, key_file=secret, told_file=tmp_path / "told", place=Place(name="Xã A"))
    made = []

    def sink(**fields):
        made.append(PagerDuty(msgspec.structs.replace(given, **fields), now=time.time_ns))
        return made[-1]

    yield sink
    for one in made:
        await one.close()


async def life(sink, *changes):
    """Each change delivered in turn; the outcomes."""
    return [(await sink.send([told(seq, one)]))[0].outcome for seq, one in enumerate(changes, 1)]


async def test_strangers_read_rule_degree_and_code_and_nothing_else(make, pagerduty):
    sink = make(place=Place(name="Xã A", rules={"VG-NET-02": Text("Màn hình mở", "Open screen")}))
    what = change(name="TV-Sảnh", ips=("192.0.2.7",), macs=("02:00:00:00:00:01",), **PAGE)
    assert await life(sink, what) == ["accepted"]
    (event,) = pagerduty.accepted
    code = what.finding.id
    assert (event["event_action"], event["dedup_key"]) == ("trigger", f"vonggac-{code}")
    assert event["payload"]["summary"] == f"CAO · Màn hình mở · Mã VG-NET-02/{code[:4]} · /phat-hien/{code}"
    assert (event["payload"]["severity"], event["payload"]["source"], event["payload"]["class"]) == ("error", "xa-a", "VG-NET-02")
    for secret in ("TV-Sảnh", "192.0.2.7", "02:00:00", "_airplay", "Xã A"):
        assert secret not in str(event)


async def test_told_in_full_where_asked_for(make, pagerduty):
    assert await life(make(detail="full"), change(name="TV-Sảnh", **PAGE)) == ["accepted"]
    payload = pagerduty.accepted[0]["payload"]
    assert payload["summary"] == "CAO · Màn hình đang mở cho mọi người · “TV-Sảnh” · Xã A"
    assert "1. Tắt phản chiếu màn hình." in payload["custom_details"]["text"]


@pytest.mark.parametrize(
    ("end", "actions", "left"),
    [
        (change("resolved", **PAGE), ["trigger", "resolve"], {}),
        # Not seen repaired: its words come before the end, which has none.
        (change("resolved", cause=Cause("policy", "Lan"), **PAGE), ["trigger", "trigger", "resolve"], {}),
        (change("acknowledged", **PAGE), ["trigger", "trigger", "acknowledge"], {"acknowledged"}),
        (change("accepted", accepted_until=AT, **PAGE), ["trigger", "trigger", "acknowledge"], {"acknowledged"}),
        # Not seen any more is no end: it stays for a person.
        (change("lapsed", **PAGE), ["trigger", "trigger"], {"triggered"}),
    ],
)
async def test_what_becomes_of_a_finding(make, pagerduty, end, actions, left):
    assert await life(make(), change(**PAGE), end) == ["accepted", "accepted"]
    assert [event["event_action"] for event in pagerduty.accepted] == actions
    assert set(pagerduty.open.values()) == set(left)
    assert len({event["dedup_key"] for event in pagerduty.accepted}) == 1


async def test_an_end_by_a_person_is_told_as_such_before_it_ends(make, pagerduty):
    await life(make(), change(**PAGE), change("resolved", cause=Cause("policy", "Lan"), **PAGE))
    assert pagerduty.accepted[1]["payload"]["summary"].startswith("ĐÓNG DO SỬA KHAI BÁO")


async def test_posture_wakes_nobody_and_nothing_ends_that_never_began(make, pagerduty):
    rows = [told(1, change()), posture(2), told(3, change("resolved", subject=Subject("asset", "b"), **PAGE))]
    assert [(r.outcome, r.reason) for r in await make().send(rows)] == [("accepted", FILTERED)] * 3
    assert pagerduty.accepted == []


@pytest.mark.parametrize(
    ("severity", "said"), [(Severity.LOW, "info"), (Severity.MEDIUM, "warning"), (Severity.HIGH, "error"), (Severity.CRITICAL, "critical")]
)
async def test_how_bad_in_their_words(make, pagerduty, severity, said):
    await life(make(), change(severity=severity, **PAGE))
    assert pagerduty.accepted[0]["payload"]["severity"] == said


async def test_a_wrong_key_is_put_right_by_people_and_loses_nothing(make, pagerduty):
    pagerduty.key = "f" * 32
    (receipt,) = await make().send([told(1, change(**PAGE))])
    assert (receipt.outcome, receipt.trouble) == ("retry", "login")
    assert "khóa tích hợp" in receipt.reason
    pagerduty.key = KEY
    assert await life(make(), change(**PAGE)) == ["accepted"]


@pytest.mark.parametrize(
    ("answer", "outcome", "after"),
    [
        (
            Answer(400, {}, b'{"status":"invalid event","message":"Event object is invalid","errors":["payload.summary is blank"]}'),
            "rejected",
            0,
        ),
        (Answer(400, {}, b"<h1>400 Bad Request</h1>"), "retry", 0),
        (Answer(413), "retry", 0),
        (Answer(429), "retry", 120),
        (Answer(429, {"Retry-After": "7"}), "retry", 7),
        (Answer(500), "retry", 0),
        (Answer(202), "retry", 0),
        (Answer(200, {}, b'{"status":"success"}'), "retry", 0),
        (Answer(202, {}, b"<html>success</html>"), "retry", 0),
        (Answer(202, {}, b'{"status":"queued elsewhere"}'), "retry", 0),
    ],
)
async def test_only_pagerdutys_own_word_counts(make, answer, outcome, after):
    async with FaultProxy("http://127.0.0.1:9") as proxy:
        proxy.always(answer)
        (receipt,) = await make(url=proxy.url).send([told(1, change(**PAGE))])
    assert (receipt.outcome, receipt.after) == (outcome, after * SECOND)


async def test_an_end_whose_second_half_failed_is_told_again_whole(make, pagerduty):
    async with FaultProxy(pagerduty.base) as proxy:
        sink = make(url=proxy.url + "/v2/enqueue")
        assert await life(sink, change(**PAGE)) == ["accepted"]
        end = change("resolved", cause=Cause("act", "Nam"), **PAGE)
        posting = sink._poster.post

        async def post(url, body, headers):
            if b'"resolve"' in body and not failed:
                failed.append(body)
                proxy.next(Answer(503))
            return await posting(url, body, headers)

        failed = []
        sink._poster.post = post
        assert [(await sink.send([told(2, end)]))[0].outcome for _ in range(2)] == ["retry", "accepted"]
    assert pagerduty.open == {}


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_name_breaks_their_limits_or_calls_everybody(name, seen):
    hostile = change(name=f"<!channel>@here{name}", summary=Text(f"“{name}”", "x"), evidence=(Evidence("mdns", seen, AT),), **PAGE)
    sink = object.__new__(PagerDuty)
    sink._options = PagerDutyOptions(told_file=None, detail="full")
    sink._key = "k"
    payload = sink._events(Message(id="row-1", about=hostile))[0].payload
    assert isinstance(payload, Payload)
    assert 1 <= len(payload.summary) <= 1024
    assert not set("<>@") & set(payload.summary + payload.details["text"])


async def test_a_key_of_another_form_is_refused_without_being_repeated(make, tmp_path):
    secret = tmp_path / "other"
    secret.write_text("not-a-routing-key")
    secret.chmod(0o600)
    with pytest.raises(OptionsError) as caught:
        make(key_file=secret)
    assert "not-a-routing-key" not in caught.value.text.vi + caught.value.text.en
    assert "32" in caught.value.text.vi
