"""VG-WEB-02: what stands on the portal's own pages, in its scripts and sitemaps; what is learnt and what differs from it."""

from __future__ import annotations

import pytest

from detectors.portal_injection import PortalInjection
from detectors.portal_redirect import PortalRedirect
from model.times import DAY, HOUR, MINUTE
from model.verdict import Grade, Outcome, Severity, Urgency
from model.webfacts import Sign
from tests.model.portals.making import EVIL, HOME, HOST, ID, PERSONAS, Eyes, hop, judge, selling, view_of, way

RULE = PortalInjection()
STRANGE = ("one.test", "two.test", "three.test")


def sign(kind: str, **fields) -> Sign:
    return Sign(**{"kind": kind, "page": HOST, "value": "x", **fields})


def showing(*signs: Sign, looks: int = 2, **fields):
    eyes = Eyes()
    return [eyes.look("desktop", n * 2 * MINUTE, signs=signs, **fields) for n in range(looks)]


@pytest.mark.parametrize("kind", ["promotion", "promoted_title", "promoted_links"])
def test_gambling_in_plain_sight_is_medium_once_and_critical_twice(kind):
    once, twice = (judge(RULE, showing(selling(HOST, kind), looks=looks)) for looks in (1, 2))
    assert (once.severity, once.grade, once.urgency) == (Severity.MEDIUM, Grade.LIKELY, Urgency.TICKET)
    assert (twice.severity, twice.grade, twice.urgency) == (Severity.CRITICAL, Grade.CONFIRMED, Urgency.PAGE)


MEDIUM = {
    "medicine in plain sight": (sign("promotion", value="viagra"),),
    "hidden links": (sign("hidden_links", hosts=STRANGE),),
    "a hidden link that sells": (sign("hidden_links", gambling=True, hosts=(EVIL,)),),
    "hidden text": (sign("hidden_text", gambling=True),),
    "a hidden frame that sells": (sign("hidden_frame", gambling=True, hosts=(EVIL,)),),
    "a hidden frame of a bare address": (sign("hidden_frame", hosts=("203.0.113.9",)),),
    "a frame of one pixel": (sign("hidden_frame", value="one pixel: https://neutral.test/", hosts=("neutral.test",)),),
    "a frame beside the page": (sign("hidden_frame", value="off screen: https://neutral.test/", hosts=("neutral.test",)),),
    "a script of a bookmaker's": (sign("inserted_script", hosts=(EVIL,)), sign("brand_host", value=EVIL, hosts=(EVIL,))),
    "an obfuscated script that inserts another": (sign("inserted_script", hosts=("cdn.strange.test",)), sign("obfuscated")),
    "a doorway": (sign("doorway"),),
    "a flood in the page's own sitemap": (sign("sitemap_flood"),),
    "a canonical that sells": (sign("foreign_tag", gambling=True, hosts=(EVIL,)),),
    "stars for a bookmaker": (sign("product", gambling=True),),
    "a canonical on a page that sells stars": (sign("foreign_tag", hosts=(EVIL,)), sign("product", gambling=True)),
    "a shop in foreign letters": (sign("other_script"), sign("product")),
    "a worker of another host": (sign("service_worker", hosts=("push.strange.test",)),),
    "a hijacked click": (sign("click_hijack", hosts=("pop.strange.test",)),),
    "an exploit loader": (sign("exploit"),),
}


@pytest.mark.parametrize("what", MEDIUM)
def test_what_is_hidden_or_inserted_is_medium_however_often(what):
    for looks in (1, 5):
        verdict = judge(RULE, showing(*MEDIUM[what], looks=looks))
        assert (verdict.outcome, verdict.severity, verdict.urgency) == (Outcome.VIOLATION, Severity.MEDIUM, Urgency.TICKET)


LOADED = {"brand_host": "scripts", "feed": "frames"}


@pytest.mark.parametrize("kind", LOADED)
def test_a_bookmakers_name_is_medium_where_the_page_loads_it_and_low_where_it_links(kind):
    named = sign(kind, value=EVIL, hosts=(EVIL,))
    assert judge(RULE, showing(named, **{LOADED[kind]: (EVIL,)})).severity is Severity.MEDIUM
    assert judge(RULE, showing(named, links=(EVIL,))).severity is Severity.LOW


