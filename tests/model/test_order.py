"""Architecture rule 9: facts in any order of arrival end in the same rows and the same verdicts."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.registry import build_all
from model.facts import AddressSeen
from model.site import SiteView
from model.times import HOUR
from tests.model.making import IPS, KINDS, STATIONS, Sensor, declared, dump, histories, view_of

KNOWN = declared(zones={"lan": "staff", "wifi": "citizen"}, sensors=("capture:lan", "capture:wifi"))
# Found once: to look for them takes longer than to ask them.
DETECTORS = build_all()


def verdicts(view: SiteView) -> dict[Any, Any]:
    return {(d.about.id, subject): d.judge(view, subject) for d in DETECTORS for subject in d.subjects(view)}


@pytest.mark.parametrize("kinds", KINDS)
@given(data=st.data(), random=st.randoms(use_true_random=False), hours=st.integers(0, 40))
@settings(max_examples=300, deadline=None)
def test_any_order_of_arrival_gives_the_same_rows_and_verdicts(kinds, data, random, hours):
    facts = data.draw(histories(kinds=KINDS[kinds]))
    straight = view_of(facts, KNOWN, now=hours * HOUR)
    shuffled = facts[:]
    random.shuffle(shuffled)
    mixed = view_of(shuffled, KNOWN, now=hours * HOUR)
    assert dump(mixed) == dump(straight)
    assert mixed.by_mac == straight.by_mac
    assert mixed.by_ip == straight.by_ip
    assert verdicts(mixed) == verdicts(straight)


@given(histories(), st.integers(0, 40))
@settings(max_examples=100, deadline=None)
def test_hearing_everything_twice_changes_nothing(facts, hours):
    box = Sensor()
    # A station heard once only waits in a cache; these have all earned their assets.
    known = [box(AddressSeen, n, mac=mac, ip=IPS[mac]) for mac in STATIONS for n in (1, 2)]
    once = view_of([*known, *facts], KNOWN, now=hours * HOUR)
    twice = view_of([*known, *facts, *facts], KNOWN, now=hours * HOUR)
    assert dump(twice) == dump(once)
    assert verdicts(twice) == verdicts(once)
