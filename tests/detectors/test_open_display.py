"""VG-NET-02 family by family: which lamps an advert lights, how bad that is, and what it is not."""

import msgspec
import pytest

from collector.engine import Engine
from detectors.open_display import OpenDisplay
from model.declared import Zone
from model.facts import DhcpClientSeen, NameSeen, PjlinkSeen, ServiceAsked, UpnpAsked
from model.screens import read
from model.times import MINUTE
from model.verdict import Grade, Outcome, Severity, Subject, Urgency
from tests.model.making import AIRPLAY, AT, CAST, DIAL, IPS, MICE, PC, RAOP, RENDERER, TV, VIDEO, Sensor, declared, registered, screen, view_of

SOUND_ONLY = "0x445F8A00,0x1C340"


def judge(facts, known=None, *, now=MINUTE, **options):
    """The verdict on the television; None when the rule does not speak about it."""
    view = view_of(facts, known, now=now)
    return OpenDisplay(**options).judge(view, Subject("asset", view.by_mac.get(TV, "nobody")))


def lamps(verdict):
    state = dict(verdict.state)
    return tuple(state[lamp] for lamp in ("enabled", "open", "in_session"))


# AirPlay: flags and features, whole and broken

AIRPLAY_TEXTS = [
    # flags, pw, open, guard
    ({"flags": "0x4"}, "yes", ""),
    ({"flags": "0x244"}, "no", "mã PIN"),
    ({"flags": "0xc"}, "no", "mã PIN"),
    ({"flags": "0x84"}, "no", "mật khẩu"),
    ({"flags": "0x8c"}, "no", "mật khẩu"),
    ({"flags": "0x404"}, "no", "tài khoản"),
    ({"flags": "0x4", "act": "2"}, "no", "tài khoản"),
    ({"flags": "0x4", "act": "1", "acl": "1"}, "yes", ""),
    ({"flags": "0x4", "pw": "true"}, "no", "mật khẩu"),
    ({"flags": "0x4", "pw": "1"}, "no", "mật khẩu"),
    ({"flags": "0x4", "pw": "TRUE"}, "no", "mật khẩu"),
    ({"pw": "true"}, "no", "mật khẩu"),
    ({"flags": "0x4", "pw": "false"}, "yes", ""),
    ({"FLAGS": "0x4"}, "yes", ""),
    ({"flags": "4"}, "yes", ""),
    ({"flags": "0X4"}, "yes", ""),
    ({"pw": "false"}, "unknown", ""),
    ({}, "unknown", ""),
    ({"flags": ""}, "unknown", ""),
    ({"flags": "-1"}, "unknown", ""),
    ({"flags": "0x"}, "unknown", ""),
    ({"flags": "0xzz"}, "unknown", ""),
    ({"flags": "1_0"}, "unknown", ""),
    ({"flags": " 0x4"}, "unknown", ""),
    ({"flags": "0x" + "f" * 400}, "unknown", ""),
    ({"flags": "9" * 5000}, "unknown", ""),
    ({"flags": "４"}, "unknown", ""),
]


@pytest.mark.parametrize(("text", "openness", "guard"), AIRPLAY_TEXTS, ids=lambda value: str(value)[:40])
def test_airplay_flags(text, openness, guard):
    verdict = judge([Sensor().service(AIRPLAY, text={"features": VIDEO, **text})])
    assert verdict.outcome is Outcome.VIOLATION
    assert lamps(verdict)[:2] == ("yes", openness)
    assert verdict.severity is (Severity.HIGH if openness == "yes" else Severity.LOW)
    assert guard in verdict.summary.vi
    assert verdict.grade is Grade.LIKELY


@pytest.mark.parametrize(
    ("features", "severity"),
    [
        (VIDEO, Severity.HIGH),
        ("0x80", Severity.HIGH),
        ("128", Severity.HIGH),
        ("0x0,0x20000", Severity.HIGH),
        ("0x2000000000000", Severity.HIGH),
        (SOUND_ONLY, Severity.LOW),
        ("0x0,0x0", Severity.LOW),
        # Not known to be sound only: what cannot be read is not counted as harmless.
        ("", Severity.HIGH),
        ("x,y", Severity.HIGH),
        ("0x1,0x2,0x3", Severity.HIGH),
        ("-0x200,0x0", Severity.HIGH),
        ("0x100000000,0x0", Severity.HIGH),
    ],
)
def test_airplay_features_tell_pictures_from_sound(features, severity):
    assert judge([Sensor().service(AIRPLAY, text={"flags": "0x4", "features": features})]).severity is severity


