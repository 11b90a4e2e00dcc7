"""Every question of the catalogue run on simulated PCs, typed, folded and judged: a PC as it should be has no finding, each fault has its own alone."""

from __future__ import annotations

import hashlib
import itertools

import msgspec
import pytest

from collector.decode.posture.answers import answers
from collector.decode.posture.envelope import Context, Envelope, Result
from collector.registry import build_all
from collector.simosquery.tables import FAULTS, local_noon, pc
from collector.simosquery.world import World
from model.declared import Declared, Enrolled
from model.posture import ask
from model.site import SiteView, fold
from model.times import DAY, SECOND
from model.verdict import Outcome, Subject

NOON = local_noon("2026-11-20")
DECLARED = Declared(site="xa-a", enrolled=(Enrolled(id="may-001", name="Máy quầy 1"),), usb=(), holidays=())
RULES = [rule for rule in build_all() if rule.about.id.startswith("VG-END")]


def mark(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


def told(catalogue, tables) -> dict[str, Result]:
    world = World(tables, catalogue.tables)
    return {topic: Result(rows=world.run(query.sql)) for topic, query in catalogue.asked["windows"].items()}


def judged(catalogue, *faults):
    """The PC's verdicts after a week of the same answers."""
    view = SiteView(DECLARED, key=b"k" * 32, now=NOON * SECOND)
    numbers = itertools.count(1)
    results = told(catalogue, pc(1, NOON, *faults))
    for day in range(6, -1, -1):
        at = NOON * SECOND - day * DAY
        found = answers(Envelope(collected_at=at, results=results), catalogue.columns, Context("may-001", "xa-a", at, "osquery", mark))
        assert (found.dropped, found.refused) == (0, 0)
        for fact in found.facts:
            fold(view, msgspec.structs.replace(fact, sensor="endpoints", sequence=next(numbers)))
    (asset,) = ask.assets_of_pcs(view)
    return {rule.about.id: rule.judge(view, Subject("asset", asset)) for rule in RULES}


def test_a_pc_as_it_should_be_is_clear_of_every_rule(catalogue):
    verdicts = judged(catalogue)
    assert {rule: verdict.outcome for rule, verdict in verdicts.items()} == dict.fromkeys(verdicts, Outcome.CLEAR)
    assert len(verdicts) == 11
    assert all("Máy quầy 1" in verdict.summary.vi for verdict in verdicts.values())


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_by_its_rule_alone(catalogue, fault):
    verdicts = judged(catalogue, fault)
    assert [rule for rule, verdict in verdicts.items() if verdict.outcome is Outcome.VIOLATION] == [FAULTS[fault][0]]


def test_nothing_personal_of_a_pc_full_of_faults_travels(catalogue):
    found = answers(Envelope(results=told(catalogue, pc(1, NOON, *FAULTS))), catalogue.columns, Context("may-001", "xa-a", NOON * SECOND, "osquery", mark))
    assert len(found.facts) > 25
    assert not [word for word in ("canary", "079123456789", "lan.nguyen", "Users\\", "S-1-5-21") if word in repr(found.facts)]
