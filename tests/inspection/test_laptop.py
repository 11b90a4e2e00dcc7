"""What a laptop says it could not have seen: something in each of the fifteen rows, whatever the verdicts are."""

from __future__ import annotations

import pytest

from exporters.report import gather, html
from model.inspection.laptop import Circumstances, honest, limits
from model.text import Text
from model.verdict import Outcome, Subject, Verdict
from tests.console.commune import Journal
from tests.report.site import ABOUTS, DECLARED, journal

HOUR = Circumstances(seconds=3_600, legs=(("lan", "plain"),), pcs=3, looked=2, portals=2)
NOTHING = Circumstances(seconds=0, legs=(), pcs=0, looked=0, portals=0)


def said(seen: Circumstances, number: int) -> str:
    return " ".join(reason.vi for reason in limits(seen)[number])


@pytest.mark.parametrize("seen", [HOUR, NOTHING], ids=["hour", "nothing"])
def test_each_of_the_fifteen_rows_says_what_could_not_be_seen(seen: Circumstances) -> None:
    found = limits(seen)
    assert list(found) == list(range(1, 16))
    assert all(found.values())
    assert all(reason.vi and reason.en for reasons in found.values() for reason in reasons)


def test_it_says_how_long_where_and_how_well_it_listened() -> None:
    assert "Chỉ nghe 60 phút ở chân mạng lan; ở cổng thường không nghe được" in said(HOUR, 1)
    mirrored = HOUR._replace(legs=(("lan", "mirror"), ("sanh", "inline")), seconds=42.4, ended_early=True)
    assert "Chỉ nghe 42 giây ở chân mạng lan, sanh, dừng sớm. Mạng khác" in said(mirrored, 11)
    assert "Không nghe mạng trong lần kiểm tra này." in said(NOTHING, 1)


def test_it_says_of_how_many_pcs_and_portals_it_knows() -> None:
    assert "Chỉ xét 3 máy tính" in said(HOUR, 5)
    assert said(NOTHING._replace(refused=2), 9) == "Không có gói trả lời nào của máy tính được nhập. 2 tệp bị từ chối."
    assert "Đã xem 2 trên 2 cổng" in said(HOUR, 4)
    assert "Không cổng nào được nêu" in said(NOTHING, 4)


async def test_where_nothing_was_met_it_does_not_say_that_it_watched() -> None:
    made = await gather(Journal(), DECLARED, ABOUTS, seen=NOTHING)
    assert [row.kind for row in made.rows[:14]] == ["unmet"] * 14
    assert all(row.unseen[0].reason.vi == "Chưa gặp đối tượng nào để xét: chưa thể nói là đạt." for row in made.rows[:14])
    assert "có theo dõi" not in html(made, "vi")


def verdict(detector: str, outcome: Outcome, kind: str = "asset") -> Verdict:
    text = Text("x", "x")
    return Verdict(detector=detector, subject=Subject(kind, "a"), outcome=outcome, title=text, summary=text)  # type: ignore[arg-type]  # as given


def test_that_the_soc_sees_something_is_not_for_a_laptop_to_say() -> None:
    given = [verdict("VG-COV-01", Outcome.CLEAR), verdict("VG-COV-01", Outcome.VIOLATION), verdict("VG-NET-02", Outcome.CLEAR)]
    told = honest([*given, verdict("VG-COV-01", Outcome.NOT_APPLICABLE, "sensor")], HOUR)
    assert [each.outcome for each in told] == [Outcome.UNKNOWN, Outcome.VIOLATION, Outcome.CLEAR]
    assert told[0].reason is not None
    assert "không biết SOC có nghe thấy" in told[0].reason.vi


def test_a_portal_at_which_it_looked_by_half_is_not_clear() -> None:
    given = [verdict("VG-WEB-02", outcome, "portal") for outcome in Outcome]
    assert honest(given, HOUR) == given
    assert [each.outcome for each in honest(given, HOUR._replace(unfinished=frozenset("a")))] == [
        Outcome.VIOLATION, Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE,
    ]  # fmt: skip


async def test_the_report_says_who_saw_and_in_minutes() -> None:
    made = await gather(journal(), DECLARED, ABOUTS, seen=HOUR, inspector="Lê C", since=journal().now - 3_600 * 10**9)
    text = html(made, "vi")
    assert (made.source, made.inspector) == ("laptop", "Lê C")
    assert "máy xách tay tại chỗ, không có hộp" in text
    assert "60 phút trên 60 phút" in text or "60 trên 60 phút" in text
    assert "không ai được báo ngoài trang này" not in text
    assert all(row.unseen for row in made.rows)
    assert [row.counts for row in made.rows] == [row.counts for row in (await gather(journal(), DECLARED, ABOUTS)).rows]
