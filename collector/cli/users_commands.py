"""`vonggac users`: who may log in to the page, as which role; `vonggac audit`: what they did."""

from __future__ import annotations

import getpass
import os
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.replay_command import Format
from collector.cli.say import Refusal, configured, json_lines, language, table
from model.text import Text, shown
from model.times import local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from collector.config import Config
    from exporters.console.users import Users
    from model.trail import Deed


# A password is far shorter; a device given by mistake is not read to its end.
_LONGEST_LINE = 4096
# What a service logs of each line (collector/trail.py).
_LOGGED = re.compile(r"collector\.trail: \S+: sha256 ([0-9a-f]{64})$")


class Roles(StrEnum):
    """What a user of the page may do."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


class _Line(msgspec.Struct, frozen=True):
    """A user as programs read it: never the hash."""

    name: str
    role: str
    disabled: bool
    must_change: bool


Name = Annotated[str, typer.Argument(metavar="NAME", help="Tên đăng nhập: chữ thường không dấu, số, dấu chấm, gạch nối, gạch dưới.")]
RoleOption = Annotated[Roles, typer.Option("--role", help="viewer: xem; analyst: nhận, chấp nhận, đóng; administrator: cả người dùng, tin bị từ chối.")]
RoleArgument = Annotated[Roles, typer.Argument(metavar="ROLE", help="viewer, analyst hoặc administrator.")]
PasswordFile = Annotated[Path | None, typer.Option("--password-file", help="Tệp chứa mật khẩu (chmod 600); không ghi thì được hỏi.", readable=False)]
FormatOption = Annotated[Format, typer.Option("--format", help="Bảng cho người đọc, hoặc JSON mỗi dòng một đối tượng.")]
LogOption = Annotated[
    typer.FileText | None, typer.Option("--log", help="Nhật ký của dịch vụ có trang, - là từ ống: báo cả những dòng cuối sổ đã bị cắt.", errors="replace")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    users = typer.Typer(
        help="Người dùng của trang: thêm, khóa, đổi vai trò, đặt lại mật khẩu.", epilog="Ví dụ: vonggac users add lan --role analyst", no_args_is_help=True
    )
    users.command("add", epilog="Ví dụ: vonggac users add minh --role administrator · vonggac users add lan --role analyst --password-file mat-khau")(add)
    users.command("list", epilog="Ví dụ: vonggac users list --format json")(list_users)
    users.command("disable", epilog="Ví dụ: vonggac users disable lan")(disable)
    users.command("enable", epilog="Ví dụ: vonggac users enable lan")(enable)
    users.command("password", epilog="Ví dụ: vonggac users password lan")(password)
    users.command("role", epilog="Ví dụ: vonggac users role lan administrator")(role)
    app.add_typer(users, name="users")
    audit = typer.Typer(help="Sổ thao tác của trang: ai đã làm gì, có dòng nào bị sửa, bị xóa không.", epilog="Ví dụ: vonggac audit list", no_args_is_help=True)
    audit.callback()(_group)
    audit.command("list", epilog="Ví dụ: vonggac audit list · journalctl -u vonggac-web -o cat | vonggac audit list --log -")(list_audit)
    app.add_typer(audit, name="audit")


def _group() -> None:
    pass


def add(name: Name, role: RoleOption, config: ConfigOption = DEFAULT_CONFIG, password_file: PasswordFile = None) -> None:
    """Thêm người dùng với mật khẩu tạm; người đó phải đổi ở lần đăng nhập đầu."""
    settings, users = _opened(config)
    chosen = _password(password_file)
    with _noted(settings, "user_add", name, role.value):
        users.add(name, role.value, chosen)
    print(Text(f"Đã thêm {name}. Mật khẩu này chỉ dùng cho lần đăng nhập đầu.", f"Added {name}. This password is for the first log-in.").to(language()))


def list_users(config: ConfigOption = DEFAULT_CONFIG, format: FormatOption = Format.TABLE) -> None:  # noqa: A002 - the option's name is in the contract
    """Mọi người dùng của trang."""
    _, users = _opened(config)
    if format is Format.JSON:
        json_lines(msgspec.json.encode(_Line(user.name, user.role, user.disabled, user.must_change)) for user in users.every())
        return
    from exporters.console.people_words import PHRASES, TERMS  # noqa: PLC0415 - for the table only

    say = language()
    states = {True: PHRASES["user_off"].to(say), False: PHRASES["user_on"].to(say)}
    rows = [(user.name, TERMS["user_role"][user.role].to(say), states[user.disabled], local(user.changed)) for user in users.every()]
    heads_vi, heads_en = ("Tên", "Vai trò", "Trạng thái", "Mật khẩu đặt lúc (giờ VN)"), ("Name", "Role", "State", "Password set (VN time)")
    table(Text(f"{len(rows)} người dùng", f"{len(rows)} users").to(say), heads_vi if say == "vi" else heads_en, rows)


def disable(name: Name, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Khóa: không đăng nhập được nữa, phiên đang mở hết ngay."""
    settings, users = _opened(config)
    with _noted(settings, "user_disable", name):
        users.set_disabled(name, disabled=True)


