"""A restart costs nothing (architecture rule 2): at whichever fact it comes, the end is the same."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.engine import Engine
from collector.registry import build_all
from detectors.open_display import OpenDisplay
from model.acts import Act
from model.facts import AddressSeen
from model.ledger import Finding
from model.posture.fold import ROWS as POSTURE_ROWS
from model.restored import restore, row_of
from model.rows import Asset, Episode, Leg, Segment, Sensor
from model.site import SiteView
from model.times import DAY, HOUR, MINUTE
from model.verdict import Verdict
from model.wire import ROWS
from tests.model.making import AIRPLAY, AT, BOX, CAST, IPS, PC, PHONE, RENDERER, STATIONS, TV, VIDEO, declared, dump, histories
from tests.model.making import Sensor as Teller

KINDS: dict[str, Any] = {"asset": Asset, "segment": Segment, "leg": Leg, "sensor": Sensor, "episode": Episode, **ROWS, **POSTURE_ROWS}
KNOWN = declared(zones={"lan": "staff", "wifi": "display"}, sensors=("capture:lan", "capture:wifi"))


class Store:
    """What a journal would hold: bytes by key, written as core writes them."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], bytes] = {}
        self.findings: dict[str, bytes] = {}
        self.verdicts: dict[Any, bytes] = {}
        self.steps: list[tuple[str, str, str]] = []
        self.epoch = 0

    def write(self, engine: Engine) -> None:
        view, news = engine.view, engine.taken_news()
        for kind, key in view.dirty:
            if (row := row_of(view, kind, key)) is not None:
                self.rows[kind, key] = msgspec.json.encode(row)
        for gone in view.gone:
            self.rows.pop(gone, None)
        view.dirty, view.gone, self.epoch = set(), set(), view.epoch
        for finding in news.findings.values():
            if finding is not None:
                self.findings[finding.id] = msgspec.json.encode(finding)
        for finding_id in news.forgotten:
            self.findings.pop(finding_id, None)
        self.verdicts.update({key: msgspec.json.encode(verdict) for key, verdict in news.verdicts.items()})
        for key in news.unjudged:
            self.verdicts.pop(key, None)
        self.steps += [(change.step, change.finding.detector, change.finding.id) for change in news.changes]

    def engine(self, rules, now: int) -> Engine:
        view = SiteView(KNOWN, now=now)
        view.epoch = self.epoch
        restore(view, [msgspec.json.decode(row, type=KINDS[kind]) for (kind, _), row in sorted(self.rows.items())])
        engine = Engine(view, rules)
        engine.restore(
            [msgspec.json.decode(finding, type=Finding) for finding in self.findings.values()],
            [msgspec.json.decode(verdict, type=Verdict) for verdict in self.verdicts.values()],
        )
        engine.tick(now)
        engine.review_after_start()
        return engine


