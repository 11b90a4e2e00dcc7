"""One interface opened for listening by libpcap, or one sentence why it could not be."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

import pcapy

from collector import bpf
from collector.capturefile import BATCH, Packet, split
from collector.decode.frame import LINKS
from collector.interfaces import list_interfaces
from model.text import Text

# A block of the ring is handed over when full or this old; pcapy offers no immediate mode. It bounds what capture adds to an alert's delay.
BLOCK_MS = 50
# 64 blocks of 256 KiB: with one frame in each, three seconds during which nobody reads.
BUFFER_BYTES = 16 * 1024 * 1024

# pcap/pcap.h: what pcap_activate returns.
_NO_SUCH_DEVICE, _NO_PERMISSION, _NOT_UP, _NO_PROMISCUOUS = -5, -8, -9, -11

# asm-generic/socket.h, linux/filter.h: struct sock_filter, struct sock_fprog.
_ATTACH_FILTER = 26
_INSTRUCTION, _PROGRAM = struct.Struct("=HBBI"), struct.Struct("@HP")

Reason = Literal["missing", "down", "no route", "permission", "link type", "libpcap"]


class NotListeningError(Exception):
    """The leg cannot be listened to now; `text` is one sentence, `heals` tells whether it may come right by itself."""

    def __init__(self, reason: Reason, text: Text) -> None:
        super().__init__(text.en)
        self.reason = reason
        self.text = text
        self.heals = reason in {"missing", "down", "no route"}


@dataclass(frozen=True, slots=True)
class Tuning:
    """How to listen: bytes kept of a frame, bytes of ring, whether frames for others are asked of the network card."""

    snap: int = bpf.SNAP_LENGTH
    buffer: int = BUFFER_BYTES
    promiscuous: bool = True


class LiveCapture:
    """A listening handle that never blocks; frames this machine sends itself are left out. Use as a context manager."""

    def __init__(self, interface: str, clauses: Sequence[str], tuning: Tuning) -> None:
        """Raises NotListeningError. `clauses` as for bpf.compose; none: every frame."""
        try:
            reader = pcapy.create(interface)
            reader.set_snaplen(tuning.snap)
            reader.set_promisc(int(tuning.promiscuous))
            reader.set_timeout(BLOCK_MS)
            reader.set_buffer_size(tuning.buffer)
            status = reader.activate()
            if status < 0:
                reader.close()
                raise refusal(interface, status)
            self.link = reader.datalink()
            if self.link not in LINKS:
                reader.close()
                raise _unreadable_link(interface, self.link)
            # Own frames come by on their way out; without this they would be taken for another station's.
            reader.setdirection(pcapy.PCAP_D_IN)
            if clauses:
                _attach(reader.getfd(), bpf.program(bpf.compose_for(self.link, clauses) or bpf.NOTHING, self.link))
            reader.setnonblock(1)
        except (pcapy.PcapError, OSError) as error:
            raise _libpcap(interface, error) from error
        self._reader = reader
        self.descriptor: int = reader.getfd()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._reader.close()

    def batch(self) -> list[Packet]:
        """Frames that wait, up to 256; empty when none does. Raises pcapy.PcapError when the interface went down or away."""
        return split(*self._reader.next_batch(BATCH))

    def dropped(self) -> int:
        """Frames the kernel had no room for since the handle was opened."""
        try:
            return int(self._reader.stats()[1])
        except pcapy.PcapError:  # the interface is gone
            return 0


def _attach(descriptor: int, program: pcapy.BPFProgram) -> None:
    """Has the kernel filter, by the program that files are filtered by. Raises OSError when the kernel refuses it.

    libpcap's own `setfilter` asks a live interface at every step for the tag that the kernel took off the frame: three times the instructions, more than the
    kernel takes, and then it silently filters by itself. Without a question the outer tag is gone when the filter sees the frame, so each clause stands
    one tag nearer: where an untagged frame or one tag less is asked for, which the program asks for too.
    """
    code = program.get_bpf()
    held = ctypes.create_string_buffer(b"".join(_INSTRUCTION.pack(*each) for each in code))
    with socket.socket(fileno=os.dup(descriptor)) as handle:
        handle.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, _PROGRAM.pack(len(code), ctypes.addressof(held)))


def refusal(interface: str, status: int) -> NotListeningError:
    """What pcap_activate's answer means."""
    if status == _NO_SUCH_DEVICE:
        return missing(interface)
    if status == _NOT_UP:
        return NotListeningError("down", Text(f"giao diện {interface} đang tắt", f"interface {interface} is down"))
    if status in {_NO_PERMISSION, _NO_PROMISCUOUS}:
        python = os.path.realpath(sys.executable)
        return NotListeningError(
            "permission",
            Text(
                f"không có quyền bắt gói trên {interface}: hãy chạy `sudo setcap cap_net_raw+ep {python}` rồi khởi động lại,"
                " hoặc chạy bằng dịch vụ systemd có AmbientCapabilities=CAP_NET_RAW",
                f"no right to capture on {interface}: run `sudo setcap cap_net_raw+ep {python}` and start again,"
                " or run it as a systemd service with AmbientCapabilities=CAP_NET_RAW",
            ),
        )
    return NotListeningError("libpcap", Text(f"không mở được giao diện {interface} (libpcap: {status})", f"cannot open {interface} (libpcap: {status})"))


def missing(interface: str) -> NotListeningError:
    """There is no such interface; the sentence lists those that are."""
    present = ", ".join(list_interfaces())
    return NotListeningError("missing", Text(f"không có giao diện {interface}; hiện có: {present}", f"there is no interface {interface}; there are: {present}"))


def no_route() -> NotListeningError:
    """`auto` has nothing to go by."""
    present = ", ".join(list_interfaces())
    return NotListeningError(
        "no route",
        Text(
            f"máy chưa có tuyến mặc định nên không tự chọn được giao diện; hiện có: {present}",
            f"there is no default route to choose an interface by; there are: {present}",
        ),
    )


def _unreadable_link(interface: str, link: int) -> NotListeningError:
    return NotListeningError(
        "link type",
        Text(f"giao diện {interface} có kiểu liên kết không đọc được (DLT {link})", f"interface {interface} has a link type that is not read (DLT {link})"),
    )


def _libpcap(interface: str, error: pcapy.PcapError) -> NotListeningError:
    return NotListeningError("libpcap", Text(f"không mở được giao diện {interface}: {error}", f"cannot open interface {interface}: {error}"))
