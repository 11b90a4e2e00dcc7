import importlib
import re
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.registry import detector_class, detector_modules
from exporters import render_words
from exporters.render import MAX_ALERT, MAX_STEP, MAX_STEPS, Place, alert, brief, inert, title
from model.ledger import Cause, CauseKind, FindingState, Step
from model.text import Text
from model.verdict import Evidence, Grade, Outcome, Severity, Subject, Urgency
from model.wording import rogue_router
from tests.exporters.samples import AT, change

PLACE = Place(name="Trung tâm phục vụ hành chính công xã A")


def test_an_opened_finding_reads_as_the_page_prescribes():
    lines = alert(change(severity=Severity.CRITICAL), place=PLACE).split("\n")
    assert lines[0] == "NGHIÊM TRỌNG · Màn hình đang mở cho mọi người · Trung tâm phục vụ hành chính công xã A"
    assert lines[1] == "15/07/2025 09:14:03 (giờ Việt Nam) · đã xác nhận: “TV-Sảnh” nhận hình từ bất kỳ thiết bị nào (DLNA)."
    assert lines[2] == "Căn cứ: quảng bá SSDP/UPnP “NT: urn:schemas-upnp-org:device:MediaRenderer:1”; quảng bá mDNS “_airplay._tcp.local. pw=0”"
    assert lines[3] == "1. Tắt phản chiếu màn hình. 2. Đặt mã PIN. 3. Chuyển sang mạng riêng."
    finding = change().finding
    assert lines[4] == f"Mã VG-NET-02/{finding.id[:4]} · /phat-hien/{finding.id}"
    assert len(lines) == 5


def test_english_by_setting_and_the_pages_address_before_the_link():
    text = alert(change(), "en", Place(name="Commune A", page_url="https://soc.example/"))
    assert text.startswith("HIGH · Screen open to anybody · Commune A\n15/07/2025 09:14:03 (UTC+7) · confirmed: ")
    assert text.endswith(f"· https://soc.example/phat-hien/{change().finding.id}")


def test_without_a_name_the_sites_code_says_where():
    assert title(change()) == "CAO · Màn hình đang mở cho mọi người · xa-a"


def test_a_portal_is_where_it_is():
    portal = Subject("portal", "cong-xa-a")
    assert title(change(subject=portal), place=PLACE).endswith(" · cong-xa-a")
    said = Text("Cổng thông tin chuyển khách sang trang cá cược · dvc.tinh.gov.vn", "The portal sends visitors to gambling · dvc.tinh.gov.vn")
    assert title(change(subject=portal, title=said), place=PLACE) == "CAO · Cổng thông tin chuyển khách sang trang cá cược · dvc.tinh.gov.vn"


def test_the_first_line_names_the_device_unless_the_title_does():
    assert title(change(name="PC-01"), place=PLACE) == "CAO · Màn hình đang mở cho mọi người · “PC-01” · Trung tâm phục vụ hành chính công xã A"
    quoted = Text("Màn hình “TV-Sảnh” cho phép bất kỳ ai trình chiếu", "Screen “TV-Sảnh” lets anyone present to it")
    assert title(change(name="TV-Sảnh", title=quoted), "en") == "HIGH · Screen “TV-Sảnh” lets anyone present to it · xa-a"
    assert title(change(name="a0011223344556677")) == "CAO · Màn hình đang mở cho mọi người · “#a0011223” · xa-a"
    assert title(change(name="http://evil.top\n" + "x" * 90)) == f"CAO · Màn hình đang mở cho mọi người · “hxxp://evil[.]top {'x' * 21}…” · xa-a"


def test_what_may_cross_a_channel_of_strangers_names_no_device():
    told = brief(change(name="PC-01"), place=Place(name="Xã A", rules={"VG-NET-02": Text("Màn hình đang bật", "Screen on")}))
    assert told.startswith("CAO · Màn hình đang bật · Mã VG-NET-02/")
    assert "PC-01" not in told
    assert "Xã A" not in told


def test_a_sentence_does_not_say_again_the_name_that_the_first_line_has():
    said = Text("“PC-01”: không có phần mềm diệt vi-rút nào. Máy trả lời lúc 08:00 ngày 15/07.", "“PC-01”: no antivirus at all.")
    text = alert(change(name="PC-01", summary=said))
    assert "· đã xác nhận: Không có phần mềm diệt vi-rút nào. Máy trả lời" in text
    assert text.count("PC-01") == 1
    assert "“Máy chiếu 2”" not in alert(change(name="Máy chiếu 2", summary=Text("Nghe được.", "Heard."))).split("\n")[1]


