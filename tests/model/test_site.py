"""The view: who is who, what is kept, and what is given up when there is no room."""

from typing import Any, get_args

import msgspec
import pytest

from model.assets import sight
from model.facts import AddressSeen, AnyFact, DhcpClientSeen, NameSeen, PortAnswered, ServiceAsked, UpnpAsked
from model.restored import restore, row_of
from model.rows import MAX_ADDRESSES, MAX_NAMES, MAX_PORTS, MAX_SERVICES, Asset, Episode, Leg, Segment, Sighting
from model.rows import Sensor as SensorRow
from model.site import _FOLDS, SiteView, fold
from model.times import HOUR, MINUTE
from model.verdict import Subject
from model.wire import ROWS
from tests.model.making import AIRPLAY, AT, BOX, CAST, DIAL, IPS, PC, PHONE, RENDERER, TV, Sensor, declared, dump, registered, screen, view_of

KINDS: dict[str, Any] = {"asset": Asset, "segment": Segment, "leg": Leg, "sensor": SensorRow, "episode": Episode, **ROWS}


def only(view: SiteView) -> Asset:
    [asset] = view.assets.values()
    return asset


def seen(box: Sensor, mac: str, after: int = 0, ip: str = "") -> AddressSeen:
    return box(AddressSeen, after, mac=mac, ip=ip or IPS[mac])


def met(box: Sensor, mac: str, after: int = 0) -> ServiceAsked:
    """A fact that earns an asset at once."""
    return box(ServiceAsked, after, mac=mac, ip=IPS.get(mac, ""), services=(CAST,))


# Identity


def test_an_id_is_stable_and_cannot_be_turned_back_without_the_key():
    ids = {SiteView(declared(), key=key).asset_id(TV) for key in (b"", b"k" * 32, b"l" * 32)}
    assert len(ids) == 3
    assert SiteView(declared(), key=b"k" * 32).asset_id(TV) in ids
    assert SiteView(declared(), key=b"k" * 32).asset_id(PC) not in ids


def test_an_address_heard_once_waits_until_it_is_heard_again():
    box = Sensor()
    view = view_of([seen(box, PC)])
    assert view.assets == {}
    fold(view, seen(box, PC, MINUTE))
    asset = only(view)
    assert (asset.seen.first, asset.seen.last) == (AT, AT + MINUTE)
    assert asset.macs == {PC: Sighting(AT, AT + MINUTE)}
    assert asset.ips == {IPS[PC]: Sighting(AT, AT + MINUTE)}


def test_what_was_heard_while_waiting_is_not_lost_when_something_else_earns_the_asset():
    box = Sensor()
    view = view_of([seen(box, PC, 0, "192.168.10.99"), met(box, PC, MINUTE)])
    assert set(only(view).ips) == {"192.168.10.99", IPS[PC]}
    assert view.by_ip["192.168.10.99"] == only(view).id
    assert view.probation == {}


def test_a_flood_of_new_addresses_fills_only_the_small_cache():
    box = Sensor()
    view = view_of([seen(box, f"02:00:00:00:{n >> 8:02x}:{n & 255:02x}", n, "10.0.0.1") for n in range(1000)], max_probation=50)
    assert len(view.probation) == 50
    assert view.assets == {}
    assert view.evicted == 950


def test_a_link_without_addresses_knows_stations_by_their_ip():
    box = Sensor()
    view = view_of([box.service(AIRPLAY, mac="", ip="10.0.0.5")])
    assert (only(view).macs, set(only(view).ips)) == ({}, {"10.0.0.5"})


def test_a_station_with_neither_address_is_nobody():
    box = Sensor()
    view = view_of([box(NameSeen, name="x.local."), box.service(CAST, mac="", ip="")])
    assert view.assets == {}


@pytest.mark.parametrize("ip", ["0.0.0.0", "::"])
def test_the_address_of_a_probe_is_nobodys(ip):
    view = view_of([met(Sensor(), PC), Sensor()(AddressSeen, 1, mac=PC, ip=ip)])
    assert ip not in only(view).ips
    assert ip not in view.by_ip