LOW = {
    "a canonical of another host": (sign("foreign_tag", hosts=("vendor.test",)),),
    "a script inserted from an unknown host": (sign("inserted_script", hosts=("chat.test",)),),
    "a hidden frame of an unknown host": (sign("hidden_frame", value="display: none: https://login.test/", hosts=("login.test",)),),
    "a twin town's letters": (sign("other_script"),),
    "a minified script": (sign("obfuscated"),),
}
NOTHING = {
    "police news": (sign("topic", value="triệt phá đường dây cá độ"),),
    "a ministry's canonical": (sign("foreign_tag", hosts=("moh.gov.vn",)),),
    "a hidden menu of government hosts": (sign("hidden_links", hosts=("chinhphu.gov.vn", "dichvucong.gov.vn", "moha.gov.vn")),),
    "a hidden menu of social networks": (sign("hidden_links", hosts=("www.facebook.com", "zalo.me", "www.youtube.com")),),
    "one forgotten link": (sign("hidden_links", hosts=("vendor.test",)),),
    "analytics": (sign("inserted_script", hosts=("www.google-analytics.com",)),),
    "a map": (sign("hidden_frame", hosts=("maps.google.com",)),),
    "goods on a commune's fair": (sign("product"),),
    "a portal's own worker": (sign("service_worker", hosts=(HOST,)),),
}


@pytest.mark.parametrize("what", LOW)
def test_what_may_be_the_owners_is_for_the_report(what):
    verdict = judge(RULE, showing(*LOW[what]))
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (Outcome.VIOLATION, Severity.LOW, Urgency.REPORT)


@pytest.mark.parametrize("what", NOTHING)
def test_what_portals_have_is_nothing(what):
    assert judge(RULE, showing(*NOTHING[what])).outcome is Outcome.CLEAR


BOX = {"where": "div#foot", "gambling": True}
HIDDEN_BOX = (
    sign("hidden_text", value="off screen: nổ hũ đổi thưởng, soi kèo", **BOX),
    sign("hidden_links", value="off screen: NOVA88 → nova88.test; soi kèo → go99.test; app → x.test", hosts=(EVIL, "go99.test"), **BOX),
    sign("promotion", value="nổ hũ đổi thưởng, soi kèo", **BOX),
    sign("promoted_links", value="NOVA88 → nova88.test; app → x.test", **BOX),
)


def test_what_sells_where_nobody_sees_it_wakes_nobody_and_is_called_hidden():
    verdict = judge(RULE, showing(*HIDDEN_BOX))
    assert (verdict.severity, verdict.urgency) == (Severity.MEDIUM, Urgency.TICKET)
    assert "chữ quảng cáo bị ẩn" in verdict.title.vi
    assert dict(verdict.state)["kinds"] == "hidden_links, hidden_text"


@pytest.mark.parametrize("shown", [{"where": "div#main"}, {"value": "nổ hũ đổi thưởng, đăng nhập nova88"}], ids=["another box", "more words"])
def test_what_sells_in_plain_sight_beside_a_hidden_box_is_shown(shown):
    plain = sign("promotion", **{"value": "nổ hũ đổi thưởng, soi kèo", **BOX, **shown})
    assert judge(RULE, showing(*HIDDEN_BOX, plain)).severity is Severity.CRITICAL


def test_of_several_tags_all_hosts_are_told_the_selling_one_last():
    tags = (
        sign("foreign_tag", hosts=("amp.test",)),
        sign("foreign_tag", gambling=True, hosts=(EVIL,), value="canonical"),
        sign("foreign_tag", hosts=("b.test",)),
    )
    seen = view_of(showing(*tags)).portals[ID].incidents["VG-WEB-02"].seen
    assert [each.told.value.hosts[-1] for each in seen.values()] == [EVIL]
    assert set(next(iter(seen.values())).told.value.hosts) == {"amp.test", "b.test", EVIL}


