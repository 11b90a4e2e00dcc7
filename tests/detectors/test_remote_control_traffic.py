"""VG-NET-07: how far each product went, at which end, who approved it, and when it is over."""

import msgspec
import pytest

from detectors.remote_control_traffic import RemoteControlTraffic
from model.declared import Tool
from model.facts import AddressSeen, DhcpClientSeen, DhcpServerSeen, GroupsReported
from model.times import DAY, HOUR, MINUTE
from model.verdict import Grade, Outcome, Severity, Subject, Urgency
from model.wire.remote import RemoteRow, veiled
from model.wirefacts import RemoteSeen
from tests.model.making import AT, BOX, IPS, PC, PHONE, TV, Sensor, declared, registered, view_of

RULE = RemoteControlTraffic()
STAFF = {"lan": "staff"}
# Heartbeats of a quarter of a day, so that a week of listening is a few facts.
WATCHED = {"sensors": ("capture:lan",), "heartbeat": 6 * HOUR}


def seen(after=0, mac=PC, product="teamviewer", stage="connecting", via="payload", **fields):
    return box(RemoteSeen, after, mac=mac, ip=IPS[mac], product=product, stage=stage, via=via, **fields)


@pytest.fixture(autouse=True)
def _numbers():
    global box  # noqa: PLW0603 - facts of one test are numbered together
    box = Sensor()


def listening(days, vantage="mirror"):
    return [box.beat(hours * HOUR, vantage=vantage) for hours in range(0, days * 24 + 1, 6)]


def here(*days, mac=PC):
    """The station is heard, so that it is there, on these days."""
    return [box(AddressSeen, day * DAY + minute * MINUTE, mac=mac, ip=IPS[mac]) for day in days for minute in (1, 2)]


def judged(facts, known=None, now=HOUR, mac=PC):
    view = view_of(sorted(facts, key=lambda fact: (fact.at, fact.sequence)), known or declared(zones=STAFF), now=now)
    return RULE.judge(view, Subject("asset", view.by_mac[mac])), view


def tool(product="teamviewer", mac="", until=AT + 10 * DAY, hours=""):
    return Tool(product=product, owner="Tổ hỗ trợ tỉnh", until=until, mac=mac, hours=hours)


# How far it went


@pytest.mark.parametrize(
    ("stage", "via", "severity", "grade", "urgency"),
    [
        ("session", "payload", Severity.HIGH, Grade.CONFIRMED, Urgency.PAGE),
        ("connecting", "tls", Severity.MEDIUM, Grade.LIKELY, Urgency.TICKET),
        ("listening", "lan", Severity.MEDIUM, Grade.LIKELY, Urgency.TICKET),
        ("named", "dns", Severity.LOW, Grade.INFERRED, Urgency.TICKET),
    ],
)
def test_each_stage_has_its_severity_grade_and_urgency(stage, via, severity, grade, urgency):
    verdict, _ = judged([seen(stage=stage, via=via)])
    assert (verdict.outcome, verdict.severity, verdict.grade, verdict.urgency) == (Outcome.VIOLATION, severity, grade, urgency)
    assert dict(verdict.state) == {"product": "teamviewer", "stage": stage, "end": "unknown", "security": "unknown"}


def test_the_worst_of_several_products_speaks_and_names_the_others():
    verdict, _ = judged([seen(product="ultraviewer", stage="named", via="dns"), seen(MINUTE, product="vnc", stage="session", inbound=True, security="none")])
    assert verdict.title.vi == "Phiên điều khiển từ xa: VNC"
    assert "bị điều khiển từ xa bằng VNC, lần cuối 08:01 ngày 15/07, với máy ngoài Internet" in verdict.summary.vi
    assert "; máy mở không cần mật khẩu; còn có UltraViewer." in verdict.summary.vi


def test_which_end_is_controlled_is_told_at_both():
    facts = [
        seen(product="rdp", stage="session", peer_mac=TV, peer_ip=IPS[TV], security="tls"),
        seen(mac=TV, product="rdp", stage="session", inbound=True, peer_mac=PC, peer_ip=IPS[PC], security="tls"),
    ]
    known = declared(zones=STAFF, register=(registered(PC, "PC-01"), registered(TV, "PC-02")))
    viewer, _ = judged(facts, known)
    served, _ = judged(facts, known, mac=TV)
    assert "“PC-01” điều khiển máy khác bằng Remote Desktop (RDP), lần cuối 08:00 ngày 15/07, với “PC-02”; không có NLA" in viewer.summary.vi
    assert "“PC-02” bị điều khiển từ xa bằng Remote Desktop (RDP), lần cuối 08:00 ngày 15/07, với “PC-01”" in served.summary.vi


