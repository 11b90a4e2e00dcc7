"""VG-END-01: nothing restricts peripherals, devices outside the register, ways out, new keyboards; tokens are lawful."""

import itertools

import pytest

from detectors.peripheral import UnrestrictedPeripherals
from model.declared import UsbRule
from model.endpointfacts import PeripheralSeen
from model.facts import SensorHeard
from model.posture.told import Bluetooth, Peripheral, PeripheralControl, PeripheralHistory, Peripherals, SuiteControl
from model.times import DAY, HOUR, MINUTE
from model.verdict import Grade, Severity, Subject, Urgency
from tests.detectors.pcs import CLEAR, MONDAY, NOT_APPLICABLE, PC, UNKNOWN, VIOLATION, Office, reads_well

NUMBERS = itertools.count(1)
DENIED = PeripheralControl(denied=True)
NO_PAST = PeripheralHistory()
STICK = Peripheral(usb="0951:1666", name="DataTraveler", kind="storage", interfaces=("08:06:50",), serial="aa11")
TOKEN = Peripheral(usb="096e:0807", name="ePass", kind="token", interfaces=("0b:00:00",))
READER = Peripheral(usb="1234:0001", kind="token", interfaces=("0b:00:00",))
KEYBOARD = Peripheral(usb="046d:c31c", kind="keyboard", interfaces=("03:01:01",))
TETHER = Peripheral(usb="04e8:6863", name="Galaxy", kind="modem", interfaces=("e0:01:03",))
MOUSE = Peripheral(usb="046d:c077", kind="other", interfaces=("03:01:02",))
LINE = UsbRule(usb="0951:1666", name="USB văn thư", owner="Lan", until=MONDAY + 400 * DAY)


def now(*devices):
    return Peripherals(devices=devices)


def office(*told, usb=(), **more) -> Office:
    site = Office(UnrestrictedPeripherals(), usb=usb, **more)
    site.says(*told)
    return site


def test_a_restricted_pc_with_lawful_devices_is_clear():
    verdict = office(DENIED, now(TOKEN, READER, KEYBOARD, MOUSE), NO_PAST).verdict()
    assert verdict.outcome is CLEAR
    assert "có biện pháp hạn chế thiết bị ngoại vi" in verdict.summary.vi
    reads_well(verdict)


@pytest.mark.parametrize("measure", ["storage_off", "denied", "restricted", "read_only"])
def test_any_measure_restricts(measure):
    assert office(PeripheralControl(**{measure: True}), now(), NO_PAST).outcome() is CLEAR


@pytest.mark.parametrize("control", [PeripheralControl(), PeripheralControl(no_autorun=True), PeripheralControl(storage_off=False, denied=False)])
def test_nothing_that_restricts_is_the_inspections_finding(control):
    verdict = office(control, now(), NO_PAST).verdict()
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (VIOLATION, Severity.MEDIUM, Grade.CONFIRMED, Urgency.REPORT)
    assert verdict.title.vi == "Chưa hạn chế thiết bị ngoại vi"
    assert dict(verdict.state) == {"control": "none"}
    reads_well(verdict)


def test_a_suites_own_control_counts_by_its_report_for_thirty_days():
    site = Office(UnrestrictedPeripherals(), usb=())
    site.says(SuiteControl(on=True), source="ksc")
    site.says(PeripheralControl(), now(), NO_PAST)
    assert site.outcome() is CLEAR
    site.waits(20 * DAY)
    site.says(PeripheralControl(), now(), NO_PAST)
    assert site.outcome() is CLEAR
    site.waits(11 * DAY)
    site.says(PeripheralControl(), now(), NO_PAST)
    verdict = site.verdict()
    assert (verdict.outcome, "đã quá 30 ngày" in verdict.summary.vi) == (UNKNOWN, True)
    site.says(SuiteControl(on=False), source="ksc")
    assert site.outcome() is VIOLATION


