"""Whom the sensor asks what, out of what core knows and people declared."""

import pytest

from collector.config.screens import Asked as Configured
from collector.sensors.screens.targets import MAX_SCREENS, Asked, targets_of
from model.facts import AddressSeen, PjlinkSeen
from model.rows import HASH
from model.times import DAY, HOUR
from tests.model.making import AIRPLAY, AT, CAST, DIAL, IPS, PC, RAOP, RENDERER, TV, Sensor, declared, screen, view_of

ALL = ("pjlink", "ntcontrol", "dlna", "airplay", "cast", "cast-status", "dial", "roku", "samsung", "kodi")
ROKU = "roku:ecp"


def questions(facts, *, known=None, wanted=ALL, now=0):
    view = view_of(facts, known)
    found = targets_of(view.assets.values(), {"lan": view.declared}, wanted, AT + now)
    return {(question.family, question.ip, question.port, question.advertised) for target in found for question in target.questions}


def seen(box):
    return [box(AddressSeen, n, mac=TV, ip=IPS[TV]) for n in (0, 1)]


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (lambda box: box.service(AIRPLAY, port=7001), {("airplay", 7001)}),
        (lambda box: box.service(RAOP, port=5000), {("airplay", 5000)}),
        (lambda box: box.service(CAST, port=8009), {("cast", 8008), ("cast-status", 8009)}),
        (lambda box: box.service("_xbmc-jsonrpc-h._tcp.local.", port=8081), {("kodi", 8081)}),
        (lambda box: box.service("_xbmc-jsonrpc._tcp.local.", port=9090), set()),
        (lambda box: box.service("_display._tcp.local.", port=7250), set()),
        (lambda box: box.service("_ipp._tcp.local.", port=631), set()),
        (lambda box: box.upnp(RENDERER, location=f"http://{IPS[TV]}:49494/d.xml"), {("dlna", 49494)}),
        (lambda box: box.upnp(DIAL, location=f"http://{IPS[TV]}:8008/d.xml"), {("dial", 8008)}),
        (lambda box: box.upnp(ROKU, location=f"http://{IPS[TV]}:8060/"), {("roku", 8060)}),
        (lambda box: box.upnp("upnp:rootdevice", usn="uuid:roku:ecp:1", location=f"http://{IPS[TV]}:8060/"), {("roku", 8060)}),
        (lambda box: box.upnp("urn:samsung.com:device:RemoteControlReceiver:1", location=f"http://{IPS[TV]}:7676/x"), {("samsung", 8001)}),
        (lambda box: box(PjlinkSeen, mac=TV, form="search_answer", line="%2ACKN=x"), {("pjlink", 4352)}),
    ],
)
def test_an_advert_says_what_is_asked_where(fact, expected):
    box = Sensor()
    found = questions([*seen(box), fact(box)])
    assert {(family, port) for family, _, port, _ in found} == expected
    assert {ip for _, ip, _, _ in found} <= {IPS[TV]}


@pytest.mark.parametrize(
    "location",
    [
        "http://192.168.10.1:80/d.xml",
        "http://127.0.0.1:8080/d.xml",
        "http://router/d.xml",
        f"https://{IPS[TV]}:1/d",
        f"http://{IPS[TV]}/d.xml",
        f"http://u@{IPS[TV]}:80/",
        f"http://{IPS[TV]}:80@192.0.2.1/",
        "http://[fe80::1]:80/d",
        f"http://{IPS[TV]}:4x/",
        "",
    ],
)
def test_a_location_that_is_not_the_screens_own_is_not_asked(location):
    box = Sensor()
    assert questions([*seen(box), box.upnp(RENDERER, location=location)]) == set()


def test_a_declared_screen_is_asked_where_its_kind_would_answer_except_what_might_wake_it():
    box = Sensor()
    known = declared(screens=(screen(),))
    found = questions(seen(box), known=known)
    assert found == {(family, IPS[TV], port, False) for family, port in KNOWN_PORTS.items()}
    assert questions(seen(box)) == set()


KNOWN_PORTS = {"pjlink": 4352, "ntcontrol": 1024, "airplay": 7000, "cast": 8008, "roku": 8060, "samsung": 8001, "kodi": 8080}


def test_what_a_declared_screen_advertises_is_not_guessed_as_well():
    box = Sensor()
    found = questions([*seen(box), box.service(AIRPLAY, port=7001)], known=declared(screens=(screen(),)))
    assert {(port, said) for family, _, port, said in found if family == "airplay"} == {(7001, True)}


def test_only_what_is_wanted_is_asked():
    box = Sensor()
    assert questions([*seen(box), box.service(CAST), box.service(AIRPLAY)], wanted=("cast",)) == {("cast", IPS[TV], 8008, True)}
    assert questions([*seen(box), box.service(CAST)], wanted=()) == set()


def test_a_screen_that_said_goodbye_is_asked_whether_it_is_off():
    box = Sensor()
    found = questions([*seen(box), box.service(AIRPLAY, port=7000), box.service(AIRPLAY, 1, alive=False, text=None)])
    assert {(family, port) for family, _, port, _ in found} == {("airplay", 7000)}


def test_one_unseen_for_a_day_is_not_asked():
    facts = [*seen(box := Sensor()), box.service(AIRPLAY)]
    assert questions(facts, now=23 * HOUR)
    assert questions(facts, now=DAY + HOUR) == set()


def test_screens_of_other_legs_and_tags_and_citizens_devices_are_not_asked():
    box = Sensor()
    assert questions([box.service(AIRPLAY, vlan=(10,)), box.service(AIRPLAY, 1, vlan=(10,))]) == set()
    assert questions([Sensor("capture:wifi", "wifi").service(AIRPLAY)]) == set()
    view = view_of([*seen(box), box.service(AIRPLAY)])
    asset = view.assets[view.by_mac[TV]]
    asset.macs = {HASH + asset.id: asset.seen}
    assert targets_of([asset], {"lan": view.declared}, ALL, AT) == []


def test_the_last_address_is_asked():
    box = Sensor()
    facts = [*seen(box), box.service(AIRPLAY, 2, ip="192.168.10.99"), box(AddressSeen, HOUR, mac=PC, ip=IPS[PC])]
    assert {ip for _, ip, _, _ in questions(facts)} == {"192.168.10.99"}


def test_a_network_full_of_made_up_screens_is_asked_within_bounds():
    box = Sensor()
    facts = [box.service(AIRPLAY, n, mac=f"02:00:00:00:{n >> 8:02x}:{n & 255:02x}", ip=f"192.168.{n >> 8}.{n & 255}") for n in range(1, 400)]
    facts += [box.service(AIRPLAY, 500 + n, instance=str(n), port=7000 + n) for n in range(60)]
    view = view_of(facts)
    found = targets_of(view.assets.values(), {"lan": view.declared}, ALL, AT)
    assert len(found) == MAX_SCREENS
    assert found[0].macs == (TV,)
    assert max(len(target.questions) for target in found) <= 16


def test_the_configuration_offers_what_the_sensor_can_ask():
    assert Configured == Asked
    assert set(ALL) == set(Asked.__args__)
