"""A redesign is the portal's own way only when a person says so: who, why, journalled; and it excuses no incident."""

from __future__ import annotations

import pytest

from model.acts import Act, ActRefusedError
from model.times import DAY, HOUR, MINUTE
from model.verdict import Outcome
from tests.model.making import AT
from tests.model.portals.making import HOST, ID, SUBJECT, Eyes, engine_of, selling, stands, take, told

INJECTION = "VG-WEB-02"


def act(**fields) -> Act:
    return Act(**{"kind": "accept_change", "portal": ID, "by": "Lan", "why": "giao diện mới", "at": AT, **fields})


def redesigned():
    engine, eyes = engine_of(), Eyes()
    take(engine, [eyes.look("desktop", day * DAY, scripts=("cdn.vendor.test",), generator="Liferay 7") for day in range(9)])
    take(engine, [eyes.look("desktop", 9 * DAY, scripts=("new.vendor.test",), generator="WordPress 6")])
    return engine, eyes


def test_a_redesign_stays_a_difference_until_somebody_accepts_it():
    engine, eyes = redesigned()
    assert told(engine, INJECTION) == [("opened", INJECTION, "low")]
    take(engine, [eyes.look("desktop", day * DAY, scripts=("new.vendor.test",), generator="WordPress 6") for day in range(10, 40)])
    assert engine.findings[INJECTION, SUBJECT].state == "open"
    finding = engine.act(act())
    assert (finding.state, finding.cause.kind, finding.cause.by, finding.cause.why) == ("resolved", "act", "Lan", "giao diện mới")
    assert [(each.portal, each.finding, each.by) for each in engine.news.acts] == [(ID, finding.id, "Lan")]
    take(engine, [eyes.look("desktop", 41 * DAY, scripts=("new.vendor.test",), generator="WordPress 6")])
    assert engine.verdicts[INJECTION, SUBJECT].outcome is Outcome.CLEAR
    take(engine, [eyes.look("desktop", 42 * DAY, scripts=("newest.vendor.test",))])
    assert [step for step, _, _ in told(engine, INJECTION)] == ["opened", "resolved", "reopened"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(act(by=" "), "--by"), (act(why=""), "--why"), (act(portal="khac"), "khac"), (act(portal=""), "thay đổi")],
    ids=["by", "why", "unknown", "none"],
)
def test_what_is_missing_is_named(wrong, said):
    engine, _ = redesigned()
    with pytest.raises(ActRefusedError, match=said):
        engine.act(wrong)
    assert engine.news.acts == []


def test_nothing_to_accept_is_refused():
    engine, eyes = engine_of(), Eyes()
    take(engine, eyes.round(0))
    with pytest.raises(ActRefusedError, match="không có thay đổi"):
        engine.act(act())


def test_an_incident_is_not_accepted_away():
    engine, eyes = redesigned()
    take(engine, [eyes.look("desktop", 10 * DAY + n * 2 * MINUTE, signs=(selling(HOST),)) for n in (0, 1)])
    engine.act(act())
    assert engine.findings[INJECTION, SUBJECT].state == "open"
    assert stands(engine.view, INJECTION).severity.value == "critical"


def test_a_sitemap_that_jumped_is_the_new_count():
    engine, eyes = engine_of(), Eyes()
    take(engine, [fact for day in range(9) for fact in (eyes.look("desktop", day * DAY), eyes.sitemap(day * DAY + HOUR, entries=200))])
    take(engine, [eyes.look("desktop", 9 * DAY), eyes.sitemap(9 * DAY + HOUR, entries=4000)])
    assert told(engine, INJECTION) == [("opened", INJECTION, "medium")]
    engine.act(act())
    take(engine, [eyes.look("desktop", 10 * DAY), eyes.sitemap(10 * DAY + HOUR, entries=4010)])
    assert told(engine, INJECTION)[-1][0] == "resolved"
    assert engine.view.portals[ID].baseline.pages.value == 4010


def test_the_act_belongs_to_the_site_that_has_the_portal():
    engine, _ = redesigned()
    assert engine.concerns(act())
    assert not engine.concerns(act(portal="khac"))
    assert not engine.concerns(Act(kind="close", finding="nobody", by="Lan"))
