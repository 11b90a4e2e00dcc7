"""The life of findings: what may follow what, whatever verdicts, acts and clocks come."""

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from model import acts
from model.acts import Act
from model.detector import About, Closing
from model.ledger import OBSERVED, Cause, Finding, finding_id, reconcile
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency, Verdict
from tests.model.making import AT, SITE

TV = Subject("asset", "a1")
POLICY = Cause("policy", "Lan")
V, C, U, N = Outcome.VIOLATION, Outcome.CLEAR, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE


def about(**fields) -> About:
    closing = Closing(rule=Text("đ", "r"), **fields.pop("closing", {}))
    return About(id="VG-NET-02", findings=(2,), title=Text("t", "t"), kinds=("asset",), needs=(), closing=closing, **fields)


def verdict(outcome=V, **fields) -> Verdict:
    said = {"severity": Severity.HIGH, "grade": Grade.LIKELY, "urgency": Urgency.TICKET, "title": Text("a", "b"), "summary": Text("c", "d")}
    return Verdict(detector="VG-NET-02", subject=TV, outcome=outcome, **{**said, **fields})


class Life:
    """One finding, verdict after verdict."""

    def __init__(self, rules: About | None = None) -> None:
        self.about = rules or about()
        self.finding: Finding | None = None
        self.now = AT
        self.changes = []
        self.recheck = None

    def judged(self, outcome=V, after=0, cause=OBSERVED, **fields):
        self.now += after
        step = reconcile(self.about, SITE, self.finding, verdict(outcome, **fields), self.now, cause)
        self.finding, self.recheck = step.finding, step.recheck_at
        if step.change:
            self.changes.append(step.change)
        return step.change

    def act(self, kind, **fields):
        change = acts.apply(self.finding, Act(kind=kind, finding=self.finding.id, **{"by": "Lan", "why": "x", **fields}), self.now)
        self.finding = change.finding
        self.changes.append(change)

    @property
    def steps(self):
        return [change.step for change in self.changes]


class Ledger(RuleBasedStateMachine):
    """Any verdicts, acts, policy edits and lapses of time; `told` is what a sink was told last."""

    @initialize(hold=st.sampled_from([0, 5 * MINUTE]), clears=st.sampled_from([1, 3]), over=st.sampled_from([0, DAY]), by_person=st.booleans())
    def begin(self, hold, clears, over, by_person):
        self.life = Life(about(hold_off=hold, closing={"clears": clears, "over": over, "lapse": 14 * DAY, "by_person": by_person}))
        self.told = "nothing"
        self.count = 0

    def heard(self, before: Finding | None):
        new = self.life.changes[self.count :]
        self.count = len(self.life.changes)
        assert len(new) <= 1
        for change in new:
            assert change.finding == self.life.finding
            assert change.at == self.life.now
            assert change.finding.sequence == (before.sequence if before else 0) + 1
            allowed = {
                "opened": {"nothing"}, "reopened": {"resolved", "lapsed"}, "updated": {"open", "accepted"}, "resolved": {"open", "accepted"},
                "lapsed": {"open", "accepted"}, "expired": {"accepted"}, "accepted": {"open", "accepted"}, "acknowledged": {"open", "accepted"},
            }  # fmt: skip
            assert self.told in allowed[change.step], (self.told, change.step)
            self.told = change.finding.state
        return [change.step for change in new]

    @rule(
        outcome=st.sampled_from(list(Outcome)),
        after=st.sampled_from([0, 1, MINUTE, 11 * MINUTE, DAY, 20 * DAY]),
        severity=st.sampled_from(list(Severity)),
        state=st.sampled_from(["a", "b"]),
        unseen=st.sampled_from([0, DAY, 14 * DAY]),
        cause=st.sampled_from([OBSERVED, OBSERVED, POLICY]),
    )
    def judged(self, outcome, after, severity, state, unseen, cause):
        before = self.life.finding
        fields = {"severity": severity, "state": (("s", state),), "unseen": unseen, "reason": Text("l", "r")}
        self.life.judged(outcome, after, cause, **fields)
        steps = self.heard(before)
        if outcome is U:
            assert not {"opened", "reopened", "resolved", "updated"} & set(steps)
        if "lapsed" in steps:
            assert outcome is U
            assert unseen >= 14 * DAY
        if "resolved" in steps:
            assert outcome in (C, N)
            assert not self.life.about.closing.by_person or cause.kind == "policy"
        if self.life.recheck is not None and "expired" not in steps:
            assert self.life.recheck > self.life.now, "a past moment would be asked for again and again"
        # Once more the same: nothing is told. Only clear verdicts count, and an expired acceptance is looked at anew.
        if outcome is not C and outcome is not N and "expired" not in steps:
            again, kept = self.life.finding, msgspec.json.encode(self.life.finding)
            self.life.judged(outcome, 0, cause, **fields)
            assert self.heard(again) == []
            assert msgspec.json.encode(self.life.finding) == kept

    @rule(kind=st.sampled_from(["acknowledge", "accept", "close"]), days=st.sampled_from([1, 30]))
    def acted(self, kind, days):
        before = self.life.finding
        if before is None or before.state not in ("open", "accepted"):
            if before is not None:
                with pytest.raises(acts.ActRefusedError):
                    self.life.act(kind, until=self.life.now + days * DAY)
            return
        self.life.act(kind, until=self.life.now + days * DAY)
        self.heard(before)

    @invariant()
    def told_is_what_stands(self):
        finding = getattr(self, "life", None) and self.life.finding
        if finding:
            told = finding.prior if finding.state == "pending" else finding.state
            assert told == ("pending" if self.told == "nothing" else self.told)
            assert finding.id == finding_id(SITE, "VG-NET-02", TV)
            assert finding.times == sum(step in ("opened", "reopened") for step in self.life.steps)
        elif finding is None:
            assert self.told == "nothing" if hasattr(self, "told") else True


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_a_violation_opens_at_once_and_clear_closes():
    life = Life()
    life.judged(V)
    life.judged(C, HOUR)
    assert life.steps == ["opened", "resolved"]
    assert (life.finding.opened, life.finding.updated, life.finding.times) == (AT, AT + HOUR, 1)


