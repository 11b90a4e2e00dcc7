"""VG-WEB-01: where visitors end, who sees it, how sure that is, and what is lawful."""

from __future__ import annotations

import msgspec
import pytest

from detectors.portal_redirect import PortalRedirect
from model.portals import reindex
from model.portals.declared import Destination
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Urgency
from model.webfacts import Sign
from tests.model.making import AT
from tests.model.portals.making import EVIL, HOME, HOST, ID, MIRROR, PERSONAS, PORTAL, SUBJECT, Eyes, hop, judge, known, selling, view_of, way

RULE = PortalRedirect()


def twice(persona: str = "mobile", after: int = 61 * SECOND, **fields):
    eyes = Eyes()
    return [*eyes.round(0), eyes.sent(persona, MINUTE, **fields), eyes.sent(persona, MINUTE + after, attempt=1, **fields)]


def test_everybody_on_the_portal_is_clear_and_says_who_looked():
    verdict = judge(RULE, Eyes().round(0))
    assert verdict.outcome is Outcome.CLEAR
    assert {piece.value for piece in verdict.evidence} == set(PERSONAS)
    assert "6 kiểu truy cập" in verdict.summary.vi


def test_a_portal_never_looked_at_is_unknown():
    verdict = judge(RULE)
    assert (verdict.outcome, verdict.reason is not None) == (Outcome.UNKNOWN, True)


def test_a_heartbeat_is_no_look_and_an_old_look_no_proof():
    eyes = Eyes()
    never = judge(RULE, [eyes.beat(0)])
    assert (never.outcome, never.reason.vi) == (Outcome.UNKNOWN, "Chưa truy cập cổng này lần nào.")
    stale = judge(RULE, [*twice(), eyes.beat(40 * DAY)])
    assert (stale.outcome, stale.reason.vi) == (Outcome.UNKNOWN, "Lâu chưa truy cập lại cổng này.")


def test_the_first_sight_is_medium_and_likely_the_second_critical_and_confirmed():
    once = judge(RULE, twice()[:-1])
    assert (once.severity, once.grade, once.urgency, dict(once.state)["incident"]) == (Severity.MEDIUM, Grade.LIKELY, Urgency.TICKET, "pending")
    again = judge(RULE, twice())
    assert (again.severity, again.grade, again.urgency, dict(again.state)["incident"]) == (Severity.CRITICAL, Grade.CONFIRMED, Urgency.PAGE, "confirmed")


def test_two_sights_within_a_minute_confirm_nothing():
    assert judge(RULE, twice(after=59 * SECOND)).severity is Severity.MEDIUM


def test_two_personas_once_each_confirm_nothing():
    eyes = Eyes()
    assert judge(RULE, [eyes.sent("mobile", 0), eyes.sent("search_google", 10 * MINUTE)]).severity is Severity.MEDIUM


def test_a_seller_of_visitors_that_turns_its_names_is_confirmed_by_the_same_persona():
    eyes = Eyes()
    verdict = judge(RULE, [eyes.sent("mobile", 0), eyes.sent("mobile", 2 * MINUTE, host="other99.test", attempt=1)])
    assert verdict.severity is Severity.CRITICAL


def test_one_visit_in_five_is_confirmed_by_two_sights_that_do_not_follow_one_another():
    eyes = Eyes()
    facts = [eyes.look("mobile", n * HOUR) for n in range(1, 10) if n not in (3, 8)]
    facts += [eyes.sent("mobile", 3 * HOUR), eyes.sent("mobile", 8 * HOUR)]
    verdict = judge(RULE, sorted(facts, key=lambda fact: fact.at))
    assert verdict.severity is Severity.CRITICAL
    assert "2/7 lượt gần đây" in verdict.summary.vi


@pytest.mark.parametrize(
    "hops",
    [
        way(EVIL),
        way(EVIL, how="meta"),
        way(EVIL, how="refresh"),
        way(EVIL, how="script", folded="atob"),
        way(EVIL, how="frame"),
        way(EVIL, how="form"),
        way("xa-khac.example.gov.vn", EVIL),
        way("t.shortener.test", "tds.test", EVIL),
    ],
)
def test_every_form_of_hop_is_the_same_to_a_visitor(hops):
    eyes = Eyes()
    facts = [eyes.sent("desktop", n * 2 * MINUTE, hops=hops) for n in (0, 1)]
    assert judge(RULE, facts).severity is Severity.CRITICAL


@pytest.mark.parametrize("part", ["home", "declared", "sample", "missing", "query"])
def test_every_part_of_the_portal_counts(part):
    eyes = Eyes()
    facts = [eyes.sent("desktop", n * 2 * MINUTE, part=part, url=f"{HOME}tin-{n}") for n in (0, 1)]
    assert judge(RULE, facts).severity is Severity.CRITICAL


@pytest.mark.parametrize("kind", ["brand_host", "feed"])
def test_a_name_alone_proves_gambling_where_nothing_answers(kind):
    eyes = Eyes()
    fields = {"hops": way(f"m.{EVIL}", status=0, trouble="timeout"), "signs": (Sign(kind=kind, value=EVIL, hosts=(EVIL,)),)}
    assert judge(RULE, [eyes.sent("mobile", n * 2 * MINUTE, **fields) for n in (0, 1)]).severity is Severity.CRITICAL


