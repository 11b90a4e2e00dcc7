"""VG-NET-02 over days: what closes it, what does not, and what lapses."""

import pytest

from collector.engine import Engine
from detectors.open_display import OpenDisplay
from model.facts import AddressSeen, PjlinkSeen
from model.site import SiteView
from model.times import DAY, HOUR, MINUTE
from model.verdict import Outcome, Severity
from tests.model.making import AIRPLAY, AT, CAST, DIAL, IPS, RAOP, RENDERER, TV, VIDEO, Sensor, declared

OPEN, PIN = {"features": VIDEO, "flags": "0x4"}, {"features": VIDEO, "flags": "0x24c"}
ANDROID = "_androidtvremote2._tcp.local."
STAFF = declared(zones={"lan": "staff"})


class Screen:
    """A television watched by one sensor; hours run by ticks, with heartbeats unless the sensor is deaf."""

    def __init__(self, known=STAFF, **options) -> None:
        self.engine = Engine(SiteView(known, now=AT), [OpenDisplay(**options)])
        self.box = Sensor()
        self.now = 0

    def says(self, *facts) -> "Screen":
        for fact in facts:
            self.engine.take(fact)
        return self

    def advert(self, service=AIRPLAY, text=None, **fields):
        return self.box.service(service, self.now, text=text, **fields)

    def wait(self, span: int, *, deaf: bool = False, step: int = HOUR) -> "Screen":
        until = self.now + span
        while self.now < until:
            stop = min(until, self.now + step)
            while self.now < stop:
                self.now = min(stop, self.now + 2 * MINUTE)
                if not deaf:
                    self.engine.take(self.box.beat(self.now))
            self.engine.tick(AT + self.now)
        return self

    @property
    def steps(self) -> list[str]:
        return [change.step for change in self.engine.news.changes]

    def since(self) -> list[str]:
        """The steps told since this was asked last."""
        steps = self.steps
        self.engine.news.changes.clear()
        return steps

    @property
    def finding(self):
        [finding] = self.engine.findings.values()
        return finding

    @property
    def verdict(self):
        [verdict] = self.engine.verdicts.values()
        return verdict


# Protected


def test_open_then_protected_closes():
    tv = Screen()
    tv.says(tv.advert(text=OPEN)).wait(HOUR)
    tv.says(tv.advert(text=PIN))
    assert tv.steps == ["opened", "resolved"]
    assert tv.finding.summary.vi == "“TV” trước đây mở, nay quảng bá có mã PIN."


def test_protected_from_the_start_is_a_low_finding_that_stays():
    tv = Screen()
    tv.says(tv.advert(text=PIN)).wait(HOUR)
    tv.says(tv.advert(text=PIN))
    assert tv.steps == ["opened"]
    assert tv.finding.severity is Severity.LOW
    assert tv.finding.title.vi == "Màn hình “TV” bật trình chiếu, có mã bảo vệ"


def test_closed_stays_closed_whatever_else_its_records_say():
    tv = Screen()
    tv.says(tv.advert(text=OPEN)).wait(HOUR)
    for n in range(20):
        tv.says(tv.advert(text={**PIN, "gid": str(n)})).wait(HOUR)
    assert tv.steps == ["opened", "resolved"]
    assert tv.verdict.outcome is Outcome.CLEAR


def test_opened_again_after_it_was_protected_comes_back():
    tv = Screen()
    for text in (OPEN, PIN, OPEN):
        tv.says(tv.advert(text=text)).wait(HOUR)
    assert tv.steps == ["opened", "resolved", "reopened"]
    assert tv.finding.times == 2


def test_a_family_that_was_always_protected_does_not_keep_it_open():
    tv = Screen()
    tv.says(tv.advert(text=OPEN), tv.advert(ANDROID, {})).wait(HOUR)
    tv.since()
    tv.says(tv.advert(text=PIN), tv.advert(ANDROID, {}))
    assert tv.since() == ["resolved"]


def test_one_family_still_open_keeps_it_open():
    tv = Screen()
    tv.says(tv.advert(text=OPEN), tv.box.upnp(DIAL)).wait(HOUR)
    tv.since()
    tv.says(tv.advert(text=PIN))
    assert tv.since() == []
    assert tv.finding.state == "open"
    assert tv.finding.severity is Severity.MEDIUM


def test_sound_left_open_makes_it_low_not_closed():
    tv = Screen()
    tv.says(tv.advert(text=OPEN), tv.advert(RAOP, {"sf": "0x4"})).wait(HOUR)
    tv.since()
    tv.says(tv.advert(text=PIN), tv.advert(RAOP, {"sf": "0x4"}))
    assert tv.since() == ["updated"]
    assert (tv.finding.state, tv.finding.severity) == ("open", Severity.LOW)


