"""Rows of a view as the journal holds them: out by kind and id, back in with their indices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from model import identity, portals, wire
from model.fleet.rows import CursorRow, FleetRow, MarkRow
from model.portals.rows import FeedRow, PortalRow
from model.posture import fold as posture
from model.rows import Asset, Episode, Leg, Segment, Sensor
from model.site import SiteView

ViewRow = Asset | Segment | Leg | Sensor | Episode | PortalRow | FeedRow | wire.WireRow | posture.PostureRow


def restore(view: SiteView, rows: Iterable[ViewRow | FleetRow]) -> None:
    """Puts rows read from the journal back, with their indices."""
    for row in rows:
        match row:
            case Asset():
                view.assets[row.id] = row
                view.by_mac.update(dict.fromkeys(row.macs, row.id))
                view.stations.update({code: row.id for mac in row.macs if (code := view.asset_id(mac)) != row.id})
                view.by_ip.update(dict.fromkeys(row.ips, row.id))
                identity.index(view, row)
            case Segment():
                view.segments[row.id] = row
            case Leg():
                view.legs[row.name] = row
            case Sensor():
                view.sensors[row.sensor] = row
            case Episode():
                view.episodes[row.id] = row
            case PortalRow():
                view.portals[row.id] = row
            case FeedRow():
                view.feeds[row.name] = row
            case CursorRow() | MarkRow():
                # The province's: no site has any.
                continue
            case _:
                _ = wire.restore(view.wire, row) or posture.restore(view.posture, row)
    portals.reindex(view)


def row_of(view: SiteView, kind: str, row_id: str) -> ViewRow | None:
    """The row of that kind and id, or None when it is gone."""
    tables: dict[str, dict[str, Any]] = {
        "asset": view.assets,
        "segment": view.segments,
        "leg": view.legs,
        "sensor": view.sensors,
        "episode": view.episodes,
        "portal": view.portals,
        "feed": view.feeds,
        "pc": view.posture.pc,
        "taken": view.posture.taken,
        "plugged": view.posture.plugged,
    }
    if kind not in tables:
        return wire.row_of(view.wire, kind, row_id)
    found: ViewRow | None = tables[kind].get(row_id)
    return found