def test_control_that_was_not_read_is_unknown():
    site = office(now(), NO_PAST)
    site.fails(PeripheralControl, "denied")
    assert site.outcome() is UNKNOWN


def test_linux_has_no_such_settings_and_is_judged_by_its_devices():
    site = office(now(), NO_PAST)
    site.fails(PeripheralControl, "absent")
    assert site.outcome() is CLEAR
    site.says(now(STICK))
    assert site.outcome() is VIOLATION


def test_a_stick_outside_the_register_is_told_by_its_name():
    verdict = office(DENIED, now(STICK), NO_PAST).verdict()
    assert (verdict.outcome, verdict.severity) == (VIOLATION, Severity.MEDIUM)
    assert verdict.title.vi == "Thiết bị ngoại vi ngoài danh mục cắm vào máy"
    assert "đang cắm ổ nhớ USB “DataTraveler” (0951:1666), không có trong danh mục" in verdict.summary.vi
    assert dict(verdict.state) == {"usb 0951:1666 aa11": "storage unlisted"}
    reads_well(verdict)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"serial": "bb22"}, "cùng loại nhưng không phải chiếc đã khai"),
        ({"interfaces": ("08:06:62",)}, "có thêm chức năng ngoài khai báo"),
        ({"pc": "pc-09"}, "chỉ được khai cho máy khác"),
        ({"until": MONDAY - 8 * HOUR}, "hết hạn cho phép ngày 21/06/2026"),
    ],
)
def test_a_line_that_does_not_fit_says_why(changed, says):
    line = UsbRule(**{"usb": "0951:1666", "name": "USB", "owner": "Lan", "until": MONDAY + DAY, **changed})
    verdict = office(DENIED, now(STICK), NO_PAST, usb=(line,)).verdict()
    assert (verdict.outcome, says in verdict.summary.vi) == (VIOLATION, True)
    reads_well(verdict)


@pytest.mark.parametrize("line", [LINE, UsbRule(usb="0951:*", name="USB", owner="Lan", until=MONDAY + DAY, pc=PC, serial="aa11", interfaces=("08:*:*",))])
def test_a_listed_device_is_lawful(line):
    assert office(DENIED, now(STICK), NO_PAST, usb=(line,)).outcome() is CLEAR


def test_without_a_register_only_the_list_is_not_judged():
    clear = office(DENIED, now(STICK), usb=None).verdict()
    assert (clear.outcome, "chưa khai báo danh mục USB" in clear.summary.vi) == (CLEAR, True)
    assert office(PeripheralControl(), now(STICK), usb=None).outcome() is VIOLATION
    assert office(DENIED, now(TETHER), usb=None).outcome() is VIOLATION
    reads_well(clear)


def test_a_phone_that_tethers_is_another_way_out():
    verdict = office(DENIED, now(TETHER), NO_PAST).verdict()
    assert (verdict.outcome, verdict.title.vi) == (VIOLATION, "Điện thoại, USB 4G mở đường ra Internet khác cho máy")
    assert "“Galaxy” (04e8:6863) đang cắm vào máy" in verdict.summary.vi
    reads_well(verdict)


def test_the_worst_is_told_first():
    verdict = office(PeripheralControl(), now(STICK, TETHER), NO_PAST).verdict()
    assert verdict.title.vi == "Điện thoại, USB 4G mở đường ra Internet khác cho máy"
    assert verdict.summary.vi.index("Galaxy") < verdict.summary.vi.index("DataTraveler") < verdict.summary.vi.index("chưa có biện pháp")
    reads_well(verdict)


