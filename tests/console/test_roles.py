"""Who may do what on the page, in whose name, and what is noted of it: over HTTP, without a browser."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from exporters.console.app import make_app
from exporters.console.users import ROLES
from tests.console.commune import Hand, busy
from tests.console.people import NAMES, SECRET, Letters, Person, doors, noted, user, write_users

AT = "/phat-hien/000000000001"
OTHER = "một câu dài khác hẳn"


# Every address that takes a form, and who may send it.
FORMS = {
    AT + "/nhan": ("analyst", "administrator"),
    AT + "/chap-nhan": ("analyst", "administrator"),
    AT + "/dong": ("analyst", "administrator"),
    "/phat-hien/nhan": ("analyst", "administrator"),
    "/gui-di/tin": ("administrator",),
    "/nguoi-dung": ("administrator",),
    "/nguoi-dung/hoa/vai-tro": ("administrator",),
    "/nguoi-dung/hoa/khoa": ("administrator",),
    "/nguoi-dung/hoa/mo": ("administrator",),
    "/nguoi-dung/hoa/mat-khau": ("administrator",),
    "/mat-khau": ROLES,
    "/dang-xuat": ROLES,
}
ADMINISTRATORS_PAGES = ("/nguoi-dung", "/so-thao-tac")


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_may_do_what_it_may(staffed, role: str) -> None:
    page, made, hand, _ = await staffed(letters=Letters())
    async with Person(page.url) as person:
        await person.log_in(role)
        for path, allowed in FORMS.items():
            answer = await person.submit(path)
            assert (answer.status == 403) == (role not in allowed), (path, answer.status)
            if role not in allowed:
                assert noted(made)[-1][:3] == (NAMES[role], "denied", f"POST {path}")
                assert "Không thực hiện được" in answer.text
        await person.log_in(role)
        for path in ADMINISTRATORS_PAGES:
            assert (await person.get(path)).status == (200 if role == "administrator" else 403), path
        menu = re.findall(r'href="(/[\w-]*)"', (await person.get("/")).text)
        assert (set(ADMINISTRATORS_PAGES) <= set(menu)) == (role == "administrator")
    assert bool(hand.asked) == (role != "viewer")


def test_every_form_of_the_page_is_in_the_table_above(tmp_path: Path) -> None:
    """A form that nobody thought of would be the administrators' alone; this says that somebody thought of it."""
    app = make_app(busy(), Hand(busy()), doors=doors(tmp_path, letters=Letters()))
    patterns = [route.resource for route in app.router.routes() if route.method == "POST" and route.resource]
    samples = [*FORMS, "/dang-nhap"]
    unmatched = [
        resource.canonical
        for resource in patterns
        if not any(resource.get_info().get("pattern", re.compile(re.escape(resource.canonical))).fullmatch(path) for path in samples)
    ]
    assert len(patterns) == 8
    assert unmatched == []


async def test_acts_go_by_the_name_of_who_is_logged_in(staffed) -> None:
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan:
        await lan.log_in("analyst")
        finding = await lan.get(AT)
        assert "Ghi tên: lan" in finding.text
        assert 'name="by"' not in finding.text
        answer = await lan.post(AT + "/nhan", {"token": finding.token, "by": "Giám đốc"})
        assert (answer.status, answer.headers["Location"]) == (303, AT)
        assert "lan đã nhận" in (await lan.get("/")).text
        await lan.submit(AT + "/chap-nhan", until="2026-12-31", why="chờ mua màn hình mới")
    assert [(act.kind, act.by) for act in hand.asked] == [("acknowledge", "lan"), ("accept", "lan")]
    assert noted(made)[1:] == [("lan", "acknowledge", "000000000001", "done"), ("lan", "accept", "000000000001", "done")]


async def test_acts_that_do_not_fit_are_refused_with_a_sentence(staffed) -> None:
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan:
        await lan.log_in("analyst")
        answer = await lan.submit(AT + "/dong", why=" ")
        assert (answer.status, "phải ghi lý do" in answer.text) == (409, True)
        answer = await lan.submit(AT + "/chap-nhan", why="sự kiện", until="31/12/2025")
        assert (answer.status, "năm-tháng-ngày" in answer.text) == (400, True)
        assert (await lan.submit(AT + "/chap-nhan", why="sự kiện", until="2025-07-20")).status == 303
        assert hand.journal.changes[0].finding.accepted_until == 1_753_030_799_000_000_000  # 23:59:59 20/07/2025 in Viet Nam
        assert "đã chấp nhận rủi ro" in (await lan.get(AT)).text
    assert noted(made)[1] == ("lan", "close", "000000000001", "phải ghi lý do (--why)")


