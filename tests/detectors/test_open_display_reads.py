"""VG-NET-02 when the screen itself was asked: direct answers confirm, correct and close what its adverts say."""

import msgspec
import pytest

from collector.engine import Engine
from detectors.open_display import OpenDisplay
from model.times import DAY, HOUR, MINUTE
from model.verdict import Grade, Outcome, Severity, Subject
from tests.model.making import AIRPLAY, AT, CAST, RAOP, RENDERER, TV, VIDEO, Sensor, declared, screen, view_of

OPEN = {"flags": "0x4", "features": VIDEO}
GUARDED = {"flags": "0x24c", "features": VIDEO}
MEDIA = "http://192.168.10.51:8090/a.mp4"


def media_screen():
    """The television, which may show what that address serves."""
    return msgspec.structs.replace(screen(), media_hosts=("192.168.10.51",))


def judge(facts, known=None, *, now=MINUTE):
    view = view_of(facts, known, now=now)
    return OpenDisplay().judge(view, Subject("asset", view.by_mac.get(TV, "nobody")))


def lamps(verdict):
    state = dict(verdict.state)
    return tuple(state[lamp] for lamp in ("enabled", "open", "in_session"))


# family, what it answered -> the four lamps besides present, severity, grade
ANSWERS = [
    ("pjlink", {"asked": "greeting", "protected": False, "picture": True}, ("yes", "yes", "unknown"), Severity.HIGH, Grade.CONFIRMED),
    ("pjlink", {"asked": "greeting", "protected": True, "guard": "password"}, ("yes", "no", "unknown"), Severity.LOW, Grade.CONFIRMED),
    ("ntcontrol", {"asked": "greeting", "protected": False}, ("yes", "yes", "unknown"), Severity.HIGH, Grade.CONFIRMED),
    ("ntcontrol", {"asked": "greeting", "protected": True, "guard": "password"}, ("yes", "no", "unknown"), Severity.LOW, Grade.CONFIRMED),
    ("dlna", {"asked": "transport", "playing": False}, ("yes", "yes", "no"), Severity.HIGH, Grade.BY_DESIGN),
    ("dlna", {"asked": "transport", "playing": True, "what": MEDIA}, ("yes", "yes", "yes"), Severity.HIGH, Grade.BY_DESIGN),
    ("dlna", {"asked": "transport", "protected": True, "guard": "approval"}, ("yes", "no", "unknown"), Severity.LOW, Grade.CONFIRMED),
    ("airplay", {"protected": False, "playing": False, "picture": True}, ("yes", "yes", "unknown"), Severity.HIGH, Grade.CONFIRMED),
    ("airplay", {"protected": False, "playing": True, "picture": True}, ("yes", "yes", "yes"), Severity.HIGH, Grade.CONFIRMED),
    ("airplay", {"protected": False, "playing": False, "picture": False}, ("yes", "yes", "unknown"), Severity.LOW, Grade.CONFIRMED),
    ("airplay", {"protected": True, "guard": "pin", "picture": True}, ("yes", "no", "unknown"), Severity.LOW, Grade.CONFIRMED),
    ("cast", {"asked": "eureka_info", "name": "TV"}, ("yes", "yes", "unknown"), Severity.HIGH, Grade.BY_DESIGN),
    ("cast", {"asked": "status", "playing": True, "what": "YouTube"}, ("yes", "yes", "yes"), Severity.HIGH, Grade.BY_DESIGN),
    ("cast", {"asked": "status", "playing": False}, ("yes", "yes", "no"), Severity.HIGH, Grade.BY_DESIGN),
    ("dial", {"asked": "application", "playing": True, "what": "YouTube"}, ("yes", "yes", "yes"), Severity.HIGH, Grade.BY_DESIGN),
    # YouTube does not run: something else may.
    ("dial", {"asked": "application", "playing": False}, ("yes", "yes", "unknown"), Severity.HIGH, Grade.BY_DESIGN),
    ("roku", {"asked": "status", "playing": False}, ("yes", "yes", "no"), Severity.HIGH, Grade.BY_DESIGN),
    ("roku", {"protected": True, "guard": "setting"}, ("yes", "no", "unknown"), Severity.LOW, Grade.CONFIRMED),
    ("samsung", {"protected": None}, ("yes", "unknown", "unknown"), Severity.LOW, Grade.LIKELY),
    ("samsung", {"protected": True, "guard": "approval"}, ("yes", "no", "unknown"), Severity.LOW, Grade.CONFIRMED),
    ("samsung", {"protected": False}, ("yes", "yes", "unknown"), Severity.HIGH, Grade.CONFIRMED),
    ("kodi", {"asked": "status", "protected": False, "playing": True, "what": "video"}, ("yes", "yes", "yes"), Severity.HIGH, Grade.CONFIRMED),
    ("kodi", {"asked": "status", "protected": True, "guard": "password"}, ("yes", "no", "unknown"), Severity.LOW, Grade.CONFIRMED),
]


