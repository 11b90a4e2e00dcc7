"""What people may do to a finding, and what is refused with a sentence."""

import pytest

from model.acts import Act, ActRefusedError, apply
from model.ledger import Cause
from model.times import DAY
from tests.model.making import AT
from tests.model.test_ledger import Life

STATES = ("pending", "resolved", "lapsed")


def opened():
    life = Life()
    life.judged()
    return life.finding


def act(kind, **fields):
    return Act(**{"kind": kind, "finding": "f", "by": "Lan", "why": "đã xem", **fields})


@pytest.mark.parametrize(
    ("kind", "state", "step"), [("acknowledge", "open", "acknowledged"), ("accept", "accepted", "accepted"), ("close", "resolved", "resolved")]
)
def test_each_act_does_its_own(kind, state, step):
    change = apply(opened(), act(kind, until=AT + DAY), AT + 1)
    assert (change.step, change.at, change.finding.state, change.finding.owner) == (step, AT + 1, state, "Lan")
    assert change.finding.accepted_until == (AT + DAY if kind == "accept" else 0)
    assert change.cause == change.finding.cause == Cause("act", "Lan", "đã xem")
    assert change.finding.sequence == opened().sequence + 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (act("close", by=" "), "--by"),
        (act("close", why=""), "--why"),
        (act("accept", why=" ", until=AT + DAY), "--why"),
        (act("accept"), "--until"),
        (act("accept", until=AT), "--until"),
    ],
)
def test_what_is_missing_is_named(wrong, told):
    with pytest.raises(ActRefusedError, match=told):
        apply(opened(), wrong, AT)


def test_an_acknowledgement_needs_no_reason():
    assert apply(opened(), act("acknowledge", why=""), AT).finding.owner == "Lan"


@pytest.mark.parametrize("state", STATES)
def test_what_does_not_stand_cannot_be_acted_on(state):
    import msgspec

    with pytest.raises(ActRefusedError, match=state):
        apply(msgspec.structs.replace(opened(), state=state), act("close"), AT)