def lived(facts, rules, restarts=(), until=0) -> tuple[Engine, Store]:
    """Facts with a tick each minute; a new process before the facts of these numbers."""
    store = Store()
    engine = store.engine(rules, AT)
    for number, fact in enumerate(facts):
        for minute in range((engine.view.now - AT) // MINUTE + 1, (fact.at - AT) // MINUTE + 1):
            engine.tick(AT + minute * MINUTE)
        store.write(engine)
        if number in restarts:
            engine = store.engine(rules, engine.view.now)
        engine.take(fact)
    for minute in range((engine.view.now - AT) // MINUTE + 1, until // MINUTE + 1):
        engine.tick(AT + minute * MINUTE)
    store.write(engine)
    return engine, store


def standing(engine: Engine) -> dict[Any, Any]:
    return {key: (finding.id, finding.state, finding.severity, finding.facets) for key, finding in engine.findings.items()}


def gists(engine: Engine) -> dict[Any, Any]:
    return {key: (verdict.outcome, verdict.severity, verdict.grade, verdict.state) for key, verdict in engine.verdicts.items()}


def known_stations() -> list[Any]:
    """A station heard once waits in a cache that a restart empties; these have earned their assets."""
    box = Teller()
    return [box(AddressSeen, n, mac=mac, ip=IPS[mac]) for mac in STATIONS for n in (-2, -1)]


@given(facts=histories(most=10), restarts=st.one_of(st.integers(8, 17).map(lambda n: {n}), st.just(frozenset(range(8, 18)))))
@settings(max_examples=120, deadline=None)
def test_wherever_a_restart_comes_the_end_is_the_same(facts, restarts):
    facts = known_stations() + facts
    whole, whole_store = lived(facts, build_all(), until=3 * HOUR)
    again, again_store = lived(facts, build_all(), restarts, until=3 * HOUR)
    assert dump(again.view) == dump(whole.view)
    assert standing(again) == standing(whole)
    assert gists(again) == gists(whole)
    assert again_store.rows == whole_store.rows
    screens = [step for step in whole_store.steps if step[1] == "VG-NET-02"]
    assert [step for step in again_store.steps if step[1] == "VG-NET-02"] == screens


def story() -> list[Any]:
    """A day with everything in it: opened, in session, protected, silent, off, merged, lapsed, a sensor that dies and comes back."""
    box, open_, pin = Teller(), {"features": VIDEO, "flags": "0x4"}, {"features": VIDEO, "flags": "0x24c"}
    told = [box.beat(0), box.service(AIRPLAY, MINUTE, text=open_), box.upnp(RENDERER, 2 * MINUTE, mac=BOX, location="http://192.168.10.34:49494/")]
    told += [box.service(CAST, n * HOUR, mac=PHONE, text={"ca": "5", "st": str(n % 2), "rs": "YouTube"}) for n in range(1, 6)]
    told += [box.service(AIRPLAY, 6 * HOUR, mac=PC, owner_ip="192.168.10.200", instance="Sau proxy", text=open_)]
    told += [box(AddressSeen, 6 * HOUR + 1, mac=PC, ip="192.168.10.200")]
    told += [box.upnp(RENDERER, 7 * HOUR, mac=BOX, alive=False), box.port(49494, 7 * HOUR + 1, mac=BOX), box.service(AIRPLAY, 8 * HOUR, text=pin)]
    told += [box.service(AIRPLAY, 9 * HOUR, text=open_), box.beat(9 * HOUR)]
    told += [box.beat(9 * HOUR + n * MINUTE) for n in range(1, 20)]
    told += [box.service(CAST, 10 * HOUR, mac=PHONE, text=None, alive=False), box.beat(40 * HOUR)]
    return [*known_stations(), *told]


@pytest.mark.parametrize("point", range(8, len(story())))
def test_a_restart_before_any_fact_of_the_day(point):
    whole, whole_store = lived(story(), [OpenDisplay()], until=41 * HOUR)
    again, again_store = lived(story(), [OpenDisplay()], {point}, until=41 * HOUR)
    assert dump(again.view) == dump(whole.view)
    assert standing(again) == standing(whole)
    assert again_store.steps == whole_store.steps
    assert {step for step, _, _ in whole_store.steps} >= {"opened", "updated", "resolved", "reopened"}


def test_what_people_did_survives():
    engine, store = lived(story()[:11], [OpenDisplay()], until=HOUR)
    [finding, other] = sorted(engine.findings.values(), key=lambda finding: finding.id)
    engine.act(Act(kind="accept", finding=finding.id, by="Lan", why="đã duyệt", until=AT + 3 * DAY))
    engine.act(Act(kind="acknowledge", finding=other.id, by="Minh"))
    store.write(engine)
    again = store.engine([OpenDisplay()], AT + 2 * HOUR)
    found = {kept.id: (kept.state, kept.owner) for kept in again.findings.values()}
    assert found == {finding.id: ("accepted", "Lan"), other.id: ("open", "Minh")}
    again.tick(AT + 4 * DAY)
    assert [change.step for change in again.news.changes if change.finding.id == finding.id] == ["expired"]


def test_an_acceptance_that_ended_while_the_box_was_off_expires_at_the_start():
    engine, store = lived(story()[:10], [OpenDisplay()], until=HOUR)
    [finding] = engine.findings.values()
    engine.act(Act(kind="accept", finding=finding.id, by="Lan", why="đã duyệt", until=AT + DAY))
    store.write(engine)
    again = store.engine([OpenDisplay()], AT + 10 * DAY)
    assert [change.step for change in again.news.changes] == ["expired"]


def test_time_off_is_not_time_listened():
    engine, store = lived([*story()[:11], Teller().beat(3 * MINUTE)], [OpenDisplay()], until=HOUR)
    assert len(engine.findings) == 2
    again = store.engine([OpenDisplay()], AT + 30 * DAY)
    again.take(Teller().beat(30 * DAY))
    again.tick(AT + 30 * DAY + MINUTE)
    assert {finding.state for finding in again.findings.values()} == {"open"}
    assert TV in again.view.by_mac
