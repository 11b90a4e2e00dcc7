"""The trail: who did what to the page, its users, the findings and what is sent, and who was turned away. It only grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

Deed = Literal[
    "login",
    "login_failed",
    "logout",
    "denied",
    "acknowledge",
    "accept",
    "close",
    "accept_change",
    "letters_replay",
    "letters_purge",
    "maintenance_add",
    "maintenance_end",
    "user_add",
    "user_role",
    "user_disable",
    "user_enable",
    "user_password",
    "own_password",
]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `at` as RFC 3339; `by` a user of the page, or `os:NAME` for whoever gave a command; `outcome` is `done`, or why not, before it `begun`.

    `about` is what it was done to: a finding, a user, a sink, an address of the page. `previous` is the hash of the line before.
    """

    at: str
    by: str
    deed: Deed
    about: str = ""
    why: str = ""
    outcome: str = "done"
    address: str = ""
    previous: str = ""


class Trail(Protocol):
    """Where deeds are noted."""

    def note(self, deed: Deed, *, by: str, about: str = "", why: str = "", outcome: str = "done", address: str = "") -> None:
        """Adds a line; it is on disk when this returns. Raises OSError."""

    def ready(self) -> None:
        """Makes sure that a line can be added, before what it tells of is done. Raises OSError."""

    def latest(self, most: int) -> Sequence[Entry]:
        """The last `most` lines, newest first. Raises OSError."""