def test_the_page_a_visitor_is_sent_to_is_no_page_of_the_portal():
    eyes = Eyes()
    assert judge(RULE, [eyes.sent("mobile", n * 2 * MINUTE) for n in (0, 1)]).outcome is Outcome.CLEAR


def brand(host: str, page: str = HOST, kind: str = "brand_host") -> Sign:
    """As the visitor's eyes name a host that a look led to."""
    return Sign(kind=kind, value=host, where="address", page=page, hosts=(host,), gambling=True, hits=1)


@pytest.mark.parametrize("kind", ["brand_host", "feed"])
@pytest.mark.parametrize("hops", [way(EVIL), way("t.shortener.test", EVIL), way(EVIL, how="frame")], ids=["end", "chain", "frame"])
def test_where_visitors_are_sent_is_told_by_the_redirect_alone(kind, hops):
    eyes, named = Eyes(), (brand(EVIL, kind=kind), selling(EVIL))
    facts = [eyes.sent("mobile", n * 2 * MINUTE, hops=hops, signs=named, scripts=(f"cdn.{EVIL}",), forms=(EVIL,)) for n in (0, 1)]
    assert judge(PortalRedirect(), facts).severity is Severity.CRITICAL
    assert judge(RULE, facts).outcome is Outcome.CLEAR


def test_a_way_that_is_only_offered_is_told_once_too():
    eyes = Eyes()
    facts = [eyes.look("mobile", n * 2 * MINUTE, offered=(hop(EVIL, "form"),), signs=(brand(EVIL),)) for n in (0, 1)]
    assert judge(PortalRedirect(), facts).severity is Severity.MEDIUM
    assert judge(RULE, facts).outcome is Outcome.CLEAR


def test_another_bookmakers_name_beside_the_way_out_is_still_told():
    eyes = Eyes()
    facts = [eyes.sent("mobile", n * 2 * MINUTE, signs=(brand(EVIL), brand("go99.test"), selling(EVIL))) for n in (0, 1)]
    verdict = judge(RULE, facts)
    assert (verdict.severity, "go99.test" in verdict.summary.vi, EVIL in verdict.summary.vi) == (Severity.LOW, True, False)


def test_what_the_portals_own_page_loads_is_told_beside_where_its_visitors_are_sent():
    eyes = Eyes()
    facts = [eyes.look("mobile", n * 2 * MINUTE, offered=(hop(EVIL, "form"),), signs=(brand(EVIL),), scripts=(EVIL,)) for n in (0, 1)]
    assert judge(RULE, facts).severity is Severity.MEDIUM


def test_a_sign_on_the_portals_other_front_counts():
    assert judge(RULE, showing(selling("m." + HOST))).severity is Severity.CRITICAL


# Scripts and sitemaps


def test_a_library_with_code_appended_is_medium_and_clean_again_after_it_was_seen_clean_for_a_week():
    eyes = Eyes()
    verdict = judge(RULE, [*eyes.round(0), eyes.script(MINUTE, appended=("cdn.strange.test",))])
    assert (verdict.severity, dict(verdict.state)["kinds"]) == (Severity.MEDIUM, "appended")
    assert judge(RULE, [*eyes.round(0), eyes.script(MINUTE, appended=("www.google-analytics.com",))]).outcome is Outcome.CLEAR


def test_a_sitemap_full_of_doorways_is_medium():
    eyes = Eyes()
    facts = [*eyes.round(0), eyes.sitemap(MINUTE, signs=(Sign(kind="sitemap_flood", value="nova88-dang-ky", hits=400),))]
    assert judge(RULE, facts).severity is Severity.MEDIUM


@pytest.mark.parametrize(("hosts", "severity"), [(("old-name.test",), Severity.LOW), (("one.test", "two.test"), Severity.MEDIUM)])
def test_a_sitemap_that_lists_others_pages(hosts, severity):
    eyes = Eyes()
    assert judge(RULE, [*eyes.round(0), eyes.sitemap(MINUTE, hosts=hosts)]).severity is severity
    sign = Sign(kind="foreign_tag", value="sitemap", hosts=hosts)
    assert judge(RULE, [*eyes.round(0), eyes.sitemap(MINUTE, signs=(sign,))]).severity is severity


