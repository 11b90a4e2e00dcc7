"""What screens answer, as rows: the last answer to each question, refusals, and what plays now."""

import pytest

from model.site import fold
from model.times import HOUR, MINUTE
from model.verdict import Subject
from model.wire.reads import ASKED, playing_now
from tests.model.making import BOX, IPS, TV, Sensor, view_of

MEDIA = "http://192.168.10.51:8090/a.mp4"


def row(view):
    (only,) = view.wire.reads.values()
    return only


def asset(view):
    return view.assets[view.by_mac[TV]]


def test_the_last_answer_to_each_question_is_kept():
    box = Sensor("screens")
    facts = [box.told("airplay", 0, protected=False), box.told("airplay", 1, protected=True, guard="pin"), box.told("airplay", 2, asked="status", playing=True)]
    family = row(view_of(facts)).families["airplay"]
    assert {asked: held.value.protected for asked, held in family.answers.items()} == {"info": True, "status": None}
    assert family.latest("protected").value.guard == "pin"
    assert family.opened.at == facts[0].at


def test_a_question_that_nobody_asks_leaves_no_row():
    box = Sensor("screens")
    view = view_of([])
    assert fold(view, box.told("airplay", asked="x" * 1000)) == ()
    assert view.wire.reads == {}
    assert "info" in ASKED


def test_an_answer_that_says_nothing_new_touches_nobody_until_it_is_long_ago():
    box = Sensor("screens")
    view = view_of([box.told("dlna", 0, asked="transport", playing=False)])
    assert fold(view, box.told("dlna", MINUTE, asked="transport", playing=False)) == ()
    assert fold(view, box.told("dlna", 2 * MINUTE, asked="transport", playing=True, what=MEDIA)) == (Subject("asset", asset(view).id),)
    assert fold(view, box.told("dlna", HOUR, asked="transport", playing=True, what=MEDIA)) == (Subject("asset", asset(view).id),)


def test_what_plays_now_is_told_with_its_beginning_and_last_word():
    box = Sensor("screens")
    facts = [
        box.told("dlna", 0, asked="transport", playing=False),
        box.told("dlna", MINUTE, asked="event", playing=True, what=MEDIA),
        box.told("dlna", 2 * MINUTE, asked="transport", playing=True, what=MEDIA),
        box.told("cast", 2 * MINUTE, asked="status", playing=False),
    ]
    view = view_of(facts)
    assert playing_now(view, asset(view)) == (("dlna", MEDIA, facts[1].at, facts[2].at),)
    fold(view, box.told("dlna", 3 * MINUTE, asked="event", playing=False))
    assert playing_now(view, asset(view)) == ()


def test_nothing_plays_on_an_asset_that_was_never_asked():
    view = view_of([Sensor().port(7000, mac=TV)])
    assert playing_now(view, asset(view)) == ()


def test_a_refusal_ends_what_played_and_shuts_the_port():
    box = Sensor("screens")
    view = view_of([box.told("dlna", 0, asked="transport", playing=True, what=MEDIA, port=49494)])
    assert asset(view).ports[49494].accepted.value
    fold(view, box.told("dlna", MINUTE, asked="transport", reachable=False, port=49494))
    assert playing_now(view, asset(view)) == ()
    assert not asset(view).ports[49494].accepted.value
    assert row(view).families["dlna"].answers["transport"].value.playing


def test_answers_of_an_address_go_to_the_device_that_has_it():
    box = Sensor("screens")
    view = view_of([box.told("dlna", 0, mac="", ip=IPS[TV], asked="transport", playing=True, what=MEDIA)])
    fold(view, box.told("dlna", MINUTE, asked="event", mac=TV, playing=True, what=MEDIA))
    fold(view, Sensor().service("_airplay._tcp.local.", 2 * MINUTE))
    assert set(view.wire.reads) == {view.by_mac[TV]}
    assert playing_now(view, asset(view))[0].since == box.told("x", 0).at


def test_a_forgotten_asset_takes_its_answers_along():
    box = Sensor("screens")
    view = view_of([box.told("dlna", 0, asked="transport", playing=True)], max_assets=1)
    fold(view, Sensor().service("_airplay._tcp.local.", 1, mac=BOX))
    assert view.wire.reads == {}
    assert ("reads", view.asset_id(TV)) in view.gone


@pytest.mark.parametrize("number", [40, 400])
def test_a_screen_that_changes_its_mind_for_ever_fills_nothing(number):
    box = Sensor("screens")
    view = view_of([box.told("dlna", n * MINUTE, asked="event", playing=bool(n % 2), what=f"{MEDIA}{n}") for n in range(number)])
    family = row(view).families["dlna"]
    assert len(family.words) <= 16
    assert len(family.answers) == 1
