"""VG-NET-03: who pushed what to which screen, how bad it is, what is lawful, and that ten seconds are not lost."""

from __future__ import annotations

from typing import Any

import pytest

from collector.engine import Engine
from detectors.display_takeover import DisplayTakeover
from model.acts import Act, ActRefusedError
from model.declared import RegisteredAsset, Screen
from model.facts import DhcpClientSeen, SensorHeard
from model.restored import restore, row_of
from model.site import SiteView, fold
from model.times import HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Subject, Urgency, Verdict
from model.wire import pushes
from model.wirefacts import ScreenPushed
from model.wording import display_takeover as words
from tests.model.making import AIRPLAY, AT, CAST, DIAL, IPS, KEY, PC, PHONE, RAOP, RENDERER, TV, Sensor, declared, dump, view_of

HALL = Screen(mac=TV, name="TV sảnh", place="Sảnh tầng 1")
# What a sender of RAOP says, from beginning to end.
SESSION = (("session", "ANNOUNCE"), ("session", "RECORD"), ("stop", "TEARDOWN"))
MEDIA = "http://192.168.10.51:8080/video.mp4?token=1"


def push(box: Sensor, after: int = 0, mac: str = PHONE, **fields: Any) -> ScreenPushed:
    said = {"family": "dlna", "kind": "content", "action": "SetAVTransportURI", "url": MEDIA, "accepted": True, **fields}
    return box(ScreenPushed, after, mac=mac, ip=IPS[mac], screen_mac=TV, screen_ip=IPS[TV], port=49494, **said)


def mirror(box: Sensor) -> SensorHeard:
    return box.beat(vantage="mirror")


def judged(view: SiteView, **options: Any) -> Verdict:
    verdict = DisplayTakeover(**options).judge(view, Subject("asset", view.by_mac[TV]))
    assert verdict is not None
    return verdict


def seen(*facts: Any, screens: tuple[Screen, ...] | None = (HALL,), now: int = 0, zone: str = "citizen", **known: Any) -> SiteView:
    box = Sensor()
    return view_of([mirror(box), box.upnp(RENDERER), *(fact(box) for fact in facts)], declared(zones={"lan": zone}, screens=screens, **known), now=now)


def test_a_picture_from_a_strange_phone_is_critical_and_wakes_the_on_call():
    verdict = judged(seen(push))
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (Outcome.VIOLATION, Severity.CRITICAL, Grade.CONFIRMED, Urgency.PAGE)
    assert "TV sảnh" in verdict.title.vi
    assert "Sảnh tầng 1" in verdict.summary.vi
    assert "DLNA" in verdict.summary.vi


def test_the_media_is_told_and_the_sender_is_not():
    asked = {"message": "request", "host_name": "May-cua-Lan", "vendor_class": "android-dhcp-14", "parameters": (1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114)}
    view = seen(lambda box: box(DhcpClientSeen, mac=PHONE, **asked), push)
    verdict = judged(view)
    told = " ".join([verdict.summary.vi, verdict.summary.en, verdict.title.vi, *(piece.value for piece in verdict.evidence)])
    assert "/video.mp4" in told
    assert "token" not in told
    for secret in (IPS[PHONE], PHONE, "Lan"):
        assert secret not in told
        assert secret not in str(dump(view)["pushes"])
    assert "điện thoại Android" in verdict.summary.vi
    assert view.by_mac[PHONE] in told


def test_an_approved_sender_is_a_session_and_no_finding():
    screen = Screen(mac=TV, name="TV sảnh", approved_senders=(PC,))
    register = (RegisteredAsset(mac=PC, name="PC phòng họp"),)
    verdict = judged(seen(lambda box: push(box, mac=PC), screens=(screen,), register=register))
    assert verdict.outcome is Outcome.CLEAR
    assert "PC phòng họp" in verdict.summary.vi


def test_an_approved_sender_outside_the_hours_is_told_as_likely():
    screen = Screen(mac=TV, name="TV sảnh", approved_senders=(IPS[PC],), hours="13:00-17:00")
    verdict = judged(seen(lambda box: push(box, mac=PC), screens=(screen,)))
    assert (verdict.severity, verdict.grade) == (Severity.HIGH, Grade.LIKELY)
    assert "Ngoài khung giờ" in verdict.summary.vi


@pytest.mark.parametrize(
    ("how", "severity", "said"),
    [
        ({"kind": "command", "action": "POWR 0", "family": "pjlink", "url": ""}, Severity.HIGH, "gửi lệnh"),
        ({"kind": "stop", "action": "Stop", "url": ""}, Severity.HIGH, "gửi lệnh"),
        ({"accepted": False}, Severity.HIGH, "từ chối"),
        ({"guarded": True}, Severity.HIGH, "PIN"),
        ({"kind": "session", "family": "mice", "action": "SOURCE_READY", "guarded": False}, Severity.CRITICAL, "Miracast"),
        ({"accepted": None}, Severity.CRITICAL, "DLNA"),
    ],
)
def test_how_bad_a_push_is(how, severity, said):
    verdict = judged(seen(lambda box: push(box, **how)))
    assert verdict.severity is severity
    assert said in verdict.summary.vi