def test_raop_alone_is_a_loudspeaker():
    verdict = judge([Sensor().service(RAOP, instance="A4EDAF27CCD3@Loa hội trường", text={"sf": "0x4", "ft": VIDEO})])
    assert (verdict.severity, verdict.urgency) == (Severity.LOW, Urgency.REPORT)
    assert verdict.title.vi == "Loa “Loa hội trường” cho phép bất kỳ ai phát âm thanh"


# Google Cast


@pytest.mark.parametrize(
    ("text", "severity", "session"),
    [
        ({"ca": "463365", "st": "0"}, Severity.HIGH, "no"),
        ({"ca": "463365", "st": "1", "rs": "YouTube"}, Severity.HIGH, "yes"),
        ({"ca": "5"}, Severity.HIGH, "unknown"),
        ({"ca": "4", "st": "0"}, Severity.LOW, "no"),
        ({"ca": "2052", "st": "?"}, Severity.LOW, "unknown"),
        ({"ca": "x", "st": ""}, Severity.HIGH, "unknown"),
        ({}, Severity.HIGH, "unknown"),
    ],
)
def test_cast_is_open_by_design(text, severity, session):
    verdict = judge([Sensor().service(CAST, text=text)])
    assert lamps(verdict) == ("yes", "yes", session)
    assert (verdict.severity, verdict.grade) == (severity, Grade.BY_DESIGN)
    if severity is Severity.HIGH:
        assert "giao thức không có mã bảo vệ" in verdict.summary.vi


def test_the_name_of_a_cast_receiver_is_its_friendly_name():
    verdict = judge([Sensor().service(CAST, instance="Chromecast-ab12", text={"fn": "TV khu chờ"})])
    assert verdict.title.vi == "Màn hình “TV khu chờ” cho phép bất kỳ ai trình chiếu"


# The other families of DNS-SD

OTHERS = [
    (MICE, "Miracast (MS-MICE)", "unknown", Severity.LOW),
    ("_androidtvremote2._tcp.local.", "Android TV", "no", Severity.LOW),
    ("_amzn-wplay._tcp.local.", "Fire TV", "unknown", Severity.LOW),
    ("_samsungmsf._tcp.local.", "Samsung", "unknown", Severity.LOW),
    ("_viziocast._tcp.local.", "Vizio SmartCast", "unknown", Severity.LOW),
    ("_xbmc-jsonrpc-h._tcp.local.", "Kodi", "unknown", Severity.LOW),
    ("_eshare._tcp.local.", "EShare", "unknown", Severity.LOW),
    ("_pjlink._tcp.local.", "PJLink", "unknown", Severity.LOW),
    ("_spotify-connect._tcp.local.", "Spotify Connect", "yes", Severity.LOW),
    ("_sonos._tcp.local.", "Sonos", "yes", Severity.LOW),
]


@pytest.mark.parametrize(("service", "family", "openness", "severity"), OTHERS, ids=str)
def test_other_services(service, family, openness, severity):
    verdict = judge([Sensor().service(service, text={"x": "y"})])
    assert dict(verdict.state)["families"] == family
    assert (lamps(verdict)[1], verdict.severity) == (openness, severity)


@pytest.mark.parametrize("service", ["_ipp._tcp.local.", "_http._tcp.local.", "_device-info._tcp.local.", "_airplay._udp.local.", "x_airplay._tcp.local."])
def test_what_is_no_screens_service_is_no_screen(service):
    assert judge([Sensor().service(service, text={"flags": "0x4"})]) is None


def test_a_type_that_is_only_listed_is_present_and_not_known_to_be_open():
    verdict = judge([Sensor().service(AIRPLAY, instance="", port=0, text=None)])
    assert lamps(verdict)[:2] == ("yes", "unknown")
    assert verdict.severity is Severity.LOW


