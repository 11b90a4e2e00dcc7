"""Kodi's event server: what a sender has the player do."""

import pytest

from collector.decode import kodi
from tests.decode.frames import PC, PC_IP, packet
from tests.fuzz.fuzz_kodi import message

BOX, BOX_IP = "b8:27:eb:10:20:39", "192.168.10.39"
FILM = "http://192.168.10.101:8090/a.mp4"


def told(data, port=9777):
    return kodi.decode(packet(data, mac=PC, ip=PC_IP, port=50000, peer_mac=BOX, peer_ip=BOX_IP, peer_port=port))


def action(text, kind=1):
    return message(10, bytes([kind]) + text.encode() + b"\0")


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (action(f"PlayMedia({FILM})"), ("content", "PlayMedia", FILM)),
        (action(f'PlayMedia("{FILM}",1)'), ("content", "PlayMedia", FILM)),
        (action("SlideShow(/anh)"), ("content", "SlideShow", "")),
        (action("PlayerControl(Stop)"), ("stop", "PlayerControl", "")),
        (action("PlayerControl(Next)"), ("command", "PlayerControl", "")),
        (action("Quit"), ("command", "Quit", "")),
        (action("volumeup", 2), ("command", "volumeup", "")),
        (action(f"PlayMedia({FILM})", 2), ("content", "PlayMedia", FILM)),
        (message(3, b"\0\0\0\x02\0\0KB\0a\0"), ("command", "BUTTON", "")),
        (message(4, b"\0\0\0\0\0"), ("command", "MOUSE", "")),
        (message(7, b"Title\0Text\0"), ("content", "NOTIFICATION", "")),
        (message(1, b"Remote\0"), None),
        (message(5, b""), None),
        (message(10, b"rest of a long one", part=2), None),
        (message(10, b""), None),
        (message(10, b"\x01"), None),
        (b"XBMC\x02", None),
        (b"", None),
        (b"DHT!" + bytes(60), None),
    ],
)
def test_a_packet(data, wanted):
    assert [(fact.kind, fact.action, fact.url) for fact in told(data)] == ([wanted] if wanted else [])


def test_the_sender_and_the_screen():
    [fact] = told(action("Quit"))
    assert (fact.family, fact.mac, fact.ip, fact.screen_mac, fact.screen_ip, fact.port, fact.accepted) == ("kodi", PC, PC_IP, BOX, BOX_IP, 9777, None)


def test_what_is_typed_is_not_told():
    [fact] = told(message(3, b"\0\0\0\x02\0\0KB\0matkhau\0"))
    assert "matkhau" not in str(fact)


def test_another_port_is_somebody_elses():
    assert told(action("Quit"), port=9778) == ()
