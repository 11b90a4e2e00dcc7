"""In a flood rows make room. A finding that rested on one is neither resolved nor open for ever: it goes stale, and lapses."""

from __future__ import annotations

from collector.engine import Engine
from detectors.address_takeover import AddressTakeover
from detectors.rogue_dhcp import RogueDhcp
from model.claims.note import MAX_ROWS
from model.facts import AddressSeen, DhcpServerSeen, SensorHeard
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Outcome, Subject
from model.wire.servers import MAX_ON_SEGMENT
from model.wording.common import FORGOTTEN
from tests.detectors.addresses import EVIL, GATEWAY, IP, START, Wire, poisoned
from tests.detectors.test_rogue_dhcp import ONE, Declared, made_up


def pass_time(engine, begin, end):
    for minute in range(begin // MINUTE, end // MINUTE + 1):
        fold(engine.view, SensorHeard(at=START + minute * MINUTE, sensor="capture:lan", leg="lan", vantage="mirror"))
        engine.tick(START + minute * MINUTE)


def states(engine):
    return [finding.state for finding in engine.findings.values()]


def test_servers_that_others_pushed_out():
    engine = Engine(SiteView(Declared(site="xa", legs=("lan",), dhcp_servers=ONE), now=START), [RogueDhcp()])
    count = 5 * MAX_ON_SEGMENT
    for number in range(count):
        mac, ip = made_up(number), f"10.0.0.{number + 1}"
        engine.take(DhcpServerSeen(at=START + number * SECOND, leg="lan", mac=mac, ip=ip, message="offer", server_id=ip))
    assert len(engine.view.wire.servers) == MAX_ON_SEGMENT
    pass_time(engine, MINUTE, 25 * HOUR)
    assert states(engine) == ["open"] * count
    stale = [finding.stale == FORGOTTEN for finding in engine.findings.values()]
    assert stale.count(True) == count - MAX_ON_SEGMENT
    assert {verdict.outcome for verdict in engine.verdicts.values()} == {Outcome.UNKNOWN}
    pass_time(engine, 25 * HOUR, 31 * DAY)
    after = [finding.state for finding, old in zip(engine.findings.values(), stale, strict=True) if old]
    assert set(after) == {"lapsed"}
    assert len(after) == count - MAX_ON_SEGMENT


def test_an_address_whose_claims_others_pushed_out():
    wire = Wire()
    engine = Engine(wire.view, [AddressTakeover()])
    wire.live()
    wire.lease()
    last = poisoned(wire, 8)
    subject = Subject("asset", wire.view.by_mac[EVIL])
    engine.review_after_start()
    assert engine.findings["VG-NET-08", subject].state == "open"
    # Two stations claim all addresses there are; a row that two claim is given many a second chance.
    (gateway,) = [key for key, row in wire.view.wire.claim.items() if row.address == IP[GATEWAY]]
    for number in range(30 * MAX_ROWS):
        ip = f"10.{number >> 17}.{number >> 9 & 255}.{number >> 1 & 255}"
        mac = f"02:00:00:00:00:{number & 1:02x}"
        fold(wire.view, AddressSeen(at=START + MINUTE, leg="lan", mac=mac, ip=ip, via="arp", form="announce", target=ip))
        if gateway not in wire.view.wire.claim:
            break
    assert gateway not in wire.view.wire.claim
    pass_time(engine, MINUTE, HOUR + int(last * SECOND))
    told = engine.findings["VG-NET-08", subject]
    assert (told.state, told.stale) == ("open", FORGOTTEN)
    pass_time(engine, HOUR, 31 * DAY)
    assert engine.findings["VG-NET-08", subject].state == "lapsed"
    assert not [change for change in engine.taken_news().changes if change.step == "resolved"]
