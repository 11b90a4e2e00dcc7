"""Who is at the other end of a Unix socket: the kernel's word for it, taken when the connection was made."""

from __future__ import annotations

import os
import socket
import struct

import msgspec

from model.text import Text

# include/uapi/asm-generic/socket.h; Python has no name for it.
_SO_PEERGROUPS = 59
# As much as Python's getsockopt takes: 256 groups.
_GROUPS_BYTES = 1024


class Peer(msgspec.Struct, frozen=True):
    """A process and whom it runs as."""

    pid: int
    uid: int
    gids: frozenset[int]


class Allowed(msgspec.Struct, frozen=True):
    """Who may use a socket: these users, or members of these groups (the supplementary ones count)."""

    uids: frozenset[int]
    gids: frozenset[int] = frozenset()

    def admits(self, peer: Peer) -> bool:
        """Whether this peer may."""
        return peer.uid in self.uids or bool(peer.gids & self.gids)

    @property
    def private(self) -> bool:
        """Whether the file's mode alone can keep others away."""
        return not self.gids and self.uids <= {0, os.geteuid()}


def own() -> Allowed:
    """Only this process's user and root."""
    return Allowed(frozenset({0, os.geteuid()}))


def peer_of(connection: socket.socket) -> Peer:
    """Who connected (SO_PEERCRED, SO_PEERGROUPS)."""
    pid, uid, gid = struct.unpack("iII", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("iII")))
    return Peer(pid, uid, frozenset({gid, *_supplementary(connection)}))


def _supplementary(connection: socket.socket) -> list[int]:
    try:
        raw = connection.getsockopt(socket.SOL_SOCKET, _SO_PEERGROUPS, _GROUPS_BYTES)
    except OSError:
        # More groups than that (ERANGE): the primary one decides.
        return []
    return [group for (group,) in struct.iter_unpack("I", raw)]


def not_admitted(peer: Peer, role: str) -> Text:
    """The sentence for a process that may not use a socket."""
    return Text(
        f"người dùng số {peer.uid} (tiến trình {peer.pid}) không được phép dùng ổ cắm {role} của core",
        f"user {peer.uid} (process {peer.pid}) may not use core's {role} socket",
    )