# SSDP

TARGETS = [
    (RENDERER, "DLNA", "yes", Severity.HIGH, Grade.BY_DESIGN),
    ("urn:schemas-upnp-org:service:AVTransport:2", "DLNA", "yes", Severity.HIGH, Grade.BY_DESIGN),
    (DIAL, "DIAL", "yes", Severity.HIGH, Grade.BY_DESIGN),
    ("roku:ecp", "Roku", "yes", Severity.HIGH, Grade.BY_DESIGN),
    ("urn:schemas-upnp-org:device:ZonePlayer:1", "Sonos", "yes", Severity.LOW, Grade.BY_DESIGN),
    ("urn:samsung.com:device:RemoteControlReceiver:1", "Samsung", "unknown", Severity.LOW, Grade.LIKELY),
    ("urn:samsung.com:service:MultiScreenService:1", "Samsung", "unknown", Severity.LOW, Grade.LIKELY),
    ("urn:lge-com:service:webos-second-screen:1", "LG webOS", "unknown", Severity.LOW, Grade.LIKELY),
    ("urn:schemas-sony-com:service:ScalarWebAPI:1", "Sony Bravia", "unknown", Severity.LOW, Grade.LIKELY),
    ("urn:schemas-sony-com:service:IRCC:1", "Sony Bravia", "unknown", Severity.LOW, Grade.LIKELY),
    ("urn:panasonic-com:service:p00NetworkControl:1", "Panasonic Viera", "unknown", Severity.LOW, Grade.LIKELY),
]


@pytest.mark.parametrize(("target", "family", "openness", "severity", "grade"), TARGETS, ids=str)
def test_upnp_targets(target, family, openness, severity, grade):
    verdict = judge([Sensor().upnp(target, server="Linux", location="http://192.168.10.31:8080/d.xml")])
    assert dict(verdict.state)["families"] == family
    assert (lamps(verdict)[1], verdict.severity, verdict.grade) == (openness, severity, grade)
    assert any("hxxp://" in piece.value for piece in verdict.evidence)
    assert not any("http://" in piece.value for piece in verdict.evidence)


def test_a_roku_is_known_by_its_usn_where_only_its_root_device_is_heard():
    verdict = judge([Sensor().upnp("upnp:rootdevice", usn="uuid:roku:ecp:YN00::upnp:rootdevice")])
    assert dict(verdict.state)["families"] == "Roku"


@pytest.mark.parametrize("target", ["upnp:rootdevice", "urn:schemas-upnp-org:device:MediaServer:1", "urn:schemas-upnp-org:device:InternetGatewayDevice:1"])
def test_other_upnp_devices_are_no_screens(target):
    assert judge([Sensor().upnp(target, server="Linux UPnP/1.1 MiniUPnPd")]) is None


def test_what_speaks_dlna_without_saying_what_it_is_is_present_and_no_more():
    verdict = judge([Sensor().upnp("urn:schemas-upnp-org:device:MediaServer:1", server="Linux DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3")])
    assert (verdict.severity, verdict.grade, lamps(verdict)) == (Severity.LOW, Grade.INFERRED, ("unknown", "unknown", "unknown"))
    assert verdict.title.vi.startswith("Có thiết bị truyền thông")


# Projectors


@pytest.mark.parametrize(
    ("form", "protected", "openness", "severity", "grade"),
    [
        ("search_answer", None, "unknown", Severity.LOW, Grade.LIKELY),
        ("notice", None, "unknown", Severity.LOW, Grade.LIKELY),
        ("greeting", False, "yes", Severity.HIGH, Grade.CONFIRMED),
        ("greeting", True, "no", Severity.LOW, Grade.CONFIRMED),
    ],
)
def test_projectors(form, protected, openness, severity, grade):
    verdict = judge([Sensor()(PjlinkSeen, mac=TV, ip=IPS[TV], form=form, protected=protected)])
    assert (lamps(verdict)[1], verdict.severity, verdict.grade) == (openness, severity, grade)


# Ports alone


