# SPDX-License-Identifier: GPL-2.0-only
"""What systemd is told: that this program is connected, and again and again that its one loop moves (sd_notify(3))."""

from __future__ import annotations

import contextlib
import os
import socket

_USEC = 1_000_000
# Two words within the time that systemd allows.
_SHARE = 2


def say(word: str) -> None:
    """One word to the manager that started us, if one did."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.sendto(word.encode(), "\0" + address[1:] if address.startswith("@") else address)


def interval() -> float | None:
    """How often the watchdog wants to be fed, seconds; None where there is none."""
    usec = os.environ.get("WATCHDOG_USEC", "")
    return int(usec) / _USEC / _SHARE if usec.isdecimal() and int(usec) else None
