"""Secrets and certificates: can the services read them, can nobody else, and how long do they last."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography import x509

from collector.config.table import Table
from collector.doctor.check import AS_ROOT, Check
from model.text import Text, shown
from model.times import SECOND

if TYPE_CHECKING:
    from collector.config import Config

_OTHERS: Final = stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH
_SOON: Final = timedelta(days=30)
# A box's key is renewed each year; it is said as early as certificates are.
_KEY_LIFE: Final = timedelta(days=365)
_MOST: Final = 1 << 20
# Options that name a file which nobody else may read; the others that end in `_file` name certificates, which are public.
_SECRETS: Final = ("api_key_file", "password_file", "secret_file", "token_file", "key_file", "urls_file", "pin_file", "echo_token_file", "private_key_file")
_CERTIFICATES: Final = ("ca_file", "cert_file", "certificate_file", "echo_ca_file")


def of_keys(config: Config, at: int) -> Iterator[Check]:
    """One check for each file that an option names, in the order of the configuration; `at` is now, in ns."""
    now = datetime.fromtimestamp(at // SECOND, UTC)
    for name, option, path in _named(config, ""):
        if option in _SECRETS:
            check = secret(name, path)
            # Only who joined a province by a token can renew, and only there the key tells who wrote.
            yield _aged(check, path, now) if path == config.box.key_file and config.bundle.url and check.state == "ok" else check
        elif option in _CERTIFICATES:
            yield _certificate(name, path, now)


def _named(table: Table, where: str) -> Iterator[tuple[str, str, Path]]:
    """Every path in the configuration: where it stands, its option's name, the path."""
    for option in type(table).model_fields:
        value = getattr(table, option)
        place = f"{where}.{option}" if where else option
        match value:
            case Path():
                yield place, option, value
            case Table():
                yield from _named(value, place)
            case tuple():
                for number, each in enumerate(value, 1):
                    if isinstance(each, Table):
                        yield from _named(each, f"{place}[{getattr(each, 'name', '') or number}]")


def secret(name: str, path: Path) -> Check:
    """Whether the file `path`, which `name` asks for, is there and its owner's alone."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return _missing(name, path)
    except OSError as error:
        return _unreadable(name, path, error)
    if mode & _OTHERS:
        said = Text(f"{path} người khác đọc hoặc ghi được", f"{path} may be read or written by others")
        return Check(name=name, state="bad", said=said, mend=Text(f"chmod 600 {path}", f"chmod 600 {path}"))
    return Check(name=name, state="ok", said=Text(f"{path} chỉ chủ đọc được", f"{path} is its owner's alone"))


def _aged(check: Check, path: Path, now: datetime) -> Check:
    """The box's own key by its age; its file is written once, when it is made."""
    try:
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return check
    if path.with_name(path.name + ".new").exists():
        said = Text("gia hạn khóa của hộp còn dở: tỉnh chưa trả lời", "a renewal of the box's key is unfinished: the province did not answer")
    elif now - made > _KEY_LIFE - _SOON:
        days = (now - made).days
        said = Text(f"khóa của hộp đã dùng {days} ngày, mỗi năm phải thay", f"the box's key is {days} days old, it is renewed each year")
    else:
        return check
    return Check(name=check.name, state="warn", said=said, mend=Text("vonggac box renew", "vonggac box renew"))


def _missing(name: str, path: Path) -> Check:
    if path.suffix == ".key":
        # The box makes its own keys; a secret of others has to be put there.
        said = Text(f"{path} sẽ tự tạo ở lần chạy đầu", f"{path} will be made at the first start")
        return Check(name=name, state="ok", said=said)
    mend = Text(f"đặt tệp {path}, rồi chmod 600 {path}", f"put the file there, then chmod 600 {path}")
    return Check(name=name, state="bad", said=Text(f"{path} chưa có", f"{path} is not there"), mend=mend)


def _certificate(name: str, path: Path, now: datetime) -> Check:
    try:
        with path.open("rb") as file:
            found = x509.load_pem_x509_certificates(file.read(_MOST))
    except OSError as error:
        return _unreadable(name, path, error)
    except ValueError:
        said = Text(f"{path} không phải chứng thư PEM", f"{path} holds no PEM certificate")
        return Check(name=name, state="bad", said=said, mend=Text("xin lại tệp này từ SOC", "ask the SOC for the file"))
    ends = min(each.not_valid_after_utc for each in found)
    begins = max(each.not_valid_before_utc for each in found)
    said = Text(f"{path} có hạn đến {ends:%d/%m/%Y}", f"{path} is valid until {ends:%Y-%m-%d}")
    if begins > now:
        said = Text(f"{path} chỉ có hiệu lực từ {begins:%d/%m/%Y}: xem lại đồng hồ", f"{path} begins on {begins:%Y-%m-%d}: look at the clock")
        return Check(name=name, state="bad", said=said, mend=Text("timedatectl", "timedatectl"))
    mend = Text("xin SOC chứng thư mới (vonggac endpoints server-cert)", "ask the SOC for a new one (vonggac endpoints server-cert)")
    state = "bad" if ends <= now else "warn" if ends - now < _SOON else "ok"
    return Check(name=name, state=state, said=said, mend=Text("", "") if state == "ok" else mend)  # type: ignore[arg-type] # one of the three


def _unreadable(name: str, path: Path, error: OSError) -> Check:
    why = shown(error.strerror or str(error))
    if isinstance(error, PermissionError):
        return Check(name=name, state="unknown", said=Text(f"{path}: {why}", f"{path}: {why}"), mend=AS_ROOT)
    return Check(name=name, state="bad", said=Text(f"{path}: {why}", f"{path}: {why}"), mend=Text(f"ls -l {path}", f"ls -l {path}"))
