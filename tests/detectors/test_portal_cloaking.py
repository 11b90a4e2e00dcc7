"""VG-WEB-03: a difference between personas counts when it is of hosts and of text, and when it comes back."""

from __future__ import annotations

import pytest

from detectors.portal_cloaking import PortalCloaking
from model.portals.rows import MAX_HOSTS
from model.times import HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Urgency
from model.webfacts import Sign
from tests.model.portals.making import EVIL, HOST, OURS, PERSONAS, THEIRS, Eyes, judge, way

RULE = PortalCloaking()
SHOP = Sign(kind="promotion", value="激安", page=HOST)
ODD = {"text": THEIRS, "links": ("strange.test", "other.test"), "signs": (SHOP,)}
PLAIN = {**ODD, "signs": ()}


def pair(eyes: Eyes, after: int, odd: dict | None = None, even: dict | None = None, *, persona: str = "crawler_google"):
    one = eyes.look("desktop", after, round=f"r{after}", **(even or {}))
    other = eyes.look(persona, after + SECOND, round=f"r{after}", **(ODD if odd is None else odd))
    return [one, other]


def pairs(*afters: int, **fields):
    eyes = Eyes()
    return [look for after in afters for look in pair(eyes, after, **fields)]


def test_one_pair_says_nothing_yet():
    assert judge(RULE, pairs(0)).outcome is Outcome.CLEAR


def test_a_second_pair_ten_minutes_later_is_high_and_wakes_nobody():
    assert judge(RULE, pairs(0, 9 * MINUTE)).outcome is Outcome.CLEAR
    verdict = judge(RULE, pairs(0, 10 * MINUTE))
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (Outcome.VIOLATION, Severity.HIGH, Grade.CONFIRMED, Urgency.TICKET)
    assert dict(verdict.state)["personas"] == "1/2"


def test_a_page_with_nothing_else_against_it_must_come_back_once_more():
    assert judge(RULE, pairs(0, HOUR, odd=PLAIN)).outcome is Outcome.CLEAR
    assert judge(RULE, pairs(0, HOUR, 2 * HOUR, odd=PLAIN)).severity is Severity.HIGH


def test_a_cleaned_portal_is_not_excused_before_it_was_seen_clean_for_a_week():
    eyes = Eyes()
    dirty = [*pair(eyes, 0), *pair(eyes, HOUR)]
    clean = [look for n in range(2, 40) for look in pair(eyes, n * HOUR, odd={})]
    assert judge(RULE, [*dirty, *clean]).severity is Severity.HIGH


def test_the_order_within_a_round_does_not_matter():
    facts = pairs(0, HOUR)
    turned = [facts[1], facts[0], facts[3], facts[2]]
    assert judge(RULE, turned).severity is judge(RULE, facts).severity is Severity.HIGH


def test_being_sent_elsewhere_is_a_difference_too():
    verdict = judge(RULE, pairs(0, HOUR, odd={"hops": way("strange.test"), "text": THEIRS, "words": 5}))
    assert verdict.severity is Severity.HIGH
    assert "strange.test" in verdict.summary.vi


def test_where_the_others_list_is_full_nobody_knows_what_it_lacks():
    many = tuple(f"a{n}.test" for n in range(MAX_HOSTS))
    assert judge(RULE, pairs(0, HOUR, even={"links": many})).outcome is Outcome.CLEAR
    assert judge(RULE, pairs(0, HOUR, even={"links": many[1:]})).severity is Severity.HIGH


def test_another_language_is_no_excuse_for_who_did_not_ask_for_it():
    verdict = judge(RULE, pairs(0, HOUR, odd={**ODD, "language": "ja"}))
    assert verdict.severity is Severity.HIGH
    assert judge(RULE, pairs(0, HOUR, odd={**ODD, "language": "vi-VN"})).severity is Severity.HIGH, "one language by two names"