def test_an_address_goes_to_who_used_it_last():
    box = Sensor()
    early, late = seen(box, PC, 0, "10.0.0.7"), seen(box, PHONE, HOUR, "10.0.0.7")
    for order in ([early, late], [late, early]):
        view = view_of([met(box, PC), met(box, PHONE), *order])
        assert view.by_ip["10.0.0.7"] == view.by_mac[PHONE]
        assert "10.0.0.7" in view.assets[view.by_mac[PC]].ips


def test_a_screen_behind_a_proxy_becomes_the_station_that_uses_its_address():
    box = Sensor()
    proxied = box.service(AIRPLAY, 0, mac=PC, ip=IPS[PC], owner_ip=IPS[TV], text={"flags": "0x4"})
    view = view_of([proxied])
    lesser = only(view)
    assert lesser.macs == {}
    touched = [subject for fact in (seen(box, TV, 1), seen(box, TV, 2)) for subject in fold(view, fact)]
    asset = only(view)
    assert set(asset.macs) == {TV}
    assert AIRPLAY + "|TV" in asset.services
    assert view.aliases == {lesser.id: asset.id}
    assert {Subject("asset", lesser.id), Subject("asset", asset.id)} <= set(touched)
    assert ("asset", lesser.id) in view.gone


def test_the_proxy_itself_is_no_screen():
    box = Sensor()
    view = view_of([met(box, PC), box.service(AIRPLAY, 0, mac=PC, ip=IPS[PC], owner_ip=IPS[TV])])
    assert view.assets[view.by_mac[PC]].services == {}


# Room


def test_the_asset_first_met_makes_room():
    box = Sensor()
    view = view_of([met(box, PC), met(box, PHONE, 1), met(box, BOX, 2)], max_assets=2)
    assert set(view.by_mac) == {PHONE, BOX}
    assert view.evicted == 1
    assert len(view.evictees) == 1
    assert set(view.by_ip.values()) == set(view.assets)


def test_what_is_declared_or_has_a_finding_never_makes_room():
    box = Sensor()
    known = declared(screens=(screen(TV),), register=(registered(PC),))
    view = view_of([met(box, TV), met(box, PC), met(box, PHONE)], known, max_assets=3)
    view.pinned.add(view.by_mac[PHONE])
    fold(view, met(box, BOX, 1))
    assert set(view.by_mac) == {TV, PC, PHONE}
    assert view.overflowed == 1
    assert view.evicted == 0


def test_one_that_comes_back_after_making_room_is_written_again():
    box = Sensor()
    view = view_of([met(box, PC), met(box, PHONE, 1), met(box, PC, 2)], max_assets=1)
    key = ("asset", view.by_mac[PC])
    assert key in view.dirty
    assert key not in view.gone
    assert view.dirty.isdisjoint(view.gone)


def test_a_full_table_gives_up_what_was_not_seen_for_longest():
    table = {}
    for day in range(MAX_ADDRESSES + 5):
        assert sight(table, f"ip{day:03}", day)
    assert len(table) == MAX_ADDRESSES
    assert min(table) == "ip005"
    assert not sight(table, "late", 1)
    assert sight(table, "ip005", 1)
    assert table["ip005"].first == 1


def test_every_table_of_an_asset_is_bounded():
    box = Sensor()
    facts = []
    for n in range(200):
        facts += [
            box.service(CAST, n, instance=f"n{n}"),
            box.upnp(RENDERER, n, usn=f"uuid:{n}::x"),
            box.upnp(RENDERER, n, usn=f"uuid:{n}::x", alive=False),
            box(NameSeen, n, mac=TV, name=f"n{n}"),
            box(AddressSeen, n, mac=TV, ip=f"10.0.{n}.1"),
            box(ServiceAsked, n, mac=TV, services=(f"_{n}._tcp.local.",)),
            box(UpnpAsked, n, mac=TV, target=f"t{n}"),
            box.port(n, n, accepted=True),
            box(NameSeen, n, mac=TV, name="x", vlan=(n,)),
        ]
    asset = only(view_of(facts))
    assert len(asset.services) == len(asset.upnp) == MAX_SERVICES
    assert len(asset.left) <= MAX_SERVICES
    assert len(asset.ports) == MAX_PORTS
    assert len(asset.names) == MAX_NAMES
    assert max(len(table) for table in (asset.ips, asset.asked, asset.segments)) == MAX_ADDRESSES