@pytest.mark.parametrize(("ports", "family"), [((8008, 8009), "Google Cast"), ((7000, 7100), "AirPlay"), ((5555, 8009), "Android ADB")])
def test_ports_that_say_it_together(ports, family):
    box = Sensor()
    verdict = judge([box.port(port, accepted=True) for port in ports])
    assert dict(verdict.state)["families"] == family
    assert verdict.grade is Grade.INFERRED
    assert judge([box.port(ports[0], accepted=True), box.port(ports[1], accepted=False)]) is None


@pytest.mark.parametrize("port", [7000, 8009, 8060, 5555])
def test_one_port_alone_says_nothing(port):
    assert judge([Sensor().port(port, accepted=True)]) is None


def test_an_advert_says_it_better_than_its_ports():
    box = Sensor()
    verdict = judge([box.service(CAST, text={"ca": "5"}), box.port(8008, accepted=True), box.port(8009, accepted=True)])
    assert verdict.grade is Grade.BY_DESIGN
    assert dict(verdict.state)["families"] == "Google Cast"


# Who only asks


def test_who_only_asks_is_no_screen():
    box = Sensor()
    asked = [
        box(ServiceAsked, 0, mac=TV, ip=IPS[TV], services=(CAST, AIRPLAY, RAOP, MICE)),
        box(UpnpAsked, 1, mac=TV, ip=IPS[TV], target=DIAL),
        box(UpnpAsked, 2, mac=TV, ip=IPS[TV], target=RENDERER),
        box(NameSeen, 3, mac=TV, name="iPhone.local."),
        box(DhcpClientSeen, 4, mac=TV, message="request", host_name="Chromecast"),
    ]
    view = view_of(asked)
    assert read(view.assets[view.by_mac[TV]]) == ()
    assert judge(asked) is None
    assert list(OpenDisplay().subjects(view)) == []


# Reach

OPEN = {"features": VIDEO, "flags": "0x4"}


@pytest.mark.parametrize(
    ("role", "severity"),
    [
        ("staff", Severity.MEDIUM),
        ("display", Severity.MEDIUM),
        ("infrastructure", Severity.MEDIUM),
        ("citizen", Severity.HIGH),
        ("unlabelled", Severity.HIGH),
        (None, Severity.HIGH),
    ],
)
def test_reach_by_the_zone_where_it_is_heard(role, severity):
    known = declared(zones={"lan": role} if role else {})
    verdict = judge([Sensor().service(AIRPLAY, text=OPEN)], known)
    assert (verdict.severity, verdict.urgency) == (severity, Urgency.TICKET)


def test_a_screen_heard_on_two_networks_is_as_reachable_as_on_the_worse():
    known = declared(zones={"lan": "display", "wifi": "citizen"})
    both = [Sensor().service(AIRPLAY, MINUTE, text=OPEN), Sensor("capture:wifi", "wifi").service(AIRPLAY, 0, text=OPEN)]
    assert judge(both, known).severity is Severity.HIGH


def test_a_declared_screen_on_a_network_nobody_labelled_is_still_reachable():
    assert judge([Sensor().service(AIRPLAY, text=OPEN)], declared(screens=(screen(),))).severity is Severity.HIGH


def test_a_register_line_does_not_make_an_open_screen_safe():
    known = declared(zones={"lan": "staff"}, register=(registered(TV, "TV phòng họp"),))
    verdict = judge([Sensor().service(AIRPLAY, text=OPEN)], known)
    assert verdict.severity is Severity.MEDIUM
    assert "TV phòng họp" in verdict.title.vi


# Words


def test_the_sentence_says_what_how_and_where():
    verdict = judge([Sensor().service(AIRPLAY, instance="Màn hình phòng họp", text=OPEN)], declared(zones={"lan": "citizen"}))
    assert verdict.title.vi == "Màn hình “Màn hình phòng họp” cho phép bất kỳ ai trình chiếu"
    assert verdict.summary.vi == "“Màn hình phòng họp” (AirPlay) đang bật và không đòi mã PIN hay mật khẩu, ở mạng dành cho người dân."
    assert verdict.summary.en == "“Màn hình phòng họp” (AirPlay) is on and asks neither PIN nor password, on the citizens' network."
    assert len(verdict.remedy) == 3


