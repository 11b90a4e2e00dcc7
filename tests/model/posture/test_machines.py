"""Wire and PC about one machine meet in one asset, whatever is plugged, shared, moved, renamed or enrolled anew, and in whatever order it is heard."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.engine import Engine
from detectors.unlisted_device import UnlistedDevice
from model import privacy
from model.declared import Declared, Enrolled, RegisteredAsset, Zone
from model.endpointfacts import PcAnswered, PcHeard
from model.facts import AddressSeen, DhcpClientSeen, NameSeen
from model.posture import ask, machines
from model.posture.told import AutoLogon, Interfaces, Machine
from model.restored import restore, row_of
from model.rows import HASH
from model.site import SiteView, fold
from model.times import DAY, HOUR, MINUTE
from model.verdict import Subject

AT = 1_750_000_000_000_000_000
LAN, WIFI, DOCK, OTHER = "10:b6:76:10:20:21", "10:b6:76:10:20:22", "10:b6:76:10:20:23", "10:b6:76:10:20:24"
RANDOM = "da:b6:76:10:20:25"
VIRTUAL = "0a:00:27:00:00:0b"
_numbers = itertools.count(1)


def office(**fields) -> SiteView:
    fields.setdefault("zones", (Zone(leg="lan", role="staff"),))
    return SiteView(Declared(site="xa", legs=("lan",), **fields), key=b"k" * 32, now=AT)


def has(pc: str, *macs: str, at: int = AT) -> PcAnswered:
    return says(pc, Interfaces(macs=macs), at)


def is_board(pc: str, board: str, at: int = AT) -> PcAnswered:
    return says(pc, Machine(platform="windows", board=board), at)


def says(pc: str, told, at: int = AT) -> PcAnswered:
    return PcAnswered(at=at, sensor="endpoints", sequence=next(_numbers), pc=pc, topic=told.__struct_config__.tag, answered=at, told=told)


def frame(mac: str, at: int = AT, ip: str = "") -> AddressSeen:
    return AddressSeen(at=at, sensor="capture:lan", sequence=next(_numbers), leg="lan", mac=mac, ip=ip or f"192.168.1.{int(mac[-2:], 16)}", via="arp")


def told(view: SiteView, *facts) -> SiteView:
    for fact in facts:
        fold(view, fact)
    return view


def asset_of(view: SiteView, pc: str) -> str:
    return view.posture.pc[pc].asset


def rows(view: SiteView) -> object:
    pinned = {name: msgspec.to_builtins(row) for name, row in view.posture.pc.items()}
    return pinned, {name: msgspec.to_builtins(row) for name, row in view.assets.items()}, view.by_mac, {k: v for k, v in view.posture.by_mac.items() if v}


def reborn(view: SiteView) -> SiteView:
    """After a restart: all there is are the rows that were written."""
    written = [row_of(view, kind, name) for kind, name in sorted(view.dirty)]
    fresh = SiteView(view.declared, key=view.key, now=view.now)
    restore(fresh, [msgspec.json.decode(msgspec.json.encode(row), type=type(row)) for row in written])
    return fresh


WIRE_AND_PC = (frame(LAN, AT), frame(LAN, AT + 1), frame(WIFI, AT + 2), frame(WIFI, AT + 3), has("pc-01", LAN, WIFI, at=AT + 4), says("pc-01", AutoLogon()))


@pytest.mark.parametrize("order", list(itertools.permutations(range(6)))[::37])
def test_two_cards_and_their_pc_are_one_in_any_order_and_after_a_restart(order):
    straight = told(office(), *WIRE_AND_PC)
    mixed = told(office(), *(WIRE_AND_PC[place] for place in order))
    assert rows(mixed) == rows(straight)
    assert len(straight.assets) == 1
    assert set(straight.assets[asset_of(straight, "pc-01")].macs) == {LAN, WIFI}
    for cut in range(1, 6):
        halved = reborn(told(office(), *WIRE_AND_PC[:cut]))
        # What waits to be heard a second time is not written down.
        again = told(halved, frame(LAN, AT), frame(WIFI, AT + 2), *WIRE_AND_PC[cut:])
        assert again.by_mac == straight.by_mac
        assert len(again.assets) == 1


def test_a_dock_that_two_pcs_use_by_turns_is_nobodys_and_neither_is_the_other():
    facts = [
        has("pc-01", LAN, DOCK),
        has("pc-02", OTHER, at=AT + HOUR),
        has("pc-02", OTHER, DOCK, at=AT + DAY),
        has("pc-01", LAN, DOCK, at=AT + 2 * DAY),
    ]
    view = told(office(), *facts)
    one, two = asset_of(view, "pc-01"), asset_of(view, "pc-02")
    assert one != two
    assert (set(view.assets[one].macs), set(view.assets[two].macs)) == ({LAN}, {OTHER})
    assert machines.sharing(view, view.posture.pc["pc-01"]) == ["pc-02"]
    told(view, frame(DOCK, AT + 2 * DAY + 1), frame(DOCK, AT + 2 * DAY + 2))
    assert view.by_mac[DOCK] not in (one, two), "who is heard by the dock is told as the dock"
    for order in itertools.permutations(facts):
        assert rows(told(office(), *order)) == rows(told(office(), *facts))


def test_a_card_that_was_moved_to_another_pc_for_good_is_that_pcs():
    facts = [has("pc-01", LAN, DOCK), has("pc-01", LAN, at=AT + DAY), has("pc-02", OTHER, DOCK, at=AT + 2 * DAY), has("pc-02", OTHER, DOCK, at=AT + 3 * DAY)]
    view = told(office(), *facts)
    assert view.by_mac[DOCK] == asset_of(view, "pc-02")
    assert DOCK not in view.assets[asset_of(view, "pc-01")].macs
    for order in itertools.permutations(facts):
        assert rows(told(office(), *order)) == rows(view)
    assert reborn(view).posture.by_mac == view.posture.by_mac


def test_who_gains_and_who_loses_an_address_is_judged_again():
    view = told(office(), says("pc-01", AutoLogon()), says("pc-02", AutoLogon()))
    one, two = Subject("asset", asset_of(view, "pc-01")), Subject("asset", asset_of(view, "pc-02"))
    assert one in fold(view, has("pc-01", DOCK))
    assert {one, two} <= set(fold(view, has("pc-02", DOCK, at=AT + DAY)))
    assert two in fold(view, has("pc-01", DOCK, at=AT + 2 * DAY)), "used by turns it is nobody's"
    assert fold(view, has("pc-02", OTHER, at=AT + 3 * DAY)) == (two,)
    assert machines.claim(view, view.posture.pc["pc-02"], (OTHER,), AT + 3 * DAY) == ()


def test_a_pc_enrolled_anew_is_the_same_machine():
    facts = [
        is_board("pc-01", "b" * 16),
        has("pc-01", LAN, WIFI),
        says("pc-01", AutoLogon(on=True)),
        is_board("pc-07", "b" * 16, AT + DAY),
        has("pc-07", LAN, WIFI, at=AT + DAY),
    ]
    view = told(office(), *facts)
    assert asset_of(view, "pc-01") == asset_of(view, "pc-07")
    assert [row.id for row in ask.pcs(view, asset_of(view, "pc-01"))] == ["pc-07", "pc-01"]
    assert machines.same_board(view, view.posture.pc["pc-07"]) == ["pc-01"]
    for order in itertools.permutations(facts):
        assert rows(told(office(), *order)) == rows(view)
    again = reborn(view)
    assert machines.same_board(again, again.posture.pc["pc-07"]) == ["pc-01"]
    assert ask.latest(again, asset_of(again, "pc-07"), AutoLogon) is not None


def test_a_copied_hardware_mark_alone_joins_nobody():
    view = told(office(), is_board("pc-01", "b" * 16), has("pc-01", LAN), is_board("pc-02", "b" * 16), has("pc-02", WIFI))
    assert asset_of(view, "pc-01") != asset_of(view, "pc-02")
    assert machines.same_board(view, view.posture.pc["pc-01"]) == ["pc-02"]


def test_two_pcs_that_tell_no_hardware_are_never_taken_for_copies():
    view = told(office(), is_board("pc-01", ""), is_board("pc-02", ""))
    assert machines.same_board(view, view.posture.pc["pc-01"]) == []


def test_a_virtual_card_that_all_pcs_have_joins_nobody():
    facts = [has(f"pc-{number:02}", f"10:b6:76:10:30:{number:02x}", VIRTUAL) for number in range(1, 6)]
    view = told(office(), *facts)
    assert len(set(view.by_mac.values())) == 5
    assert VIRTUAL not in view.by_mac


def test_a_random_wifi_address_that_the_pc_says_is_its_own_is_the_pc():
    view = told(office(), frame(RANDOM), frame(RANDOM, AT + 1), has("pc-01", LAN, RANDOM))
    assert view.by_mac[RANDOM] == asset_of(view, "pc-01")
    assert len(view.assets) == 1


def test_an_address_that_changes_daily_fills_nothing():
    view = office()
    for day in range(100):
        fold(view, has("pc-01", LAN, f"da:00:00:00:00:{day:02x}", at=AT + day * DAY))
    assert len(view.posture.pc["pc-01"].macs) == machines.MAX_MACS
    assert LAN in view.posture.pc["pc-01"].macs
    assert sum(bool(names) for names in view.posture.by_mac.values()) == machines.MAX_MACS
    told(view, *(frame(f"da:00:00:00:00:{day:02x}", AT + 100 * DAY + turn) for day in range(100) for turn in (0, 1)))
    assert len(view.assets[asset_of(view, "pc-01")].macs) <= 32


def test_a_pc_that_was_renamed_stays_the_same():
    view = told(office(), has("pc-01", LAN), frame(LAN), frame(LAN, AT + 1))
    for second, name in enumerate(("PC-CU", "PC-MOI")):
        fold(view, NameSeen(at=AT + 2 + second, sensor="capture:lan", sequence=next(_numbers), leg="lan", mac=LAN, name=name, via="nbns"))
    assert len(view.assets) == 1
    assert set(view.assets[asset_of(view, "pc-01")].names) >= {"nbns:PC-CU", "nbns:PC-MOI"}


def test_a_finding_about_the_station_becomes_the_pcs_and_keeps_its_id():
    view = office(register=())
    engine = Engine(view, [UnlistedDevice()])
    engine.tick(AT)
    for at in (AT, AT + 1):
        engine.take(frame(LAN, at))
    (before,) = engine.findings.values()
    engine.take(has("pc-01", LAN, at=AT + MINUTE))
    (after,) = engine.findings.values()
    assert (after.id, after.subject) == (before.id, Subject("asset", asset_of(view, "pc-01")))


def test_a_look_up_pc_on_the_citizens_segment_is_no_citizens_device_once_it_is_enrolled():
    zones = (Zone(leg="lan", role="citizen"),)
    view = told(office(zones=zones, enrolled=(Enrolled(id="may-tra-cuu", use="kiosk"),)), frame(LAN), frame(LAN, AT + 1))
    station = view.assets[view.by_mac[LAN]]
    assert privacy.personal(view, station)
    told(view, has("may-tra-cuu", LAN, at=AT + MINUTE))
    assert not privacy.personal(view, view.assets[asset_of(view, "may-tra-cuu")])


def test_a_look_up_pc_that_the_list_knows_by_its_address_is_no_citizens_device_before_it_reports():
    zones = (Zone(leg="lan", role="citizen"),)
    view = told(office(zones=zones, enrolled=(Enrolled(id=LAN, use="kiosk"),)), frame(LAN), frame(LAN, AT + 1), frame(WIFI), frame(WIFI, AT + 1))
    assert not privacy.personal(view, view.assets[view.by_mac[LAN]])
    assert privacy.personal(view, view.assets[view.by_mac[WIFI]])


def test_a_device_that_was_written_down_as_a_hash_is_known_again_by_its_pc():
    zones = (Zone(leg="lan", role="citizen"),)
    view = told(office(zones=zones), frame(LAN), frame(LAN, AT + 1))
    station = view.assets[view.by_mac[LAN]]
    fresh = SiteView(view.declared, key=view.key, now=AT + HOUR)
    restore(fresh, [msgspec.structs.replace(station, macs={HASH + station.id: station.macs[LAN]}, ips={}), view.segments["lan"]])
    told(fresh, has("may-tra-cuu", LAN, at=AT + HOUR))
    assert list(fresh.assets) == [asset_of(fresh, "may-tra-cuu")]
    assert set(fresh.assets[asset_of(fresh, "may-tra-cuu")].macs) == {LAN}


def test_a_citizens_phone_beside_an_enrolled_pc_stays_a_hash():
    zones = (Zone(leg="lan", role="citizen"),)
    view = told(office(zones=zones), has("may-tra-cuu", LAN), frame(LAN), frame(LAN, AT + 1), frame(RANDOM), frame(RANDOM, AT + 1))
    assert privacy.personal(view, view.assets[view.by_mac[RANDOM]])


def test_what_the_register_says_of_one_card_holds_for_the_pc():
    view = office(register=(RegisteredAsset(mac=WIFI, name="Máy quầy 1", role="staff"),), zones=(Zone(leg="lan", role="citizen"),))
    told(view, has("pc-01", LAN, WIFI), frame(LAN), frame(LAN, AT + 1))
    assert view.role(view.assets[asset_of(view, "pc-01")]) == "staff"


def test_a_check_in_after_long_silence_is_news():
    view = office()
    heard = [PcHeard(at=AT + at, sensor="endpoints", sequence=next(_numbers), pc="pc-01") for at in (0, MINUTE, 2 * HOUR)]
    touched = [fold(view, each) for each in heard]
    assert [bool(each) for each in touched] == [True, False, True]


# Claims of three PCs, two of which may be one machine; the wire hears the cards that are never shared.
_TIMES = st.integers(0, 5).map(lambda hours: AT + hours * HOUR)
_CLAIMS = st.builds(has, st.sampled_from(["pc-01", "pc-02", "pc-03"]), st.sampled_from([DOCK, VIRTUAL]), at=_TIMES)
_OWN = st.integers(1, 3).flatmap(lambda number: st.builds(has, st.just(f"pc-0{number}"), st.just(f"10:b6:76:10:30:0{number}"), at=_TIMES))
_BOARDS = st.sampled_from([("pc-01", "a" * 16), ("pc-02", "a" * 16), ("pc-03", "c" * 16)]).map(lambda pair: is_board(*pair))
_WIRE = st.integers(1, 3).flatmap(lambda number: st.builds(frame, st.just(f"10:b6:76:10:30:0{number}"), _TIMES))


@given(facts=st.lists(st.one_of(_CLAIMS, _OWN, _BOARDS, _WIRE), max_size=9), random=st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_claims_end_the_same_in_any_order(facts, random):
    earned = [frame(f"10:b6:76:10:30:0{number}", AT + turn) for number in (1, 2, 3) for turn in (0, 1)]
    shuffled = facts[:]
    random.shuffle(shuffled)
    assert rows(told(office(), *earned, *shuffled)) == rows(told(office(), *earned, *facts))


@given(facts=st.lists(st.one_of(_CLAIMS, _OWN, _BOARDS), max_size=9))
@settings(max_examples=100, deadline=None)
def test_every_address_is_of_one_asset_that_exists(facts):
    view = told(office(), *facts)
    for mac, asset in view.by_mac.items():
        assert mac in view.assets[asset].macs
    assert all(row.asset in view.assets for row in view.posture.pc.values())
    assert {pc for names in view.posture.by_asset.values() for pc in names} == set(view.posture.pc)


def test_dhcp_of_a_card_that_the_pc_claimed_first():
    view = told(office(), has("pc-01", LAN))
    fold(view, DhcpClientSeen(at=AT, sensor="capture:lan", sequence=next(_numbers), leg="lan", mac=LAN, message="request", host_name="PC-01"))
    assert view.by_mac[LAN] == asset_of(view, "pc-01")
    assert view.assets[asset_of(view, "pc-01")].dhcp is not None
