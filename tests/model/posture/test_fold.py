"""Facts of PCs in the view: newest answer wins by when it was given, wire and PC meet in one asset, and nothing of it is lost by a restart."""

from __future__ import annotations

import itertools

import msgspec

from model.declared import Declared
from model.endpointfacts import EndpointsCounted, PcAnswered, PcHeard
from model.facts import AddressSeen
from model.posture import ask
from model.posture.told import AutoLogon, Interfaces, Machine, Working
from model.restored import restore, row_of
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, day_of
from model.verdict import Subject

AT = 1_750_000_000_000_000_000
LAN, WIFI = "10:b6:76:10:20:21", "10:b6:76:10:20:22"
_numbers = itertools.count(1)


def office() -> SiteView:
    return SiteView(Declared(site="xa", legs=("lan",)), key=b"k" * 32, now=AT)


def answered(told, at=AT, pc="pc-01", **more):
    return PcAnswered(at=at, sensor="endpoints", sequence=next(_numbers), pc=pc, topic=told.__struct_config__.tag, answered=at, told=told, **more)


def heard(mac, at=AT):
    return AddressSeen(at=at, sensor="capture:lan", sequence=next(_numbers), leg="lan", mac=mac, ip="192.168.1.9", via="arp")


def on_the_wire(view, mac, at=AT):
    fold(view, heard(mac, at))
    fold(view, heard(mac, at + 1))
    return view.by_mac[mac]


def only(view):
    (asset,) = ask.assets_of_pcs(view)
    return asset


def test_an_older_answer_that_comes_later_does_not_outdo_a_newer_one():
    view = office()
    fold(view, answered(AutoLogon(on=False), AT + HOUR))
    fold(view, answered(AutoLogon(on=True), AT, source="portable"))
    seen = ask.latest(view, only(view), AutoLogon)
    assert seen is not None
    assert (seen.told.on, seen.at, seen.source) == (False, AT + HOUR, "osquery")


def test_a_failed_question_leaves_the_last_good_answer_and_says_so():
    view = office()
    fold(view, answered(AutoLogon(on=True)))
    failed = PcAnswered(at=AT + 1, sensor="endpoints", sequence=next(_numbers), pc="pc-01", topic="auto_logon", answered=AT + 1, trouble="denied")
    assert fold(view, failed) == (Subject("asset", only(view)),)
    seen = ask.latest(view, only(view), AutoLogon)
    assert seen is not None
    assert (seen.told.on, seen.trouble) == (True, "denied")
    assert ask.latest(view, only(view), Machine) is None
    assert ask.trouble(view, only(view), AutoLogon) == "denied"


def test_the_same_answer_again_is_news_only_when_it_made_the_old_one_fresh():
    view = office()
    assert fold(view, answered(AutoLogon(on=True)))
    assert not fold(view, answered(AutoLogon(on=True), AT + MINUTE))
    assert fold(view, answered(AutoLogon(on=True), AT + 2 * HOUR))


def test_a_pc_is_the_station_that_was_heard_with_its_address():
    view = office()
    station = on_the_wire(view, LAN)
    fold(view, answered(AutoLogon(on=True)))
    fold(view, answered(Interfaces(macs=(LAN, WIFI))))
    assert list(view.assets) == [only(view)]
    assert view.by_mac[LAN] == only(view)
    assert view.station(station) is view.assets[only(view)]
    assert set(view.assets[only(view)].macs) == {LAN, WIFI}
    assert on_the_wire(view, WIFI, AT + MINUTE) == only(view)


def test_a_pc_met_on_two_cards_before_it_was_enrolled_becomes_one():
    view = office()
    first, second = on_the_wire(view, LAN), on_the_wire(view, WIFI, AT + MINUTE)
    fold(view, answered(Interfaces(macs=(LAN, WIFI)), AT + HOUR))
    assert first != second
    assert len(view.assets) == 1
    assert view.by_mac[LAN] == view.by_mac[WIFI] == only(view)


def test_an_address_that_two_pcs_claim_joins_neither_to_the_other():
    view = office()
    fold(view, answered(Interfaces(macs=(LAN,)), pc="pc-01"))
    fold(view, answered(Interfaces(macs=(LAN,)), pc="pc-02"))
    assert len(ask.assets_of_pcs(view)) == 2


def test_a_day_remembers_who_worked_and_who_was_an_administrator():
    view = office()
    for at, user, admin in ((AT, "u1", False), (AT + HOUR, "u2", True), (AT + DAY, "u1", True)):
        fold(view, answered(Working(active=True, user=user, admin=admin), at))
    days = ask.pcs(view, only(view))[0].days
    assert {day: (held.users, held.admins) for day, held in days.items()} == {
        day_of(AT): (["u1", "u2"], ["u2"]),
        day_of(AT + DAY): (["u1"], ["u1"]),
    }


def test_a_restart_costs_nothing():
    view = office()
    on_the_wire(view, LAN)
    fold(view, answered(AutoLogon(on=True)))
    fold(view, answered(Interfaces(macs=(LAN,))))
    fold(view, PcHeard(at=AT, sensor="endpoints", sequence=9_999, pc="pc-01", skew=5, version="5.23.0"))
    rows = [row_of(view, kind, name) for kind, name in sorted(view.dirty)]
    written = [msgspec.json.decode(msgspec.json.encode(row), type=type(row)) for row in rows]
    again = office()
    restore(again, written)
    assert ask.latest(again, only(again), AutoLogon) == ask.latest(view, only(view), AutoLogon)
    assert again.posture.by_mac == view.posture.by_mac
    assert again.posture.taken["endpoints"].sequence == 9_999


def test_what_was_taken_of_a_sensor_is_its_greatest_number_and_its_newest_counts():
    view = office()
    for number, at in ((7, AT), (3, AT + 1)):
        fold(view, PcHeard(at=at, sensor="endpoints", sequence=number, pc="pc-01"))
    for at, lines in ((AT + 9, 40), (AT + 5, 30)):
        assert fold(view, EndpointsCounted(at=at, sensor="endpoints", counts={"lines": lines})) == ()
    taken = view.posture.taken["endpoints"]
    assert (taken.site, taken.sequence) == ("xa", 7)
    assert taken.counts is not None
    assert taken.counts.value == {"lines": 40}