def test_a_server_that_waits_is_the_end_to_be_controlled():
    verdict, _ = judged([seen(product="vnc", stage="listening")])
    assert "chạy VNC, chờ được điều khiển, lần cuối 08:00 ngày 15/07." in verdict.summary.vi


def test_a_guard_that_is_good_is_no_reproach():
    verdict, _ = judged([seen(product="rdp", stage="session", inbound=True, security="nla")])
    assert "NLA" not in verdict.summary.vi
    assert dict(verdict.state)["security"] == "nla"


def test_a_peer_behind_a_router_is_called_that():
    verdict, _ = judged([seen(product="vnc", inbound=True, peer_ip="10.9.9.9")])
    assert "một máy ở mạng khác, qua bộ định tuyến" in verdict.summary.vi
    assert "10.9.9.9" not in str(msgspec.to_builtins(verdict))


def test_anydesks_group_alone_says_that_it_listens_on_any_port():
    verdict, _ = judged([box(GroupsReported, mac=PC, ip=IPS[PC], via="igmp", version=2, joined=("239.255.102.18",)), box.beat(vantage="plain")])
    assert (verdict.outcome, verdict.severity) == (Outcome.VIOLATION, Severity.MEDIUM)
    assert "AnyDesk" in verdict.title.vi
    other, _ = judged([box(GroupsReported, mac=PC, ip=IPS[PC], via="igmp", version=2, joined=("239.255.255.250",)), box.beat(vantage="plain")])
    assert other.outcome is Outcome.UNKNOWN


# Whose device it is


@pytest.mark.parametrize(("zones", "page"), [(STAFF, Urgency.PAGE), ({}, Urgency.TICKET)])
def test_officers_devices_page_and_unlabelled_ones_do_not(zones, page):
    verdict, _ = judged([seen(stage="session")], declared(zones=zones))
    assert verdict.urgency is page


def test_of_citizens_devices_nothing_is_kept():
    view = view_of([seen()], declared(zones={"lan": "citizen"}))
    assert (view.wire.remote, view.assets) == ({}, {})


def test_a_register_line_makes_a_device_on_the_citizens_network_an_officers():
    line = msgspec.structs.replace(registered(PC), role="staff")
    verdict, _ = judged([seen(stage="session")], declared(zones={"lan": "citizen"}, register=(line,)))
    assert verdict.urgency is Urgency.PAGE


@pytest.mark.parametrize("zone", ["display", "infrastructure"])
def test_other_devices_are_not_judged(zone):
    verdict, _ = judged([seen()], declared(zones={"lan": zone}))
    assert verdict.outcome is Outcome.NOT_APPLICABLE


def test_a_router_is_not_blamed_for_what_it_passes_on():
    offer = box(DhcpServerSeen, mac=BOX, ip=IPS[BOX], message="offer", server_id=IPS[BOX])
    verdict, _ = judged([offer, seen(mac=BOX)], mac=BOX)
    assert verdict.outcome is Outcome.NOT_APPLICABLE


def test_an_unlabelled_phone_is_somebodys_own_and_nothing_of_it_is_written_down():
    phone = box(DhcpClientSeen, mac=PHONE, message="request", vendor_class="android-dhcp-14", parameters=(1, 3, 6))
    verdict, view = judged([phone, seen(mac=PHONE)], declared(), mac=PHONE)
    assert (verdict.outcome, verdict.evidence) == (Outcome.NOT_APPLICABLE, ())
    (row,) = view.wire.remote.values()
    assert veiled(view, row).traces == {}
    other, view = judged([seen()], declared())
    (row,) = view.wire.remote.values()
    assert veiled(view, row) == row
    assert other.outcome is Outcome.VIOLATION


# Approval


def test_an_approved_tool_is_clear_and_says_by_whom_and_until_when():
    verdict, _ = judged([seen(), seen(1, stage="session")], declared(zones=STAFF, tools=(tool(hours="07:00-17:30"),)))
    assert verdict.outcome is Outcome.CLEAR
    assert "được phép đến 25/07/2025 (Tổ hỗ trợ tỉnh)" in verdict.summary.vi


@pytest.mark.parametrize("given", [(), (tool("vnc"),), (tool(mac=TV),)])
def test_approvals_of_nobody_of_others_or_for_others_do_not_count(given):
    verdict, _ = judged([seen()], declared(zones=STAFF, tools=given))
    assert verdict.outcome is Outcome.VIOLATION
    assert "hết hạn" not in verdict.summary.vi


