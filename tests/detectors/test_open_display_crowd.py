"""VG-NET-02 when screens are made up by the hundred: one matter of the segment, real ones still told by themselves."""

from __future__ import annotations

import msgspec
import pytest

from collector.engine import Engine
from detectors.open_display import OpenDisplay
from model.declared import Declared, RegisteredAsset, Screen
from model.facts import PortAnswered, SensorHeard, ServiceAdvertised, UpnpAdvertised
from model.restored import restore, row_of
from model.screens.crowd import CROWD, STAYS
from model.site import SiteView
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Outcome, Severity, Subject
from model.wording import open_display as words

START = 1_752_541_200 * SECOND
SCREENS = {"there": "00:e0:4c:0d:01:31", "declared": "00:e0:4c:0d:01:32", "listed": "00:e0:4c:0d:01:33", "late": "00:e0:4c:0d:01:34"}
DECLARED = Declared(
    site="xa",
    legs=("lan",),
    screens=(Screen(mac=SCREENS["declared"], name="TV sảnh"),),
    register=(RegisteredAsset(mac=SCREENS["listed"], name="TV họp", role="display"),),
)
SEGMENT = Subject("segment", "lan")


def advert(mac, at=0, instance="TV"):
    return ServiceAdvertised(at=START + at, leg="lan", mac=mac, service="_googlecast._tcp.local.", instance=instance, port=8009, text=(("ca", "5"),))


def upnp(mac, at=0, instance="TV"):
    target = "urn:schemas-upnp-org:device:MediaRenderer:1"
    return UpnpAdvertised(at=START + at, leg="lan", mac=mac, usn=f"uuid:{instance}::{target}", target=target, location="http://10.0.0.1:80/d.xml")


def made_up(number):
    return f"a8:61:0a:00:{number >> 8:02x}:{number & 255:02x}"


class Site:
    """An engine that hears a screen, then a flood from the first minute on."""

    def __init__(self, said=advert, declared=DECLARED):
        self.engine = Engine(SiteView(declared, now=START), [OpenDisplay()])
        self.view, self.said = self.engine.view, said
        self.hear(0)
        self.engine.take(said(SCREENS["there"], 0))

    def hear(self, at):
        self.engine.take(SensorHeard(at=START + at, sensor="capture:lan", leg="lan", vantage="plain"))

    def flood(self, many=400, begin=MINUTE, apart=100_000_000):
        for number in range(many):
            self.engine.take(self.said(made_up(number), begin + number * apart, f"x{number}"))

    def pass_time(self, begin, end, step=MINUTE):
        for at in range(begin, end, step):
            self.hear(at)
            self.engine.tick(START + at)

    def of(self, name):
        return Subject("asset", self.view.by_mac[SCREENS.get(name, name)])

    def open(self):
        return {finding.subject for finding in self.engine.findings.values() if finding.state == "open"}


@pytest.mark.parametrize("said", [advert, upnp])
def test_a_flood_is_one_matter_beside_the_few_that_came_first(said):
    site = Site(said)
    site.flood()
    few = {Subject("asset", site.view.by_mac[made_up(number)]) for number in range(CROWD - 2)}
    assert site.open() == {SEGMENT, site.of("there"), *few}
    told = next(finding for finding in site.engine.findings.values() if finding.subject == SEGMENT)
    assert (told.severity, told.title) == (Severity.MEDIUM, words.CROWD_TITLE)
    one = site.engine.verdicts["VG-NET-02", site.of(made_up(300))]
    assert (one.outcome, one.reason) == (Outcome.UNKNOWN, words.of_a_crowd("lan"))


def test_who_is_declared_or_listed_is_told_in_the_midst_of_it():
    site = Site()
    site.flood()
    for name in ("declared", "listed"):
        site.engine.take(advert(SCREENS[name], 2 * MINUTE))
        assert site.of(name) in site.open()


def test_who_answers_is_told_at_once_and_who_stays_a_little_later():
    site = Site()
    site.flood()
    site.engine.take(advert(SCREENS["late"], MINUTE + SECOND))
    answers = made_up(399)
    site.engine.take(PortAnswered(at=START + 2 * MINUTE, leg="lan", mac=answers, port=8009, accepted=True))
    assert site.of(answers) in site.open()
    assert site.of("late") not in site.open()
    for again in range(1, 5):
        site.engine.take(advert(SCREENS["late"], again * STAYS // 3 + MINUTE + SECOND))
    site.engine.tick(START + 2 * STAYS)
    assert site.of("late") in site.open()
    assert len(site.open()) == CROWD + 2


def test_those_who_fell_silent_are_never_told_and_the_crowd_is_over_after_a_day():
    site = Site()
    site.flood()
    before = site.open()
    site.pass_time(2 * MINUTE, 23 * HOUR)
    assert site.open() == before
    site.pass_time(23 * HOUR, 26 * HOUR)
    assert site.open() == before - {SEGMENT}
    site.pass_time(28 * HOUR, 15 * DAY + 2 * HOUR)
    assert site.open() == set()
    states = {finding.subject: finding.state for finding in site.engine.findings.values()}
    assert states.pop(SEGMENT) == "resolved"
    assert set(states.values()) == {"lapsed"}


def test_a_restart_in_the_midst_of_it_tells_no_more():
    site = Site()
    site.flood()
    rows = [row_of(site.view, kind, key) for kind, key in sorted(site.view.dirty)]
    again = SiteView(site.view.declared, now=site.view.now)
    restore(again, [msgspec.json.decode(msgspec.json.encode(row), type=type(row)) for row in rows if row is not None])
    engine = Engine(again, [OpenDisplay()])
    engine.review_after_start()
    assert {finding.subject for finding in engine.findings.values() if finding.state == "open"} == site.open()


def test_many_screens_of_an_office_are_no_crowd():
    site = Site()
    for day in range(3):
        site.flood(CROWD - 2, day * DAY + MINUTE)
    site.flood(2 * CROWD, 4 * DAY, HOUR // (CROWD - 2))
    assert SEGMENT not in site.open()
    assert len(site.open()) == 2 * CROWD + 1


def test_a_clock_set_back_forgets_who_came():
    site = Site()
    site.flood(CROWD - 2)
    site.engine.tick(START - 2 * DAY)
    for number in range(CROWD - 2):
        site.engine.take(advert(made_up(1_000 + number), -2 * DAY + number * SECOND, f"y{number}"))
    assert SEGMENT not in site.open()