def test_a_scan_does_not_push_out_the_ports_that_matter():
    box = Sensor()
    advert = box.service(AIRPLAY, 0, port=7000)
    view = view_of([advert, box.port(7000, 1), box.port(8009, 2, accepted=True)])
    for number in range(20_000, 20_400):
        touched = fold(view, box.port(number, 10))
        assert touched == (), "a refusal by a port nobody offered is no news"
    assert {7000, 8009} <= set(only(view).ports)
    assert len(only(view).ports) == MAX_PORTS


# What touches


def test_hearing_the_same_advert_again_is_news_only_after_a_while():
    box = Sensor()
    view = view_of([box.service(CAST, 0, text={"st": "0"})])
    assert fold(view, box.service(CAST, MINUTE, text={"st": "0"})) == ()
    fold(view, seen(box, TV, 30 * MINUTE))
    # The station was heard a minute ago, its advert was not: an unknown screen must be looked at again.
    assert fold(view, box.service(CAST, 31 * MINUTE, text={"st": "0"})) == (Subject("asset", only(view).id),)


@pytest.mark.parametrize("make", [lambda box, at: box.upnp(DIAL, at), lambda box, at: box.service(CAST, at)])
def test_a_goodbye_is_news(make):
    box = Sensor()
    first = make(box, 0)
    view = view_of([first])
    later = msgspec.structs.replace(make(box, 1), alive=False)
    assert fold(view, later) == (Subject("asset", only(view).id),)


def test_every_heartbeat_is_news():
    box = Sensor()
    view = view_of([box.beat(0)])
    assert fold(view, box.beat(1)) == (Subject("sensor", box.name),)


# Fold


def test_a_release_takes_nothing_of_what_the_request_told():
    box = Sensor()
    request = box(DhcpClientSeen, 0, mac=PC, message="request", host_name="PC-01", parameters=(1, 3))
    release = box(DhcpClientSeen, 1, mac=PC, message="release")
    for order in ([request, release], [release, request]):
        assert only(view_of(order)).dhcp.value.parameters == (1, 3)


def test_a_goodbye_ends_all_types_of_the_device_and_no_other_device():
    box = Sensor()
    usns = {target: f"uuid:one::{target}" for target in (RENDERER, DIAL)}
    heard = [box.upnp(target, 0, usn=usn) for target, usn in usns.items()]
    other = box.upnp(RENDERER, 0, usn="uuid:two::x")
    view = view_of([*heard, other, box.upnp(RENDERER, 1, usn=usns[RENDERER], alive=False)])
    assert {row.usn: row.alive.value for row in only(view).upnp.values()} == {usns[RENDERER]: False, usns[DIAL]: False, "uuid:two::x": True}


def test_ports_name_their_senders_up_to_eight():
    box = Sensor()
    view = view_of([box(PortAnswered, n, mac=TV, port=7000, accepted=True, peer_mac=f"02:00:00:00:00:{n:02x}") for n in range(20)])
    assert only(view).ports[7000].peers == [f"02:00:00:00:00:{n:02x}" for n in range(8)]


def test_tagged_frames_are_segments_of_their_own():
    box = Sensor()
    view = view_of([box(NameSeen, 0, mac=PC, name="x", vlan=vlan) for vlan in ((), (10,), (10, 20))])
    assert set(view.segments) == {"lan", "lan/10", "lan/10.20"}
    assert set(only(view).segments) == set(view.segments)


