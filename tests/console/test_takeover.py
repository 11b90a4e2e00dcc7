"""A screen that was taken over, as the page tells it: first of all, by whom, what, since when."""

from __future__ import annotations

import re

import msgspec

from model.rows import Episode, Held
from model.text import Text
from model.times import HOUR, local
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Verdict
from model.wording import display_takeover as words
from tests.console.commune import NOW, STAMP, Journal, busy, change, finding
from tests.console.conftest import Serve
from tests.console.test_pages import text_of

SENDER = "a00000000000000cc"
FILE = "20250715T021403Z-9f3ac1d2e4b0"
SAID = "Từ 08:14, một thiết bị lạ trình chiếu lên màn hình “Phong hop Samsung” qua DLNA, nội dung: hxxp://[thiết bị gửi]:8080/phim.mp4."
SENT = f"DLNA SetAVTransportURI hxxp://[thiết bị gửi]:8080/phim.mp4 ← {SENDER}"


def taken_over() -> Journal:
    """The quietest of the screens is taken over."""
    made = busy()
    room = finding(
        77, Subject("asset", made.devices[2].id), Severity.CRITICAL, Grade.CONFIRMED,
        Text("Màn hình “Phong hop Samsung” đang bị trình chiếu từ thiết bị lạ", "Taken over"), detector="VG-NET-03", summary=Text(SAID, SAID),
        evidence=(Evidence("push", SENT, NOW - HOUR), Evidence("capture", FILE, NOW - HOUR)),
    )  # fmt: skip
    made.changes = [each for each in made.changes if each.finding.detector != "VG-NET-03"] + [change(msgspec.structs.replace(room, since=NOW - HOUR))]
    return made


async def test_the_screen_stands_first_with_who_what_and_since_when(serve: Serve) -> None:
    _, html, _ = await (await serve(taken_over())).get("/man-hinh")
    first, others = html.split('<li class="screen panel"')[1], html.split('<li class="screen panel"')[2:]
    assert "Phong hop Samsung" in first
    assert SAID in first
    assert local(NOW - HOUR) in first
    assert not any(SAID in other for other in others)


async def test_the_page_of_the_screen_and_of_the_finding_say_it_and_name_the_sealed_file(serve: Serve) -> None:
    journal = taken_over()
    page = await serve(journal)
    assert SAID in (await page.get(f"/thiet-bi/{journal.devices[2].id}"))[1]
    _, html, _ = await page.get(f"/phat-hien/{journal.changes[-1].finding.id}")
    assert SENT.replace("a00000000000000cc", "#a0000000") in html
    assert FILE in html


async def test_what_is_over_is_not_shown_as_a_takeover(serve: Serve) -> None:
    journal = taken_over()
    last = journal.changes[-1]
    journal.changes[-1] = msgspec.structs.replace(last, finding=msgspec.structs.replace(last.finding, state="resolved"))
    assert SAID not in (await (await serve(journal)).get("/man-hinh"))[1]


async def test_a_screen_that_has_said_nothing_by_itself_is_there_all_the_same(serve: Serve) -> None:
    journal = taken_over()
    taken = journal.changes[-1].finding
    others = [verdict for verdict in journal.judged if verdict.subject != taken.subject]
    journal.judged = [*others, Verdict(detector="VG-NET-03", subject=taken.subject, outcome=Outcome.VIOLATION, title=taken.title, summary=taken.title)]
    _, html, _ = await (await serve(journal)).get("/man-hinh")
    first = html.split('<li class="screen panel"')[1]
    assert SAID in first
    assert re.findall(r'class="lamp (\w+) (\w+)"', first)[:2] == [("present", "yes"), ("enabled", "unknown")]


async def test_where_no_sender_can_be_heard_the_screen_says_so_and_what_it_told_itself(serve: Serve) -> None:
    journal = busy()
    journal.changes = [each for each in journal.changes if each.finding.detector != "VG-NET-03"]
    about = journal.judged[0].subject
    unheard = Verdict(detector="VG-NET-03", subject=about, outcome=Outcome.UNKNOWN, title=words.TITLE, summary=words.PLAIN, reason=words.PLAIN)
    told = Evidence("session", "2025-07-15T01:14:03Z/2025-07-15T01:15:00Z phim.mp4", NOW - HOUR)
    journal.judged[0] = msgspec.structs.replace(journal.judged[0], evidence=(told,))
    journal.others = [row for row in journal.others if not isinstance(row, Episode)]
    journal.judged.append(unheard)
    page = text_of((await (await serve(journal)).get("/man-hinh"))[1])
    assert f"Ai trình chiếu: {words.PLAIN.vi}" in page
    assert f"màn hình tự báo: đã hết lúc {local(NOW - HOUR)} : phim.mp4" in page
    assert page.count("chưa nghe màn hình báo") == len({verdict.subject for verdict in journal.judged if verdict.detector == "VG-NET-02"}) - 1


async def test_a_push_that_is_over_says_since_when(serve: Serve) -> None:
    journal = busy()
    episode = next(row for row in journal.others if isinstance(row, Episode))
    ended = msgspec.structs.replace(episode, ended=Held(True, STAMP))
    for row, said in ((episode, False), (ended, True)):
        journal.others = [row]
        page = text_of((await (await serve(journal)).get("/man-hinh"))[1])
        assert (f"từ {local(NOW - HOUR)} , đã hết lúc {local(NOW)}" in page) is said
