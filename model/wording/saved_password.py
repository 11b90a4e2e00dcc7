"""What VG-END-03 says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.text import Text, shown
from model.wording.common import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.posture.laws import Law

TITLE = Text("Trình duyệt lưu mật khẩu, đồng bộ tài khoản", "Browsers keep passwords or sync accounts")
GOVERNMENT = Text("Mật khẩu hệ thống của nhà nước lưu trên trình duyệt", "Passwords of government systems saved in a browser")

FORGET = Text(
    "Trong trình duyệt mở Cài đặt > Mật khẩu, xóa hết; đổi mật khẩu các hệ thống nhà nước.",
    "In the browser open Settings > Passwords, delete all; change passwords of government systems.",
)
SIGN_OUT = Text("Đăng xuất tài khoản cá nhân khỏi trình duyệt, tắt đồng bộ.", "Sign private accounts out of the browser and switch sync off.")
POLICY = Text(
    "Đặt chính sách cấm mọi trình duyệt lưu mật khẩu và đồng bộ (PasswordManagerEnabled, SyncDisabled).",
    "Set the policy that keeps browsers from saving and syncing (PasswordManagerEnabled, SyncDisabled).",
)

GOOD = Text("không trình duyệt nào lưu mật khẩu, chính sách cấm lưu và đồng bộ", "no browser has a saved password, policy forbids saving and syncing")
NO_BROWSER = Text("không có trình duyệt nào trong danh sách biết", "there is no browser of the known list")

NAMES = {"chrome": "Chrome", "edge": "Edge", "coccoc": "Cốc Cốc", "brave": "Brave", "chromium": "Chromium", "firefox": "Firefox"}


def browsers(ids: Sequence[str]) -> str:
    """Names of browsers inside a sentence."""
    return ", ".join(NAMES.get(each, shown(each, 20)) for each in sorted(set(ids)))


def government(count: int, where: str) -> Text:
    """Saved log-ins for declared government hosts."""
    return Text(f"{count} mật khẩu hệ thống nhà nước lưu trên {where}", many(count, "password", "passwords") + f" of government systems saved in {where}")


def others(count: int, where: str) -> Text:
    """Saved log-ins for other hosts."""
    return Text(f"{count} mật khẩu trang khác lưu trên {where}", many(count, "other password", "other passwords") + f" saved in {where}")


def likely(where: str) -> Text:
    """A store that has something in it, and could not be counted."""
    return Text(f"{where} có kho mật khẩu đã dùng, chưa đếm được", f"{where} has a password store in use that could not be counted")


def synced(where: str) -> Text:
    """Log-ins kept in an account: they are on other devices too."""
    return Text(f"mật khẩu trên {where} được đồng bộ sang thiết bị khác", f"passwords in {where} are synced to other devices")


def outside(count: int, where: str) -> Text:
    """Signed in with accounts that are not the organisation's."""
    return Text(
        f"{where} đăng nhập {count} tài khoản ngoài cơ quan", f"{where} is signed in with {many(count, 'account', 'accounts')} from outside the organisation"
    )


def allowed(where: str) -> Text:
    """No policy forbids it."""
    return Text(f"chưa có chính sách cấm lưu mật khẩu, đồng bộ trên {where}", f"no policy forbids saving or syncing in {where}")


def uncounted(where: str) -> Text:
    """A doubt: a store that could not be read."""
    return Text(f"chưa đếm được mật khẩu lưu trên {where}", f"saved passwords in {where} could not be counted")


def cites(law: Law) -> Text:
    """The law of the day."""
    return Text(f"Khi nhắc nhở, dẫn {law.name.vi}.", f"When reminding, cite {law.name.en}.")
