"""The page of coverage: what is declared and not heard is seen, with since when and what that blinds."""

import msgspec
import pytest

from exporters.console import coverage_page
from exporters.console.snapshot import read
from exporters.tally import Tally
from model.declared import Declared, Enrolled, ExpectedSensor
from model.ports import Receipt
from model.text import Text
from model.times import MINUTE, SECOND
from model.verdict import Evidence, Outcome, Subject, Verdict
from tests.console.commune import DECLARED, NOW, Journal, busy, quiet
from tests.console.conftest import Serve
from tests.console.gates import PORTAL_ABOUTS, declared, province

EXPECTED = Declared(
    site="xa-a", name="Xã A", sensors=tuple(ExpectedSensor(sensor=f"capture-{leg}", leg=leg, heartbeat=MINUTE, since=NOW) for leg in ("lan0", "lan1", "lan2"))
)


async def seen(journal: Journal, site: Declared = DECLARED) -> list[coverage_page.Watched]:
    return coverage_page.lines(await read(journal, site, "vi", verdicts=True))


async def test_what_is_missed_comes_first_with_since_when_and_what_that_blinds() -> None:
    first, *rest = await seen(busy(), EXPECTED)
    assert (first.subject, first.state) == (Subject("sensor", "capture-lan1"), Outcome.VIOLATION)
    assert first.finding is not None
    assert first.since == first.finding.finding.since
    assert first.said is not None
    assert "1, 2, 3, 11, 13" in first.said.vi
    assert [(line.subject.id, line.state) for line in rest] == [("capture-lan2", Outcome.UNKNOWN), ("capture-lan0", Outcome.CLEAR)]


async def test_a_declared_sensor_of_which_nobody_says_anything_is_unknown_not_heard() -> None:
    (line,) = await seen(Journal(), Declared(site="a", sensors=EXPECTED.sensors[:1]))
    assert (line.state, line.heard, line.said) == (Outcome.UNKNOWN, 0, None)


async def test_a_pc_is_heard_as_of_the_word_the_verdict_rests_on() -> None:
    pc = Verdict(
        detector="VG-COV-01", subject=Subject("asset", "nobody"), outcome=Outcome.UNKNOWN, title=Text("t", "t"), summary=Text("s", "s"),
        reason=Text("máy tắt", "off"), evidence=(Evidence("heartbeat", "x", NOW - 5 * MINUTE), Evidence("count", "x", NOW)),
    )  # fmt: skip
    (line,) = await seen(Journal(judged=[pc]))
    assert (line.heard, line.said) == (NOW - 5 * MINUTE, Text("máy tắt", "off"))


async def test_the_page_says_what_nobody_declared(serve: Serve) -> None:
    status, body, _ = await (await serve(quiet())).get("/do-bao-phu")
    assert status == 200
    assert "enrolled.csv" in body
    assert "portals.csv" in body


def heard_from(kind: str, name: str) -> Verdict:
    return Verdict(detector="VG-COV-01", subject=Subject(kind, name), outcome=Outcome.CLEAR, title=Text("t", "t"), summary=Text("s", "s"))  # type: ignore[arg-type] # as given


async def test_all_that_is_declared_being_heard_is_no_good_news_of_what_nobody_declared(serve: Serve) -> None:
    heard = Journal(judged=[heard_from("sensor", "capture-lan0")])
    site = Declared(site="xa-a", sensors=EXPECTED.sensors[:1])
    _, body, _ = await (await serve(heard, declared=lambda: site)).get("/do-bao-phu")
    assert "<h1>1/1 đối tượng đã khai báo có tin, nhưng chưa khai báo máy tính, cổng thông tin</h1>" in body
    whole = msgspec.structs.replace(site, enrolled=(Enrolled(id="may-1"),), portals=declared(1).portals)
    heard.judged += [heard_from("asset", "may-1"), *(heard_from("portal", each.id) for each in whole.portals or ())]
    _, body, _ = await (await serve(heard, declared=lambda: whole)).get("/do-bao-phu")
    assert "đã khai báo có tin</h1>" in body
    assert "hưa khai báo" not in body


async def test_nothing_declared_is_said_also_beside_what_is_missed_or_unknown(serve: Serve) -> None:
    for judged, headline in ((busy().judged, "1 đối tượng đã khai báo không nghe thấy"), ([], "2 đối tượng đã khai báo chưa rõ có tin hay không")):
        site = Declared(site="xa-a", sensors=EXPECTED.sensors[:2])
        _, body, _ = await (await serve(Journal(judged=judged, changes=busy().changes if judged else []), declared=lambda site=site: site)).get("/do-bao-phu")
        assert f"<h1>{headline}</h1>" in body
        assert "<strong>Chưa khai báo máy tính, cổng thông tin</strong>" in body


async def test_filters_narrow_and_wrong_ones_are_told(serve: Serve) -> None:
    page = await serve(province(3), abouts=PORTAL_ABOUTS, declared=lambda: declared(3))
    assert (await page.get("/do-bao-phu?loai=portal&trang-thai=unknown"))[1].count("<tr data-key") == 8
    assert (await page.get("/do-bao-phu?loai=sensor"))[1].count("<tr data-key") == 0
    assert (await page.get("/do-bao-phu?loai=x"))[0] == 400


@pytest.mark.parametrize(("language", "words"), [("vi", ("1 đối tượng đã khai báo không nghe thấy", "bộ thu")), ("en", ("1 declared thing is not heard",))])
async def test_both_languages(serve: Serve, language: str, words: tuple[str, ...]) -> None:
    _, body, _ = await (await serve(busy())).get(f"/do-bao-phu?lang={language}")
    assert all(word in body for word in words)


async def test_deliveries_show_seconds_where_this_process_delivers(serve: Serve) -> None:
    tally = Tally(sink="webhook")
    for seconds in (0.3, 0.4, 0.4, 20.0):
        tally.count(Receipt(1, "accepted"), seconds, NOW + SECOND)
    _, body, _ = await (await serve(busy(), tallies=[tally])).get("/gui-di")
    assert "0,5 giây" in body
    assert "30,0 giây" in body
    assert "chưa rõ" in body, "the other sink delivered nothing here"
