"""Becomes the browser: started by path as a program of its own, imports nothing of ours, ends in `execve`.

Between fork and exec it gives away all that Chromium must not have: identity, groups, capabilities, descriptors, environment and the network. The
browser gets a network namespace that holds one loopback interface and one listening socket; that socket is handed to the parent, whose proxy answers on it.
There is no other way out of that namespace, whatever a page, a worker or a bug in the browser tries, and no other process of the machine can
reach the proxy.
"""

from __future__ import annotations

import array  # noqa: F401 - socket.send_fds imports it when called: by then Python may be out of reach
import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path

# sched.h, prctl.h, sockios.h
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x08000000, 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 1, 4, 38, 47, 4
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
# Room above the two descriptors' final places while they are moved there.
ASIDE = 200
MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_DESCRIPTORS = 4096

_libc = ctypes.CDLL(None, use_errno=True)


def _must(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), what)


def _drop_identity(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _leave_the_network() -> None:
    """A user namespace (needs no privilege) that owns an empty network namespace. It maps one identity: the process's own."""
    uid, gid = os.getuid(), os.getgid()
    # After a change of identity the kernel gives /proc/self to root; the maps below are written there.
    _must(_libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")
    _must(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC), "no user namespaces")
    for name, text in (("setgroups", b"deny"), ("uid_map", b"%d %d 1" % (uid, uid)), ("gid_map", b"%d %d 1" % (gid, gid))):
        Path("/proc/self", name).write_bytes(text)


def _listen(port: int) -> socket.socket:
    """Loopback up, and a socket on it."""
    listener = socket.socket()
    flags = struct.unpack("16sh14x", fcntl.ioctl(listener, SIOCGIFFLAGS, struct.pack("16sh14x", b"lo", 0)))[1]
    fcntl.ioctl(listener, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))
    listener.bind(("127.0.0.1", port))
    listener.listen(256)
    return listener


def _hand_over(listener: socket.socket, handle: int) -> None:
    with listener, socket.socket(fileno=handle) as channel:
        socket.send_fds(channel, [b"listening"], [listener.fileno()])


def _give_up_rights(parent: int) -> None:
    _must(_libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "ambient")
    _must(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _must(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "pdeathsig")
    if os.getppid() != parent:
        sys.exit("parent gone")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = MAX_DESCRIPTORS if most == resource.RLIM_INFINITY else min(MAX_DESCRIPTORS, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def _place_descriptors(commands: int, answers: int) -> None:
    """3 reads commands, 4 writes answers, 0 to 2 stay as they are, nothing else is left."""
    aside = (os.dup2(commands, ASIDE), os.dup2(answers, ASIDE + 1))
    os.dup2(aside[0], 3)
    os.dup2(aside[1], 4)
    os.closerange(5, max(ASIDE + 2, os.sysconf("SC_OPEN_MAX")))


def main() -> None:
    """`argv[1]` is JSON: uid (0: stay who we are), port, handle, commands, answers (descriptors), home, parent (pid), argv of the browser."""
    order = json.loads(sys.argv[1])
    if order["uid"]:
        _drop_identity(order["uid"])
    _leave_the_network()
    _hand_over(_listen(order["port"]), order["handle"])
    _give_up_rights(order["parent"])
    _place_descriptors(order["commands"], order["answers"])
    os.umask(0o077)
    os.chdir(order["home"])
    os.execve(order["argv"][0], order["argv"], {"HOME": order["home"], "TMPDIR": order["home"], "LANG": "C.UTF-8"})  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