def test_nor_does_the_reason_of_a_finding_lost_from_sight():
    text = alert(change("lapsed", name="PC-01", stale=Text("“PC-01”: chưa kết luận được.", "“PC-01”: not known.")))
    assert "không có nghĩa là đã khắc phục. Chưa kết luận được." in text
    assert text.count("PC-01") == 1


def test_a_sensor_is_not_called_by_its_word_in_the_configuration():
    assert "“screens”" not in alert(change(subject=Subject("sensor", "screens"), name="screens", summary=Text("Không có tín hiệu.", "No heartbeat.")))


def test_a_resolved_message_says_what_was_seen_that_closed_it():
    text = alert(change("resolved", summary=Text("Thiết bị báo đã bật mật khẩu.", "x")), place=PLACE)
    assert text.startswith("ĐÃ KHẮC PHỤC · Màn hình đang mở cho mọi người · Trung tâm")
    assert "thấy: Thiết bị báo đã bật mật khẩu." in text
    assert "Căn cứ: " in text
    assert "mở từ 15/07/2025 09:14:03" in text
    assert "1. " not in text


@pytest.mark.parametrize("kind", [k for k in get_args(CauseKind) if k != "observed"])
def test_what_nobody_saw_repaired_is_never_told_as_resolved(kind):
    text = alert(change("resolved", cause=Cause(kind, "Lan", "đã duyệt màn hình")))
    assert "ĐÃ KHẮC PHỤC" not in text
    assert "thấy:" not in text
    assert "Chưa có căn cứ là đã khắc phục." in text
    assert "bởi Lan: đã duyệt màn hình" in text


def test_an_edit_that_closes_says_who_and_what_holds_since():
    said = Text("“TV-Sảnh” có trong danh mục.", "“TV-Sảnh” is in the register.")
    text = alert(change("resolved", cause=Cause("policy", "Lan"), summary=said))
    assert text.startswith("ĐÓNG DO SỬA KHAI BÁO · ")
    assert "· bởi Lan: “TV-Sảnh” có trong danh mục (mở từ 15/07/2025 09:14:03). Chưa có căn cứ là đã khắc phục." in text
    assert "by Lan: “TV-Sảnh” is in the register (open since" in alert(change("resolved", cause=Cause("policy", "Lan"), summary=said), "en")


def test_what_was_merged_tells_the_code_of_the_other_device():
    assert ": #a8899aab (mở từ" in alert(change("resolved", cause=Cause("merged", why="a8899aabbccddeeff")))


def test_lapsed_is_never_told_as_resolved():
    text = alert(change("lapsed", stale=Text("Không nghe thấy 14 ngày.", "Not heard for 14 days.")))
    assert text.startswith("MẤT DẤU · ")
    assert "không có nghĩa là đã khắc phục. Không nghe thấy 14 ngày." in text
    assert "ĐÃ KHẮC PHỤC" not in text
    assert "Căn cứ" not in text


def test_coming_back_tells_how_often():
    assert alert(change("reopened", times=3)).startswith("CAO · TÁI DIỄN · ")
    assert "· lần thứ 3 · đã xác nhận:" in alert(change("reopened", times=3))


def test_an_acceptance_tells_who_until_when_and_why():
    text = alert(change("accepted", accepted_until=AT, cause=Cause("act", "Nam", "chờ thay màn hình")))
    assert text.startswith("ĐÃ CHẤP NHẬN RỦI RO · ")
    assert "· bởi Nam đến 15/07/2025 09:14:03: chờ thay màn hình" in text


def test_the_words_cover_every_value_of_the_model():
    assert set(render_words.SEVERITIES) == set(Severity)
    assert set(render_words.GRADES) == set(Grade)
    assert set(render_words.OUTCOMES) == set(Outcome)
    assert set(render_words.URGENCIES) == set(Urgency)
    assert set(render_words.STATES) == set(get_args(FindingState))
    assert set(render_words.STEPS) == set(get_args(Step))
    assert set(render_words.CAUSES) == set(render_words.ENDINGS) == set(get_args(CauseKind))


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("https://evil.example/v.mp4", "hxxps://evil[.]example/v.mp4"),
        ("HTTP://1.2.3.4/x", "hxxp://1.2.3.4/x"),
        ("www.casino.top", "www[.]casino[.]top"),
        ("tg://join?x", "tg[:]//join?x"),
        ("xhttp://a", "xhttp[:]//a"),
        ("TV\n\u202egnp.exe\x1b[2J", "TV gnp[.]exe [2J"),
        ("TV-Sảnh.local", "TV-Sảnh.local"),
        ("dichvucong.gov.vn", "dichvucong.gov.vn"),
        ("dichvucong.gov.vn.evil.top", "dichvucong[.]gov[.]vn[.]evil[.]top"),
        ("v1.2", "v1.2"),
        ("enrolled.csv", "enrolled.csv"),
    ],
)
def test_hostile_text_is_inert(hostile, shown):
    assert inert(hostile, 80) == shown


