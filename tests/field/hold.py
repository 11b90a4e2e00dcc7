"""Holds threads of another process until it is told to end: a loop that hangs while the rest of its program goes on (ptrace). hold.py TID..."""

from __future__ import annotations

import ctypes
import os
import sys

SEIZE, INTERRUPT, WALL = 0x4206, 0x4207, 0x40000000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
for tid in map(int, sys.argv[1:]):
    for request in (SEIZE, INTERRUPT):
        if libc.ptrace(request, tid, None, None) != 0:
            sys.exit(f"thread {tid}: {os.strerror(ctypes.get_errno())}")
print("held", flush=True)
while True:
    try:
        # A held thread that was killed stays until its holder has looked, and its process with it.
        os.waitpid(-1, WALL)
    except ChildProcessError:
        break
