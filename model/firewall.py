"""What of one device, line or pair of segments lets others in now, and what no longer does: the matter of VG-NET-09."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from model import openings, segments
from model.absence import HEARS_UNICAST
from model.times import DAY
from model.wire import exposure
from model.wire.exposure import ExposureRow, Knock, Mapped, Mapping

if TYPE_CHECKING:
    from model.rows import Asset, Held, Segment
    from model.site import SiteView

# Findings.md, VG-NET-09: this often, over this long, before what was open counts as closed.
TIMES, OVER = 3, DAY

State = Literal["open", "over", "declared", "own"]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way in. `state`: open, over (taken back, run out, refused), declared, or Windows' own (Teredo). `agreed`: more than asked for; `last` ns."""

    kind: Literal["inbound", "mapping"]
    state: State
    ports: tuple[int, ...]
    protocol: str
    last: int
    ends: int | None = None
    agreed: bool = True
    text: str


def ways(view: SiteView, asset: Asset, row: ExposureRow) -> list[Way]:
    """All ways in to the asset that were heard of."""
    found = [*_inbound(view, asset, row), *(_mapping(view, asset, key, mapped) for key, mapped in sorted(row.mapped.items()))]
    return sorted(found, key=lambda way: (way.kind, -way.last, way.text))


def _inbound(view: SiteView, asset: Asset, row: ExposureRow) -> Iterator[Way]:
    for port, reached in exposure.outside_ports(view, row):
        last = reached.seen.last
        state: State = "declared" if openings.covering(view.declared, asset, "tcp", (port,), last) else "open"
        peer = f" ← {reached.peer.value}" if reached.peer else ""
        yield Way(kind="inbound", state=state, ports=(port,), protocol="tcp", last=last, text=f"tcp/{port}{peer}")


def _mapping(view: SiteView, asset: Asset, key: str, mapped: Mapped) -> Way:
    via, protocol, _ = key.split("|")
    held = exposure.holds(mapped)
    last = mapped.seen.last
    if held is None:
        return Way(kind="mapping", state="over", ports=(), protocol=protocol, last=last, agreed=mapped.made is not None, text=key.replace("|", " "))
    ports = (held.value.outside_port, held.value.client_port)
    text = f"{via} {protocol}/{held.value.outside_port} → {held.value.client_port}"
    state, ends = _state(view, asset, protocol, held), exposure.ends(held)
    return Way(kind="mapping", state=state, ports=ports, protocol=protocol, last=last, ends=ends, agreed=mapped.made is not None, text=text)


def _state(view: SiteView, asset: Asset, protocol: str, held: Held[Mapping]) -> State:
    ends = exposure.ends(held)
    # At a plain port a renewal would not have been heard.
    if ends is not None and ends <= view.now and view.vantage(asset) in HEARS_UNICAST:
        return "over"
    if openings.covering(view.declared, asset, protocol, (held.value.outside_port, held.value.client_port), view.now):
        return "declared"
    return "own" if held.value.teredo else "open"


class Line(msgspec.Struct, frozen=True):
    """What the SOC's knocks at a segment's line come to: `ports` open at the latest, and since when it found none open often enough (`closed`)."""

    last: Knock
    ports: tuple[int, ...]
    closed: bool


def line(view: SiteView, segment: Segment) -> Line | None:
    """The knocks at the line that an untagged segment comes out by; None where nobody knocked."""
    row = exposure.of(view, exposure.place(segment.id))
    if row is None or not row.knocks:
        return None
    opened = [knock for knock in row.knocks if _undeclared(view, knock)]
    since = [knock for knock in row.knocks if not opened or knock.stamp > opened[-1].stamp]
    closed = len(since) >= TIMES and since[-1].stamp.at - since[0].stamp.at >= OVER
    return Line(row.knocks[-1], _undeclared(view, row.knocks[-1]), closed)


def _undeclared(view: SiteView, knock: Knock) -> tuple[int, ...]:
    return tuple(port for port in knock.ports if not openings.covering(view.declared, None, "tcp", (port,), knock.stamp.at))


def pairs(view: SiteView) -> dict[str, tuple[str, str]]:
    """The declared pairs of a citizens' and a staff segment, by their id."""
    named = {role: [segments.name(zone.leg, zone.vlan) for zone in view.declared.zones if zone.role == role] for role in ("citizen", "staff")}
    return {segments.pair_id(citizen, staff): (citizen, staff) for citizen in named["citizen"] for staff in named["staff"]}


def passed(view: SiteView, citizen: str, staff: Segment) -> int:
    """When a host of the staff segment last let somebody on the citizens' segment in, ns; 0: never heard."""
    row = exposure.of(view, exposure.place(citizen))
    spans = (row.passed[span] for span in staff.ranges if span in row.passed) if row else ()
    return max((seen.last for seen in spans), default=0)


def open_ways(found: Sequence[Way]) -> list[Way]:
    """Those that are open and nobody declared."""
    return [way for way in found if way.state == "open"]