def test_it_comes_back_under_the_same_id():
    life = Life()
    for outcome in (V, C, V):
        life.judged(outcome, HOUR)
    assert life.steps == ["opened", "resolved", "reopened"]
    assert len({change.finding.id for change in life.changes}) == 1
    assert life.finding.times == 2


def test_a_violation_that_does_not_last_is_never_told():
    life = Life(about(hold_off=5 * MINUTE))
    life.judged(V)
    assert life.recheck == AT + 5 * MINUTE
    life.judged(C, MINUTE)
    assert life.finding is None
    assert life.steps == []


def test_a_violation_that_lasts_opens_at_the_end_of_the_hold_off():
    life = Life(about(hold_off=5 * MINUTE))
    life.judged(V)
    life.judged(V, 5 * MINUTE - 1)
    assert life.steps == []
    life.judged(V, 1)
    assert life.steps == ["opened"]


@pytest.mark.parametrize("ended", ["resolved", "lapsed"])
def test_a_return_that_does_not_last_leaves_the_old_finding_as_it_was(ended):
    life = Life(about(hold_off=5 * MINUTE))
    life.judged(V)
    life.judged(V, 5 * MINUTE)
    life.judged(*((C, DAY) if ended == "resolved" else (U, DAY)), unseen=30 * DAY)
    was = life.finding
    life.judged(V, DAY)
    life.judged(C, MINUTE)
    assert life.steps == ["opened", ended]
    assert (life.finding.state, life.finding.times, life.finding.sequence) == (ended, 1, was.sequence)


def test_closing_wants_so_many_clears_over_so_long():
    life = Life(about(closing={"clears": 3, "over": DAY}))
    life.judged(V)
    life.judged(C, HOUR)
    life.judged(C, HOUR)
    life.judged(C, HOUR)
    assert life.steps == ["opened"], "three within a day are not enough"
    life.judged(C, DAY)
    assert life.steps == ["opened", "resolved"]


def test_the_same_look_told_again_is_not_one_more():
    life = Life(about(closing={"clears": 2, "over": HOUR}))
    life.judged(V)
    looks = [(Evidence("state", "closed", AT + minutes * MINUTE),) for minutes in (1, 70)]
    life.judged(C, MINUTE, evidence=looks[0])
    life.judged(C, HOUR, evidence=looks[0])
    assert life.steps == ["opened"]
    assert life.recheck is None, "nothing to wait for but a new look"
    life.judged(C, HOUR, evidence=looks[1])
    assert life.steps == ["opened", "resolved"]


def test_a_violation_or_silence_in_between_starts_the_count_again():
    for between in (V, U):
        life = Life(about(closing={"clears": 2, "over": HOUR}))
        life.judged(V)
        life.judged(C, HOUR)
        life.judged(between, HOUR)
        life.judged(C, HOUR)
        assert life.steps == ["opened"], between
        life.judged(C, HOUR)
        assert life.steps == ["opened", "resolved"], between


def test_unknown_keeps_it_open_and_says_why_until_it_lapses():
    life = Life(about(closing={"lapse": 14 * DAY}))
    life.judged(V)
    life.judged(U, DAY, unseen=DAY, reason=Text("không nghe thấy", "not heard"))
    assert (life.finding.state, life.finding.stale) == ("open", Text("không nghe thấy", "not heard"))
    assert life.recheck == life.now + 13 * DAY
    life.judged(U, 13 * DAY, unseen=14 * DAY - 1)
    assert life.finding.state == "open"
    life.judged(U, 1, unseen=14 * DAY)
    assert life.steps == ["opened", "lapsed"]
    life.judged(V, DAY)
    assert life.steps[-1] == "reopened"
    assert life.finding.stale is None