async def test_many_findings_are_taken_at_once(staffed) -> None:
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan:
        await lan.log_in("analyst")
        listed = (await lan.get("/phat-hien?muc=high")).text
        assert 'name="back" value="/phat-hien?muc=high"' in listed
        ids = ["000000000001", "000000000002", "000000000002", "<script>"]
        answer = await lan.submit("/phat-hien/nhan", finding=ids, back="/phat-hien?muc=high")
        assert (answer.status, answer.headers["Location"]) == (303, "/phat-hien?muc=high")
        assert [act.finding for act in hand.asked] == ["000000000001", "000000000002"]
        partly = await lan.submit("/phat-hien/nhan", finding=["000000000003", "000000000005"])
        assert (partly.status, "Đã nhận 1 phát hiện; 1 không nhận được" in partly.text) == (409, True)
        assert (await lan.submit("/phat-hien/nhan")).status == 400
        outward = await lan.submit("/phat-hien/nhan", finding=["000000000004"], back="//evil.example")
        assert outward.headers["Location"] == "/"
    assert [about for _, deed, about, _ in noted(made) if deed == "acknowledge"] == [f"{n:012x}" for n in (1, 2, 3, 5, 4)]


async def test_dead_letters_go_out_again_or_away_by_an_administrator(staffed) -> None:
    letters = Letters()
    page, made, _, _ = await staffed(letters=letters)
    async with Person(page.url) as minh:
        await minh.log_in("administrator")
        assert 'value="soc-elastic/0197f0c2-finding"' in (await minh.get("/gui-di")).text
        chosen = ["soc-elastic/0197f0c2-finding", "a/b/7", "no-row/", "x"]
        assert (await minh.submit("/gui-di/tin", what="replay", letter=chosen)).status == 303
        assert (await minh.submit("/gui-di/tin", what="purge", letter=chosen)).status == 400, "without a reason"
        assert (await minh.submit("/gui-di/tin", what="purge", letter=chosen[:1], why="bản tin thử")).status == 303
        assert (await minh.submit("/gui-di/tin", what="replay")).status == 400
    async with Person(page.url) as hoa:
        await hoa.log_in("viewer")
        assert 'name="letter"' not in (await hoa.get("/gui-di")).text
    assert letters.asked == [("replay", "soc-elastic", ("0197f0c2-finding",)), ("replay", "a/b", ("7",)), ("purge", "soc-elastic", ("0197f0c2-finding",))]
    assert noted(made)[3][:3] == ("minh", "letters_purge", "soc-elastic 1/1: 0197f0c2-finding")


async def test_each_letter_is_named_in_the_trail_and_whoever_asked_when_core_went_too(staffed) -> None:
    letters = Letters()
    page, made, _, _ = await staffed(letters=letters)
    many = [f"soc/0197f0c2-aaaa-{number:04}" for number in range(40)]
    async with Person(page.url) as minh:
        await minh.log_in("administrator")
        assert (await minh.submit("/gui-di/tin", what="purge", letter=many, why="trùng")).status == 303
        letters.broken = ConnectionResetError("mất kết nối với core")
        lost = await minh.submit("/gui-di/tin", what="purge", letter=many[:1], why="trùng")
        assert (lost.status, "Lõi chưa trả lời" in lost.text) == (503, True)
    async with Person(page.url) as lan:
        await lan.log_in("analyst")
        assert (await lan.submit("/gui-di/tin", what="purge", letter=many, why="x")).status == 403
    lines = [(about, outcome) for _, deed, about, outcome in noted(made) if deed == "letters_purge"]
    assert [outcome for _, outcome in lines] == ["done", "done", "done", "mất kết nối với core"]
    assert {row for about, _ in lines[:3] for row in about.partition(": ")[2].split(", ")} == {each.partition("/")[2] for each in many}
    assert lines[3][0] == "soc ?/1: 0197f0c2-aaaa-0000"


async def test_a_form_must_be_ours_and_of_this_session(staffed) -> None:
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan, Person(page.url) as hoa:
        await lan.log_in("analyst")
        await hoa.log_in("viewer")
        own, foreign = (await lan.get("/mat-khau")).token, (await hoa.get("/mat-khau")).token
        assert own != (await lan.get("/mat-khau")).token, "written another way each time"
        for token, origin, more in (
            (foreign, page.url, {}),
            ("", page.url, {}),
            ("%%%", page.url, {}),
            (own[:-4], page.url, {}),
            (own, "http://evil.example", {}),
            (own, "null", {}),
            (own, "", {}),
            (own, page.url, {"Sec_Fetch_Site": "same-site"}),
        ):
            answer = await lan.post(AT + "/nhan", {"token": token}, Origin=origin, **more)
            assert (answer.status, hand.asked) == (403, []), (token, origin)
            assert "không đến từ trang này" in answer.text
            assert noted(made)[-1] == ("lan", "denied", f"POST {AT}/nhan", "forged")
        assert (await lan.post(AT + "/nhan", {"token": own})).status == 303
        for origin in ("http://evil.example", "null", ""):
            assert (await hoa.post("/dang-nhap", {"name": "minh", "password": SECRET}, Origin=origin)).status == 403