def test_an_approval_that_ran_out_approves_nothing_and_is_told():
    verdict, _ = judged([seen()], declared(zones=STAFF, tools=(tool(until=AT - DAY),)))
    assert verdict.outcome is Outcome.VIOLATION
    assert "hết hạn 14/07/2025" in verdict.summary.vi


def test_a_session_outside_the_hours_is_found_even_when_later_ones_are_within():
    facts = [seen(-12 * HOUR, stage="session"), seen(0, stage="session"), seen(MINUTE)]
    inside = declared(zones=STAFF, tools=(tool(hours="07:00-17:30"),))
    verdict, _ = judged(facts, inside)
    assert (verdict.outcome, verdict.urgency) == (Outcome.VIOLATION, Urgency.PAGE)
    verdict, _ = judged(facts[1:], inside)
    assert verdict.outcome is Outcome.CLEAR


# When it is over


def test_five_working_days_without_a_sign_and_with_the_pc_close_it():
    known = declared(zones=STAFF, **WATCHED)
    facts = [seen(stage="session"), *listening(9), *here(0, 8)]
    verdict, _ = judged(facts, known, now=9 * DAY)
    assert verdict.outcome is Outcome.CLEAR
    assert "DoH" in verdict.summary.vi
    early, _ = judged([seen(stage="session"), *listening(4), *here(0, 4)], known, now=4 * DAY)
    assert early.outcome is Outcome.VIOLATION


def test_a_pc_that_is_not_there_proves_nothing():
    known = declared(zones=STAFF, **WATCHED)
    verdict, _ = judged([seen(stage="session"), *listening(9), *here(0)], known, now=9 * DAY)
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.unseen >= 8 * DAY


@pytest.mark.parametrize(("via", "outcome"), [("lan", Outcome.CLEAR), ("payload", Outcome.VIOLATION)])
def test_on_a_plain_port_only_what_such_a_port_hears_can_end(via, outcome):
    known = declared(zones=STAFF, **WATCHED)
    verdict, _ = judged([seen(stage="listening", via=via), *listening(9, "plain"), *here(0, 8)], known, now=9 * DAY)
    assert verdict.outcome is outcome


def test_what_ended_does_not_make_what_goes_on_look_worse():
    known = declared(zones=STAFF, **WATCHED)
    verdict, _ = judged([seen(stage="session"), seen(9 * DAY), *listening(9), *here(0, 8)], known, now=9 * DAY)
    assert (verdict.severity, dict(verdict.state)["stage"]) == (Severity.MEDIUM, "connecting")


@pytest.mark.parametrize(("days", "vantage", "outcome"), [(9, "mirror", Outcome.CLEAR), (2, "mirror", Outcome.UNKNOWN), (9, "plain", Outcome.UNKNOWN)])
def test_an_officers_pc_without_a_sign_is_clear_only_where_it_was_listened_to(days, vantage, outcome):
    known = declared(zones=STAFF, **WATCHED)
    verdict, _ = judged([*listening(days, vantage), *here(0, days - 1)], known, now=days * DAY)
    assert verdict.outcome is outcome
    assert (verdict.reason is None) is (outcome is Outcome.CLEAR)


# Rows


def test_a_row_comes_back_whole_and_without_names_or_addresses():
    _, view = judged([seen(stage="session", product="vnc", inbound=True, peer_mac=TV, peer_ip=IPS[TV], security="none", port=5900)])
    (row,) = view.wire.remote.values()
    written = msgspec.json.encode(row)
    assert msgspec.json.decode(written, type=RemoteRow) == row
    assert not any(text.encode() in written for text in (TV, IPS[TV], IPS[PC]))


def test_a_product_that_no_table_knows_leaves_no_row():
    view = view_of([seen(product="x" * 100)])
    assert view.wire.remote == {}


def test_a_sign_that_is_no_news_touches_nobody():
    from model.site import fold

    view = view_of([seen(stage="session")])
    assert fold(view, seen(MINUTE, stage="session")) == ()
    assert fold(view, seen(2 * MINUTE, stage="session", inbound=True)) == (Subject("asset", view.by_mac[PC]),)
    assert fold(view, seen(31 * MINUTE, stage="session"))


def test_sessions_of_a_year_fill_no_more_than_their_room():
    view = view_of([seen(half * 30 * MINUTE, stage="session") for half in range(200)])
    (row,) = view.wire.remote.values()
    (trace,) = row.traces.values()
    assert len(trace.halves) == 48
    assert trace.halves[-1] == (AT + 199 * 30 * MINUTE) // (30 * MINUTE)
