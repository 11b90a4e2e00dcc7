"""Sentences and terms about who is at the page: logging in, users, the trail of what was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from model.text import Text

PHRASES: Final = {
    "log_in": Text("Đăng nhập", "Log in"),
    "log_out": Text("Thoát", "Log out"),
    "name": Text("Tên đăng nhập", "User name"),
    "password": Text("Mật khẩu", "Password"),
    "wrong_login": Text("Tên đăng nhập hoặc mật khẩu không đúng.", "The user name or the password is wrong."),
    "try_later": Text("Nhập sai nhiều lần: hãy thử lại sau {span}.", "Too many mistakes: try again in {span}."),
    "log_in_note": Text(
        "Quên mật khẩu: người quản trị đặt mật khẩu tạm ở trang Người dùng, hoặc bằng vonggac users password trên hộp.",
        "Forgot it: an administrator sets a temporary one on the Users page, or with vonggac users password on the box.",
    ),
    "logged_out": Text(
        "Phiên làm việc đã hết hoặc chưa đăng nhập: hãy đăng nhập rồi làm lại. Chưa có gì thay đổi.",
        "The session is over, or you are not logged in: log in and do it again. Nothing was changed.",
    ),
    "needs_read": Text("Bạn không được xem trang này.", "You may not see this page."),
    "needs_act": Text(
        "Vai trò của bạn chỉ được xem. Nhận, chấp nhận, đóng phát hiện là việc của phân tích viên hoặc người quản trị.",
        "Your role may only read. Taking, accepting and closing findings is for analysts and administrators.",
    ),
    "needs_administer": Text("Việc này chỉ dành cho người quản trị.", "This is for administrators only."),
    "no_users_yet": Text(
        "Chưa có người dùng nào nên trang chỉ để đọc: tạo người đầu tiên bằng vonggac users add TÊN --role administrator.",
        "There are no users, so the page is read only: make the first with vonggac users add NAME --role administrator.",
    ),
    "no_trail": Text(
        "Không ghi được sổ thao tác (đĩa đầy hoặc hỏng), nên không ai đăng nhập hay làm gì trên trang được: xem thư mục của [web] users_file trên hộp.",
        "The audit log cannot be written (disk full or broken), so nobody can log in or do anything on the page: see the folder of [web] users_file.",
    ),
    "users_broken": Text("Không đọc được danh sách người dùng", "The users cannot be read"),
    "clear_text": Text(
        "Trang này không nhận kết nối không mã hóa từ máy khác: mở bằng https, hoặc để proxy báo X-Forwarded-Proto: https.",
        "This page takes no unencrypted connection from another machine: use https, or have the proxy say X-Forwarded-Proto: https.",
    ),
    # one's own account
    "account": Text("Tài khoản", "Account"),
    "old_password": Text("Mật khẩu hiện nay", "Present password"),
    "new_password": Text("Mật khẩu mới", "New password"),
    "new_again": Text("Mật khẩu mới, nhập lại", "New password again"),
    "password_rule": Text(
        "Ít nhất {n} ký tự, không chứa tên đăng nhập; một câu dài dễ nhớ là tốt nhất. Đổi xong, các máy khác đang dùng tài khoản này bị thoát.",
        "At least {n} characters, without your user name; a long sentence you remember is best. Other browsers of this account are logged out.",
    ),
    "must_change": Text("Mật khẩu này do người khác đặt: hãy đổi trước khi dùng tiếp.", "Somebody else set this password: change it before you go on."),
    "set_password": Text("Đổi mật khẩu", "Change the password"),
    "wrong_old": Text("Mật khẩu hiện nay không đúng.", "The present password is wrong."),
    "not_twice": Text("Hai lần nhập mật khẩu mới không giống nhau.", "The two new passwords differ."),
    "same_again": Text("Mật khẩu mới phải khác mật khẩu hiện nay.", "The new password must differ from the present one."),
    "signed_as": Text("{name}, {role}", "{name}, {role}"),
    # users
    "users": Text("Người dùng", "Users"),
    "users_note": Text(
        "Người xem: chỉ đọc. Phân tích viên: nhận, chấp nhận rủi ro, đóng phát hiện. Người quản trị: thêm người dùng, tin bị từ chối, sổ thao tác.",
        "Viewer: reads. Analyst: takes, accepts, closes findings. Administrator: users, dead letters and the audit log as well.",
    ),
    "user_state": Text("Trạng thái", "State"),
    "user_on": Text("đang dùng", "in use"),
    "user_off": Text("đã khóa", "disabled"),
    "user_must": Text("chờ đổi mật khẩu", "has to change the password"),
    "password_since": Text("Mật khẩu đặt lúc", "Password set"),
    "user_role": Text("Vai trò", "Role"),
    "role_of": Text("Vai trò của {name}", "Role of {name}"),
    "temporary_of": Text("Mật khẩu tạm cho {name}", "Temporary password for {name}"),
    "save": Text("Lưu", "Save"),
    "save_of": Text("Lưu vai trò của {name}", "Save the role of {name}"),
    "disable": Text("Khóa", "Disable"),
    "disable_of": Text("Khóa {name}", "Disable {name}"),
    "enable": Text("Mở khóa", "Enable"),
    "enable_of": Text("Mở khóa {name}", "Enable {name}"),
    "give": Text("Đặt lại", "Reset"),
    "give_of": Text("Đặt mật khẩu tạm cho {name}", "Set a temporary password for {name}"),
    "user_add": Text("Thêm người dùng", "Add a user"),
    "temporary": Text("Mật khẩu tạm", "Temporary password"),
    "temporary_note": Text(
        "Ít nhất {n} ký tự; người đó phải đổi ở lần đăng nhập đầu. Giao tận tay, không gửi qua tin nhắn chung.",
        "At least {n} characters; they have to change it at the first log-in. Hand it over in person, not in a shared chat.",
    ),
    # the trail
    "trail": Text("Sổ thao tác", "Audit log"),
    "trail_note": Text(
        "Mỗi dòng giữ mã băm của dòng trước; kiểm tra cả sổ bằng vonggac audit list trên hộp. Giờ Việt Nam, mới nhất trước.",
        "Each line holds the hash of the one before; vonggac audit list on the box checks the whole log. Viet Nam time, newest first.",
    ),
    "trail_empty": Text("Chưa có thao tác nào.", "Nothing was done yet."),
    "who": Text("Ai", "Who"),
    "nobody": Text("chưa rõ", "unknown"),
    "did": Text("Làm gì", "Did what"),
    "to_what": Text("Với", "To"),
    "outcome": Text("Kết quả", "Outcome"),
    "from_address": Text("Từ địa chỉ", "From"),
    # many findings at once, dead letters
    "take_chosen": Text("Nhận các phát hiện đã chọn", "Take the chosen findings"),
    "choose": Text("Chọn: {title}", "Choose: {title}"),
    "chosen_none": Text("Chưa chọn dòng nào: hãy đánh dấu rồi bấm lại.", "Nothing was chosen: tick some and press again."),
    "acting_as": Text("Ghi tên: {name}", "In the name of {name}"),
    "letters_replay": Text("Gửi lại các tin đã chọn", "Send the chosen again"),
    "letters_purge": Text("Bỏ hẳn các tin đã chọn", "Throw the chosen away"),
    # who is not called, and why
    "held": Text("và {n} giữ lại", "and {n} held"),
    "maintenance": Text("Bảo trì: không gọi người trực", "Maintenance: nobody is called"),
    "maintenance_note": Text(
        "Phát hiện vẫn có ở đây; việc gì còn mở khi hết giờ thì được báo. Màn hình, cổng bị chiếm mức nghiêm trọng vẫn báo ngay.",
        "Findings are here all the same; what is open when the time is over is told. Critical takeovers of screens and portals are told at once.",
    ),
    "window_site": Text("Điểm", "Site"),
    "window_rule": Text("Quy tắc", "Rule"),
    "window_all": Text("mọi quy tắc", "all rules"),
    "window_from": Text("Từ", "From"),
    "window_until": Text("Đến", "Until"),
    "window_by": Text("Người chịu trách nhiệm", "Who answers for it"),
    "window_why": Text("Lý do", "Reason"),
    "purge_why": Text("Bỏ hẳn một tin phải ghi lý do.", "To throw a letter away, give a reason."),
    "why_purge": Text("Lý do (bắt buộc khi bỏ)", "Reason (required to throw away)"),
}

TERMS: Final[Mapping[str, Mapping[Any, Text]]] = {
    "user_role": {
        "viewer": Text("người xem", "viewer"),
        "analyst": Text("phân tích viên", "analyst"),
        "administrator": Text("người quản trị", "administrator"),
    },
    "deed": {
        "login": Text("đăng nhập", "logged in"),
        "login_failed": Text("đăng nhập sai", "failed log-in"),
        "logout": Text("thoát", "logged out"),
        "denied": Text("bị từ chối", "refused"),
        "acknowledge": Text("nhận phát hiện", "took the finding"),
        "accept": Text("chấp nhận rủi ro", "accepted the risk"),
        "close": Text("đóng phát hiện", "closed the finding"),
        "accept_change": Text("chấp nhận thay đổi của cổng", "accepted a portal's change"),
        "letters_replay": Text("gửi lại tin bị từ chối", "sent dead letters again"),
        "letters_purge": Text("bỏ tin bị từ chối", "threw dead letters away"),
        "maintenance_add": Text("thêm cửa sổ bảo trì", "added a maintenance window"),
        "maintenance_end": Text("kết thúc sớm cửa sổ bảo trì", "ended a maintenance window early"),
        "user_add": Text("thêm người dùng", "added a user"),
        "user_role": Text("đổi vai trò", "changed a role"),
        "user_disable": Text("khóa người dùng", "disabled a user"),
        "user_enable": Text("mở khóa người dùng", "enabled a user"),
        "user_password": Text("đặt mật khẩu tạm", "set a temporary password"),
        "own_password": Text("đổi mật khẩu của mình", "changed the own password"),
    },
    "deed_outcome": {
        "done": Text("xong", "done"),
        "begun": Text("bắt đầu", "begun"),
        "wrong password": Text("sai mật khẩu", "wrong password"),
        "unknown name": Text("không có tên này", "unknown name"),
        "forged": Text("yêu cầu không từ trang này", "not from this page"),
        "needs read": Text("không đủ quyền", "may not"),
        "needs act": Text("không đủ quyền", "may not"),
        "needs administer": Text("không đủ quyền", "may not"),
    },
}
