"""VG-END-08: four grades, approvals with owner, last day and hours, Windows' own ways in, and what the network hears of the same PC."""

import pytest

from detectors.remote_control import RemoteControl
from detectors.remote_control_traffic import RemoteControlTraffic
from model.declared import Tool, Zone
from model.posture.told import Interfaces, RemoteDesktop, RemoteTools, ToolFound
from model.times import DAY, HOUR, MINUTE
from model.verdict import Grade, Severity, Subject, Urgency
from model.wirefacts import RemoteSeen
from tests.detectors.pcs import CLEAR, NOT_APPLICABLE, UNKNOWN, VIOLATION, Office, at, reads_well

MAC, OTHER = "10:b6:76:10:20:21", "10:b6:76:10:20:22"
SHUT = RemoteDesktop(on=False, nla=True, assistance=False, listening=False)
NONE = RemoteTools()


def found(stage, product="ultraviewer", **more) -> RemoteTools:
    return RemoteTools(tools=(ToolFound(product=product, stage=stage, **more),))


def office(*told, **more) -> Office:
    site = Office(RemoteControl(), zones=(Zone(leg="lan", role="staff"),), **more)
    site.says(Interfaces(macs=(MAC,)), *told)
    return site


def approved(product="ultraviewer", until="2026-12-31 00:00", **more) -> dict[str, tuple[Tool, ...]]:
    return {"tools": (Tool(product=product, owner="Tổ hỗ trợ", until=at(until), **more),)}


def on_the_wire(site: Office, product="ultraviewer", stage="connecting", **more) -> None:
    fields = {"via": "tls", "peer_ip": "203.0.113.7", **more}
    for turn in range(2):
        site.takes(
            RemoteSeen(
                at=site.view.now - turn, sensor="capture:lan", sequence=turn, leg="lan", mac=MAC, ip="192.168.1.9", product=product, stage=stage, **fields
            )
        )


def test_without_any_it_is_clear():
    verdict = office(NONE, SHUT).verdict()
    assert verdict.outcome is CLEAR
    reads_well(verdict)


@pytest.mark.parametrize(
    ("stage", "severity", "urgency", "said"),
    [
        ("installed", Severity.MEDIUM, Urgency.REPORT, "đã cài UltraViewer"),
        ("automatic", Severity.MEDIUM, Urgency.REPORT, "UltraViewer tự chạy mỗi khi bật máy"),
        ("running", Severity.MEDIUM, Urgency.REPORT, "UltraViewer đang chạy"),
        ("session", Severity.HIGH, Urgency.TICKET, "đang có phiên điều khiển từ xa bằng UltraViewer"),
    ],
)
def test_four_grades_and_none_of_them_pages(stage, severity, urgency, said):
    verdict = office(found(stage), SHUT).verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (VIOLATION, severity, urgency)
    assert said in verdict.summary.vi
    assert dict(verdict.state) == {"ultraviewer": stage}
    assert ("Hỏi ngay người dùng máy" in verdict.remedy[0].vi) == (stage == "session")
    reads_well(verdict)


def test_the_worst_of_several_decides_and_all_are_told():
    both = RemoteTools(tools=(ToolFound(product="anydesk", stage="installed"), ToolFound(product="teamviewer", stage="session", version="15.1")))
    verdict = office(both, SHUT).verdict()
    assert verdict.severity is Severity.HIGH
    assert verdict.title.vi == "Máy tính đang bị điều khiển từ xa"
    assert verdict.summary.vi.index("TeamViewer") < verdict.summary.vi.index("AnyDesk")
    assert dict(verdict.state) == {"anydesk": "installed", "teamviewer": "session"}
    assert "teamviewer session 15.1" in {piece.value for piece in verdict.evidence}
    reads_well(verdict)


def test_a_program_that_nobody_installed():
    verdict = office(found("installed", portable=True), SHUT).verdict()
    assert "có tệp UltraViewer chạy không cần cài đặt" in verdict.summary.vi
    assert "xóa cả tệp chạy không cần cài" in verdict.remedy[0].vi
    reads_well(verdict)


def test_a_product_newer_than_our_table_is_told_by_its_code():
    assert "san_pham_moi" in office(found("running", product="san_pham_moi"), SHUT).verdict().summary.vi


