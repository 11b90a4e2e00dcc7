"""The machine under the box: may it listen, are the interfaces there, is the clock right, is there room on the disk."""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from collector.doctor.check import AS_ROOT, Check
from collector.interfaces import address_of, default_route_interface, has_carrier, list_interfaces
from model.text import Text, shown
from model.times import DAY

if TYPE_CHECKING:
    from collector.config import Config, Leg

_ETH_P_ALL: Final = 0x0003
# adjtimex(2): TIME_ERROR, the clock is not synchronised.
_UNSYNCHRONISED: Final = 5
_MIB: Final = 1 << 20
# What has to be left on the disk beside the journal's own bound.
_SPARE: Final = 64 * _MIB
_NOTHING = Text("", "")


def of_machine(config: Config, now: int) -> Iterator[Check]:
    """All checks that need no running service; `now` in ns by the box's clock."""
    yield _versions()
    yield _may_listen()
    for leg in config.legs:
        yield _interface(leg)
    yield _synchronised()
    yield _not_before_the_program(now)
    yield _room(config)


def _versions() -> Check:
    said = f"vonggac {version('vonggac')}, Python {'.'.join(map(str, sys.version_info[:3]))}, Linux {os.uname().release}"
    return Check(name="version", state="ok", said=Text(said, said))


def _may_listen() -> Check:
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL)).close()
    except PermissionError:
        return Check(
            name="capture",
            state="warn",
            said=Text("người dùng đang gõ lệnh không được nghe mạng (thiếu CAP_NET_RAW)", "the user of this command may not listen (no CAP_NET_RAW)"),
            mend=Text(
                "chạy dịch vụ bằng systemctl start vonggac.target, hoặc gõ lại với sudo", "start the service: systemctl start vonggac.target, or use sudo"
            ),
        )
    except OSError as error:
        why = shown(error.strerror or str(error))
        said = Text(f"không mở được cổng nghe gói tin: {why}", f"a packet socket cannot be opened: {why}")
        return Check(name="capture", state="bad", said=said, mend=Text("modprobe af_packet", "modprobe af_packet"))
    return Check(name="capture", state="ok", said=Text("được nghe mạng", "may listen"))


def _interface(leg: Leg) -> Check:
    name = f"leg {leg.name}"
    interface = (default_route_interface() if leg.interface == "auto" else leg.interface) or ""
    there = list_interfaces()
    if interface not in there:
        known = ", ".join(there)
        return Check(
            name=name,
            state="bad",
            said=Text(f"không có giao diện {shown(interface) or 'mặc định'}", f"there is no interface {shown(interface) or 'of a default route'}"),
            mend=Text(f"sửa [[legs]] interface trong config.toml, hiện có: {known}", f"correct [[legs]] interface in config.toml; there are: {known}"),
        )
    if not has_carrier(interface):
        return Check(
            name=name,
            state="bad",
            said=Text(f"{interface} chưa bật hoặc chưa cắm dây", f"{interface} is down or nothing is plugged in"),
            mend=Text(f"cắm lại dây, rồi: ip link set {interface} up", f"plug the cable in, then: ip link set {interface} up"),
        )
    address = address_of(interface)
    return Check(name=name, state="ok", said=Text(f"{interface}, địa chỉ {address or 'không có'}", f"{interface}, address {address or 'none'}"))


def _synchronised() -> Check:
    match _kernel_clock():
        case None:
            said = Text("không hỏi được nhân về đồng bộ giờ", "the kernel does not say whether it keeps time")
            return Check(name="time", state="unknown", said=said, mend=Text("timedatectl", "timedatectl"))
        case code if code == _UNSYNCHRONISED:
            return Check(
                name="time",
                state="warn",
                said=Text("đồng hồ chưa đồng bộ với máy chủ giờ nào", "the clock follows no time server"),
                mend=Text("timedatectl set-ntp true; timedatectl timesync-status", "timedatectl set-ntp true; timedatectl timesync-status"),
            )
    return Check(name="time", state="ok", said=Text("đồng hồ được đồng bộ", "the clock is synchronised"))


def _kernel_clock() -> int | None:
    """What adjtimex(2) answers when it is only asked; None where it may not be."""
    # struct timex is 208 bytes on 64-bit Linux; all zero asks and changes nothing.
    asked = ctypes.create_string_buffer(256)
    answer = int(ctypes.CDLL(None, use_errno=True).adjtimex(asked))
    return None if answer < 0 else answer


def _not_before_the_program(now: int) -> Check:
    """A box whose clock was lost starts in 1970: earlier than its own program was installed cannot be."""
    if now >= Path(__file__).stat().st_mtime_ns - DAY:
        return Check(name="clock", state="ok", said=Text("giờ của hộp có lý", "the hour is plausible"))
    return Check(
        name="clock",
        state="bad",
        said=Text("giờ của hộp sớm hơn cả ngày cài chương trình", "the clock is earlier than the day on which the program was installed"),
        mend=Text('timedatectl set-time "2026-12-31 08:00:00"', 'timedatectl set-time "2026-12-31 08:00:00"'),
    )


def _room(config: Config) -> Check:
    try:
        folder = _existing(config.state_dir)
        free = shutil.disk_usage(folder).free
        writable = os.access(folder, os.W_OK)
        used = sum(map(_size, config.state_dir.glob("journal.sqlite*"))) if config.state_dir.is_dir() else 0
    except OSError as error:
        where, why = shown(str(config.state_dir), 200), shown(error.strerror or str(error))
        said = Text(f"không xem được đĩa của {where}: {why}", f"the disk of {where} cannot be seen: {why}")
        return Check(name="disk", state="unknown", said=said, mend=AS_ROOT)
    wanted = max(0, config.journal.max_bytes - used) + _SPARE
    if not writable:
        said = Text(f"{folder} không ghi được với người dùng này", f"{folder} cannot be written by this user")
        return Check(name="disk", state="warn", said=said, mend=Text(f"ls -ld {folder}", f"ls -ld {folder}"))
    said = Text(
        f"còn trống {free // _MIB} MiB ở {folder}, nhật ký cần tới {wanted // _MIB} MiB", f"{free // _MIB} MiB free in {folder}, {wanted // _MIB} wanted"
    )
    mend = Text(f"df -h {folder}; giảm [journal] max_bytes hoặc dọn đĩa", f"df -h {folder}; lower [journal] max_bytes or make room")
    return Check(name="disk", state="ok" if free >= wanted else "bad", said=said, mend=_NOTHING if free >= wanted else mend)


def _size(file: Path) -> int:
    """0 for what went since it was listed: a running core makes and removes files beside its journal."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())