def enable(name: Name, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Mở khóa."""
    settings, users = _opened(config)
    with _noted(settings, "user_enable", name):
        users.set_disabled(name, disabled=False)


def password(name: Name, config: ConfigOption = DEFAULT_CONFIG, password_file: PasswordFile = None) -> None:
    """Đặt mật khẩu tạm; các phiên đang mở của người đó hết ngay."""
    settings, users = _opened(config)
    chosen = _password(password_file)
    with _noted(settings, "user_password", name):
        users.set_password(name, chosen)


def role(name: Name, to: RoleArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Đổi vai trò, có hiệu lực ngay."""
    settings, users = _opened(config)
    with _noted(settings, "user_role", name, to.value):
        users.set_role(name, to.value)


def list_audit(
    config: ConfigOption = DEFAULT_CONFIG,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name is in the contract
    log: LogOption = None,
) -> None:
    """Cả sổ thao tác, cũ nhất trước; trạng thái thoát 1 nếu có dòng không nối tiếp dòng trước nó, hoặc mất dòng mà nhật ký dịch vụ còn nhớ."""
    from collector import chain, trail  # noqa: PLC0415 - only here

    users = configured(config).web.users_file
    path = users.with_name(trail.NAME)
    try:
        lines = list(chain.checked(path)) if path.exists() else []
    except OSError as error:
        raise Refusal(Text(f"Không đọc được sổ thao tác: {error.strerror}.", f"The audit log cannot be read: {error.strerror}.")) from None
    if format is Format.JSON:
        json_lines(line for line, _ in lines)
    else:
        say = language()
        heads_vi, heads_en = ("Lúc (UTC)", "Ai", "Làm gì", "Với", "Lý do", "Kết quả", "Từ"), ("At (UTC)", "Who", "Did", "To", "Why", "Outcome", "From")
        table(Text(f"{len(lines)} dòng", f"{len(lines)} lines").to(say), heads_vi if say == "vi" else heads_en, _rows(lines))
    if not lines and users.exists():
        # Whoever was added left a line.
        name = shown(str(path), 200)
        raise Refusal(Text(f"Sổ thao tác {name} bị xóa: đã có người dùng mà không còn dòng nào.", f"The audit log {name} is gone: there are users, no line."))
    _whole(lines)
    if log is not None:
        logged = {found[1] for line in log if (found := _LOGGED.search(line.rstrip()))}
        _kept(logged, {chain.hash_of(line) for line, _ in lines})


def _whole(lines: list[tuple[bytes, bool]]) -> None:
    broken = [number for number, (_, follows) in enumerate(lines, start=1) if not follows]
    if broken:
        numbers = ", ".join(map(str, broken[:10]))
        raise Refusal(
            Text(
                f"Sổ thao tác bị sửa hoặc mất dòng: dòng {numbers} không nối tiếp dòng trước nó.",
                f"The audit log was changed or lost lines: line {numbers} does not follow the one before.",
            )
        )


def _kept(logged: set[str], held: set[str]) -> None:
    if not logged:
        raise Refusal(
            Text(
                "trong nhật ký dịch vụ không có dòng nào nói về sổ thao tác: hãy đưa nhật ký của dịch vụ có trang (journalctl -u vonggac-web -o cat)",
                "the service's log says nothing of the audit log: give that of the service with the page (journalctl -u vonggac-web -o cat)",
            )
        )
    if lost := len(logged - held):
        raise Refusal(Text(f"Sổ thao tác mất {lost} dòng mà nhật ký dịch vụ còn nhớ.", f"The audit log lost {lost} lines that the service's log remembers."))


def _rows(lines: list[tuple[bytes, bool]]) -> Iterator[tuple[str, ...]]:
    from model.trail import Entry  # noqa: PLC0415 - only here

    for line, _ in lines:
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except (ValueError, RecursionError):
            yield ("?", "", "", shown(line.decode(errors="replace"), 80), "", "", "")
        else:
            yield (entry.at, entry.by, entry.deed, entry.about, entry.why, entry.outcome, entry.address)


def _opened(path: Path) -> tuple[Config, Users]:
    from collector.assembly_web import users_of  # noqa: PLC0415 - argon2, only for what is asked here
    from collector.clock import SystemClock  # noqa: PLC0415 - same

    settings = configured(path)
    return settings, users_of(settings, SystemClock())


def _noted(settings: Config, deed: Deed, name: str, why: str = "") -> AbstractContextManager[None]:
    from collector.cli.deeds import noted  # noqa: PLC0415 - pydantic, only with a configuration

    return noted(settings, deed, [name], why)


def _password(file: Path | None) -> str:
    """From a file that nobody else may read, or asked for twice. Never an argument: those stand in everybody's list of processes."""
    if file is not None:
        return _from_file(file)
    if not sys.stdin.isatty():
        raise Refusal(
            Text("không có bàn phím để hỏi mật khẩu: hãy dùng --password-file", "there is no keyboard to ask for the password: use --password-file"), status=2
        )
    first = getpass.getpass(Text("Mật khẩu: ", "Password: ").to(language()))
    if first != getpass.getpass(Text("Nhập lại: ", "Again: ").to(language())):
        raise Refusal(Text("hai lần nhập không giống nhau", "the two differ"))
    return first


def _from_file(file: Path) -> str:
    name = shown(str(file), 200)
    try:
        with file.open("rb") as opened:
            if os.fstat(opened.fileno()).st_mode & 0o077:
                raise Refusal(Text(f"Tệp {name} để người khác đọc được: chạy chmod 600 {name}.", f"Others may read {name}: run chmod 600 {name}."))
            return opened.readline(_LONGEST_LINE).decode().rstrip("\r\n")
    except OSError as error:
        raise Refusal(Text(f"Không đọc được {name}: {error.strerror}.", f"{name} cannot be read: {error.strerror}.")) from None
    except UnicodeDecodeError:
        raise Refusal(Text(f"Tệp {name} không phải mã UTF-8.", f"{name} is not in UTF-8.")) from None