def test_volume_commands_do_not_push_the_picture_out():
    later = [lambda box, n=n: push(box, n * SECOND, kind="command", action="SetVolume", url="") for n in range(1, 200)]
    verdict = judged(seen(push, *later, now=200 * SECOND))
    assert verdict.severity is Severity.CRITICAL


def test_a_device_that_only_answers_on_such_a_port_is_no_screen():
    box = Sensor()
    view = view_of([mirror(box), push(box, accepted=None)], declared(zones={"lan": "citizen"}))
    assert DisplayTakeover().judge(view, Subject("asset", view.by_mac[TV])) is None
    fold(view, push(box, SECOND))
    assert judged(view).severity is Severity.CRITICAL


def test_what_goes_to_the_internet_concerns_no_screen_here():
    box = Sensor()
    view = view_of([push(box, mac=PC)], declared())
    before = set(view.wire.pushes)
    fold(view, box(ScreenPushed, mac=PHONE, ip=IPS[PHONE], screen_mac=TV, screen_ip="8.8.8.8", family="dial", kind="content"))
    assert set(view.wire.pushes) == before


def test_a_phone_that_only_lists_receivers_wakes_nobody():
    verdict = judged(
        seen(lambda box: box.service(CAST, text={"ca": "5", "st": "0"}), lambda box: push(box, family="cast", kind="session", url="", accepted=None))
    )
    assert verdict.outcome is Outcome.CLEAR


def test_a_loudspeaker_is_no_screen_and_its_takeover_no_scandal():
    def heard(*adverts):
        box = Sensor()
        said = [push(box, step * SECOND, family="airplay", kind=kind, action=action, url="") for step, (kind, action) in enumerate(SESSION)]
        return judged(view_of([mirror(box), *(advert(box) for advert in adverts), *said], declared(zones={"lan": "citizen"}), now=9 * SECOND))

    loudspeaker = heard(lambda box: box.service(RAOP, text={"sf": "0x4"}))
    assert (loudspeaker.severity, loudspeaker.grade, loudspeaker.urgency) == (Severity.HIGH, Grade.CONFIRMED, Urgency.PAGE)
    assert loudspeaker.title.vi.startswith("Thiết bị lạ phát tiếng ra loa ")
    assert "chỉ phát tiếng" in loudspeaker.summary.vi
    assert "phát tiếng ra loa" in loudspeaker.summary.vi
    screen = heard(lambda box: box.service(RAOP, text={"sf": "0x4"}), lambda box: box.service(AIRPLAY, text={"features": "0x5A7FFEE6,0x0", "flags": "0x4"}))
    assert screen.severity is Severity.CRITICAL
    assert heard().severity is Severity.CRITICAL


def test_a_loudspeaker_that_begins_to_play_is_tied_to_who_connected():
    box = Sensor()
    facts = [
        mirror(box),
        box.service(RAOP, text={"sf": "0x4"}),
        push(box, 60 * SECOND, mac=PC, family="airplay", kind="session", action="pair-verify", url="", guarded=True),
        box.service(RAOP, 62 * SECOND, text={"sf": "0x20004"}),
    ]
    verdict = judged(view_of(facts, declared(zones={"lan": "citizen"}), now=63 * SECOND))
    assert (verdict.severity, verdict.grade) == (Severity.HIGH, Grade.CONFIRMED)


def test_a_receiver_that_begins_to_play_is_tied_to_who_connected():
    connected = [lambda box: push(box, 60 * SECOND, family="cast", kind="session", url="", accepted=None)]
    begins = [lambda box: box.service(CAST, 62 * SECOND, text={"ca": "5", "st": "1", "rs": "YouTube"})]
    verdict = judged(seen(lambda box: box.service(CAST, text={"ca": "5", "st": "0"}), *connected, *begins, now=63 * SECOND))
    assert (verdict.severity, verdict.grade) == (Severity.CRITICAL, Grade.CONFIRMED)
    assert "YouTube" in verdict.summary.vi
    approved = Screen(mac=TV, name="TV", approved_senders=(PHONE,))
    assert judged(seen(*connected, *begins, screens=(approved,), now=63 * SECOND)).outcome is not Outcome.VIOLATION


def test_on_a_plain_port_only_the_hour_and_the_host_can_be_judged():
    def plain(screen, **told):
        box = Sensor()
        facts = [box.beat(vantage="plain"), box.upnp(RENDERER), box.told("dlna", asked="event", playing=True, **told)]
        return judged(view_of(facts, declared(zones={"lan": "citizen"}, screens=(screen,))))

    film = "http://film.example/a.mp4"
    ordinary = plain(HALL, what=film)
    assert (ordinary.outcome, "cổng thường" in ordinary.summary.vi) == (Outcome.UNKNOWN, True)
    late = plain(Screen(mac=TV, name="TV", hours="13:00-17:00"), what=film)
    assert (late.severity, late.grade) == (Severity.HIGH, Grade.LIKELY)
    assert "nguồn chưa rõ" in late.summary.vi
    strange = plain(Screen(mac=TV, name="TV", media_hosts=("media.tinh.gov.vn",)), what=film)
    assert (strange.severity, strange.grade) == (Severity.HIGH, Grade.LIKELY)
    assert plain(Screen(mac=TV, name="TV", media_hosts=("film.example",)), what=film).outcome is Outcome.UNKNOWN