def test_the_sentence_names_the_other_families():
    box = Sensor()
    verdict = judge([box.service(AIRPLAY, text=OPEN), box.service(RAOP, text={"sf": "0x4"}), box.upnp(DIAL)])
    assert verdict.summary.vi.endswith("Cũng nghe thấy: AirPlay, AirPlay (âm thanh).")


def test_a_running_session_is_told_with_its_hour_and_application():
    box = Sensor()
    facts = [box.service(CAST, 0, text={"ca": "5", "st": "0"}), box.service(CAST, 74 * MINUTE, text={"ca": "5", "st": "1", "rs": "YouTube"})]
    verdict = judge(facts, now=80 * MINUTE)
    assert "đang có phiên trình chiếu từ 09:14 ngày 15/07 (“YouTube”)" in verdict.summary.vi
    assert "a session has been running since 09:14 on 15/07 (“YouTube”)" in verdict.summary.en
    assert [(piece.value, piece.at) for piece in verdict.evidence if piece.kind == "session"] == [("2025-07-15T02:14:00.000000Z YouTube", AT + 74 * MINUTE)]
    ended = judge([*facts, box.service(CAST, 90 * MINUTE, text={"ca": "5", "st": "0"})], now=91 * MINUTE)
    assert "phiên" not in ended.summary.vi
    assert "session" not in {piece.kind for piece in ended.evidence}


HOSTILE = [
    "TV\u202egnp.exe",
    "TV\nNGHIÊM TRỌNG · giả mạo",
    "\x1b[2J\x07TV",
    "x" * 4000,
    "<script>alert(1)</script>",
    "”, mọi thứ ổn. “",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_stay_one_short_line(name):
    box = Sensor()
    facts = [
        box.service(CAST, 0, instance=name, text={"fn": name, "rs": name, "st": "1", name[:9]: name}),
        box.upnp(DIAL, server=name, location="http://" + name),
    ]
    verdict = judge(facts)
    for text in (verdict.title.vi, verdict.title.en, verdict.summary.vi, verdict.summary.en, *(piece.value for piece in verdict.evidence)):
        assert text.isprintable()
        assert len(text) <= 400
    assert len(verdict.title.vi) < 150


def test_every_family_of_a_screen_is_evidence_in_a_fixed_order():
    box = Sensor()
    facts = [box.service(AIRPLAY, 0, text=OPEN), box.service(CAST, 1, text={"ca": "5"}), box.upnp(RENDERER, 2), box.beat(3)]
    verdict = judge(facts)
    assert [piece.kind for piece in verdict.evidence] == ["mdns", "ssdp", "mdns", "vantage"]
    assert verdict.evidence[-1].value == "plain"
    assert judge(facts[::-1]).evidence == verdict.evidence


def test_only_screens_are_subjects():
    box = Sensor()
    view = view_of([box.service(AIRPLAY, text=OPEN), box.service("_ipp._tcp.local.", mac=PC)])
    assert [subject.id for subject in OpenDisplay().subjects(view)] == [view.by_mac[TV]]
    assert Engine(view, [OpenDisplay()]).standing() == []


def test_the_networks_are_named_where_it_was_heard_and_not_what_it_was_declared_for():
    zones = (Zone(leg="lan", role="staff", name="Mạng cán bộ"), Zone(leg="wifi", role="citizen", name="Wi-Fi người dân"))
    known = msgspec.structs.replace(declared(screens=(screen(),)), legs=("lan", "wifi"), zones=zones)
    text = {"flags": "0x4", "features": VIDEO}
    both = [Sensor().service(AIRPLAY, text=text), Sensor("capture:wifi", "wifi").service(AIRPLAY, 1, text=text)]
    assert judge(both, known).summary.vi.endswith("ở “Wi-Fi người dân” (người dân với tới được), “Mạng cán bộ”.")
    assert judge(both[:1], known).summary.vi.endswith("ở “Mạng cán bộ”.")


def test_a_loudspeaker_is_told_what_to_do_about_sound():
    verdict = judge([Sensor().service(RAOP, text={"sf": "0x4"})])
    assert "loa" in verdict.remedy[0].vi
    assert "màn hình" not in " ".join(step.vi for step in verdict.remedy)
