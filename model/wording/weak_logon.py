"""What VG-END-04 says."""

from __future__ import annotations

from model.text import Text
from model.wording.common import many

TITLE = Text("Đăng nhập không mật khẩu, mật khẩu yếu, dùng chung tài khoản", "Logon without a password, with a weak one, or shared")
BLANK_TITLE = Text("Tài khoản trên máy không có mật khẩu", "Accounts of the PC without a password")
AUTOMATIC_TITLE = Text("Máy tự động đăng nhập", "The PC logs on by itself")

SET_PASSWORD = (
    Text(
        "Đặt mật khẩu cho mọi tài khoản: bấm Ctrl+Alt+Del > Đổi mật khẩu; tài khoản không dùng thì khóa.",
        "Give every account a password (Ctrl+Alt+Del > Change a password); disable those nobody uses.",
    ),
)
END_AUTOMATIC = (
    Text("Chạy netplwiz, đánh dấu “Người dùng phải nhập tên và mật khẩu”.", "Run netplwiz and tick “Users must enter a user name and password”."),
    Text("Đổi mật khẩu của tài khoản đó: mật khẩu cũ có thể đã bị đọc từ máy.", "Change that password: the old one could be read on the PC."),
)
MOVE_KIOSK = (
    Text("Chuyển máy tra cứu sang mạng dành cho người dân, hoặc tắt tự động đăng nhập.", "Move the kiosk to the citizens' network, or end automatic logon."),
)
SET_POLICY = (
    Text(
        "Trong secpol.msc: dài từ 8 ký tự, bật độ phức tạp, khóa sau 5 đến 10 lần sai; tắt tài khoản Khách.",
        "In secpol.msc: 8 characters or more, complexity on, lock after 5 to 10 failures; disable Guest.",
    ),
)
OWN_ACCOUNTS = (
    Text("Lập cho mỗi cán bộ một tài khoản riêng; khóa tài khoản dùng chung.", "Give each officer an account of their own; disable the shared one."),
)
COUNT_PEOPLE = (
    Text("Nếu nay chỉ một người dùng máy: sửa số người trong declared/enrolled.csv.", "If only one person uses the PC now: correct declared/enrolled.csv."),
)

GOOD = Text(
    "mọi tài khoản có mật khẩu, chính sách mật khẩu đạt, không tự động đăng nhập", "all accounts have passwords, the policy is good, no automatic logon"
)
KIOSK_GOOD = Text(
    "máy tra cứu ở mạng người dân được phép tự động đăng nhập, phần còn lại đạt", "a kiosk on the citizens' network may log on by itself, the rest is good"
)
DOMAIN = Text(
    "máy thuộc miền: chính sách mật khẩu của miền quyết định, chính sách trên máy không nói lên điều đó",
    "the PC is in a domain, whose password policy rules; the local one does not tell",
)
POLICY_UNREAD = Text("chính sách mật khẩu chỉ đọc được một phần", "only a part of the password policy could be read")
ACCOUNTS_UNREAD = Text(
    "chưa biết tài khoản nào không có mật khẩu: cần tập lệnh kiểm tra (vg-facts) chạy trên máy",
    "which accounts have no password is not known: it takes the facts script on the PC",
)

AUTOMATIC = Text("máy tự động đăng nhập khi khởi động", "the PC logs on by itself when it starts")
STORED = Text("mật khẩu đăng nhập nằm trong máy dạng đọc được", "the logon password lies on the PC readable")
KIOSK_ELSEWHERE = Text("máy tra cứu tự động đăng nhập mà không ở mạng dành cho người dân", "a kiosk logs on by itself and is not on the citizens' network")
KIOSK_NOWHERE = Text(
    "máy tra cứu tự động đăng nhập, chưa biết có ở mạng dành cho người dân không",
    "a kiosk logs on by itself; whether it is on the citizens' network is not known",
)
GUEST = Text("tài khoản Khách đang bật", "the Guest account is enabled")
CLEAR_TEXT = Text("Windows được đặt lưu mật khẩu dạng giải mã được", "Windows is set to keep passwords decryptable")
REMOTE_BLANK = Text("tài khoản không mật khẩu được phép đăng nhập từ xa", "accounts without a password may log on from elsewhere")
NO_LOCKOUT = Text("không khóa khi gõ sai mật khẩu nhiều lần", "no lockout after failures")
SIMPLE = Text("cho phép mật khẩu đơn giản", "simple passwords are allowed")


def short(length: int) -> Text:
    """The least length that policy asks for."""
    if not length:
        return Text("chính sách không đòi độ dài mật khẩu", "policy asks for no length of passwords")
    return Text(f"chính sách cho phép mật khẩu ngắn ({length} ký tự)", f"policy allows short passwords ({length} characters)")


def blank(count: int) -> Text:
    """Accounts that need no password."""
    return Text(f"{count} tài khoản đang bật không cần mật khẩu", many(count, "enabled account needs no password", "enabled accounts need no password"))


def unset(count: int) -> Text:
    """Accounts that never had one."""
    return Text(f"{count} tài khoản đang bật chưa từng đặt mật khẩu", many(count, "enabled account", "enabled accounts") + " never had a password set")


def generic(count: int) -> Text:
    """By their names, so it is a guess and said so."""
    return Text(
        f"{count} tài khoản có tên chung (như “motcua”, “admin”), có thể nhiều người dùng chung; đây là suy đoán theo tên",
        many(count, "account with a general name", "accounts with general names") + " (like “motcua”, “admin”), perhaps shared; a guess by name",
    )


def one_for_many(people: int) -> Text:
    """Fewer accounts than people."""
    return Text(f"khai báo {people} người dùng máy nhưng chỉ có một tài khoản", f"{people} people are declared to share the PC, which has one account")
