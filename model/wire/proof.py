"""Probes of ours and what came of them: the strongest rungs of VG-NET-01."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from model import meeting
from model.rows import Sighting
from model.wirefacts import GatewayTold, LineTold, NonceHeard, ProbeRan

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject


class ProofRow(msgspec.Struct, kw_only=True):
    """What is kept of a leg, or a pair of legs; `id` is its."""

    id: str
    seen: Sighting


def _met(view: SiteView, fact: NonceHeard | GatewayTold) -> tuple[Subject, ...]:
    return meeting.met(view, fact, binds=False)[1]


def _noted(_view: SiteView, _fact: ProbeRan | LineTold) -> tuple[Subject, ...]:
    return ()


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    NonceHeard: _met,
    ProbeRan: _noted,
    GatewayTold: _met,
    LineTold: _noted,
}