def test_a_projector_that_got_a_password_closes():
    tv = Screen()
    for protected in (False, True):
        tv.says(tv.box(PjlinkSeen, tv.now, mac=TV, ip=IPS[TV], form="greeting", protected=protected)).wait(HOUR)
    assert tv.steps == ["opened", "resolved"]


# Gone


@pytest.mark.parametrize("family", ["mdns", "ssdp"])
def test_a_goodbye_alone_closes_nothing(family):
    tv = Screen()
    if family == "mdns":
        tv.says(tv.advert(text=OPEN)).wait(HOUR)
        tv.says(tv.advert(text=None, alive=False))
    else:
        tv.says(tv.box.upnp(RENDERER)).wait(HOUR)
        tv.says(tv.box.upnp(RENDERER, tv.now, alive=False))
    assert tv.steps == ["opened"]
    assert tv.verdict.outcome is Outcome.UNKNOWN
    assert tv.finding.stale.vi == f"“{'TV' if family == 'mdns' else IPS[TV]}” đã chào tạm biệt, chưa kiểm tra được cổng đã đóng."


@pytest.mark.parametrize("family", ["mdns", "ssdp"])
def test_a_goodbye_with_its_port_shut_closes(family):
    tv = Screen()
    location = "http://192.168.10.31:7000/d.xml"
    first = tv.advert(text=OPEN) if family == "mdns" else tv.box.upnp(RENDERER, location=location)
    tv.says(first).wait(HOUR)
    gone = tv.advert(text=None, alive=False) if family == "mdns" else tv.box.upnp(RENDERER, tv.now, alive=False)
    tv.says(gone, tv.box.port(7000, tv.now + 1, accepted=False))
    assert tv.steps == ["opened", "resolved"]
    assert "đã tắt" in tv.finding.summary.vi


@pytest.mark.parametrize("port", [7001, 80])
def test_another_port_that_is_shut_proves_nothing(port):
    tv = Screen()
    tv.says(tv.advert(text=OPEN)).wait(HOUR)
    tv.says(tv.advert(text=None, alive=False), tv.box.port(port, tv.now + 1, accepted=False))
    assert tv.steps == ["opened"]


def test_a_port_refused_before_the_goodbye_proves_nothing():
    tv = Screen()
    tv.says(tv.advert(text=OPEN), tv.box.port(7000, 1, accepted=False)).wait(HOUR)
    tv.says(tv.advert(text=None, alive=False))
    assert tv.steps == ["opened"]


def test_a_port_that_opens_again_takes_the_proof_away():
    tv = Screen()
    tv.says(tv.advert(text=OPEN)).wait(HOUR)
    tv.says(tv.advert(text=None, alive=False), tv.box.port(7000, tv.now + 2, accepted=True), tv.box.port(7000, tv.now + 1, accepted=False))
    assert tv.verdict.outcome is Outcome.UNKNOWN


def test_two_renderers_on_one_device_are_off_when_both_ports_are_shut():
    tv = Screen()
    renderers = [tv.box.upnp(RENDERER, usn=f"uuid:{n}::x", location=f"http://192.168.10.31:{n}/d.xml") for n in (1001, 1002)]
    tv.says(*renderers).wait(HOUR)
    tv.says(*(tv.box.upnp(RENDERER, tv.now, usn=f"uuid:{n}::x", alive=False) for n in (1001, 1002)))
    tv.says(tv.box.port(1001, tv.now + 1))
    assert tv.steps == ["opened"]
    tv.says(tv.box.port(1002, tv.now + 2))
    assert tv.steps == ["opened", "resolved"]


def test_a_screen_that_comes_back_is_open_again():
    tv = Screen()
    tv.says(tv.advert(text=OPEN)).wait(HOUR)
    tv.says(tv.advert(text=None, alive=False), tv.box.port(7000, tv.now + 1)).wait(HOUR)
    tv.says(tv.advert(text=OPEN))
    assert tv.steps == ["opened", "resolved", "reopened"]


def test_the_open_family_that_fell_silent_is_not_made_good_by_the_protected_one():
    tv = Screen()
    tv.says(tv.advert(CAST, {"ca": "5"}), tv.advert(ANDROID, {})).wait(HOUR)
    tv.since()
    tv.says(tv.advert(CAST, None, alive=False), tv.advert(ANDROID, {}))
    assert tv.since() == []
    assert (tv.finding.severity, tv.verdict.outcome) == (Severity.MEDIUM, Outcome.UNKNOWN)
    assert "chào tạm biệt" in tv.finding.stale.vi
    for _day in range(15):
        tv.wait(DAY)
        tv.says(tv.advert(ANDROID, {}))
    # Fourteen days of listening without it: what is left is judged by itself.
    assert tv.since() == ["updated"]
    assert tv.verdict.severity is Severity.LOW