def learnt(eyes: Eyes, **fields):
    """Eight days of one look a day: learnt."""
    days = [eyes.look("desktop", day * DAY, scripts=("cdn.vendor.test",), generator="Liferay 7.3", **fields) for day in range(9)]
    return [*days, *(eyes.sitemap(day * DAY + HOUR, entries=100 + 5 * day) for day in range(9)), eyes.script(HOUR), eyes.name(HOUR)]


@pytest.mark.parametrize(("entries", "jumped"), [(150, False), (345, False), (420, True), (12_000, True)])
def test_a_sitemap_that_jumps_is_medium_after_learning(entries, jumped):
    eyes = Eyes()
    facts = [*learnt(eyes), eyes.look("desktop", 9 * DAY), eyes.sitemap(9 * DAY + HOUR, entries=entries)]
    verdict = judge(RULE, facts)
    assert (verdict.outcome is Outcome.VIOLATION and verdict.severity is Severity.MEDIUM) is jumped


def test_a_sitemap_that_jumps_while_learning_is_learnt_unless_it_looks_made():
    eyes = Eyes()
    assert judge(RULE, [eyes.look("desktop", 0), eyes.sitemap(0), eyes.sitemap(DAY, entries=9000), eyes.look("desktop", DAY)]).outcome is Outcome.CLEAR


LATER = {
    "new_script_host": {"scripts": ("cdn.vendor.test", "new.vendor.test")},
    "new_frame_host": {"frames": ("video.test",)},
    "new_form_host": {"forms": ("survey.test",)},
    "new_generator": {"generator": "WordPress 6.5"},
}


@pytest.mark.parametrize("kind", LATER)
def test_what_came_after_learning_is_for_the_report(kind):
    eyes = Eyes()
    facts = [*learnt(eyes), eyes.look("desktop", 10 * DAY, **{"scripts": ("cdn.vendor.test",), **LATER[kind]})]
    verdict = judge(RULE, facts)
    assert (verdict.severity, verdict.urgency) == (Severity.LOW, Urgency.REPORT)
    assert kind in dict(verdict.state)["slight"]


def test_a_frame_of_a_host_that_the_portal_always_loaded_may_be_hidden():
    eyes, pixel = Eyes(), sign("hidden_frame", value="one pixel: https://vendor.test/", hosts=("vendor.test",))
    learnt = [eyes.look("desktop", day * DAY, scripts=("vendor.test",)) for day in range(9)]
    hidden = [eyes.look("desktop", 9 * DAY + n * 2 * MINUTE, signs=(pixel,)) for n in (0, 1)]
    assert judge(RULE, [*learnt, *hidden]).outcome is Outcome.CLEAR
    assert judge(RULE, hidden).severity is Severity.MEDIUM


def test_the_days_of_learning_are_an_option():
    eyes = Eyes()
    facts = [eyes.look("desktop", 0), eyes.look("desktop", 3 * DAY, scripts=("new.vendor.test",))]
    assert judge(PortalInjection(learn_days=7), facts).outcome is Outcome.CLEAR
    assert judge(PortalInjection(learn_days=2), facts).severity is Severity.LOW


def test_ordinary_churn_after_learning_is_nothing():
    eyes = Eyes()
    churn = {"title": "Tin mới", "text": 1, "links": ("baodientu.test", "hoinghi.test"), "generator": "Liferay 7.4", "scripts": ("www.googletagmanager.com",)}
    assert judge(RULE, [*learnt(eyes), eyes.look("desktop", 10 * DAY, **churn)]).outcome is Outcome.CLEAR


