# SPDX-License-Identifier: GPL-2.0-only
"""Lets go of every capability but the one to send raw frames."""

from __future__ import annotations

import ctypes
import os

# linux/capability.h, linux/prctl.h
_CAP_NET_RAW = 13
_VERSION_3 = 0x20080522
_NO_NEW_PRIVS, _DEATH_SIGNAL = 38, 1
_SIGKILL = 9


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def keep_raw_only() -> bool:
    """Keeps CAP_NET_RAW alone, for good; False where this process has not got it."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, held = _Header(_VERSION_3, 0), (_Data * 2)()
    if libc.capget(ctypes.byref(header), held) != 0 or not held[0].permitted & 1 << _CAP_NET_RAW:
        return False
    only = (_Data * 2)()
    only[0] = _Data(1 << _CAP_NET_RAW, 1 << _CAP_NET_RAW, 0)
    if libc.capset(ctypes.byref(header), only) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
    return True


def die_with_parent() -> None:
    """A service that is killed must not leave a program behind that may transmit."""
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, _SIGKILL, 0, 0, 0)