def test_ten_seconds_stay_open_until_a_person_closes_them_after_half_an_hour():
    box = Sensor()
    view = view_of([mirror(box), box.upnp(RENDERER)], declared(zones={"lan": "citizen"}, screens=(HALL,)))
    engine = Engine(view, [DisplayTakeover()])
    engine.take(push(box, SECOND))
    (finding,) = [change.finding for change in engine.taken_news().changes]
    assert finding.state == "open"
    close = Act(kind="close", finding=finding.id, by="Lan", why="đã tắt phản chiếu")
    engine.tick(AT + 20 * MINUTE)
    with pytest.raises(ActRefusedError):
        engine.act(close)
    engine.tick(AT + 5 * HOUR)
    assert engine.findings[finding.detector, finding.subject].state == "open"
    assert engine.act(close).state == "resolved"
    engine.take(push(box, 6 * HOUR))
    again = engine.findings[finding.detector, finding.subject]
    assert (again.state, again.times, again.id) == ("open", 2, finding.id)


def test_a_restart_forgets_no_push():
    view = seen(lambda box: push(box, sealed="20250715T021403Z-9f3ac1d2e4b0"))
    after = SiteView(view.declared, key=KEY, now=view.now)
    rows = [row_of(view, kind, row) for kind, row in sorted(view.dirty)]
    restore(after, [row for row in rows if row is not None])
    assert judged(after) == judged(view)


def test_senders_are_bounded_and_the_latest_stay():
    box = Sensor()
    view = view_of([mirror(box), box.upnp(RENDERER)], declared(screens=(HALL,)))
    for n in range(200):
        mac = f"6a:00:00:00:{n // 256:02x}:{n % 256:02x}"
        fold(view, box(ScreenPushed, n * SECOND, mac=mac, ip=f"192.168.11.{n}", screen_mac=TV, screen_ip=IPS[TV], family="dial", kind="content", action=DIAL))
    (row,) = view.wire.pushes.values()
    assert len(row.senders) == pushes.MAX_SENDERS
    assert view.by_mac["6a:00:00:00:00:c7"] in row.senders


def test_a_run_of_pushes_has_one_beginning_and_a_new_run_another():
    several = [lambda box, n=n: push(box, n * 20 * MINUTE) for n in range(3)]
    view = seen(*several, lambda box: push(box, 3 * HOUR), now=3 * HOUR)
    assert [pushed.since for pushed in pushes.of(view, view.assets[view.by_mac[TV]])] == [AT + 3 * HOUR]
    assert [pushed.since for pushed in pushes.of(seen(*several), view.assets[view.by_mac[TV]])] == [AT]


FILE = "20250715T021403Z-9f3ac1d2e4b0"


def test_the_sealed_file_is_evidence_and_the_answer_of_the_screen_does_not_lose_it():
    verdict = judged(seen(lambda box: push(box, accepted=None, sealed=FILE), lambda box: push(box, sealed=FILE)))
    assert [piece.value for piece in verdict.evidence if piece.kind == "capture"] == [FILE]
    assert any("Gửi SOC tệp niêm phong" in step.vi for step in verdict.remedy)


def test_that_nothing_was_sealed_is_said_where_a_sender_was_heard():
    verdict = judged(seen(push))
    assert [piece for piece in verdict.evidence if piece.kind == "capture"] == []
    assert any("Không có chứng cứ niêm phong" in step.vi for step in verdict.remedy)
    screen = Screen(mac=TV, name="TV", hours="13:00-17:00")
    unheard = judged(seen(lambda box: box.told("dlna", asked="event", playing=True, what="http://film.example/a.mp4"), screens=(screen,)))
    assert not any("niêm phong" in step.vi for step in unheard.remedy)


def test_who_connected_to_a_receiver_that_plays_is_named_with_the_sealed_file():
    connected = [lambda box: push(box, 60 * SECOND, family="cast", kind="session", url="", accepted=None, sealed=FILE)]
    begins = [lambda box: box.service(CAST, 62 * SECOND, text={"ca": "5", "st": "1", "rs": "YouTube"})]
    verdict = judged(seen(lambda box: box.service(CAST, text={"ca": "5", "st": "0"}), *connected, *begins, now=63 * SECOND))
    assert [piece.value for piece in verdict.evidence if piece.kind == "capture"] == [FILE]


def test_the_first_three_steps_fit_into_an_alert_whole():
    for step in judged(seen(push)).remedy[:3]:
        assert max(len(step.vi), len(step.en)) <= 85


@pytest.mark.parametrize(("name", "called"), [("cast", "Google Cast"), ("google cast", "Google Cast"), ("lg webos", "LG webOS"), ("new", "new")])
def test_a_family_is_called_as_people_know_it(name, called):
    assert words.family(name) == called
