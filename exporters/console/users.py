"""The page's users and their roles, in a file of their own that nobody else may read."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from exporters.console import passwords
from exporters.durable import write_whole
from model.text import Text, shown

Role = Literal["viewer", "analyst", "administrator"]
Right = Literal["read", "act", "administer"]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
_RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    "viewer": frozenset({"read"}),
    "analyst": frozenset({"read", "act"}),
    "administrator": frozenset({"read", "act", "administer"}),
}
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_MOST: Final = 500
_OTHERS: Final = 0o077


class UsersError(Exception):
    """The users cannot be read or changed so; `text` is one sentence."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(vi, en)


class User(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One user. `hash` is of argon2id; `changed` (ns) is when the password was set; `must_change`: somebody else set it, so it is for one log-in."""

    name: str
    role: Role
    hash: str
    changed: int
    must_change: bool = True
    disabled: bool = False

    def may(self, right: Right) -> bool:
        """Whether the role includes the right."""
        return right in _RIGHTS[self.role]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    users: tuple[User, ...] = ()


class Users:
    """The users in `path`, read again when it changed: commands change it beside a running page. All methods raise UsersError."""

    def __init__(self, path: Path, now: Callable[[], int]) -> None:
        self.path = path
        self._now = now
        self._known: tuple[User, ...] = ()
        self._mark: tuple[int, int, int] | None = None

    def every(self) -> Sequence[User]:
        """All users, disabled ones too, by name; none while nobody made any."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._known, self._mark = (), None
            return ()
        except OSError as error:
            raise self._unreadable(error) from None
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        if mark != self._mark:
            if found.st_mode & _OTHERS:
                name = shown(str(self.path), 200)
                raise UsersError(f"Tệp người dùng {name} để người khác đọc được: chạy chmod 600 {name}.", f"Others may read {name}: run chmod 600 {name}.")
            self._known, self._mark = self._read(), mark
        return self._known

    def named(self, name: str) -> User | None:
        """The user of that name."""
        return next((user for user in self.every() if user.name == name), None)

    def add(self, name: str, role: Role, password: str) -> None:
        """A new user, who has to change the password at the first log-in."""
        if not _NAME.fullmatch(name):
            raise UsersError(
                "Tên đăng nhập gồm 2 đến 32 chữ thường không dấu, số, dấu chấm, gạch nối, gạch dưới.",
                "A user's name is 2 to 32 lower-case letters, digits, dots, hyphens and underscores.",
            )
        user = User(name=name, role=role, hash=_kept(name, password), changed=self._now())
        with self._changing() as known:
            if name in known:
                raise UsersError(f"Đã có người dùng {name}.", f"There is a user {name} already.")
            if len(known) >= _MOST:
                raise UsersError(f"Đã đủ {_MOST} người dùng.", f"There are {_MOST} users already.")
            known[name] = user

    def set_role(self, name: str, role: Role) -> None:
        """Another role, from the next request on."""
        self._change(name, role=role)

    def set_disabled(self, name: str, disabled: bool) -> None:
        """Shuts the user out, or lets them in again; what they did stays theirs."""
        self._change(name, disabled=disabled)

    def set_password(self, name: str, password: str, *, own: bool = False) -> None:
        """Another password, which ends the user's sessions; `own`: they chose it themselves, and need not change it."""
        self._change(name, hash=_kept(name, password), changed=self._now(), must_change=not own)

    def _change(self, name: str, **fields: object) -> None:
        with self._changing() as known:
            if name not in known:
                raise UsersError(f"Không có người dùng {shown(name, 40)}.", f"There is no user {shown(name, 40)}.")
            before = known[name]
            known[name] = msgspec.structs.replace(before, **fields)
            if _administers(before) and not any(map(_administers, known.values())):
                raise UsersError(
                    "Đây là người quản trị cuối cùng còn dùng được: hãy thêm người quản trị khác trước.",
                    "This is the last administrator who can log in: add another one first.",
                )

    @contextmanager
    def _changing(self) -> Iterator[dict[str, User]]:
        """The users to be changed, written whole when the block ends well; commands and pages wait for one another."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                known = {user.name: user for user in self.every()}
                yield known
                self._write(known)
            finally:
                os.close(folder)
        except OSError as error:
            name = shown(str(self.path), 200)
            raise UsersError(f"Không ghi được tệp người dùng {name}: {error.strerror}.", f"{name} cannot be written: {error.strerror}.") from None

    def _read(self) -> tuple[User, ...]:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=_File).users
        except OSError as error:
            raise self._unreadable(error) from None
        except (ValueError, RecursionError):
            name = shown(str(self.path), 200)
            raise UsersError(f"Tệp người dùng {name} bị hỏng: hãy khôi phục từ bản sao lưu.", f"{name} is damaged: restore it from a backup.") from None

    def _write(self, known: dict[str, User]) -> None:
        users = tuple(known[name] for name in sorted(known))
        write_whole(self.path, msgspec.json.format(msgspec.json.encode(_File(users)), indent=1), private=True)

    def _unreadable(self, error: OSError) -> UsersError:
        name = shown(str(self.path), 200)
        return UsersError(f"Không đọc được tệp người dùng {name}: {error.strerror}.", f"{name} cannot be read: {error.strerror}.")


def _kept(name: str, password: str) -> str:
    why = passwords.unfit(password, name)
    if why is not None:
        raise UsersError(f"Không nhận: {why.vi}.", f"Refused: {why.en}.")
    return passwords.made(password)


def _administers(user: User) -> bool:
    return user.role == "administrator" and not user.disabled