def test_a_design_that_is_tried_out_on_whoever_comes_is_no_cloaking():
    eyes, facts = Eyes(), []
    for n, shown in enumerate(("AABBAB", "BAABBA", "ABABAB")):
        for m, (persona, variant) in enumerate(zip(PERSONAS, shown, strict=True)):
            look = {"links": ("a.test",)} if variant == "A" else {"links": ("b.test",), "text": THEIRS}
            facts.append(eyes.look(persona, n * 11 * MINUTE + m * SECOND, round=f"r{n}", **look))
    assert judge(RULE, facts).outcome is Outcome.CLEAR


NO_DIFFERENCE = {
    "another text alone": {"odd": {"text": THEIRS}},
    "other hosts alone": {"odd": {"links": ("strange.test",)}},
    "only the portal's friends": {"odd": {"text": THEIRS, "links": ("chinhphu.gov.vn", "www.facebook.com", "dichvucong.gov.vn")}},
    "another language": {"odd": {**ODD, "language": "en"}, "persona": "english"},
    "a page of few words": {"odd": {**ODD, "words": 12}, "even": {"words": 15}},
    "the same strangers for both": {"odd": ODD, "even": {"links": ODD["links"]}},
    "near text": {"odd": {"text": OURS ^ 0xFFFF, "links": ("strange.test",)}},
}


@pytest.mark.parametrize("what", NO_DIFFERENCE)
def test_what_sites_do_is_no_cloaking(what):
    assert judge(RULE, pairs(0, HOUR, 2 * HOUR, **NO_DIFFERENCE[what])).outcome is Outcome.CLEAR


def test_what_everybody_is_shown_now_and_then_is_hidden_from_nobody():
    """Two nodes of one site, of which one is stale: each persona meets the one or the other."""
    eyes = Eyes()
    facts = pair(eyes, 0) + pair(eyes, HOUR)
    assert judge(RULE, facts).severity is Severity.HIGH
    other_way = [eyes.look("desktop", 2 * HOUR, round="x", **ODD), eyes.look("crawler_google", 2 * HOUR + 1, round="x")]
    assert judge(RULE, [*facts, *other_way]).outcome is Outcome.CLEAR


def test_who_seldom_sees_it_was_not_chosen():
    eyes = Eyes()
    rounds = [pair(eyes, n * HOUR, odd=ODD if n in (0, 9) else {}) for n in range(10)]
    assert judge(RULE, [look for each in rounds for look in each]).outcome is Outcome.CLEAR


def test_a_blocked_persona_is_lost_coverage_and_no_incident():
    eyes = Eyes()
    facts = [fact for n in range(3) for fact in (eyes.look("desktop", n * HOUR, round=f"r{n}"), eyes.failed("crawler_google", n * HOUR + 1, round=f"r{n}"))]
    verdict = judge(RULE, facts)
    assert (verdict.outcome, ("crawler_google", "blocked") in verdict.state) == (Outcome.UNKNOWN, True)


def test_one_persona_alone_cannot_be_compared():
    verdict = judge(RULE, [Eyes().look("desktop", 0)])
    assert (verdict.outcome, "hai kiểu" in verdict.reason.vi) == (Outcome.UNKNOWN, True)


def test_looks_of_different_rounds_lines_or_addresses_are_not_compared():
    eyes = Eyes()
    for other in ({"round": "x"}, {"vantage": "mobile-line"}, {"url": f"https://{HOST}/en", "part": "sample"}):
        facts = [
            fact
            for n in range(3)
            for fact in (eyes.look("desktop", n * HOUR, round=f"r{n}"), eyes.look("mobile", n * HOUR + 1, **{"round": f"r{n}", **ODD, **other}))
        ]
        assert judge(RULE, facts).outcome is Outcome.CLEAR


def test_the_alert_fits():
    verdict = judge(RULE, pairs(0, HOUR, odd={**ODD, "links": (EVIL, "other.test")}, persona="mobile"))
    text = verdict.title.vi + verdict.summary.vi + " ".join(step.vi for step in verdict.remedy)
    assert verdict.title.vi == f"Cổng thông tin cho khách dùng điện thoại thấy nội dung khác · {HOST}"
    assert EVIL in verdict.summary.vi
    assert "User-Agent" in text
    assert len(verdict.title.vi) < 120
    assert len(text) < 700