def test_a_keyboard_that_comes_new_is_suspect_and_the_pcs_own_is_not():
    site = office(DENIED, now(KEYBOARD), NO_PAST)
    site.waits(HOUR)
    strange = Peripheral(usb="16c0:0486", kind="keyboard", interfaces=("03:01:01",))
    site.says(now(KEYBOARD, strange))
    verdict = site.verdict()
    assert (verdict.outcome, verdict.grade, verdict.title.vi) == (VIOLATION, Grade.INFERRED, "Bàn phím lạ vừa cắm vào máy")
    assert "(16c0:0486) xuất hiện lúc 09:00 ngày 22/06: " in verdict.summary.vi
    reads_well(verdict)
    site.declares(usb=(UsbRule(usb="16c0:0486", name="Bàn phím mới", owner="Lan", until=MONDAY + DAY),))
    assert site.outcome() is CLEAR


def test_a_camera_inside_a_laptop_is_its_own_and_one_that_comes_is_not():
    camera = Peripheral(usb="046d:0825", name="Webcam", kind="camera", interfaces=("0e:01:00",))
    assert office(DENIED, now(camera), NO_PAST).outcome() is CLEAR
    site = office(DENIED, now(), NO_PAST)
    site.waits(HOUR)
    site.says(now(camera))
    assert site.state() == {"usb 046d:0825": "camera unlisted"}


def test_a_stick_that_types_is_no_mere_stick():
    site = office(DENIED, now(), NO_PAST, usb=(UsbRule(usb="0951:*", name="USB", owner="Lan", until=MONDAY + DAY, interfaces=("08:*:*",)),))
    site.says(now(Peripheral(usb="0951:1666", kind="keyboard", interfaces=("03:01:01", "08:06:50"))))
    verdict = site.verdict()
    assert (verdict.outcome, "có thêm chức năng ngoài khai báo" in verdict.summary.vi) == (VIOLATION, True)


def test_what_was_plugged_in_for_minutes_stays_told_for_five_working_days():
    site = office(DENIED, now(), NO_PAST)
    site.says(now(STICK))
    assert site.steps() == ["opened:observed"]
    site.waits(MINUTE)
    site.says(now())
    verdict = site.verdict()
    assert (verdict.outcome, "đã cắm ổ nhớ USB “DataTraveler” (0951:1666), lần cuối thấy lúc 08:00 ngày 22/06" in verdict.summary.vi) == (VIOLATION, True)
    reads_well(verdict)
    site.restarts()
    for _ in range(6):
        site.waits(DAY)
        site.says(DENIED, now(), NO_PAST)
    assert site.outcome() is VIOLATION
    site.waits(DAY)
    site.says(DENIED, now(), NO_PAST)
    assert site.outcome() is CLEAR
    assert site.steps()[-1] == "resolved:observed"


def test_what_the_registry_remembers_is_told_where_it_came_since():
    old = office(DENIED, now(), PeripheralHistory(devices=(STICK,)))
    assert old.outcome() is CLEAR
    site = office(DENIED, now(), NO_PAST)
    site.waits(HOUR)
    site.says(PeripheralHistory(devices=(STICK, TOKEN)))
    verdict = site.verdict()
    assert (verdict.outcome, "đã cắm ổ nhớ USB" in verdict.summary.vi) == (VIOLATION, True)


def test_a_name_that_a_gadget_gives_itself_is_shown_and_nothing_more():
    evil = Peripheral(usb="0951:1666", name="\u202e<script>\n" + "x" * 200, kind="storage", interfaces=("08:06:50",))
    verdict = office(DENIED, now(evil), NO_PAST).verdict()
    reads_well(verdict)
    assert "\u202e" not in verdict.summary.vi


def test_many_devices_make_one_short_sentence():
    devices = tuple(Peripheral(usb=f"0951:{number:04x}", name="x" * 40, kind="storage", interfaces=("08:06:50",)) for number in range(30))
    verdict = office(DENIED, now(*devices), NO_PAST).verdict()
    assert len(verdict.state) == 6
    reads_well(verdict)


