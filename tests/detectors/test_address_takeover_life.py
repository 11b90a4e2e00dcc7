"""VG-NET-08: when it is over, what a restart, a clock set back and a flood leave of it."""

from __future__ import annotations

import msgspec
import pytest

from collector.engine import Engine
from detectors.address_takeover import AddressTakeover
from model import nonce
from model.claims.note import MAX_ROWS
from model.declared import Declared, Server
from model.facts import SensorHeard
from model.restored import restore, row_of
from model.site import SiteView
from model.times import HOUR, MINUTE
from model.verdict import Outcome, Severity, Subject
from model.wording import address_takeover as words
from tests.detectors.addresses import EVIL, GATEWAY, IP, KEY, PC, START, VICTIM, Wire, poisoned, signs_of


def attacked(vantage="mirror"):
    wire = Wire(vantage)
    wire.lease()
    wire.live(VICTIM, EVIL)
    return wire, poisoned(wire)


def test_ten_seconds_of_it_stay_for_half_an_hour():
    wire, end = attacked()
    wire.quiet(29, end)
    assert wire.judge().outcome is Outcome.VIOLATION


def test_it_is_over_when_quiet_and_the_router_answers_for_itself():
    wire, end = attacked()
    wire.quiet(31, end)
    assert (wire.judge().outcome, wire.judge().reason) == (Outcome.UNKNOWN, words.NO_KEEPER)
    wire.claim(GATEWAY, at=end + 31 * 60, form="request", target=IP[VICTIM])
    assert wire.judge().outcome is Outcome.CLEAR


def test_quiet_that_nobody_listened_to_is_not_the_end():
    wire, end = attacked()
    wire.claim(GATEWAY, at=end + 60, form="request", target=IP[VICTIM])
    wire.view.now = START + 2 * HOUR
    assert (wire.judge().outcome, wire.judge().reason) == (Outcome.UNKNOWN, words.NOT_LONG_ENOUGH)


def test_on_a_plain_port_only_the_answers_to_our_own_questions_end_it():
    wire, end = attacked("plain")
    wire.quiet(31, end)
    wire.claim(GATEWAY, at=end + 31 * 60, form="request", target=IP[VICTIM])
    assert (wire.judge().outcome, wire.judge().reason) == (Outcome.UNKNOWN, words.PLAIN)
    wire.claim(GATEWAY, at=end + 31 * 60, to=nonce.address(KEY, b"cd"))
    assert wire.judge().outcome is Outcome.CLEAR


def test_declaring_the_router_ends_it_at_once():
    wire, _ = attacked()
    wire.view.declared = msgspec.structs.replace(wire.view.declared, routers=(Server(leg="lan", mac=EVIL),))
    assert wire.judge().outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    ("vantage", "outcome"), [("mirror", Outcome.CLEAR), ("inline", Outcome.CLEAR), ("plain", Outcome.UNKNOWN), ("unknown", Outcome.UNKNOWN)]
)
def test_a_router_is_only_clear_where_everything_is_heard(vantage, outcome):
    wire = Wire(vantage)
    wire.lease()
    wire.live(VICTIM)
    assert wire.judge(GATEWAY).outcome is outcome


def test_a_router_is_judged_again_when_it_is_known_how_its_leg_listens():
    wire = Wire("unknown")
    wire.lease()
    wire.live(VICTIM)
    engine = Engine(wire.view, [AddressTakeover()])
    engine.review_after_start()
    router = ("VG-NET-08", Subject("asset", wire.view.by_mac[GATEWAY]))
    assert engine.verdicts[router].outcome is Outcome.UNKNOWN
    engine.take(SensorHeard(at=START + MINUTE, sensor="capture:lan", leg="lan", vantage="mirror"))
    engine.tick(START + 2 * MINUTE)
    assert engine.verdicts[router].outcome is Outcome.CLEAR


def test_a_router_that_is_not_heard_for_long_is_not_asked_about_every_minute():
    wire = Wire("plain")
    wire.lease()
    wire.live(VICTIM)
    wire.view.now = START + HOUR
    assert wire.judge(GATEWAY).recheck_at is None


def test_what_a_long_attack_rested_on_is_not_forgotten():
    """The router goes on speaking for hours: its turns are pushed out of what is kept, the finding is not."""
    wire = Wire()
    wire.lease()
    for number in range(3):
        wire.claim(GATEWAY, at=4 * number, form="request", target=IP[PC])
        wire.claim(EVIL, IP[GATEWAY], 4 * number + 2, form="request", target=IP[VICTIM])
    for second in range(20, 120):
        wire.claim(GATEWAY, at=second, form="request", target=IP[PC])
    assert signs_of(wire.judge()) == ["turns"]


def test_a_restart_keeps_it():
    wire, _ = attacked()
    rows = [row_of(wire.view, kind, key) for kind, key in sorted(wire.view.dirty)]
    again = SiteView(wire.view.declared, key=KEY, now=wire.view.now)
    restore(again, [msgspec.json.decode(msgspec.json.encode(row), type=type(row)) for row in rows if row is not None])
    subject = Subject("asset", wire.view.by_mac[EVIL])
    wire.view.now = again.now = START + MINUTE
    assert AddressTakeover().judge(again, subject) == AddressTakeover().judge(wire.view, subject)


def test_of_all_addresses_only_the_routers_is_written_down():
    wire, _ = attacked()
    poisoned(wire, ip=IP[PC])
    written = b"".join(msgspec.json.encode(row) for row in wire.view.wire.claim.values())
    assert IP[GATEWAY].encode() in written
    assert not [ip for mac, ip in IP.items() if mac != GATEWAY and b'"' + ip.encode() in written]
    assert not [mac for mac in IP if mac.encode() in written]
    assert b"|192.168." not in written


def test_after_the_clock_was_set_back_it_ends_by_the_new_one():
    wire, _ = attacked()
    wire.view.new_epoch(START - 400 * 24 * HOUR)
    back = wire.view.now
    for minutes, outcome in ((29, Outcome.VIOLATION), (31, Outcome.UNKNOWN)):
        wire.view.now = back + minutes * MINUTE
        asset = wire.view.by_mac[EVIL]
        assert AddressTakeover().judge(wire.view, Subject("asset", asset)).outcome is outcome


# A hostile flood


@pytest.mark.parametrize("addresses", [254, 60_000])
def test_a_hundred_thousand_made_up_stations_hide_no_poison(addresses):
    view = SiteView(Declared(site="xa", legs=("lan",)), key=KEY, now=START)
    wire = Wire()
    wire.view = view
    engine = Engine(view, [AddressTakeover()])
    wire.touched = set()
    wire.take = engine.take
    wire.live(VICTIM, EVIL)
    wire.lease()
    for number in range(100_000):
        at = number * 60 / 100_000
        mac = f"02:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}:00:01"
        host = number % addresses + 1
        for again in range(2):
            wire.claim(mac, f"192.168.{host >> 8 | 10}.{host & 255}", at + again / 1e6)
        if number % 5_000 == 0:
            wire.claim(EVIL, IP[GATEWAY], at, to=VICTIM)
    assert [change.finding.severity for change in engine.standing() if EVIL in change.macs] == [Severity.CRITICAL]
    assert len(view.wire.claim) <= MAX_ROWS
    assert len(view.wire.claimed) <= view.max_new + 4
    assert view.overflowed > 90_000
