"""Facts about PCs: what one answered to one question of the catalogue, that it checked in, and what was plugged into the box itself."""

from __future__ import annotations

from typing import Literal

import msgspec

from model.fact import Fact
from model.posture.told import AnyTold, Peripheral

# How an answer came: stock osqueryd, one carried on a stick, the facts script, an import of another product's report.
Source = Literal["osquery", "portable", "script", "ksc", "inventory"]

# Why there is no answer. `refused`: rows that the catalogue does not allow; `denied`: osquery's own deny-list; `absent`: the query is not for this PC;
# `script`: the facts script has not written there what only it can find out.
Trouble = Literal["failed", "denied", "refused", "absent", "script"]


class PcFact(Fact, frozen=True, kw_only=True):
    """A fact about the enrolled PC `pc` (the name in its certificate) of `site`."""

    pc: str
    site: str = ""


class PcAnswered(PcFact, frozen=True, kw_only=True, tag="pc_answered"):
    """One answer. `answered`: when the PC gave it, in the box's time; for a bundle the PC's clock less its known skew. Exactly one of `told`, `trouble`."""

    topic: str
    answered: int
    source: Source = "osquery"
    told: AnyTold | None = None
    trouble: Trouble | Literal[""] = ""
    catalogue: str = ""


class PcHeard(PcFact, frozen=True, kw_only=True, tag="pc_heard"):
    """The PC checked in. `skew`: its clock less ours, ns, None where it did not say; `version` of its agent."""

    skew: int | None = None
    version: str = ""


class EndpointsCounted(Fact, frozen=True, kw_only=True, tag="endpoints_counted"):
    """What the server of the PCs counted since it began, and what waits in its inbox (docs/metrics.md)."""

    counts: dict[str, int] = msgspec.field(default_factory=dict)


class PeripheralSeen(Fact, frozen=True, kw_only=True, tag="peripheral"):
    """Something is plugged into the box itself, or was taken out (`there` False). `port`: the socket's path on the bus, like `1-1.4`."""

    device: Peripheral
    port: str = ""
    there: bool = True


class SocketsListed(Fact, frozen=True, kw_only=True, tag="sockets_listed"):
    """All that was plugged into the box as its sensor began: what is not among `there` (`model.posture.usb.same`) was taken out while nobody looked."""

    there: tuple[str, ...] = ()