@pytest.mark.parametrize(("use", "outcome"), [("kiosk", VIOLATION), ("server", VIOLATION), ("office", CLEAR), ("counter", CLEAR)])
def test_bluetooth_where_the_use_forbids_it(use, outcome):
    verdict = office(DENIED, now(), NO_PAST, Bluetooth(on=True), use=use).verdict()
    assert verdict.outcome is outcome
    reads_well(verdict)


def test_where_bluetooth_matters_it_must_be_known():
    assert office(DENIED, now(), NO_PAST, use="kiosk").outcome() is UNKNOWN


def test_a_register_that_lists_it_closes_it_as_what_people_decided():
    site = office(DENIED, NO_PAST, now(STICK))
    assert site.steps() == ["opened:observed"]
    site.declares(usb=(LINE,))
    assert site.steps() == ["resolved:policy"]


def test_a_pc_that_is_silent_is_unknown_and_closes_nothing():
    site = office(PeripheralControl(), now(), NO_PAST)
    site.steps()
    site.waits(3 * DAY)
    assert (site.outcome(), site.steps()) == (UNKNOWN, [])


def seen(site, device, there=True):
    site.takes(PeripheralSeen(at=site.view.now, sensor="peripherals", sequence=next(NUMBERS), device=device, there=there, port="1-1"))


def box(*devices, usb=()):
    """The box's own sockets at the start of their sensor."""
    site = Office(UnrestrictedPeripherals(), usb=usb)
    site.takes(SensorHeard(at=site.view.now, sensor="peripherals", sequence=next(NUMBERS), state="running"))
    for device in devices:
        seen(site, device)
    return site


def said_of_box(site):
    verdict = site.rule.judge(site.view, Subject("sensor", "peripherals"))
    assert verdict is not None
    return verdict


def test_the_boxs_own_sockets_are_judged_by_the_same_register():
    good = said_of_box(box(TOKEN, KEYBOARD, MOUSE))
    assert (good.outcome, good.grade) == (CLEAR, Grade.CONFIRMED)
    verdict = said_of_box(box(KEYBOARD, STICK))
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (VIOLATION, Severity.MEDIUM, Urgency.REPORT)
    assert verdict.summary.vi == ("Ở hộp giám sát: đang cắm ổ nhớ USB “DataTraveler” (0951:1666), không có trong danh mục. Hộp thấy lúc 08:00 ngày 22/06.")
    reads_well(verdict)
    assert said_of_box(box(STICK, usb=(LINE,))).outcome is CLEAR


def test_a_stick_taken_out_of_the_box_stays_told_for_its_days():
    site = box(KEYBOARD)
    site.waits(HOUR)
    seen(site, STICK)
    assert site.steps() == ["opened:observed"]
    site.waits(MINUTE)
    seen(site, STICK, there=False)
    assert "đã cắm ổ nhớ USB" in said_of_box(site).summary.vi
    site.restarts()
    site.waits(6 * DAY)
    assert said_of_box(site).outcome is VIOLATION
    site.waits(2 * DAY)
    assert said_of_box(site).outcome is CLEAR
    assert site.steps()[-1] == "resolved:observed"


def test_a_keyboard_that_comes_to_the_box_is_suspect():
    site = box(KEYBOARD)
    site.waits(HOUR)
    seen(site, Peripheral(usb="16c0:0486", kind="keyboard", interfaces=("03:01:01",)))
    verdict = said_of_box(site)
    assert (verdict.grade, dict(verdict.state)) == (Grade.INFERRED, {"usb 16c0:0486": "keyboard"})


def test_the_box_without_a_register_or_without_its_sensor():
    assert said_of_box(box(STICK, usb=None)).outcome is NOT_APPLICABLE
    assert said_of_box(box(TETHER, usb=None)).outcome is VIOLATION
    site = Office(UnrestrictedPeripherals(), usb=())
    seen(site, TOKEN)
    assert said_of_box(site).outcome is UNKNOWN
    assert site.rule.judge(site.view, Subject("sensor", "capture:lan")) is None