def test_a_role_comes_from_the_register_then_the_screens_then_the_zone_seen_last():
    box = Sensor()
    facts = [met(box, TV), met(Sensor("capture:wifi", "wifi"), TV, 1)]
    zones = {"lan": "staff", "wifi": "citizen"}
    asset = only(view_of(facts))
    assert view_of(facts, declared(zones=zones)).role(asset) == "citizen"
    assert view_of(facts, declared(zones=zones, screens=(screen(TV),))).role(asset) == "display"
    assert view_of(facts, declared(zones=zones, screens=(screen(TV),), register=(registered(TV),))).role(asset) == "staff"
    assert view_of(facts).role(asset) == "unlabelled"


def test_the_best_vantage_of_an_assets_legs_counts():
    box, wifi = Sensor(), Sensor("capture:wifi", "wifi")
    view = view_of([met(box, TV), box.beat(1)])
    assert view.vantage(only(view)) == "plain"
    fold(view, met(wifi, TV, 2))
    fold(view, wifi.beat(3, vantage="mirror"))
    assert view.vantage(only(view)) == "mirror"
    assert view_of([met(box, TV)]).vantage(only(view)) == "unknown"


# Clocks


def test_a_clock_set_back_leaves_nothing_in_the_future():
    box = Sensor()
    view = view_of([box.beat(0), box.service(CAST, HOUR, text={"st": "1"}), box.port(8009, HOUR, accepted=True), box.beat(HOUR)])
    view.dirty.clear()
    view.new_epoch(AT - 24 * HOUR)
    assert view.epoch == 1
    rows = [row for table in (view.assets, view.segments, view.legs, view.sensors, view.episodes) for row in table.values()]
    spans = [row.seen for row in rows] + list(only(view).sightings())
    assert max(span.last for span in spans) <= view.now == AT - 24 * HOUR
    assert {kind for kind, _ in view.dirty} == {"asset", "segment", "leg", "sensor", "episode"}


def test_after_a_clock_set_back_the_new_words_win_over_those_of_the_future():
    box = Sensor()
    view = view_of([box.service(CAST, HOUR, text={"st": "1"})])
    view.new_epoch(AT - 24 * HOUR)
    fold(view, box.service(CAST, -23 * HOUR, text={"st": "0"}))
    assert only(view).services[CAST + "|TV"].text["st"] == "0"
    assert [row.ended.value for row in view.episodes.values()] == [True]


# Rows in and out


def everything() -> SiteView:
    box = Sensor()
    facts = [
        box.beat(0), met(box, PC), box.service(CAST, 1, text={"st": "1", "rs": "YouTube"}), box.upnp(DIAL, 2), box.upnp(DIAL, 3, alive=False),
        box.port(7000, 4), seen(box, PC, 5), box(DhcpClientSeen, 6, mac=PHONE, message="request", parameters=(1,)),
    ]  # fmt: skip
    return view_of(facts)


def test_rows_restored_from_bytes_are_the_same_view():
    view = everything()
    rows = [msgspec.json.decode(msgspec.json.encode(row_of(view, kind, key)), type=KINDS[kind]) for kind, key in sorted(view.dirty)]
    again = SiteView(declared(), now=AT)
    restore(again, rows)
    assert dump(again) == dump(view)
    assert (again.by_mac, again.by_ip) == (view.by_mac, view.by_ip)
    assert row_of(view, "asset", "nobody") is None


def test_a_fold_marks_every_row_it_changed():
    view = everything()
    before = dump(view)
    view.dirty.clear()
    box = Sensor("capture:b")
    for fact in (box.service(CAST, HOUR, text={"st": "0"}), box.beat(HOUR), box.port(1, HOUR, mac=PHONE)):
        fold(view, fact)
    after = dump(view)
    changed = {(kind, key) for kind, rows in after.items() for key, row in rows.items() if before[kind].get(key) != row}
    assert changed <= view.dirty
    assert {kind for kind, _ in changed} == {"asset", "segment", "leg", "sensor", "episode"}


@pytest.mark.parametrize("kind", get_args(AnyFact), ids=lambda kind: kind.__name__)
def test_every_kind_of_fact_is_folded(kind):
    assert kind in _FOLDS