LIVE = re.compile(r"(?:https?|ftp|tg|viber)://|www\.", re.IGNORECASE)
hostile = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(["http://", "HTTPS:", "//", "www.", "evil.top", "tg://", "\n", "\u202e", "a", " "]), max_size=60).map("".join),
)


@given(
    step=st.sampled_from(get_args(Step)),
    kind=st.sampled_from(get_args(CauseKind)),
    name=hostile,
    said=hostile,
    value=hostile,
    who=hostile,
    steps=st.lists(hostile, max_size=5),
)
def test_any_alert_is_short_has_its_code_and_no_live_link(step, kind, name, said, value, who, steps):
    told = change(
        step,
        name=name,
        title=Text(said, said),
        summary=Text(said, said),
        remedy=tuple(Text(s, s) for s in steps),
        evidence=tuple(Evidence("mdns", value, AT) for _ in range(8)),
        cause=Cause(kind, who, said),
        stale=Text(said, said),
    )
    for language in ("vi", "en"):
        text = alert(told, language, Place(name=said, page_url="hxxps://" + "p" * 100))
        assert len(text) <= MAX_ALERT < 700
        assert text.endswith(told.finding.id)
        assert len(text.split("\n")) <= 5
        assert not LIVE.search(text)
        assert all(c.isprintable() for c in text.replace("\n", ""))


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        (Evidence("vantage", "plain", AT), "vị trí nghe “cổng thường”"),
        (Evidence("netbios", "PC-LA → windows_pc", AT), "tên NetBIOS “PC-LA → máy tính Windows”"),
        (Evidence("netbios", "PC-LA → never_heard_of", AT), "tên NetBIOS “PC-LA → never_heard_of”"),
        (Evidence("probe", "nonce silent", AT), "thăm dò “khung thử lớp 2: không thấy”"),
        (Evidence("probe", "nonce raw can-bo > nguoi-dan", AT), "thăm dò “Khung thử lớp 2: can-bo → nguoi-dan”"),
        (Evidence("probe", "open 22,80", AT), "thăm dò “SOC gõ thử, cổng mở: 22,80”"),
        (Evidence("probe", "open -", AT), "thăm dò “SOC gõ thử, không cổng nào mở”"),
        (Evidence("arp", "a153f1a79db33b0b0: poison; 5 unasked", AT), "ARP “#a153f1a7: liên tục trả lời khi không ai hỏi; 5 lần”"),
        (Evidence("arp", "quiet", AT), "ARP “im lặng”"),
        (Evidence("dhcp", "server 192.0.2.1; dns 192.0.2.53", AT), "DHCP “máy chủ 192.0.2.1; DNS 192.0.2.53”"),
        (Evidence("dhcp", "ab2658be069158227: server 192.0.2.1", AT), "DHCP “#ab2658be: máy chủ 192.0.2.1”"),
        (Evidence("count", "known 5/5, administrator 2, built-in 0", AT), "số lượng “biết 5/5 ngày; quản trị 2, Administrator có sẵn 0”"),
        (Evidence("declared", "admins until 27/06/2026", AT), "khai báo “được dùng quyền quản trị đến 27/06/2026”"),
        (Evidence("product", "traces kmsauto", AT), "phần mềm “dấu vết kmsauto”"),
        (Evidence("product", "traces", AT), "phần mềm “traces”"),
        (Evidence("dhcp", "silent", AT), "DHCP “im lặng”"),
        (Evidence("ra", "ab2658be069158227 2001:db8:1::/64", AT), "quảng bá bộ định tuyến IPv6 “#ab2658be 2001:db8:1::/64”"),
        (Evidence("mac", "sent by 02:00:00:00:00:99", AT), "địa chỉ MAC “do máy khác gửi: 02:00:00:00:00:99”"),
        (Evidence("mac", "02:00:00:00:00:99", AT), "địa chỉ MAC “02:00:00:00:00:99”"),
        (Evidence("session", "SYN+ACK", AT), "phiên “máy bên kia nhận kết nối (SYN+ACK)”"),
        (Evidence("count", "desktop: 3, 1200 B, 40 d", AT), "số lượng “màn hình nền (Desktop): 3 tệp, 1200 B, cũ nhất 40 ngày”"),
        (Evidence("segment", "a6061473d34682535", AT), "thiết bị “#a6061473”"),
        (Evidence("age", "kaspersky osquery fresh", AT), "đã hỏi “bản quyền Kaspersky: máy trả lời, còn mới”"),
        (Evidence("state", "antivirus: none", AT), "trạng thái “phần mềm diệt vi-rút: không có”"),
        (Evidence("state", "off: public,domain", AT), "trạng thái “tường lửa tắt: mạng công cộng, mạng cơ quan”"),
        (Evidence("state", "AirPlay open: yes", AT), "trạng thái “AirPlay open: yes”"),
        (Evidence("count", "government: 3", AT), "số lượng “mật khẩu hệ thống nhà nước: 3”"),
        (Evidence("count", "NAK 4", AT), "số lượng “NAK 4”"),
        (Evidence("heartbeat", "silent 25/06/2025 09:14:03", AT), "tín hiệu sống “im lặng 25/06/2025 09:14:03”"),
        (Evidence("product", "ultraviewer running 6.6.121", AT), "phần mềm “ultraviewer đang chạy 6.6.121”"),
        (Evidence("product", "Kaspersky Small Office off", AT), "phần mềm “Kaspersky Small Office off”"),
        (Evidence("persona", "mobile x3, 61 s", AT), "kiểu người truy cập “điện thoại Android thấy 3 lần trong 61 giây”"),
        (Evidence("persona", "mobile timeout", AT), "kiểu người truy cập “điện thoại Android: quá thời gian”"),
        (Evidence("persona", " stale", AT), "kiểu người truy cập “lâu chưa truy cập lại”"),
        (Evidence("heartbeat", "reports 25/06/2025 09:14:03", AT), "tín hiệu sống “có báo cáo 25/06/2025 09:14:03”"),
        (Evidence("persona", "strange", AT), "kiểu người truy cập “strange”"),
        (Evidence("hop", "script 302 https://a.gov.vn/", AT), "bước chuyển hướng “mã JavaScript 302 hxxps://a.gov.vn/”"),
        (Evidence("page", "https://a.gov.vn/ hidden_links", AT), "trang đã xem “hxxps://a.gov.vn/ liên kết ẩn ra trang ngoài”"),
        (Evidence("push", "DLNA Play ← a7a0b8719c27e51d4", AT), "gửi lên màn hình “DLNA Play ← #a7a0b871”"),
        (Evidence("age", "60 days", AT), "thời gian “60 days”"),
    ],
)
def test_evidence_in_terms_of_ours_is_told_in_words_and_what_was_heard_stays_as_it_was(piece, told):
    assert f"Căn cứ: {told}" in alert(change(evidence=(piece,)), place=PLACE)


