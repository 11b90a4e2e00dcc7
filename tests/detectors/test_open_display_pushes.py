"""VG-NET-02 where a mirror port heard what was pushed to the screen: the lamp of the session, and how long anybody may say that it is lit."""

import pytest

from detectors.open_display import OpenDisplay
from model.times import MINUTE
from model.verdict import Subject
from model.wirefacts import ScreenPushed
from tests.model.making import AT, IPS, PHONE, RENDERER, TV, Sensor, view_of


def judge(facts, *, now):
    view = view_of(facts, now=now)
    return OpenDisplay().judge(view, Subject("asset", view.by_mac[TV]))


def lit(verdict):
    return dict(verdict.state)["in_session"]


def pushed(box, family, kind, after, **fields):
    """The phone does that to the television."""
    return box(ScreenPushed, after, mac=PHONE, ip=IPS[PHONE], screen_mac=TV, screen_ip=IPS[TV], port=49494, family=family, kind=kind, action="x", **fields)


PUSHES = [
    # what was sent, and whether the lamp is lit a minute later
    ([("dlna", "content", {})], "yes"),
    ([("dlna", "content", {"accepted": True})], "yes"),
    ([("dlna", "content", {"accepted": False})], "unknown"),
    ([("dlna", "content", {}), ("dlna", "stop", {})], "unknown"),
    ([("mice", "session", {})], "yes"),
    ([("mice", "session", {}), ("mice", "stop", {})], "unknown"),
    ([("airplay", "session", {})], "yes"),
    # A remote control's connection, and an app that only lists receivers, show nothing.
    ([("samsung", "session", {})], "unknown"),
    ([("cast", "session", {})], "unknown"),
    ([("roku", "command", {})], "unknown"),
]


@pytest.mark.parametrize(("sent", "expected"), PUSHES)
def test_what_a_mirror_port_heard_being_pushed_lights_the_lamp_till_it_is_stopped(sent, expected):
    box = Sensor()
    facts = [box.upnp(RENDERER), *(pushed(box, family, kind, 1 + n, **fields) for n, (family, kind, fields) in enumerate(sent))]
    assert lit(judge(facts, now=MINUTE)) == expected


def test_how_long_a_push_runs_nobody_knows():
    box = Sensor()
    facts = [box.upnp(RENDERER), pushed(box, "dlna", "content", 1)]
    running, later = judge(facts, now=4 * MINUTE), judge(facts, now=6 * MINUTE)
    assert (lit(running), lit(later)) == ("yes", "unknown")
    assert running.recheck_at == AT + 1 + 5 * MINUTE


def test_the_screens_own_word_that_nothing_plays_wins():
    box = Sensor()
    facts = [box.upnp(RENDERER), pushed(box, "dlna", "content", 1), Sensor("screens").told("dlna", MINUTE, asked="event", playing=False)]
    assert lit(judge(facts, now=2 * MINUTE)) == "no"
