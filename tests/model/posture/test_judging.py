"""How long an answer holds by how it came, and what several of them come to together."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, get_args

import pytest

from model.declared import Declared, Enrolled, RegisteredAsset
from model.detector import About, Closing, Detector
from model.endpointfacts import PcAnswered, PcHeard
from model.posture.judging import Case, Standing, Wrong, conclude, holds_until, not_for, pc_of, read
from model.posture.told import Accounts, AnyTold, AutoLogon, Interfaces, Machine, SuiteControl
from model.site import SiteView, fold
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND, VIETNAM, day_of
from model.verdict import Grade, Outcome, Severity, Subject, Urgency
from model.wording.pc_common import looked_at

SAID = Text("có điều sai", "something is wrong")
GOOD = Text("không có gì sai", "nothing is wrong")
_numbers = itertools.count(1)


def at(text: str) -> int:
    """`2026-06-19 16:00` in Viet Nam."""
    return int(datetime.fromisoformat(text).replace(tzinfo=VIETNAM).timestamp()) * SECOND


# A Friday, a Monday, and the Tuesday that follows.
FRIDAY, MONDAY = at("2026-06-19 16:00"), at("2026-06-22 08:00")


@dataclass(frozen=True, slots=True)
class Rule(Detector):
    """Nothing but its metadata: what is tested is what it hands its case to."""

    about: ClassVar[About] = About(id="VG-END-99", findings=(7,), title=Text("Thử", "Trial"), kinds=("asset",), needs=("endpoint",), closing=Closing(rule=SAID))

    def subjects(self, view):
        return ()

    def judge(self, view, subject):
        return None


def office(**more) -> SiteView:
    return SiteView(Declared(site="xa", legs=("lan",), **more), key=b"k" * 32, now=FRIDAY)


def answer(view, told, when=FRIDAY, source="osquery", pc="pc-01"):
    fold(
        view, PcAnswered(at=when, sensor="endpoints", sequence=next(_numbers), pc=pc, topic=told.__struct_config__.tag, answered=when, told=told, source=source)
    )


def fails(view, topic, trouble, when=FRIDAY):
    fold(view, PcAnswered(at=when, sensor="endpoints", sequence=next(_numbers), pc="pc-01", topic=topic, answered=when, trouble=trouble))


def the_pc(view):
    (asset,) = view.posture.by_asset
    pc = pc_of(view, Subject("asset", asset))
    assert pc is not None
    return pc


def standing(view, kind, now, **more):
    view.now = now
    return read(view, the_pc(view), kind, **more).standing


def concluded(view, *kinds, wrong=None, doubts=(), now=FRIDAY + MINUTE):
    """The verdict where the topics of `kinds` are needed and, if `wrong`, the first of them says that something is."""
    view.now = now
    pc = the_pc(view)
    reads = [read(view, pc, kind) for kind in kinds]
    wrongs = [Wrong("thing", SAID, reads[0], **wrong)] if wrong is not None and reads[0].told is not None else []
    return conclude(Rule(), view, pc, Case(wrongs, reads, GOOD, doubts))


def test_days_off_do_not_age_an_answer():
    assert holds_until(FRIDAY, None) == at("2026-06-22 16:00")
    assert holds_until(at("2026-06-17 09:00"), None) == at("2026-06-18 09:00")
    assert holds_until(at("2026-06-20 09:00"), None) == at("2026-06-23 00:00")
    monday = day_of(MONDAY)
    assert holds_until(FRIDAY, (monday,)) == at("2026-06-23 16:00")


def test_a_calendar_of_nothing_but_holidays_keeps_nothing_fresh_for_ever():
    every_day = tuple(range(day_of(FRIDAY), day_of(FRIDAY) + 4_000))
    assert holds_until(FRIDAY, every_day) < FRIDAY + 40 * DAY


def test_what_osquery_said_is_fresh_or_too_old():
    view = office()
    answer(view, AutoLogon())
    assert standing(view, AutoLogon, MONDAY) == "fresh"
    assert standing(view, AutoLogon, at("2026-06-22 15:59")) == "fresh"
    assert standing(view, AutoLogon, at("2026-06-22 16:00")) == "stale"


@pytest.mark.parametrize("source", ["portable", "script", "ksc", "inventory"])
def test_what_was_carried_is_evidence_of_its_day_for_a_month(source):
    view = office()
    answer(view, AutoLogon(), source=source)
    assert [standing(view, AutoLogon, FRIDAY + days * DAY) for days in (0, 2, 4, 29, 30)] == ["fresh", "fresh", "aged", "aged", "stale"]


def test_a_setting_that_people_rarely_touch_may_be_believed_longer():
    view = office()
    answer(view, SuiteControl(on=True), source="ksc")
    assert standing(view, SuiteControl, FRIDAY + 20 * DAY, carried=30 * DAY) == "fresh"
    assert standing(view, SuiteControl, FRIDAY + 31 * DAY, carried=30 * DAY) == "stale"


def test_an_answer_from_the_future_is_no_answer():
    view = office()
    answer(view, AutoLogon(), source="script", when=FRIDAY + 400 * DAY)
    assert standing(view, AutoLogon, FRIDAY) == "clock"
    assert read(view, the_pc(view), AutoLogon).told is None


def test_why_there_is_no_answer_is_known():
    view = office()
    fold(view, PcHeard(at=FRIDAY, sensor="endpoints", sequence=1, pc="pc-01"))
    assert standing(view, Accounts, FRIDAY) == "never"
    for trouble in ("failed", "denied", "refused", "absent", "script"):
        fails(view, "accounts", trouble, FRIDAY + next(_numbers))
        assert standing(view, Accounts, FRIDAY + HOUR) == trouble


def test_a_failure_hides_no_fresh_answer_and_explains_an_old_one():
    view = office()
    answer(view, Accounts())
    fails(view, "accounts", "denied", FRIDAY + MINUTE)
    assert standing(view, Accounts, FRIDAY + HOUR) == "fresh"
    assert standing(view, Accounts, FRIDAY + 5 * DAY) == "denied"


def test_a_question_that_no_longer_fits_the_pc_makes_its_old_answer_void():
    view = office()
    answer(view, Accounts())
    fails(view, "accounts", "absent", FRIDAY + MINUTE)
    assert standing(view, Accounts, FRIDAY + HOUR) == "absent"


def test_a_violation_by_one_topic_wins_over_what_is_missing():
    view = office()
    answer(view, AutoLogon(on=True))
    verdict = concluded(view, AutoLogon, Accounts, wrong={})
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (Outcome.VIOLATION, Severity.MEDIUM, Grade.CONFIRMED, Urgency.REPORT)
    assert verdict.state == (("thing", "yes"),)
    assert verdict.summary.vi == "“pc-01”: có điều sai. Máy trả lời lúc 16:00 ngày 19/06."
    assert ("age", "accounts osquery never") in {(piece.kind, piece.value) for piece in verdict.evidence}


def test_what_is_high_goes_to_the_working_queue():
    view = office()
    answer(view, AutoLogon(on=True))
    assert concluded(view, AutoLogon, wrong={"severity": Severity.HIGH}).urgency is Urgency.TICKET


def test_an_aged_violation_is_low_and_says_of_which_day_it_is():
    view = office()
    answer(view, AutoLogon(on=True), source="script")
    verdict = concluded(view, AutoLogon, wrong={"severity": Severity.HIGH}, now=FRIDAY + 6 * DAY)
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (Outcome.VIOLATION, Severity.LOW, Urgency.REPORT)
    assert verdict.summary.vi.endswith("Đọc bằng tập lệnh kiểm tra lúc 16:00 ngày 19/06; từ đó có thể đã khác.")


def test_clear_takes_every_topic_fresh():
    view = office()
    answer(view, AutoLogon())
    answer(view, Accounts(enabled=1), FRIDAY - HOUR)
    verdict = concluded(view, AutoLogon, Accounts)
    assert verdict.outcome is Outcome.CLEAR
    assert verdict.summary.vi == "“pc-01”: không có gì sai. Máy trả lời lúc 15:00 ngày 19/06."
    assert verdict.recheck_at == at("2026-06-22 15:00")
    assert concluded(view, AutoLogon, Accounts, now=verdict.recheck_at).outcome is Outcome.UNKNOWN


def test_unknown_names_each_missing_topic_and_its_trouble():
    view = office()
    answer(view, AutoLogon())
    fails(view, "accounts", "denied")
    verdict = concluded(view, AutoLogon, Accounts, Machine)
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.reason == verdict.summary
    assert "Tài khoản trên máy: máy tự chặn câu hỏi này" in verdict.summary.vi
    assert "phiên bản Windows: chưa đọc được lần nào" in verdict.summary.vi


def test_a_good_answer_of_an_old_bundle_is_no_clear():
    view = office()
    answer(view, AutoLogon(), source="portable")
    assert concluded(view, AutoLogon).outcome is Outcome.CLEAR
    verdict = concluded(view, AutoLogon, now=FRIDAY + 6 * DAY)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "lần đọc cuối lúc 16:00 ngày 19/06, đã quá cũ" in verdict.summary.vi
    assert verdict.recheck_at == FRIDAY + 30 * DAY


def test_a_doubt_is_no_clear_either():
    view = office()
    answer(view, AutoLogon())
    verdict = concluded(view, AutoLogon, doubts=(Text("máy thuộc miền", "the PC is in a domain"),))
    assert (verdict.outcome, verdict.summary.vi) == (Outcome.UNKNOWN, "“pc-01”: chưa kết luận được. Máy thuộc miền.")


def test_questions_that_do_not_fit_the_pc_are_passed_over():
    view = office()
    answer(view, AutoLogon())
    fails(view, "accounts", "absent")
    assert concluded(view, AutoLogon, Accounts).outcome is Outcome.CLEAR
    assert concluded(view, Accounts).outcome is Outcome.NOT_APPLICABLE
    assert not_for(Rule(), the_pc(view), SAID).reason == SAID


def test_a_pc_is_called_by_what_people_call_it():
    view = office(enrolled=(Enrolled(id="PC-01", name="Máy một cửa 3", use="counter"),))
    answer(view, AutoLogon())
    pc = the_pc(view)
    assert (pc.name, pc.enrolled.use, pc.platform) == ("Máy một cửa 3", "counter", "")
    mac = "10:b6:76:10:20:21"
    view = office(register=(RegisteredAsset(mac=mac, name="Máy văn thư"),), enrolled=(Enrolled(id=mac, use="kiosk"),))
    answer(view, Interfaces(macs=(mac,)))
    answer(view, Machine(platform="windows"))
    pc = the_pc(view)
    assert (pc.name, pc.enrolled.use, pc.platform) == ("Máy văn thư", "kiosk", "windows")
    assert the_pc_of(office(), "anobody") is None


def the_pc_of(view, asset):
    return pc_of(view, Subject("asset", asset))


def test_many_wrongs_fit_into_a_sentence():
    view = office()
    answer(view, AutoLogon(on=True))
    view.now = FRIDAY
    pc = the_pc(view)
    by = read(view, pc, AutoLogon)
    wrongs = [Wrong(f"w{number}", Text(f"điều sai thứ {number} " + "x" * 60, f"wrong {number}"), by) for number in range(9)]
    verdict = conclude(Rule(), view, pc, Case(wrongs, (), GOOD))
    assert len(verdict.summary.vi) < 400
    assert "còn 6 điểm khác" in verdict.summary.vi
    assert len(verdict.state) == 9


def test_what_was_asked_is_told_in_words():
    assert looked_at("kaspersky osquery fresh") == Text("bản quyền Kaspersky: máy trả lời, còn mới", "the Kaspersky licence: the PC answered, fresh")
    assert looked_at("suite_control ksc aged") == Text(
        "kiểm soát thiết bị của bộ phần mềm bảo mật: theo báo cáo Kaspersky Security Center, đã cũ",
        "device control of the security suite: by the report of Kaspersky Security Center, aged",
    )
    assert looked_at("licence osquery script") == Text(
        "tình trạng kích hoạt bản quyền: chỉ tập lệnh kiểm tra (vg-facts) đọc được, máy này chưa chạy",
        "the state of activation: only the facts script can read it, and it has not run on this PC",
    )
    assert [looked_at(line) for line in ("60 days", "", "x osquery fresh", "kaspersky carrier fresh", "kaspersky osquery sour")] == [None] * 5


def test_every_topic_and_standing_has_a_word():
    topics = {str(kind.__struct_config__.tag) for kind in get_args(AnyTold)} - {"programs", "shares", "agent"}
    missing = [topic for topic in sorted(topics) for standing in get_args(Standing) if looked_at(f"{topic} osquery {standing}") is None]
    assert missing == []