def test_a_failed_look_that_left_the_portal_is_no_mere_failure():
    eyes = Eyes()
    verdict = judge(RULE, [eyes.failed("mobile", 0, "challenged", hops=way("strange.test", status=403))])
    assert (verdict.outcome, verdict.severity) == (Outcome.VIOLATION, Severity.MEDIUM)
    named = eyes.failed("mobile", 0, "dns", hops=way(EVIL, status=0, trouble="dns"), signs=(selling(EVIL, "brand_host", value=EVIL),))
    again = msgspec.structs.replace(named, at=AT + 2 * MINUTE, sequence=9)
    assert judge(RULE, [named, again]).severity is Severity.CRITICAL


MEDIUM = {
    "a bare address": {"hops": way("203.0.113.9")},
    "a dead end": {"hops": way("strange.test", status=0, trouble="dns")},
    "a path that cannot exist": {"hops": way("strange.test", how="meta"), "part": "missing", "url": f"{HOME}x7f3"},
    "a query of a doorway kit": {"hops": way("strange.test"), "part": "query", "url": f"{HOME}?slot=1"},
    "a hidden script": {"hops": way("strange.test", how="script", folded="fromCharCode, concat")},
    "a script on an obfuscated page": {"hops": way("strange.test", how="script"), "signs": (selling(HOST, "obfuscated", gambling=False),)},
    "a long chain": {"hops": way("one.test", "two.test", "three.test")},
    "a spam shop": {"hops": way("shop.test"), "signs": (selling("shop.test", gambling=False),)},
}


@pytest.mark.parametrize("what", MEDIUM)
def test_an_end_no_honest_move_has_is_medium_and_never_wakes_anybody(what):
    eyes = Eyes()
    facts = [eyes.look(persona, n * HOUR + m * SECOND, round=f"r{n}", **MEDIUM[what]) for n in range(3) for m, persona in enumerate(PERSONAS)]
    verdict = judge(RULE, facts)
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (Outcome.VIOLATION, Severity.MEDIUM, Urgency.TICKET)


def test_a_plain_move_that_only_some_are_sent_to_is_medium_whoever_looks_first():
    eyes = Eyes()
    home, moved = eyes.look("desktop", 0, round="one"), eyes.look("mobile", SECOND, round="one", hops=way("strange.test"))
    for facts in ([home, moved], [moved, home]):
        verdict = judge(RULE, facts)
        assert (verdict.severity, dict(verdict.state)["kinds"]) == (Severity.MEDIUM, "only_some")
        assert dict(verdict.state)["personas"] == "1/2"


@pytest.mark.parametrize(("host", "said"), [("moved.test", "chưa khai báo"), ("so.example.gov.vn", ".gov.vn chưa khai báo")], ids=["undeclared", "government"])
def test_a_plain_move_for_everybody_is_for_the_report(host, said):
    eyes = Eyes()
    facts = [eyes.look(persona, n * SECOND, round="one", hops=way(host)) for n, persona in enumerate(PERSONAS)]
    verdict = judge(RULE, facts)
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (Outcome.VIOLATION, Severity.LOW, Urgency.REPORT)
    assert said in verdict.title.vi


LAWFUL = {
    "the national portal": way("dichvucong.gov.vn"),
    "its log-in": way("dichvucong.gov.vn", "dangnhap.dichvucong.gov.vn", "sso.dancuquocgia.gov.vn"),
    "by meta": way("dichvucong.gov.vn", how="meta"),
    "by script": way("dichvucong.gov.vn", how="script"),
    "with www": (hop(how="asked"), hop("www." + HOST)),
    "for phones": (hop(how="asked"), hop("m." + HOST)),
    "declared": way("thanhtoan.bank.test"),
}


@pytest.mark.parametrize("what", LAWFUL)
def test_a_lawful_end_is_clear_for_every_persona_and_part(what):
    eyes = Eyes()
    data = known(destinations=(Destination(host="bank.test", subdomains=True, owner="Kho bạc", why="thu lệ phí"),))
    facts = [eyes.look(persona, n * SECOND, hops=LAWFUL[what]) for n, persona in enumerate(PERSONAS)]
    facts += [eyes.look(persona, MINUTE + n, part="missing", url=f"{HOME}zz", hops=LAWFUL[what]) for n, persona in enumerate(PERSONAS)]
    assert judge(RULE, facts, data).outcome is Outcome.CLEAR


def test_an_expired_permission_says_so():
    eyes = Eyes()
    data = known(destinations=(Destination(host="old.test", until=AT - DAY, owner="Sở A"),))
    verdict = judge(RULE, [eyes.look(persona, n, hops=way("old.test")) for n, persona in enumerate(PERSONAS)], data)
    assert (verdict.severity, "hết thời hạn" in verdict.title.vi, "Sở A" in verdict.summary.vi) == (Severity.LOW, True, True)