@pytest.mark.parametrize(("family", "told", "expected", "severity", "grade"), ANSWERS)
def test_a_screen_that_only_answers_is_judged_by_its_answers(family, told, expected, severity, grade):
    verdict = judge([Sensor("screens").told(family, **told)])
    assert verdict.outcome is Outcome.VIOLATION
    assert (lamps(verdict), verdict.severity, verdict.grade) == (expected, severity, grade)


def test_on_the_screens_own_network_it_is_medium():
    known = declared(zones={"lan": "display"})
    assert judge([Sensor("screens").told("pjlink", asked="greeting", protected=False)], known).severity is Severity.MEDIUM


def test_an_answer_confirms_what_the_advert_says():
    box, asking = Sensor(), Sensor("screens")
    advert = box.service(AIRPLAY, text=OPEN)
    assert judge([advert]).grade is Grade.LIKELY
    verdict = judge([advert, asking.told("airplay", 1, protected=False, playing=True, picture=True, port=7000)])
    assert (verdict.grade, lamps(verdict)) == (Grade.CONFIRMED, ("yes", "yes", "yes"))
    assert "read" in {piece.kind for piece in verdict.evidence}


@pytest.mark.parametrize(("text", "protected", "openness"), [(OPEN, True, "no"), (GUARDED, False, "yes")])
def test_an_answer_corrects_the_advert(text, protected, openness):
    facts = [Sensor().service(AIRPLAY, text=text), Sensor("screens").told("airplay", 1, protected=protected, guard="pin" if protected else "")]
    assert lamps(judge(facts))[1] == openness


def test_an_answer_of_long_ago_does_not_speak_against_adverts_of_now():
    facts = [Sensor("screens").told("airplay", 0, protected=True, guard="pin"), Sensor().service(AIRPLAY, 2 * HOUR, text=OPEN)]
    verdict = judge(facts, now=2 * HOUR)
    assert (lamps(verdict)[1], verdict.grade) == ("yes", Grade.LIKELY)


def test_the_sound_service_has_the_receivers_protection_and_no_picture():
    facts = [Sensor().service(RAOP, text={"sf": "0x4"}), Sensor("screens").told("airplay", 1, protected=True, guard="pin", picture=True)]
    verdict = judge(facts)
    assert lamps(verdict)[1] == "no"
    assert dict(verdict.state)["families"] == "AirPlay (âm thanh)"


def test_a_direct_protected_closes_a_finding_that_was_open():
    view = view_of([], now=0)
    engine = Engine(view, [OpenDisplay()])
    box, asking = Sensor(), Sensor("screens")
    steps = []
    for fact in (box.service(AIRPLAY, text=OPEN), asking.told("airplay", MINUTE, protected=True, guard="password", picture=True)):
        engine.take(fact)
        engine.tick(fact.at)
        steps += [change for change in engine.taken_news().changes if change.step in ("opened", "resolved")]
    assert [change.step for change in steps] == ["opened", "resolved"]
    assert "nay trả lời là có mật khẩu" in steps[1].finding.summary.vi