def test_an_approved_tool_is_clear_until_its_last_day():
    site = office(found("running"), SHUT, **approved(until="2026-06-24 00:00"))
    verdict = site.verdict()
    assert verdict.outcome is CLEAR
    site.waits(DAY)
    site.says(found("running"), SHUT)
    assert (site.outcome(), site.steps()) == (CLEAR, [])
    site.waits(20 * HOUR)
    verdict = site.verdict()
    assert (verdict.outcome, site.steps()) == (VIOLATION, ["opened:observed"])
    assert "phép dùng đã hết hạn 23/06/2026" in verdict.summary.vi
    reads_well(verdict)


def test_a_session_is_approved_in_its_hours_only_and_the_program_at_any():
    hours = approved(hours="07:00-11:30")
    assert office(found("session"), SHUT, **hours).outcome() is CLEAR
    night = office(found("session"), SHUT, now=at("2026-06-22 20:00"), **hours).verdict()
    assert (night.outcome, night.severity) == (VIOLATION, Severity.HIGH)
    assert "ngoài khung giờ được phép" in night.summary.vi
    reads_well(night)
    assert office(found("running"), SHUT, now=at("2026-06-22 20:00"), **hours).outcome() is CLEAR


def test_an_approval_for_another_pc_or_product_does_not_help():
    assert office(found("running"), SHUT, **approved(mac=OTHER)).outcome() is VIOLATION
    assert office(found("running"), SHUT, **approved(mac=MAC)).outcome() is CLEAR
    assert office(found("running"), SHUT, **approved(product="anydesk")).outcome() is VIOLATION


@pytest.mark.parametrize(
    ("told", "state", "severity"),
    [
        (RemoteDesktop(on=True, nla=False, assistance=False), {"remote_desktop": "without_nla"}, Severity.MEDIUM),
        (RemoteDesktop(on=True, nla=True, assistance=False), {"remote_desktop": "on"}, Severity.MEDIUM),
        (RemoteDesktop(on=False, nla=True, assistance=True), {"assistance": "on"}, Severity.LOW),
    ],
)
def test_windows_own_ways_in(told, state, severity):
    verdict = office(NONE, told).verdict()
    assert (verdict.outcome, dict(verdict.state), verdict.severity) == (VIOLATION, state, severity)
    reads_well(verdict)


def test_remote_desktop_may_be_approved_but_never_without_authentication():
    rdp = approved(product="rdp")
    assert office(NONE, RemoteDesktop(on=True, nla=True, assistance=False), **rdp).outcome() is CLEAR
    assert office(NONE, RemoteDesktop(on=True, nla=False, assistance=False), **rdp).outcome() is VIOLATION
    assert office(NONE, RemoteDesktop(on=True, nla=True, assistance=False), use="server").outcome() is CLEAR
    assert office(NONE, RemoteDesktop(on=True, nla=False, assistance=False), use="server").outcome() is VIOLATION


def test_a_session_by_remote_desktop_is_one_but_on_a_server():
    verdict = office(found("session", product="rdp"), SHUT).verdict()
    assert (verdict.severity, "Remote Desktop (RDP)" in verdict.summary.vi) == (Severity.HIGH, True)
    reads_well(verdict)
    assert office(found("session", product="rdp"), SHUT, **approved(product="rdp")).outcome() is CLEAR
    assert office(found("session", product="rdp"), SHUT, use="server").outcome() is CLEAR


@pytest.mark.parametrize(
    ("told", "said"),
    [(RemoteDesktop(nla=True), "Remote Desktop bật hay tắt"), (RemoteDesktop(on=True), "có bắt xác thực trước khi kết nối hay không")],
)
def test_what_was_not_told_is_unknown(told, said):
    verdict = office(NONE, told, **approved(product="rdp")).verdict()
    assert verdict.outcome is UNKNOWN
    assert said in verdict.summary.vi
    reads_well(verdict)