def test_a_library_changed_a_certificate_and_an_address_moved_are_for_the_report():
    eyes = Eyes()
    tls = (hop(HOST, "asked", issuer="CN=R10, O=Let's Encrypt, C=US"),)
    facts = [*learnt(eyes, hops=tls), eyes.script(10 * DAY, digest="bb" * 32), eyes.name(10 * DAY, addresses=("103.9.9.9",))]
    facts += [eyes.look("desktop", 10 * DAY, hops=(hop(HOST, "asked", issuer="CN=E5, O=Let's Encrypt, C=US"),))]
    assert set(dict(judge(RULE, facts).state)["slight"].replace(";", "").split()) >= {"changed_library", "moved_address"}
    assert "new_issuer" not in dict(judge(RULE, facts).state)["slight"]
    facts.append(eyes.look("desktop", 11 * DAY, hops=(hop(HOST, "asked", issuer="CN=X, O=Other CA, C=VN"),)))
    assert "new_issuer Other CA" in dict(judge(RULE, facts).state)["slight"]


def test_a_missing_page_that_answers_otherwise_is_for_the_report():
    eyes = Eyes()
    before = [eyes.look("desktop", day * DAY, part="missing", url=f"{HOME}{day}x", hops=(hop(HOST, "asked", status=404),)) for day in range(8)]
    after = eyes.look("desktop", 10 * DAY, part="missing", url=f"{HOME}yy")
    assert "changed_missing 200" in dict(judge(RULE, [*learnt(eyes), *before, after]).state)["slight"]


def test_what_is_suspicious_is_never_learnt():
    eyes = Eyes()
    dirty = [eyes.look("desktop", n * HOUR, signs=(sign("hidden_text"),), scripts=("evil.test",)) for n in range(5)]
    assert "evil.test" not in view_of(dirty).portals[ID].baseline.scripts
    clean = [eyes.look("desktop", day * DAY) for day in range(1, 30)]
    again = eyes.look("desktop", 30 * DAY, scripts=("evil.test",))
    assert "new_script_host evil.test" in dict(judge(RULE, [*dirty, *clean, again]).state)["slight"]


def test_a_name_that_a_page_loads_from_and_that_no_longer_exists_is_for_the_report():
    eyes = Eyes()
    gone = eyes.name(MINUTE, host="old-widget.test", used="script", state="dangling", addresses=())
    back = eyes.name(HOUR, host="old-widget.test", used="script", state="resolves")
    assert "dangling old-widget.test" in dict(judge(RULE, [*eyes.round(0), gone]).state)["slight"]
    assert judge(RULE, [*eyes.round(0), gone, back]).outcome is Outcome.CLEAR


# Unknown, and what an officer reads


def test_a_blocked_persona_makes_it_unknown_but_a_script_that_cannot_be_read_does_not():
    eyes = Eyes()
    assert judge(RULE, [*eyes.round(0), eyes.failed("mobile", HOUR)]).outcome is Outcome.UNKNOWN
    assert judge(RULE, [eyes.look("desktop", 0, unfolded=("x",))]).outcome is Outcome.CLEAR


def test_the_alert_fits_and_names_the_place():
    verdict = judge(RULE, showing(selling(HOST, value="đăng ký nhận 88k " * 20), capture="c0ffee"))
    text = verdict.title.vi + verdict.summary.vi + " ".join(step.vi for step in verdict.remedy)
    assert verdict.title.vi == f"Cổng thông tin hiện nội dung quảng cáo cá cược · {HOST}"
    assert f"hxxps://{HOST}/" in verdict.summary.vi
    assert "đăng ký nhận 88k" in verdict.summary.vi
    for word in ("404", "index", "IIS", "tài khoản", "tải lên", "hỏi đáp", "WARC c0ffee", "PA05"):
        assert word in text, word
    assert len(verdict.title.vi) < 120
    assert len(text) < 700


def test_every_persona_that_sees_it_is_counted():
    eyes = Eyes()
    facts = [eyes.look(persona, n * 1000, round="one", signs=(selling(HOST),)) for n, persona in enumerate(PERSONAS)]
    assert dict(judge(RULE, facts).state)["personas"] == "6/6"


def test_every_persona_is_counted_though_each_sees_several_things():
    eyes, signs = Eyes(), (selling(HOST), selling(HOST, "promoted_title"), sign("hidden_text"), sign("doorway"))
    facts = [eyes.look(f"persona-{n:02}", n * 1000, round="one", signs=signs) for n in range(13)]
    assert dict(judge(RULE, facts).state)["personas"] == "13/13"
