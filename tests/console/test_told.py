"""A finding's page says who was told, when, and who answered; what is not known is said to be."""

from __future__ import annotations

import re

import pytest

from exporters.console.told import MOST_LINES, told
from exporters.sink import DUPLICATE, FILTERED
from model.ledger import Cause, Change
from model.ports import Delivery
from model.text import Text
from model.times import MINUTE, SECOND
from model.verdict import Grade, Severity, Subject
from tests.console.commune import NOW, busy, change, finding
from tests.console.conftest import Serve
from tests.console.test_pages import text_of

FINDING = finding(1, Subject("asset", "a1"), Severity.HIGH, Grade.LIKELY, Text("Màn hình mở", "Open screen"))


def step(word: str, at: int, by: str = "") -> Change:
    made = change(FINDING, step=word)
    return Change(step=made.step, at=at, finding=FINDING, cause=Cause("act", by) if by else made.cause)


def given(outcome: str, occurred: int, sink: str = "truc", **fields: object) -> Delivery:
    return Delivery(sink=sink, outcome=outcome, occurred=occurred, at=occurred + SECOND, **fields)  # type: ignore[arg-type] # as a journal has them


def panel(html: str) -> str:
    """What a reader sees of the panel."""
    found = re.search(r'<section class="panel" aria-labelledby="told-h">.*?</section>', html, flags=re.S)
    assert found
    return text_of(found[0])


def test_a_sinks_lines_are_told_by_the_steps_they_are_about_the_latest_first():
    history = [step("opened", 10), step("updated", 20), step("resolved", 30)]
    deliveries = [given("waiting", 30), given("accepted", 20, reason=DUPLICATE), given("accepted", 10), given("rejected", 5, reason="400")]
    (truc,) = told(deliveries, history).sinks
    assert [(line.word, line.step) for line in truc.lines] == [("waiting", "resolved"), ("told", "updated"), ("told", "opened"), ("refused", "")]


def test_what_the_rules_keep_from_a_sink_is_said_only_where_it_was_told_nothing():
    deliveries = [given("accepted", 20, reason=FILTERED), given("accepted", 10), given("accepted", 20, "soc", reason=FILTERED)]
    soc, truc = told(deliveries, [step("opened", 10), step("updated", 20)]).sinks
    assert [[line.word for line in each.lines] for each in (soc, truc)] == [["left_out"], ["told"]]


def test_of_two_answers_for_one_change_the_later_counts():
    (truc,) = told([given("accepted", 10), given("rejected", 10, reason="400")], [step("opened", 10)]).sinks
    assert [line.word for line in truc.lines] == ["told"]


def test_a_long_list_says_how_much_is_left_away():
    (truc,) = told([given("accepted", n) for n in range(30, 0, -1)], []).sinks
    assert (len(truc.lines), truc.lines[0].delivery.occurred, truc.more) == (MOST_LINES, 30, 30 - MOST_LINES)


@pytest.mark.parametrize(
    ("steps", "by"),
    [
        (["opened"], None),
        (["opened", "acknowledged", "updated"], "Lan"),
        (["opened", "acknowledged", "resolved", "reopened"], None),
    ],
)
def test_the_answer_is_that_of_who_took_it_since_it_opened_last(steps, by):
    answer = told([], [step(word, n, "Lan" if word == "acknowledged" else "") for n, word in enumerate(steps)]).answer
    assert (answer.cause.by if answer else None) == by


async def test_the_page_says_who_was_told_when_and_who_answered(serve: Serve) -> None:
    seen = panel((await (await serve(busy())).get("/phat-hien/000000000001"))[1])
    assert "Trần Văn Minh nhận xử lý lúc" in seen
    assert re.search(r"webhook .*: đã tới nơi nhận lúc .*: đã tới nơi nhận lúc", seen)
    assert "chưa gửi được, còn chờ; đã thử 7 lần: không nối được tới máy chủ" in seen
    assert "tram-truong Không báo: nơi này không nhận loại" in seen


async def test_where_nobody_is_told_or_nothing_is_known_the_page_says_so(serve: Serve) -> None:
    journal = busy()
    page = await serve(journal)
    path = f"/phat-hien/{journal.changes[1].finding.id}"
    seen = panel((await page.get(path))[1])
    assert "Chưa ai nhận xử lý." in seen
    assert "không ai được báo" in seen
    journal.receipts[journal.changes[1].finding.id] = [Delivery(sink="truc", outcome="unknown")]
    assert "truc Chưa rõ: không còn ghi chép nào" in panel((await page.get(path))[1])
    assert "Unknown: nothing is on record" in panel((await page.get(path + "?lang=en"))[1])


async def test_a_name_or_reason_from_elsewhere_is_only_text(serve: Serve) -> None:
    journal = busy()
    journal.receipts["000000000001"] = [given("rejected", NOW - MINUTE, "<i>truc", reason="<script>alert(1)</script>")]
    _, html, _ = await (await serve(journal)).get("/phat-hien/000000000001")
    assert "<script>alert" not in html
    assert "<i>truc" not in html
    assert "&lt;script&gt;alert(1)" in html
