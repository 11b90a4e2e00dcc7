"""The users that an installed box's services run as (deploy/deb/sysusers.conf), each at those of core's sockets that its work needs and at no other."""

from __future__ import annotations

import pwd
from collections.abc import Callable, Mapping
from typing import Final

from collector.sockets import wire
from collector.sockets.peers import Allowed, own

PREFIX: Final = "vonggac-"
# Sensors put facts. Those that ask core what it knows read too. Export alone takes what is sent out; the page alone acts for people, on findings and on
# dead letters.
NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "facts": ("collect", "screens", "portals", "endpoints", "export"),
    "read": ("screens", "endpoints", "export", "web"),
    "outbox": ("export",),
    "acts": ("web",),
    "probe": ("probe",),
}


def _uid(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def admitted(socket: str, more: frozenset[int] = frozenset(), uid_of: Callable[[str], int | None] = _uid) -> Allowed:
    """Who may use a socket: core's own user, root, the users of the services that need it where this machine has them, and `more`."""
    users = {uid for service in NEEDS[socket] if (uid := uid_of(PREFIX + service)) is not None}
    return Allowed(own().uids | users | more)


def by_role(more: frozenset[int] = frozenset()) -> dict[wire.Role, Allowed]:
    """The same for each of core's four sockets."""
    return {role: admitted(role, more) for role in wire.ROLES}