def test_law_and_news_on_the_page_excuse_no_hop():
    eyes = Eyes()
    signs = (selling(HOST, "topic", gambling=False), selling(EVIL))
    assert judge(RULE, [eyes.sent("desktop", n * 2 * MINUTE, signs=signs) for n in (0, 1)]).severity is Severity.CRITICAL


def test_what_was_declared_lawful_since_is_no_incident_any_more():
    facts = twice(host="bank.test")
    assert judge(RULE, facts).severity is Severity.CRITICAL
    assert judge(RULE, facts, known(destinations=(Destination(host="bank.test"),))).outcome is Outcome.CLEAR


def test_numbered_mirrors_are_one_target():
    eyes = Eyes()
    verdict = judge(RULE, [eyes.sent("mobile", 0), eyes.sent("mobile", 2 * MINUTE, host=MIRROR)])
    assert (verdict.severity, dict(verdict.state)["targets"]) == (Severity.CRITICAL, "nova")


# Unknown


@pytest.mark.parametrize("reason", ["blocked", "challenged", "timeout", "dns", "error"])
def test_a_persona_that_sees_nothing_makes_it_unknown_with_its_reason(reason):
    eyes = Eyes()
    verdict = judge(RULE, [*eyes.round(0), eyes.failed("mobile", HOUR, reason)])
    assert verdict.outcome is Outcome.UNKNOWN
    assert ("mobile", reason) in verdict.state
    assert "điện thoại Android" in verdict.reason.vi


def test_a_script_that_cannot_be_read_is_unknown_until_the_browser_ran_it():
    eyes = Eyes()
    read = eyes.look("desktop", 0, unfolded=("location: argument of a call",))
    assert judge(RULE, [read]).outcome is Outcome.UNKNOWN
    run = eyes.look("desktop", MINUTE, rendered=True)
    assert judge(RULE, [read, run]).outcome is Outcome.CLEAR
    assert judge(RULE, [read, run, eyes.look("desktop", 3 * DAY, unfolded=("x",))]).outcome is Outcome.UNKNOWN


def test_looks_that_are_old_say_nothing():
    assert judge(RULE, Eyes().round(0), now=23 * HOUR).outcome is Outcome.CLEAR
    assert judge(RULE, Eyes().round(0), now=25 * HOUR).outcome is Outcome.UNKNOWN
    assert judge(PortalRedirect(fresh_hours=48), Eyes().round(0), now=25 * HOUR).outcome is Outcome.CLEAR


def test_an_incident_nobody_can_look_into_any_more_becomes_unknown_so_that_it_lapses():
    verdict = judge(RULE, twice(), now=31 * DAY)
    assert (verdict.outcome, verdict.unseen > 30 * DAY) == (Outcome.UNKNOWN, True)


def test_a_portal_no_longer_declared_is_not_applicable():
    view = view_of(twice())
    view.declared = known(msgspec.structs.replace(PORTAL, id="khac"))
    reindex(view)
    assert RULE.judge(view, SUBJECT).outcome is Outcome.NOT_APPLICABLE


# What an officer reads


def test_the_alert_says_which_who_since_when_how_sure_and_what_to_do():
    verdict = judge(RULE, twice(capture="c0ffee"))
    text = verdict.title.vi + verdict.summary.vi + " ".join(step.vi for step in verdict.remedy)
    assert verdict.title.vi == f"Cổng thông tin chuyển khách dùng điện thoại sang trang cá cược · {HOST}"
    assert "1/6 kiểu truy cập thấy (điện thoại Android) từ 08:01 ngày 15/07" in verdict.summary.vi
    assert "thấy lại sau 61 giây" in verdict.summary.vi
    assert "hxxps://nova88.test" in verdict.summary.vi
    assert "http://" not in text
    assert "https://" not in text
    for word in (".htaccess", "web.config", "IIS", "404", "index", "tác vụ định kỳ", "tài khoản", "tải lên", "không xóa tệp", "WARC c0ffee", "PA05"):
        assert word in text, word
    assert len(verdict.title.vi) < 120
    assert len(text) < 700


def test_the_evidence_holds_the_way_raw():
    verdict = judge(RULE, twice(capture="c0ffee"))
    assert [piece.value for piece in verdict.evidence if piece.kind == "hop"] == [f"asked 302 {HOME}", f"http 200 https://{EVIL}/"]
    assert [piece.value for piece in verdict.evidence if piece.kind == "capture"] == ["c0ffee"]
    assert verdict.detector == "VG-WEB-01"
    assert verdict.subject.id == ID


def test_even_the_longest_names_fit():
    eyes = Eyes()
    long = "a" * 63 + "." + "b" * 63 + ".test"
    facts = [eyes.sent("mobile", n * 2 * MINUTE, host=long, url=HOME + "c" * 2000, capture="d" * 200) for n in (0, 1)]
    verdict = judge(RULE, facts)
    text = verdict.title.vi + verdict.summary.vi + " ".join(step.vi for step in verdict.remedy)
    assert len(verdict.title.vi) < 120
    assert len(text) < 700
