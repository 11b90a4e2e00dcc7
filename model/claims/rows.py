"""What is kept of one address of a segment: who claims it, in which way, and who asks for it.

Stations and addresses are named by keyed hashes alone, since most are people's; a router's address is written as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from model.rows import Sighting
from model.times import SECOND

if TYPE_CHECKING:
    from model.site import SiteView

# What one row keeps; a hostile station may claim and ask without end.
MAX_CLAIMANTS = 8
MAX_ASKERS = 32
MAX_ASKED = 8
MAX_USED = 8
MAX_PUSHED = 16
MAX_TOLD = 4

# To one station that had not asked; to all in a form no honest host uses; the announcement of RFC 5227 §3.
Way = Literal["unicast", "broadcast", "gratuitous"]


class Pushed(NamedTuple):
    """A claim nobody asked for, by the second: how, to whom (empty: to all), and in whose frame where that was another station's."""

    second: int
    way: Way
    told: str = ""
    by: str = ""


class Claim(msgspec.Struct):
    """One station's claim to the address. `used`: the latest seconds in which it spoke as the address; `signs`: the last second of each lie found.

    `virtual`: the MAC is a fail-over group's, which passes from one router to the other by design.
    """

    seen: Sighting
    virtual: bool = False
    used: list[int] = []
    pushed: list[Pushed] = []
    signs: dict[str, int] = {}


class ClaimRow(msgspec.Struct, kw_only=True):
    """What is kept of a segment's address; `id` is the segment and the address' keyed hash, `address` itself is known of a router's alone.

    `six`: an IPv6 address. By station: `claims`; `asked`, the seconds in which it asked for the address, `probed` before taking it; `answered`,
    those in which it answered our own question. `vouched`: stations that named the address as the way out and are it, by DHCP or a router
    advertisement; `named`: when anybody named it so.
    """

    id: str
    seen: Sighting
    six: bool = False
    address: str = ""
    claims: dict[str, Claim] = {}
    asked: dict[str, list[int]] = {}
    probed: dict[str, list[int]] = {}
    answered: dict[str, list[int]] = {}
    vouched: dict[str, Sighting] = {}
    named: Sighting | None = None

    def rebase(self, at: int) -> None:
        """The clock was set back to `at`: all moves back by as much as makes nothing later than that, so that what belongs together stays so."""
        by = max(0, self.seen.last - at) // SECOND
        self.seen.rebase(at)
        for seconds in (*self.asked.values(), *self.probed.values(), *self.answered.values(), *(claim.used for claim in self.claims.values())):
            seconds[:] = [second - by for second in seconds]
        for claim in self.claims.values():
            claim.seen.rebase(at)
            claim.pushed = [each._replace(second=each.second - by) for each in claim.pushed]
            claim.signs = {sign: second - by for sign, second in claim.signs.items()}
        for sighting in (*self.vouched.values(), *([self.named] if self.named else [])):
            sighting.rebase(at)


def row_id(view: SiteView, segment: str, ip: str) -> str:
    """A row's id."""
    return f"{segment}|{view.asset_id('ip:' + ip)}"


def segment_of(row: ClaimRow) -> str:
    """The segment a row is of."""
    return row.id.rpartition("|")[0]
