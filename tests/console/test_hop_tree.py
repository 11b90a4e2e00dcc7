from hypothesis import given
from hypothesis import strategies as st

from exporters.console.hop_tree import MOST_ROOTS, Hop, Way, parted, tree
from model.portals.policy import Lawful, Policy
from tests.console.commune import NOW
from tests.console.gates import HOME, PORTALS, SITE, TO_BET, way

POLICY = Policy(SITE)


def lawful(host: str) -> Lawful:
    return POLICY.lawful(PORTALS[0], host, NOW)


def grown(*chains) -> list[Hop]:
    return tree([Way(chain.persona, chain, NOW) for chain in chains], lawful)


def shape(hops: list[Hop]) -> list:
    """The tree as nested lists of (host, who ended there)."""
    return [(hop.step.host, [end.persona for end in hop.ends], shape(hop.onward)) for hop in hops]


def test_ways_part_where_they_differ_and_those_astray_come_first() -> None:
    own = ("http", "https://xa-a.tinh.example/m/", 200)
    stays = [way(persona, TO_BET[0], own) for persona in ("desktop", "english", "returning")]
    roots = grown(*stays, way("mobile", *TO_BET, outcome="dirty"), way("iphone", *TO_BET, outcome="dirty"))
    led = ("cdn-stat.example", [], [("play88.bet.example", ["mobile", "iphone"], [])])
    assert shape(roots) == [("xa-a.tinh.example", [], [led, ("xa-a.tinh.example", ["desktop", "english", "returning"], [])])]
    assert [hop.lawful.kind for hop in roots[0].onward[0].line] == ["none", "none"]
    assert [end.state for end in roots[0].onward[0].onward[0].ends] == ["dirty", "dirty"]


def test_a_turning_address_is_no_other_place_another_answer_is() -> None:
    one, other = ("asked", HOME, 200, "", "", "203.0.113.1"), ("asked", HOME, 200, "", "", "203.0.113.2")
    assert len(grown(way("desktop", one), way("mobile", other))) == 1
    assert len(grown(way("desktop", one), way("mobile", ("asked", HOME, 403)))) == 2


def test_who_got_so_far_is_said_where_somebody_left() -> None:
    roots = grown(way("desktop", TO_BET[0]), way("mobile", *TO_BET))
    start = roots[0].line
    assert [hop.step.host for hop in start] == ["xa-a.tinh.example", "cdn-stat.example", "play88.bet.example"]
    assert [parted(hop, before) for hop, before in zip(start, [None, *start], strict=False)] == [True, True, False]


def test_hops_that_were_not_kept_stand_as_a_gap() -> None:
    line = grown(way("mobile", *TO_BET, outcome="dirty", cut=7))[0].line
    assert [hop.gap for hop in line] == [0, 7, 0]
    assert len(grown(way("mobile", *TO_BET, cut=7), way("iphone", *TO_BET))[0].onward) == 2


def test_an_end_nobody_held_against_the_portal_and_nobody_declared_is_no_clean_one() -> None:
    roots = grown(
        way("english", TO_BET[0], ("meta", "https://motcua.tinh.example/", 200)), way("desktop", TO_BET[0], ("http", "https://dichvucong.gov.vn/", 200))
    )
    ends = {hop.step.host: (hop.ends[0].state, hop.shape) for hop in roots[0].onward}
    assert ends == {"motcua.tinh.example": ("moved", "violation"), "dichvucong.gov.vn": ("clean", "clear")}
    assert "được phép đến 12/07/2025" in roots[0].onward[0].lawful.expired


def test_of_a_step_without_a_host_nothing_is_known() -> None:
    hop = grown(way("mobile", TO_BET[0], ("script", "data:text/html,x", 0)))[0].onward[0]
    assert hop.step.host == ""
    assert hop.shape == "unknown"


STEPS = st.lists(
    st.tuples(st.sampled_from(["asked", "http", "script"]), st.sampled_from([HOME, "https://a.example/", "https://b.example/x"]), st.just(200)), min_size=1
)


@given(st.lists(STEPS, max_size=20))
def test_every_way_is_walked_to_its_end_in_the_tree(ways: list) -> None:
    roots = grown(*(way(f"p{n}", *steps[:4]) for n, steps in enumerate(ways)))
    ends: list[str] = []
    left = list(roots)
    while left:
        hop = left.pop()
        ends += [end.persona for end in hop.ends]
        left += hop.onward
        assert set(hop.here) == {end.persona for end in hop.ends}.union(*(set(after.here) for after in hop.onward))
    assert len(ends) == len(set(ends))
    assert len(roots) <= MOST_ROOTS
    assert len(ends) == len(ways) or len(roots) == MOST_ROOTS