def lists_of(words: dict[str, object]) -> Iterator[tuple[Text, ...]]:
    """The lists of steps in a module of words that an alert begins with: what is done later never stands among the first three."""
    for name, value in words.items():
        if isinstance(value, tuple) and value and all(isinstance(step, Text) for step in value) and name != "_LATER":
            yield value


# What may wake somebody: steps on a PC name its menus, which takes room, and wake nobody.
@pytest.mark.parametrize("module", [name for name in detector_modules() if detector_class(name).about.id.startswith(("VG-NET", "VG-COV"))])
def test_the_first_steps_of_every_rule_are_told_whole(module):
    lists = [*lists_of(vars(importlib.import_module(f"model.wording.{module}")))]
    lists += [rogue_router.remedy(kind, named=named) for kind in ("kvm", "router") for named in (True, False)] if module == "rogue_router" else []
    assert [step for steps in lists for step in steps[:MAX_STEPS] for language in ("vi", "en") if len(step.to(language)) > MAX_STEP] == []


def test_a_sentence_that_names_both_segments_is_not_preceded_by_the_pair():
    said = Text("Khung thử lọt từ “Mạng cán bộ” sang “Wi-Fi người dân”.", "It crossed.")
    pair = Subject("segments", "can-bo|nguoi-dan")
    assert "bộ ↔ Wi-Fi" not in alert(change(subject=pair, name="Mạng cán bộ ↔ Wi-Fi người dân", summary=said), place=PLACE)
    assert "“Mạng cán bộ ↔ Kho”: Khung thử" in alert(change(subject=pair, name="Mạng cán bộ ↔ Kho", summary=said), place=PLACE)


def test_an_alert_of_several_sites_names_the_one_it_is_about():
    place = Place(names={"xa-a": "Trung tâm A", "xa-b": "Trung tâm B"})
    assert "Trung tâm A" in alert(change(subject=Subject("site", "xa-a")), "vi", place)
    assert "xa-a" in alert(change(subject=Subject("site", "xa-a")), "vi", Place(names={"xa-b": "Trung tâm B"}))
