import msgspec

from exporters.console.portal_marks import Mark, grouped, label_of, marks_of
from model.portals.rows import Failed, PortalRow, Visits
from model.rows import Held
from model.text import Text
from model.times import DAY, HOUR, MINUTE
from model.wording.portal_common import PERSONA
from tests.console.commune import NOW
from tests.console.gates import HOME, PORTALS, clean_row, look, stamp

PORTAL = PORTALS[0]


def mark(row: PortalRow | None, persona: str = "mobile", *, crawlers: bool = False, now: int = NOW) -> Mark:
    return next(each for each in marks_of(row, PERSONA, now, crawlers=crawlers) if each.persona == persona)


def told(made: Mark) -> tuple[str, str, str]:
    return made.state, made.shape, made.reason


def test_a_clean_look_is_a_check_and_says_when() -> None:
    made = mark(clean_row(PORTAL))
    assert (told(made), made.at) == (("clean", "clear", ""), NOW - 20 * MINUTE)


def test_nobody_who_never_looked_counts_as_clean() -> None:
    assert {told(each) for each in marks_of(None, PERSONA, NOW, crawlers=True)} == {("never", "not_applicable", "")}
    assert told(mark(clean_row(PORTAL), "crawler_google")) == ("never", "not_applicable", "no_consent")
    assert told(mark(clean_row(PORTAL), "crawler_google", crawlers=True)) == ("never", "not_applicable", "")


def test_one_dirty_place_makes_the_mark_dirty_whatever_the_home_page_was() -> None:
    row = clean_row(PORTAL)
    row.looks.update([look("mobile", NOW - HOUR, part="missing", url=HOME + "khong-co", outcome="dirty")])
    assert (told(mark(row)), mark(row).at) == (("dirty", "violation", ""), NOW - HOUR)
    assert mark(row, "desktop").state == "clean"


def test_a_dirty_place_that_nobody_saw_for_a_week_does_not_speak_any_more() -> None:
    row = clean_row(PORTAL)
    row.looks.update([look("mobile", NOW - 8 * DAY, part="sample", url=HOME + "cu", outcome="dirty")])
    assert mark(row).state == "clean"


def test_what_failed_after_the_last_good_look_is_unknown_and_says_why() -> None:
    row = clean_row(PORTAL)
    row.visits["mobile"].failed = Held(Failed("challenged", "captcha"), stamp(NOW - MINUTE))
    made = mark(row)
    assert (told(made), made.detail) == (("unknown", "unknown", "challenged"), "captcha")
    row.visits["mobile"].failed = Held(Failed("timeout"), stamp(NOW - 3 * HOUR))
    assert mark(row).state == "clean"


def test_an_old_look_is_unknown_not_clean() -> None:
    assert told(mark(clean_row(PORTAL, NOW - 25 * HOUR))) == ("unknown", "unknown", "stale")
    assert mark(clean_row(PORTAL, NOW - 23 * HOUR)).state == "clean"


def test_a_script_nobody_could_read_is_unknown_until_a_browser_ran_it() -> None:
    row = clean_row(PORTAL)
    row.looks.update([look("mobile", NOW - MINUTE, outcome="unknown", reason="unfolded")])
    assert told(mark(row)) == ("unknown", "unknown", "unfolded")
    row.looks.update([look("mobile", NOW - HOUR, rendered=True)])
    assert mark(row).state == "clean"


def test_a_sampled_page_that_could_not_be_read_does_not_hide_the_portal() -> None:
    row = clean_row(PORTAL)
    row.looks.update([look("mobile", NOW - MINUTE, part="sample", url=HOME + "x", outcome="unknown", reason="unfolded")])
    assert mark(row).state == "clean"


def test_a_persona_that_looks_no_more_is_told_apart_from_a_clean_one() -> None:
    row = clean_row(PORTAL)
    row.visits["mobile"] = Visits(first=NOW - 30 * DAY, last=NOW - 9 * DAY, ok=NOW - 9 * DAY)
    assert told(mark(row)) == ("never", "not_applicable", "retired")


def test_every_mark_stands_in_one_group_and_strangers_come_last() -> None:
    row = clean_row(PORTAL)
    row.visits["martian"] = msgspec.structs.replace(row.visits["mobile"])
    groups = grouped(marks_of(row, PERSONA, NOW, crawlers=False))
    assert [group.name for group in groups] == ["machine", "phone", "search", "social", "crawler", "other"]
    assert sorted(each.persona for group in groups for each in group.marks) == sorted([*PERSONA, "martian"])
    assert [each.persona for each in groups[-1].marks] == ["martian"]


def test_a_label_is_the_one_handed_in_else_that_of_alerts_else_the_id() -> None:
    mine = {"mobile": Text("máy của tôi", "mine")}
    assert label_of("mobile", mine).vi == "máy của tôi"
    assert label_of("desktop", mine) == PERSONA["desktop"]
    assert label_of("martian", mine).vi == "martian"
