"""Activation servers that one device sought, or is: the matter of VG-NET-10."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from model import meeting, privacy
from model.adverts import HEARD_AGAIN
from model.assets import sight
from model.remote.piracy import BY_ID
from model.rows import Sighting
from model.wire.remote import role_of
from model.wirefacts import ActivationSought

if TYPE_CHECKING:
    from model.site import SiteView
    from model.verdict import Subject

_KEPT = 32


class ActivationRow(msgspec.Struct, kw_only=True):
    """What is kept of an asset; `id` is its. `sought` by `via|piracy row|server address|server's asset`, those not seen for longest given up."""

    id: str
    seen: Sighting
    sought: dict[str, Sighting] = msgspec.field(default_factory=dict)


class Sought(NamedTuple):
    """One server looked for or spoken to; `server` is its asset id where it is of this network, `listed` the piracy table's row."""

    via: str
    listed: str
    ip: str
    server: str
    seen: Sighting


def sought(row: ActivationRow) -> list[Sought]:
    """All that the row knows, latest first."""
    found = [Sought(via, listed, ip, server, seen) for key, seen in row.sought.items() for via, listed, ip, server in (key.split("|"),)]
    return sorted(found, key=lambda each: (-each.seen.last, each[:4]))


def _met(view: SiteView, fact: ActivationSought) -> tuple[Subject, ...]:
    if (fact.source and fact.source not in BY_ID) or role_of(view.declared, fact) == "citizen":
        return ()
    asset, touched = meeting.met(view, fact, binds=False)
    row = view.wire.activation.get(asset.id)
    if row is None:
        row = view.wire.activation[asset.id] = ActivationRow(id=asset.id, seen=Sighting(fact.at, fact.at))
    key = f"{fact.via}|{fact.source}|{fact.server_ip}|{view.asset_id(fact.server_mac) if fact.server_mac else ''}"
    news = key not in row.sought or fact.at - row.seen.last >= HEARD_AGAIN
    row.seen.extend(fact.at)
    sight(row.sought, key, fact.at, _KEPT)
    view.changed("activation", row.id)
    return meeting.touch(asset, touched, news=news)


def veiled(view: SiteView, row: ActivationRow) -> ActivationRow:
    """The row as it may leave memory: of what may be a citizen's own device only that it was there (model.privacy)."""
    asset = view.assets.get(row.id)
    return msgspec.structs.replace(row, sought={}) if asset is not None and privacy.personal(view, asset) else row


def merge(into: ActivationRow, lesser: ActivationRow) -> None:
    """Two assets were one: the row takes all that the lesser's knew."""
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)
    for key, seen in lesser.sought.items():
        if sight(into.sought, key, seen.last, _KEPT):
            into.sought[key].extend(seen.first)


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    ActivationSought: _met,
}
