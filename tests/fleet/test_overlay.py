"""Acts of the province over what boxes say later."""

import msgspec
import pytest

from model.acts import Act, ActRefusedError
from model.fleet.overlay import Laid, carried_out, expired, laid_over
from model.times import DAY
from tests.fleet.boxes import NOW, told


def laid(kind, version=5, times=1, **fields):
    return Laid(act=Act(kind=kind, finding="f", by="an", why="vì", at=NOW, **fields), version=version, times=times)


def over(change, *acts, version=6, now=NOW + 1, before="open"):
    return laid_over(change, acts, version, now, before)


UPDATED = told("xa-a", step="updated", sequence=2)


def test_without_acts_a_change_is_the_boxs():
    assert over(UPDATED) == UPDATED


def test_an_acknowledgement_holds_until_the_finding_ends():
    taken = over(UPDATED, laid("acknowledge"))
    assert (taken.step, taken.finding.owner, taken.finding.state) == ("updated", "an", "open")
    again = msgspec.structs.replace(UPDATED, finding=msgspec.structs.replace(UPDATED.finding, times=2))
    assert over(again, laid("acknowledge"), before="resolved").finding.owner == ""


def test_an_acceptance_holds_until_its_date_also_when_it_comes_back():
    accept = laid("accept", until=NOW + DAY)
    taken = over(UPDATED, accept)
    assert (taken.step, taken.finding.state, taken.finding.accepted_until, taken.cause.by) == ("accepted", "accepted", NOW + DAY, "an")
    assert over(UPDATED, accept, before="accepted").step == "updated"
    again = told("xa-a", step="reopened", times=2)
    assert over(again, accept, before="resolved").finding.state == "accepted"
    assert over(again, accept, before="resolved").step == "accepted"
    assert over(UPDATED, accept, now=NOW + DAY, before="accepted").finding.state == "open"


def test_the_end_of_an_acceptance_is_told_and_leaves_it_to_nobody():
    over_now = expired(over(UPDATED, laid("accept", until=NOW + DAY)), NOW + DAY)
    assert (over_now.step, over_now.finding.state, over_now.finding.owner, over_now.finding.accepted_until) == ("expired", "open", "", 0)


def test_a_close_holds_until_the_box_says_something_new():
    close = laid("close", version=6)
    assert (over(UPDATED, close).finding.state, over(UPDATED, close).step) == ("resolved", "resolved")
    newer = over(UPDATED, close, version=7, before="resolved")
    assert (newer.finding.state, newer.step) == ("open", "reopened")
    assert over(UPDATED, close, version=8, before="open").step == "updated"


def test_what_is_over_stays_over_whatever_people_did():
    ended = told("xa-a", step="resolved")
    for acts in ([laid("acknowledge")], [laid("accept", until=NOW + DAY)], [laid("close", version=9)]):
        assert over(ended, *acts).finding.state == "resolved"


def test_the_last_act_wins():
    taken = over(UPDATED, laid("acknowledge"), laid("accept", until=NOW + DAY), laid("close", version=6))
    assert taken.finding.state == "resolved"


def test_an_act_says_who_and_why_and_holds_its_place_in_the_boxs_order():
    kept, change = carried_out(UPDATED.finding, Act(kind="accept", finding="f", by="an", why="vì", until=NOW + DAY), 5, NOW)
    assert (kept.version, kept.times, kept.act.at) == (5, 1, NOW)
    assert change.finding.state == "accepted"
    with pytest.raises(ActRefusedError):
        carried_out(UPDATED.finding, Act(kind="accept", finding="f", by="an", until=NOW + DAY), 5, NOW)
    with pytest.raises(ActRefusedError, match="hộp theo dõi"):
        carried_out(UPDATED.finding, Act(kind="accept_change", portal="p", by="an", why="vì"), 5, NOW)