def test_after_a_goodbye_our_own_refused_connection_proves_it_off():
    box = Sensor()
    facts = [box.service(AIRPLAY, text=OPEN), box.service(AIRPLAY, 1, text=None, alive=False)]
    assert judge(facts).outcome is Outcome.UNKNOWN
    verdict = judge([*facts, Sensor("screens").told("airplay", 2, reachable=False, port=7000)])
    assert verdict.outcome is Outcome.CLEAR
    assert "đã tắt" in verdict.summary.vi


def test_a_refusal_without_goodbye_clears_nothing():
    asking = Sensor("screens")
    verdict = judge([asking.told("pjlink", 0, asked="greeting", protected=False, port=4352), asking.told("pjlink", 1, reachable=False, port=4352)])
    assert verdict.outcome is Outcome.UNKNOWN


def test_one_that_said_goodbye_and_answers_is_there():
    box = Sensor()
    facts = [box.upnp(RENDERER), box.upnp(RENDERER, 1, alive=False), Sensor("screens").told("dlna", 2, asked="transport", playing=True, what=MEDIA)]
    verdict = judge(facts)
    assert (verdict.outcome, lamps(verdict)) == (Outcome.VIOLATION, ("yes", "yes", "yes"))


def test_a_session_is_told_with_its_beginning_and_the_address_is_no_link():
    asking = Sensor("screens")
    facts = [asking.told("dlna", n * MINUTE, asked="transport", playing=True, what=MEDIA) for n in (0, 5)]
    verdict = judge(facts, now=6 * MINUTE)
    assert "đang có phiên trình chiếu từ" in verdict.summary.vi
    read = next(piece.value for piece in verdict.evidence if piece.kind == "read")
    # The phone may be a citizen's own: told by its code, and not what it is called there.
    assert f"what=hxxp://{view_of([]).asset_id('ip:192.168.10.51')}" in read
    assert "192.168.10.51" not in str(verdict)


def test_a_session_that_is_over_is_still_told_with_its_end():
    asking = Sensor("screens")
    facts = [asking.told("dlna", n * MINUTE, asked="event", playing=n == 1, what="http://cdn.example/a.mp4" if n == 1 else "") for n in (1, 2)]
    verdict = judge(facts, now=3 * MINUTE)
    assert dict(verdict.state)["in_session"] == "no"
    [session] = [piece for piece in verdict.evidence if piece.kind == "session"]
    assert (session.value, session.at) == ("2025-07-15T01:01:00.000000Z/2025-07-15T01:02:00.000000Z hxxp://cdn.example/a.mp4", AT + 2 * MINUTE)


@pytest.mark.parametrize(("media", "known"), [("http://cdn.example/a.mp4", declared()), (MEDIA, declared(screens=(media_screen(),)))])
def test_media_of_nobodys_own_device_is_told_in_full(media, known):
    verdict = judge([Sensor("screens").told("dlna", asked="transport", playing=True, what=media)], known)
    assert f"what={media.replace('http', 'hxxp')}" in next(piece.value for piece in verdict.evidence if piece.kind == "read")


def test_answers_keep_a_screen_heard_that_advertises_no_more():
    facts = [Sensor().service(CAST, text={"ca": "5", "st": "0"}), Sensor("screens").told("cast", 2 * DAY, asked="status", playing=False)]
    verdict = judge(facts, now=2 * DAY + MINUTE)
    assert (verdict.outcome, lamps(verdict)) == (Outcome.VIOLATION, ("yes", "yes", "no"))


def test_a_declared_screen_keeps_its_name_and_role():
    known = declared(zones={"lan": "citizen"}, screens=(screen(),))
    verdict = judge([Sensor("screens").told("pjlink", asked="greeting", protected=False)], known)
    assert "TV sảnh" in verdict.title.vi
    # Heard on the citizens' segment: it is within their reach, whatever it is declared to be.
    assert verdict.severity is Severity.HIGH
