"""The row of a portal: any order within a round, bounded whatever a hostile portal does, restored whole, one portal's cost whatever their number."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.registry import build_all
from model.portals import PortalRow
from model.portals.declared import Portal
from model.restored import restore, row_of
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.webfacts import Hop, LookFailed, PageLooked, Sign
from tests.model.making import AT
from tests.model.portals.making import EVIL, HOME, HOST, ID, OURS, PERSONAS, SUBJECT, THEIRS, Eyes, hop, known, selling, view_of, way
from tests.model.steps import work

RULES = [rule for rule in build_all() if "portal" in rule.about.kinds]

_WAYS = st.sampled_from([(hop(how="asked"),), way(EVIL), way("strange.test"), way("dichvucong.gov.vn"), way("x.gov.vn"), ()])
_SIGNS = st.sampled_from([(), (selling(EVIL),), (selling(HOST),), (selling(HOST, "hidden_links", hosts=("a.test", "b.test")),), (Sign(kind="topic"),)])
_PARTS = st.sampled_from([("home", HOME), ("home", HOME), ("sample", HOME + "tin"), ("missing", HOME + "zz")])


@st.composite
def rounds(draw: st.DrawFn) -> list[list[Any]]:
    """Up to four rounds of looks, an hour apart, after some days of learning or none; each persona looks at each place once a round."""
    number, facts = 0, []
    for turn in range(draw(st.integers(1, 4))):
        made = []
        for persona in draw(st.lists(st.sampled_from(PERSONAS), max_size=5, unique=True)):
            number += 1
            part, url = draw(_PARTS)
            fields = {"persona": persona, "part": part, "url": url, "hops": draw(_WAYS), "portal": ID, "round": f"r{turn}", "sequence": number}
            at = AT + turn * HOUR + draw(st.integers(0, 300)) * SECOND
            if draw(st.integers(0, 5)) == 0:
                made.append(LookFailed(at=at, reason=draw(st.sampled_from(["blocked", "timeout"])), **fields))
            else:
                shown = {"text": draw(st.sampled_from([OURS, THEIRS])), "words": draw(st.sampled_from([5, 300])), "signs": draw(_SIGNS)}
                hosts = {name: draw(st.sampled_from([(), ("s.test",), ("s.test", "t.test")])) for name in ("links", "scripts")}
                made.append(PageLooked(at=at, **fields, **shown, **hosts, unfolded=draw(st.sampled_from([(), (), ("x",)]))))
        facts.append(made)
    return facts


def verdicts(view: SiteView) -> list[Any]:
    return [rule.judge(view, SUBJECT) for rule in RULES]


@given(rounds(), st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=300, deadline=None)
def test_looks_of_a_round_fold_to_the_same_row_in_any_order(made, random, learnt):
    eyes = Eyes()
    before = [eyes.look("desktop", (day - 9) * DAY) for day in range(8)] if learnt else []
    straight = view_of([*before, *(fact for facts in made for fact in facts)])
    mixed_facts = []
    for facts in made:
        shuffled = facts[:]
        random.shuffle(shuffled)
        mixed_facts += shuffled
    mixed = view_of([*before, *mixed_facts])
    assert msgspec.to_builtins(mixed.portals) == msgspec.to_builtins(straight.portals)
    assert verdicts(mixed) == verdicts(straight)


@given(rounds(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_looks_of_different_portals_commute(made, random):
    others = [msgspec.structs.replace(fact, portal="khac") for facts in made for fact in facts]
    own = [fact for facts in made for fact in facts]
    data = known(*(Portal(id=name, url=HOME) for name in (ID, "khac")))
    straight = view_of([*own, *others], data)
    mixed, left, right = [], own[:], others[:]
    while left or right:
        mixed.append((left if left and (not right or random.random() < 0.5) else right).pop(0))
    assert msgspec.to_builtins(view_of(mixed, data).portals) == msgspec.to_builtins(straight.portals)


@given(rounds())
@settings(max_examples=100, deadline=None)
def test_hearing_a_round_twice_adds_nothing_to_what_is_held_against_the_portal(made):
    once = view_of([fact for facts in made for fact in facts])
    twice = view_of([fact for facts in made for fact in (*facts, *facts)])
    assert msgspec.to_builtins(twice.portals[ID].incidents if twice.portals else {}) == msgspec.to_builtins(once.portals[ID].incidents if once.portals else {})


@given(rounds(), st.integers(0, 20))
@settings(max_examples=100, deadline=None)
def test_a_restart_at_any_fact_costs_nothing(made, cut):
    facts = [fact for each in made for fact in each]
    straight = view_of(facts)
    before = view_of(facts[:cut])
    after = SiteView(known(), now=AT)
    rows = [msgspec.json.decode(msgspec.json.encode(row_of(before, *key)), type=PortalRow) for key in sorted(before.dirty)]
    restore(after, rows)
    for fact in facts[cut:]:
        fold(after, fact)
    after.now = straight.now
    assert msgspec.to_builtins(after.portals) == msgspec.to_builtins(straight.portals)
    assert verdicts(after) == verdicts(straight)


def test_facts_of_a_portal_nobody_declared_are_kept_only_where_nothing_is_declared():
    look = Eyes(portal="stranger").look()
    assert view_of([look]).portals == {}
    from tests.model.making import declared

    assert set(view_of([look], declared()).portals) == {"stranger"}


def _hostile(eyes: Eyes, n: int) -> list[Any]:
    """All that a portal has a hand in as long and as different as it can be made."""
    long = "đ" * 300
    hosts = tuple(f"{'x' * 60}.h{n}-{m}.test" for m in range(40))
    hops = tuple(Hop(how="http", url=f"https://{'y' * 63}{n}{m}.test/" + "z" * 1900, host=f"{'y' * 63}{n}{m}.test", status=302, folded=long) for m in range(10))
    signs = tuple(Sign(kind=kind, value=long, page=HOST, hosts=hosts, gambling=True) for kind in ("promotion", "hidden_links", "inserted_script", "doorway"))
    signs += (Sign(kind="promotion", page=hops[-1].host, value=long, gambling=True),)
    looks = [
        eyes.look(
            f"persona{n % 13}", n * MINUTE + m, part="sample", url=f"{HOME}{n}/{'u' * 1500}", round=f"{ID}/{n}", hops=hops, signs=signs, links=hosts,
            scripts=hosts, frames=hosts, forms=hosts, title=long, generator=long, capture="0123456789abcdef0123456789abcdef",
        )
        for m in range(2)
    ]  # fmt: skip
    files = [
        eyes.sitemap(n * MINUTE, url=f"{HOME}{n}{'s' * 1500}.xml", hosts=hosts, added=(long,) * 32, signs=signs),
        eyes.script(n * MINUTE, url=f"{HOME}{n}{'j' * 1500}.js", digest=f"{n:064x}", appended=hosts),
        eyes.name(n * MINUTE, host=hosts[0], used="script", state="dangling", alias=hosts[1], addresses=hosts),
    ]
    return [*looks, *files]


def size(view: SiteView) -> int:
    return len(msgspec.json.encode(view.portals[ID]))


def test_a_hostile_portal_fills_no_disk():
    eyes = Eyes()
    view = view_of([fact for n in range(120) for fact in _hostile(eyes, n)])
    full = size(view)
    for n in range(120, 240):
        for fact in _hostile(eyes, n):
            fold(view, fact)
    assert size(view) < 100_000
    assert size(view) < 1.1 * full, "it still grows"


def test_an_ordinary_portal_is_a_small_row():
    eyes = Eyes()
    view = view_of([look for quarter in range(40) for look in eyes.round(quarter * 6 * HOUR, scripts=("cdn.vendor.test",), links=("bao.test", "hoi.test"))])
    assert size(view) < 10_000


@pytest.mark.parametrize("dirty", [False, True])
def test_a_look_costs_the_same_among_ten_thousand_portals(dirty):
    def steps(number: int) -> int:
        portals = [Portal(id=f"p{n}", url=f"https://p{n}.example.gov.vn/") for n in range(number)]
        view = SiteView(known(*portals), now=AT)
        eyes = [Eyes(portal.id, f"{portal.id}.example.gov.vn") for portal in portals]
        for one in eyes:
            fold(view, one.look())
        # Each its own seller: a campaign over all of them is measured in its own test.
        facts = [
            eyes[n % 50].sent("mobile", n * MINUTE, f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}bet.test") if dirty else eyes[n % 50].look("mobile", n * MINUTE)
            for n in range(300)
        ]
        return work(lambda: [fold(view, fact) for fact in facts])

    few, many = steps(100), steps(10_000)
    assert many < 1.1 * few, f"{few} instructions among 100, {many} among 10,000"
