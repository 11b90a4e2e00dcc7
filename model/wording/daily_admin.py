"""What VG-END-07 says."""

from __future__ import annotations

from model.text import Text, shown

TITLE = Text("Làm việc hằng ngày bằng tài khoản quản trị", "Daily work is done with an administrator's account")
REMEDY = (
    Text(
        "Tạo tài khoản thường (Standard user) cho người dùng; tài khoản quản trị chỉ dùng khi cài đặt.",
        "Make a standard account for the PC's user; use an administrator's account for installing only.",
    ),
    Text(
        "Phần mềm bắt buộc quyền quản trị: ghi vào enrolled.csv (admins_until, why, owner) có thời hạn.",
        "Where a program demands the rights: enter it in enrolled.csv (admins_until, why, owner).",
    ),
)
REMEDY_BUILTIN = (
    Text(
        "Có tài khoản quản trị khác rồi thì khóa Administrator: net user Administrator /active:no.",
        "Once another administrator exists, disable this one: net user Administrator /active:no.",
    ),
)
GOOD = Text("người dùng làm việc bằng tài khoản thường", "work is done with a standard account")
OURS = Text("Máy của người quản trị hoặc máy chủ: công việc ở đó cần quyền quản trị.", "An administrator's PC or a server: work there takes these rights.")


def daily(days: int, of: int) -> Text:
    """The same administrator's account on so many of the last working days."""
    return Text(
        f"một tài khoản quản trị được dùng làm việc {days} trong {of} ngày làm việc gần nhất",
        f"one administrator's account was worked in on {days} of the last {of} working days",
    )


def builtin(days: int, of: int) -> Text:
    """The built-in Administrator, which no User Account Control restrains."""
    return Text(
        f"dùng tài khoản Administrator có sẵn {days} trong {of} ngày làm việc gần nhất, mọi phần mềm đều chạy với toàn quyền",
        f"the built-in Administrator was used on {days} of the last {of} working days, so that every program runs with all rights",
    )


def too_few(known: int, of: int) -> Text:
    """Not enough days are known to say."""
    return Text(f"mới biết ai làm việc ở {known} trong {of} ngày làm việc gần nhất", f"who worked there is known of {known} of the last {of} working days only")


def ran_out(day: str) -> Text:
    """The exemption is over."""
    return Text(f"phép dùng quyền quản trị đã hết hạn {day}", f"the exemption ran out on {day}")


def exempt(name: str, why: str, owner: str, until: str) -> Text:
    """Somebody signed for it."""
    return Text(
        f"“{name}”: được dùng tài khoản quản trị đến {until} ({shown(why, 60)}; {shown(owner, 60)} chịu trách nhiệm).",
        f"“{name}”: may use an administrator's account until {until} ({shown(why, 60)}; {shown(owner, 60)} answers for it).",
    )