# Silence


def test_an_advert_speaks_for_a_day():
    tv = Screen()
    tv.says(tv.advert(text=OPEN)).wait(23 * HOUR)
    assert tv.verdict.outcome is Outcome.VIOLATION
    tv.wait(2 * HOUR)
    assert tv.verdict.outcome is Outcome.UNKNOWN
    assert tv.finding.stale.vi == "Không nghe thấy “TV” quảng bá suốt 24 giờ."
    assert tv.steps == ["opened"]


@pytest.mark.parametrize("hours", [1, 6])
def test_how_long_it_speaks_is_an_option(hours):
    tv = Screen(fresh_hours=hours)
    tv.says(tv.advert(text=OPEN)).wait(hours * HOUR - MINUTE)
    assert tv.verdict.outcome is Outcome.VIOLATION
    tv.wait(2 * MINUTE)
    assert tv.verdict.outcome is Outcome.UNKNOWN


def test_heard_again_after_a_day_is_a_violation_again_though_the_device_never_left():
    tv = Screen()
    tv.says(tv.advert(text=OPEN)).wait(30 * HOUR)
    tv.says(tv.box(AddressSeen, tv.now, mac=TV, ip=IPS[TV]))
    assert tv.verdict.outcome is Outcome.UNKNOWN
    tv.says(tv.advert(text=OPEN))
    assert tv.verdict.outcome is Outcome.VIOLATION
    assert tv.finding.stale is None


def test_fourteen_days_of_listening_without_it_lapse():
    tv = Screen()
    tv.says(tv.box.beat(0), tv.advert(text=OPEN)).wait(14 * DAY - HOUR)
    assert tv.steps == ["opened"]
    tv.wait(2 * HOUR)
    assert tv.steps == ["opened", "lapsed"]
    assert tv.finding.state == "lapsed"


def test_it_lapses_when_its_adverts_are_gone_though_the_device_still_speaks():
    tv = Screen()
    tv.says(tv.advert(text=OPEN))
    for _day in range(15):
        tv.wait(DAY)
        tv.says(tv.box(AddressSeen, tv.now, mac=TV, ip=IPS[TV]))
    tv.wait(HOUR)
    assert tv.steps == ["opened", "lapsed"]


def test_while_the_sensor_is_deaf_nothing_lapses():
    tv = Screen()
    tv.says(tv.box.beat(0), tv.advert(text=OPEN)).wait(DAY)
    tv.wait(60 * DAY, deaf=True, step=DAY)
    assert tv.steps == ["opened"]
    tv.wait(12 * DAY)
    assert tv.steps == ["opened"], "a day before and twelve after are thirteen"
    tv.wait(2 * DAY)
    assert tv.steps == ["opened", "lapsed"]


def test_a_lapsed_screen_that_is_heard_again_is_told_as_back():
    tv = Screen()
    tv.says(tv.box.beat(0), tv.advert(text=OPEN)).wait(15 * DAY)
    tv.says(tv.advert(text=OPEN))
    assert tv.steps == ["opened", "lapsed", "reopened"]


# Told


def test_a_session_is_told_once_and_its_end_once():
    tv = Screen()
    tv.says(tv.advert(CAST, {"ca": "5", "st": "0"})).wait(HOUR)
    tv.says(tv.advert(CAST, {"ca": "5", "st": "1", "rs": "YouTube"})).wait(HOUR)
    tv.says(tv.advert(CAST, {"ca": "5", "st": "0"})).wait(HOUR)
    assert tv.steps == ["opened", "updated", "updated"]
    lamps = [dict(change.finding.facets)["in_session"] for change in tv.engine.news.changes]
    assert lamps == ["no", "yes", "no"]


def test_a_name_learnt_later_is_shown_without_being_told():
    tv = Screen()
    tv.says(tv.box.upnp(DIAL)).wait(HOUR)
    tv.says(tv.advert("_device-info._tcp.local.", {}), tv.box.service(CAST, tv.now, instance="x", text={"fn": "TV sảnh"}))
    assert "TV sảnh" in tv.finding.title.vi


def test_moving_the_screen_to_its_own_network_is_told():
    known = declared(zones={"lan": "citizen", "tv": "display"})
    tv = Screen(known)
    tv.says(tv.advert(text=OPEN)).wait(HOUR)
    assert tv.finding.severity is Severity.HIGH
    tv.engine.declare(declared(zones={"lan": "display"}, edited_by="Lan"))
    assert tv.finding.severity is Severity.MEDIUM
    assert (tv.finding.cause.kind, tv.finding.cause.by) == ("policy", "Lan")