def test_only_a_person_closes_what_a_person_must_close():
    life = Life(about(closing={"by_person": True}))
    life.judged(V)
    life.judged(C, DAY)
    life.judged(U, 100 * DAY, unseen=100 * DAY)
    assert life.steps == ["opened"]
    life.act("close")
    assert life.steps == ["opened", "resolved"]
    assert life.finding.cause == Cause("act", "Lan", "x")


def test_an_acceptance_holds_until_its_day_and_is_looked_at_then():
    life = Life()
    life.judged(V)
    life.act("accept", until=AT + 30 * DAY)
    life.judged(V, DAY, recheck_at=AT + 90 * DAY)
    assert life.recheck == AT + 30 * DAY, "however far the rule itself would wait"
    life.judged(V, 29 * DAY)
    assert life.steps == ["opened", "accepted", "expired"]
    assert (life.finding.state, life.finding.owner, life.finding.accepted_until) == ("open", "", 0)
    assert life.recheck == life.now


def test_an_accepted_finding_that_is_repaired_is_resolved():
    life = Life()
    life.judged(V)
    life.act("accept", until=AT + 30 * DAY)
    life.judged(C, DAY)
    assert life.steps == ["opened", "accepted", "resolved"]


def test_worse_is_told_at_once_better_after_the_hold():
    life = Life(about(update_hold=10 * MINUTE))
    life.judged(V, severity=Severity.LOW)
    life.judged(V, MINUTE, severity=Severity.HIGH)
    assert life.steps == ["opened", "updated"]
    life.judged(V, MINUTE, severity=Severity.LOW)
    assert life.steps == ["opened", "updated"]
    assert life.finding.severity is Severity.HIGH
    assert life.recheck == AT + 11 * MINUTE
    life.judged(V, 9 * MINUTE, severity=Severity.LOW)
    assert life.steps == ["opened", "updated", "updated"]
    assert life.finding.severity is Severity.LOW


def test_surer_is_told_at_once_less_sure_after_the_hold():
    life = Life(about(update_hold=10 * MINUTE))
    life.judged(V, grade=Grade.LIKELY)
    life.judged(V, SECOND, grade=Grade.CONFIRMED)
    assert life.steps == ["opened", "updated"]
    life.judged(V, SECOND, grade=Grade.LIKELY)
    assert life.steps == ["opened", "updated"]
    assert life.finding.grade is Grade.CONFIRMED
    assert Grade.PROVEN.rank > Grade.BY_DESIGN.rank == Grade.CONFIRMED.rank > Grade.LIKELY.rank > Grade.INFERRED.rank


def test_a_lamp_that_turns_within_the_hold_is_shown_at_once_and_told_after_it():
    life = Life(about(update_hold=10 * MINUTE))
    life.judged(V, state=(("in_session", "no"),))
    life.judged(V, MINUTE, state=(("in_session", "yes"),), summary=Text("đang phiên", "in session"))
    assert life.steps == ["opened"]
    assert life.finding.summary.vi == "đang phiên"
    life.judged(V, 9 * MINUTE, state=(("in_session", "yes"),), summary=Text("đang phiên", "in session"))
    assert life.steps == ["opened", "updated"]
    assert dict(life.finding.facets) == {"in_session": "yes"}


def test_a_lamp_that_turns_back_within_the_hold_is_never_told():
    life = Life(about(update_hold=10 * MINUTE))
    for lamp in ("no", "yes", "no"):
        life.judged(V, MINUTE, state=(("in_session", lamp),))
    life.judged(V, HOUR, state=(("in_session", "no"),))
    assert life.steps == ["opened"]


def test_a_policy_edit_is_told_as_the_editors_doing_and_at_once():
    life = Life(about(closing={"clears": 3, "over": DAY}))
    life.judged(V, severity=Severity.HIGH)
    life.judged(V, 1, POLICY, severity=Severity.MEDIUM)
    life.judged(C, 1, POLICY)
    assert life.steps == ["opened", "updated", "resolved"]
    assert [change.cause for change in life.changes] == [OBSERVED, POLICY, POLICY]


def test_what_no_longer_applies_is_never_told_as_repaired():
    life = Life()
    life.judged(V)
    life.judged(N, HOUR, reason=Text("chưa khai báo", "not declared"))
    assert life.finding.state == "resolved"
    assert life.finding.cause == Cause("policy")


def test_a_new_version_of_the_rule_is_the_cause_of_what_it_changes():
    life = Life()
    life.judged(V)
    life.about = about(version=2)
    life.judged(V, HOUR, severity=Severity.LOW)
    assert life.finding.cause == Cause("rule_version", "VG-NET-02", "v1 -> v2")
    assert life.finding.version == 2
    life.judged(V, HOUR, severity=Severity.LOW)
    assert life.steps == ["opened", "updated"]


def test_ids_are_short_stable_and_of_their_site():
    ids = {finding_id(site, "VG-NET-02", Subject("asset", n)) for site in ("a", "b") for n in ("1", "2")}
    assert len(ids) == 4
    assert all(len(one) == 12 for one in ids)
    assert finding_id("xa-a", "VG-NET-02", Subject("asset", "a1")) == "c6de5d2fd4fc"