async def test_a_temporary_password_is_for_one_log_in(staffed, tmp_path: Path) -> None:
    write_users(tmp_path / "users.json", user("administrator"), user("analyst", must_change=True))
    page, made, hand, _ = await staffed()
    async with Person(page.url) as lan, Person(page.url) as elsewhere:
        await elsewhere.log_in("analyst")
        assert (await lan.log_in("analyst")).headers["Location"] == "/mat-khau"
        for path in ("/", AT, "/phat-hien?lang=en"):
            assert (await lan.get(path)).headers["Location"].startswith("/mat-khau"), path
        assert (await lan.submit(AT + "/nhan")).headers["Location"] == "/mat-khau"
        assert hand.asked == []
        for old, new, again, said in (
            ("sai mật khẩu rồi nhé", OTHER, OTHER, "hiện nay không đúng"),
            (SECRET, OTHER, OTHER + "x", "không giống nhau"),
            (SECRET, SECRET, SECRET, "phải khác mật khẩu hiện nay"),
            (SECRET, "ngắn quá", "ngắn quá", "từ 12 đến 256 ký tự"),
            (SECRET, "xin chào lan nhé", "xin chào lan nhé", "không được chứa tên"),
            (SECRET, "ababababababab", "ababababababab", "lặp lại"),
        ):
            answer = await lan.submit("/mat-khau", password=old, new=new, again=again)
            assert (answer.status, said in answer.text) == (400, True), said
        changed = await lan.submit("/mat-khau", password=SECRET, new=OTHER, again=OTHER)
        assert changed.headers["Location"] == "/"
        assert (await lan.get("/")).status == 200
        assert (await elsewhere.get("/")).status == 303, "other browsers of hers are out"
        assert (await elsewhere.log_in("analyst")).status == 403
        assert (await elsewhere.log_in("analyst", OTHER)).status == 303
    assert ("lan", "own_password", "lan", "done") in noted(made)
    assert OTHER not in (tmp_path / "users.json").read_text() + made.trail.path.read_text()


async def test_administrators_make_and_change_users(staffed, tmp_path: Path) -> None:
    page, made, _, _ = await staffed()
    async with Person(page.url) as minh, Person(page.url) as hoa:
        await minh.log_in("administrator")
        assert (await minh.submit("/nguoi-dung", name="tuan", role="analyst", password=OTHER)).status == 303
        assert "tuan" in (await minh.get("/nguoi-dung")).text
        for name, role, password, said in (
            ("tuan", "viewer", OTHER, "Đã có người dùng tuan"),
            ("Tuấn", "viewer", OTHER, "2 đến 32 chữ thường"),
            ("binh", "viewer", "ngắn", "từ 12 đến 256"),
        ):
            refused = await minh.submit("/nguoi-dung", name=name, role=role, password=password)
            assert (refused.status, said in refused.text) == (409, True), said
        assert (await minh.submit("/nguoi-dung", name="binh", role="emperor", password=OTHER)).status == 400
        await hoa.log_in("viewer")
        assert (await hoa.submit(AT + "/nhan")).status == 403
        await minh.submit("/nguoi-dung/hoa/vai-tro", role="analyst")
        assert (await hoa.submit(AT + "/nhan")).status == 303, "from the next request on"
        await minh.submit("/nguoi-dung/hoa/khoa")
        assert (await hoa.get("/")).status == 303
        assert (await hoa.log_in("viewer")).status == 403
        await minh.submit("/nguoi-dung/hoa/mo")
        assert (await hoa.log_in("viewer")).status == 303
        await minh.submit("/nguoi-dung/hoa/mat-khau", password=OTHER)
        assert (await hoa.get("/")).status == 303
        assert (await hoa.log_in("viewer", OTHER)).headers["Location"] == "/mat-khau"
        last = await minh.submit("/nguoi-dung/minh/khoa")
        assert (last.status, "người quản trị cuối cùng" in last.text) == (409, True)
        shown = (await minh.get("/so-thao-tac")).text
        assert "thêm người dùng" in shown
        assert "đặt mật khẩu tạm" in shown
    assert stat.S_IMODE((tmp_path / "users.json").stat().st_mode) == 0o600
    deeds = [deed for by, deed, about, _ in noted(made) if by == "minh" and about]
    assert deeds == ["user_add", "user_role", "user_disable", "user_enable", "user_password"]


async def test_without_users_the_page_of_this_machine_is_open_to_read_and_shut_once_there_is_one(staffed, tmp_path: Path) -> None:
    page, made, hand, _ = await staffed()
    (tmp_path / "users.json").unlink()
    async with Person(page.url) as person:
        assert (await person.get(AT)).status == 200
        assert (await person.get("/dang-nhap")).headers["Location"] == "/"
        for path in FORMS:
            answer = await person.post(path)
            assert (answer.status, "vonggac users add" in answer.text) == (403, True), path
        assert hand.asked == []
        made.users.add("minh", "administrator", OTHER)
        assert (await person.get(AT)).status == 303
