"""What the rules about portals say: each only of its own question, each thing once, each step whole in the alert."""

from __future__ import annotations

from typing import Any

import pytest

from collector.registry import build_all
from exporters.render import alert
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Outcome, Verdict
from model.webfacts import Sign
from tests.model.portals.making import EVIL, HOST, ID, PERSONAS, PROMISE, SUBJECT, THEIRS, Eyes, engine_of, selling, take, view_of, way

RULES = {rule.about.id: rule for rule in build_all() if rule.about.id.startswith(("VG-WEB", "VG-COV"))}
SAFE = ("sạch", "an toàn", "bình thường", "clean", "safe")
CAPTURE = "a1b2c3d4e5f60718293a4b5c"


def sign(kind: str, **fields: Any) -> Sign:
    return Sign(**{"kind": kind, "page": HOST, "value": "x", **fields})


def verdicts(*facts: Any) -> dict[str, Verdict]:
    view = view_of(facts)
    said = {name: rule.judge(view, SUBJECT) for name, rule in RULES.items()}
    return {name: verdict for name, verdict in said.items() if verdict is not None}


def scenes() -> dict[str, dict[str, Verdict]]:
    """One portal in each state that leaves some rule without a violation."""
    eyes = Eyes()
    sent = [eyes.sent("mobile", MINUTE), eyes.sent("mobile", 3 * MINUTE)]
    shown = [eyes.look("desktop", n * 2 * MINUTE, signs=(selling(HOST),)) for n in (1, 2)]
    blocked = [eyes.failed(persona, HOUR + n) for n, persona in enumerate(PERSONAS)]
    return {
        "well": verdicts(*eyes.round(0)),
        "sent elsewhere": verdicts(*eyes.round(0), *sent),
        "injected": verdicts(*eyes.round(0), *shown),
        "blocked": verdicts(*blocked),
        "one eye": verdicts(eyes.look("desktop", 0)),
        "unread": verdicts(*eyes.round(0, unfolded=("script 1: eval",))),
        "never": verdicts(),
    }


def test_no_rule_calls_a_portal_clean_whatever_the_others_found() -> None:
    told = {(scene, name): verdict for scene, said in scenes().items() for name, verdict in said.items() if verdict.outcome is not Outcome.VIOLATION}
    assert {(name, verdict.outcome) for (_, name), verdict in told.items()} >= {
        *((name, outcome) for name in RULES for outcome in (Outcome.CLEAR, Outcome.UNKNOWN)),
    }
    for where, verdict in told.items():
        for text in filter(None, (verdict.title, verdict.summary, verdict.reason)):
            found = [word for word in SAFE if word in text.vi.lower() or word in text.en.lower()]
            assert not found, (where, text.vi)
        assert "clean" not in dict(verdict.state).values(), where


def test_a_clear_says_who_looked_and_that_it_answers_one_question() -> None:
    beside = scenes()["sent elsewhere"]
    assert beside["VG-WEB-01"].outcome is Outcome.VIOLATION
    for name, limit in (("VG-WEB-02", "chỉ xét trang của chính cổng"), ("VG-WEB-03", "chỉ so các kiểu truy cập với nhau")):
        assert beside[name].outcome is Outcome.CLEAR
        assert "6 kiểu truy cập đã xem" in beside[name].summary.vi
        assert limit in beside[name].summary.vi


def test_what_is_not_known_is_asked_by_each_rule_in_its_own_words() -> None:
    said = scenes()["blocked"]
    reasons = {name: verdict.reason.vi for name, verdict in said.items() if name.startswith("VG-WEB") and verdict.reason}
    assert len(set(reasons.values())) == 3
    assert all(reason.startswith(f"Chưa biết {HOST} ") and "bị chặn" in reason for reason in reasons.values())


def test_a_thing_six_personas_saw_is_told_once() -> None:
    eyes = Eyes()
    days = [look for day in range(9) for look in eyes.round(day * DAY)]
    tags = (sign("foreign_tag", hosts=("old.test",)),)
    summary = verdicts(*days, *eyes.round(9 * DAY, scripts=("cdn.test", "img.test"), signs=tags))["VG-WEB-02"].summary
    assert summary.vi == "Cổng có thẻ trỏ sang tên miền khác (old.test); nạp mã từ máy chủ mới (cdn.test, img.test). Chưa có dấu hiệu cá cược."
    assert summary.en == "It has tags that name another host (old.test); loads scripts from a new host (cdn.test, img.test). No sign of gambling."


def test_what_does_not_fit_is_counted() -> None:
    eyes = Eyes()
    days = [look for day in range(9) for look in eyes.round(day * DAY)]
    hosts = tuple(f"s{n}.test" for n in range(5))
    assert verdicts(*days, *eyes.round(9 * DAY, scripts=hosts))["VG-WEB-02"].summary.vi.count(".test") == 3
    assert "Và 2 điều khác." in verdicts(*days, *eyes.round(9 * DAY, scripts=hosts))["VG-WEB-02"].summary.vi


def test_a_bookmakers_name_is_no_absence_of_signs() -> None:
    named = (sign("brand_host", value=EVIL, hosts=(EVIL,), gambling=True),)
    verdict = verdicts(*Eyes().round(0, signs=named))["VG-WEB-02"]
    assert verdict.title.vi.startswith("Cổng thông tin dẫn tới tên miền kiểu nhà cái")
    assert "Chưa có dấu hiệu" not in verdict.summary.vi


def test_accepting_is_offered_with_its_command_where_it_settles_the_finding() -> None:
    eyes = Eyes()
    days = [look for day in range(9) for look in eyes.round(day * DAY)]
    changed = verdicts(*days, *eyes.round(9 * DAY, scripts=("cdn.test",)))["VG-WEB-02"]
    assert f'vonggac portals accept-change {ID} --by "…" --why "…"' in changed.remedy[-1].vi
    tagged = verdicts(*eyes.round(0, signs=(sign("foreign_tag", hosts=("old.test",)),)))["VG-WEB-02"]
    assert "accept-change" not in " ".join(step.vi for step in tagged.remedy)


INCIDENTS: dict[str, dict[str, Any]] = {
    "sent": {"hops": way("khuyen-mai.nova88-dang-ky.test"), "signs": (selling("khuyen-mai.nova88-dang-ky.test"),)},
    "shown": {"signs": (selling(HOST, hosts=(EVIL, "other.test")),)},
    "hidden": {"signs": (sign("hidden_links", value=f"{PROMISE}; soi kèo; tài xỉu online", gambling=True, hosts=(EVIL,)),)},
    "cloaked": {"text": THEIRS, "links": ("strange.test",), "signs": (sign("promotion", value="激安"),)},
}


@pytest.mark.parametrize("what", INCIDENTS)
def test_the_alert_holds_address_sureness_and_every_step_whole(what: str) -> None:
    engine, eyes = engine_of(), Eyes()
    for after in (0, 11 * MINUTE):
        take(engine, [eyes.look("desktop", after, round=f"r{after}")])
        take(engine, [eyes.look("search_google", after + SECOND, round=f"r{after}", capture=CAPTURE, **INCIDENTS[what])])
    changes = [change for change in engine.news.changes if change.finding.detector.startswith("VG-WEB")]
    assert changes
    for change in changes:
        text = alert(change)
        assert f"hxxps://{HOST}/" in text
        assert "08:00" in text.partition("\n")[2]
        assert len(change.finding.remedy) == 3
        for step in change.finding.remedy:
            assert step.vi in text
        assert "WARC a1b2c3d4" in text
    assert "thấy lại sau 660 giây" in alert(changes[-1])