def test_each_topic_is_needed_to_clear_and_none_to_open():
    assert office(NONE).outcome() is UNKNOWN
    assert office(SHUT).outcome() is UNKNOWN
    assert office(found("running")).outcome() is VIOLATION
    site = office(NONE, SHUT)
    site.waits(HOUR)
    site.fails(RemoteTools, "failed")
    assert site.outcome() is CLEAR, "the answer of an hour ago still holds"
    site.waits(3 * DAY)
    site.says(SHUT)
    assert "phần mềm điều khiển từ xa: máy trả lời lỗi" in site.verdict().summary.vi.lower()


def test_what_is_not_for_this_pc_does_not_apply():
    site = Office(RemoteControl())
    site.fails(RemoteTools, "absent")
    site.fails(RemoteDesktop, "absent")
    assert site.outcome() is NOT_APPLICABLE
    assert site.rule.judge(site.view, Subject("asset", "nobody")) is None


def test_pc_and_network_speak_of_one_asset_each_with_its_own_title():
    site = office(found("running"), SHUT)
    on_the_wire(site, stage="session", inbound=True, via="payload")
    verdict = site.verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency) == (VIOLATION, Severity.MEDIUM, Urgency.REPORT)
    assert "trên mạng cũng thấy, lần cuối 08:00 ngày 22/06 (VG-NET-07)" in verdict.summary.vi
    assert "wire: ultraviewer session controlled" in {piece.value for piece in verdict.evidence}
    reads_well(verdict)
    paged = RemoteControlTraffic().judge(site.view, Subject("asset", site.asset))
    assert paged is not None
    assert (paged.outcome, paged.urgency) == (VIOLATION, Urgency.PAGE)
    assert paged.title != verdict.title


@pytest.mark.parametrize(("inbound", "joined"), [(True, True), (False, False)], ids=["it was reached", "it reached another"])
def test_a_session_by_remote_desktop_is_joined_with_the_end_that_is_controlled(inbound, joined):
    site = office(found("session", product="rdp"), SHUT)
    on_the_wire(site, product="rdp", stage="session", via="payload", inbound=inbound)
    assert ("VG-NET-07" in site.verdict().summary.vi) == joined


def test_what_only_the_network_hears_keeps_the_pc_from_being_called_clear():
    site = office(NONE, SHUT)
    on_the_wire(site)
    verdict = site.verdict()
    assert verdict.outcome is UNKNOWN
    assert "có thể vừa gỡ hoặc chạy từ USB" in verdict.summary.vi
    reads_well(verdict)
    site.waits(DAY + MINUTE)
    site.says(NONE, SHUT)
    assert site.outcome() is CLEAR


@pytest.mark.parametrize(
    "seen",
    [{"stage": "named", "via": "dns", "peer_ip": ""}, {"product": "rdp", "stage": "session", "via": "payload"}],
    ids=["a name looked up", "another computer reached by Windows' own viewer"],
)
def test_what_proves_no_program_raises_no_doubt(seen):
    site = office(NONE, SHUT)
    on_the_wire(site, **seen)
    assert site.outcome() is CLEAR


def test_a_session_in_an_old_bundle_is_no_session_now():
    site = Office(RemoteControl())
    site.says(found("session"), SHUT, source="portable", ago=5 * DAY)
    verdict = site.verdict()
    assert (verdict.severity, verdict.urgency, verdict.grade) == (Severity.LOW, Urgency.REPORT, Grade.CONFIRMED)
    assert verdict.title.vi == "Máy tính có phần mềm cho phép điều khiển từ xa"
    assert "từ đó có thể đã khác" in verdict.summary.vi


def test_the_life_of_a_finding():
    site = office(found("installed"), SHUT)
    assert site.steps() == ["opened:observed"]
    site.waits(MINUTE)
    site.says(found("session"))
    assert site.steps() == ["updated:observed"], "worse is told at once"
    site.restarts()
    assert (site.state(), site.steps()) == ({"ultraviewer": "session"}, [])
    site.waits(4 * DAY)
    assert (site.outcome(), site.steps()) == (UNKNOWN, [])
    site.says(NONE, SHUT)
    assert site.steps() == ["resolved:observed"]


def test_an_approval_closes_as_the_editors_doing():
    site = office(found("running"), SHUT)
    site.steps()
    site.declares(**approved())
    assert site.steps() == ["resolved:policy"]
