"""Storms and campaigns: many findings, one message, nothing forgotten."""

from hypothesis import given, settings
from hypothesis import strategies as st

from model.fleet import digest
from model.fleet.folding import Folding, Storming, folded
from model.fleet.targets import targets_of
from model.text import Text
from model.times import MINUTE
from model.verdict import Outcome, Severity, Urgency
from tests.fleet.boxes import NOW, told

RULES = {"VG-NET-02": Text("Màn hình mở", "Screen open")}


def finding(site, number=1, step="opened", **fields):
    return told(site, number, step, **fields).finding


def take(folding, *findings, now=NOW):
    return [folding.take(one, targets_of(one), now) for one in findings]


def portal(site, targets, **fields):
    return finding(site, detector="VG-WEB-01", severity=Severity.CRITICAL, facets=(("targets", targets),), **fields)


def test_fewer_sites_than_a_storm_are_told_by_themselves():
    folding = Folding(Storming(sites=3))
    assert take(folding, *(finding("xa-a", number) for number in range(20)), finding("xa-b")) == [""] * 21


def test_from_the_site_that_makes_a_storm_on_findings_are_told_as_one_and_stay_in_it():
    folding = Folding(Storming(sites=3))
    assert take(folding, finding("a"), finding("b"), finding("c"), finding("d")) == ["", "", "storm:VG-NET-02", "storm:VG-NET-02"]
    assert take(folding, finding("d", step="updated", sequence=2), now=NOW + 60 * MINUTE) == ["storm:VG-NET-02"]
    assert len(folding.folds["storm:VG-NET-02"]) == 4, "the first two count, though they were told by themselves"


def test_what_comes_slowly_is_no_storm():
    folding = Folding(Storming(sites=3, window=10 * MINUTE))
    for number in range(10):
        assert take(folding, finding(f"xa-{number}"), now=NOW + number * 6 * MINUTE) == [""]


def test_what_wakes_nobody_and_what_is_critical_are_in_no_storm():
    folding = Folding(Storming(sites=2))
    quiet = [finding(f"q{number}", urgency=Urgency.REPORT) for number in range(5)]
    grave = [finding(f"g{number}", severity=Severity.CRITICAL, urgency=Urgency.PAGE) for number in range(5)]
    assert take(folding, *quiet, *grave) == [""] * 10


def test_two_portals_that_lead_to_one_place_are_a_campaign_and_one_alone_is_none():
    folding = Folding(Storming())
    assert take(folding, portal("a", "kuwin, google.com"), portal("b", "google.com"), portal("c", "kuwin")) == ["", "", "campaign:kuwin"]
    assert set(folding.folds) == {"campaign:kuwin"}
    assert len(folding.folds["campaign:kuwin"]) == 2


def test_a_digest_counts_worst_first_and_ends_when_all_have_ended():
    folding = Folding(Storming(sites=2))
    take(folding, finding("a"), finding("b", urgency=Urgency.PAGE), finding("b", 2))
    (fold,) = folding.folds
    said = digest.verdict(fold, folding.folds[fold], {"b": "Trung tâm B"}, RULES)
    assert (said.outcome, said.urgency, said.title.vi) == (Outcome.VIOLATION, Urgency.PAGE, "2 điểm cùng có: Màn hình mở")
    assert said.evidence[0].value == "Trung tâm B: 2"
    take(folding, *(finding(site, number, step="resolved") for site, number in (("a", 1), ("b", 1))))
    assert digest.verdict(fold, folding.folds[fold], {}, RULES).outcome is Outcome.VIOLATION
    take(folding, finding("b", 2, step="resolved"))
    assert digest.verdict(fold, folding.folds[fold], {}, RULES).outcome is Outcome.CLEAR
    assert folding.touched == {fold}
    folding.settle()
    assert (folding.folds, folding.touched) == ({}, set())


def test_a_target_cannot_become_a_link():
    folding = Folding(Storming())
    take(folding, portal("a", "kuwin88.vip"), portal("b", "kuwin88.vip"))
    said = digest.verdict("campaign:kuwin88.vip", folding.folds["campaign:kuwin88.vip"], {}, RULES)
    assert "kuwin88[.]vip" in said.title.vi
    assert "kuwin88.vip" not in said.title.vi + said.summary.vi


def test_a_folded_change_wakes_nobody_and_says_where_it_went():
    change = told("a", urgency=Urgency.PAGE)
    assert folded(change, "") == change
    quiet = folded(change, "storm:VG-NET-02")
    assert (quiet.finding.urgency, quiet.finding.facets[-1], quiet.finding.id) == (Urgency.REPORT, ("fold", "storm:VG-NET-02"), change.finding.id)


def test_after_a_restart_everything_is_in_the_fold_it_was_in():
    folding = Folding(Storming(sites=2))
    known = {"a": "", "b": "storm:VG-NET-02", "c": "storm:VG-NET-02"}
    for site, fold in known.items():
        assert folding.take(finding(site), (), NOW, fold) == fold
    assert len(folding.folds["storm:VG-NET-02"]) == 2


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2), st.booleans(), st.sampled_from(["", "kuwin", "bet, kuwin"])), max_size=60))
def test_when_all_have_ended_nothing_is_left(steps):
    folding = Folding(Storming(sites=2))
    seen = set()
    for site, number, over, targets in steps:
        make = portal if targets else finding
        args = (f"xa-{site}", targets) if targets else (f"xa-{site}", number)
        take(folding, make(*args, step="resolved" if over else "opened"))
        seen.add((site, number, targets))
    for site, number, targets in seen:
        args = (portal, (f"xa-{site}", targets)) if targets else (finding, (f"xa-{site}", number))
        take(folding, args[0](*args[1], step="resolved"))
    assert all(not members for members in folding.folds.values())
    folding.settle()
    assert (folding.folds, folding._by_target, folding._targets, folding._fold_of) == ({}, {}, {}, {})
