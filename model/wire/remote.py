"""Remote-control software at one device: the matter of VG-NET-07.

Kept of a product is how far it went, at which end, and when; never a name that was looked up, nor an address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

import msgspec

from model import meeting, privacy
from model.adverts import HEARD_AGAIN
from model.remote.products import BY_ID
from model.rows import Held, Sighting, newest, put
from model.segments import keep_latest
from model.times import MINUTE
from model.verdict import Subject
from model.wirefacts import RemoteSeen, RemoteStage

if TYPE_CHECKING:
    from model.declared import Declared, Role
    from model.fact import StationFact
    from model.site import SiteView

# Stages from the least to the worst.
STAGES: Final[tuple[RemoteStage, ...]] = get_args(RemoteStage)
# Whoever keeps hours of approval wants to know in which half hours a session ran.
HALF_HOUR: Final = 30 * MINUTE
_KEPT_HALVES = 48
ROUTED: Final = "routed"


class Spoken(msgspec.Struct, frozen=True):
    """How it was last heard: by what, on which port, and with whom of this network (an asset id, `ROUTED` for behind a router, or empty)."""

    via: str
    port: int
    peer: str


class Trace(msgspec.Struct):
    """One product at one stage and end. `security` as its server last told it; `halves` the latest half hours of a session, counted from the epoch."""

    seen: Sighting
    spoken: Held[Spoken]
    security: Held[str] | None = None
    halves: list[int] = msgspec.field(default_factory=list)


class RemoteRow(msgspec.Struct, kw_only=True):
    """What is kept of an asset; `id` is its. `traces` by `product|stage|end`, of which the table of products bounds the number."""

    id: str
    seen: Sighting
    traces: dict[str, Trace] = msgspec.field(default_factory=dict)


class Sign(NamedTuple):
    """One trace with what its key says; `end` is controlled, controlling, or empty where the protocol does not tell."""

    product: str
    stage: RemoteStage
    end: str
    trace: Trace


def signs(row: RemoteRow) -> list[Sign]:
    """What the row knows, worst stage first."""
    found = [Sign(product, _stage(stage), end, trace) for key, trace in row.traces.items() for product, stage, end in (key.split("|"),)]
    return sorted(found, key=lambda sign: (-STAGES.index(sign.stage), -sign.trace.seen.last, sign.product, sign.end))


def _stage(name: str) -> RemoteStage:
    return next(stage for stage in STAGES if stage == name)


def role_of(declared: Declared, fact: StationFact) -> Role:
    """Whom the station of this fact serves, by what people declared alone: so that one fact is judged the same whenever it comes."""
    macs = frozenset({fact.mac})
    if line := declared.registered(macs):
        return line.role
    return "display" if declared.screen(macs) else declared.role_of(fact.leg, fact.vlan)


def _met(view: SiteView, fact: RemoteSeen) -> tuple[Subject, ...]:
    # Nothing of a citizen's is kept, not even that a known product was heard.
    if fact.product not in BY_ID or role_of(view.declared, fact) == "citizen":
        return ()
    asset, touched = meeting.met(view, fact, binds=False)
    row = view.wire.remote.get(asset.id)
    if row is None:
        row = view.wire.remote[asset.id] = RemoteRow(id=asset.id, seen=Sighting(fact.at, fact.at))
    news = fact.at - row.seen.last >= HEARD_AGAIN
    row.seen.extend(fact.at)
    news = _take(view, row, fact) or news
    view.changed("remote", row.id)
    # The other end's sentence names this device as soon as it is known.
    peer = view.by_mac.get(fact.peer_mac, "") if news else ""
    return (*meeting.touch(asset, touched, news=news), *((Subject("asset", peer),) if peer in view.wire.remote else ()))


def _take(view: SiteView, row: RemoteRow, fact: RemoteSeen) -> bool:
    """One more sign; True when it says anything new."""
    key = f"{fact.product}|{fact.stage}|{_end(fact)}"
    stamp = view.stamp(fact)
    spoken = Spoken(fact.via, fact.port, view.asset_id(fact.peer_mac) if fact.peer_mac else ROUTED if fact.peer_ip else "")
    trace = row.traces.get(key)
    news = trace is None
    if trace is None:
        trace = row.traces[key] = Trace(Sighting(fact.at, fact.at), Held(spoken, stamp))
    trace.seen.extend(fact.at)
    news = trace.spoken.put(spoken, stamp) or news
    if fact.security:
        trace.security, changed = put(trace.security, fact.security, stamp)
        news = changed or news
    if fact.stage == "session":
        half = fact.at // HALF_HOUR
        news = (half not in trace.halves and keep_latest(trace.halves, half, _KEPT_HALVES)) or news
    return news


def _end(fact: RemoteSeen) -> str:
    if fact.inbound or (fact.stage == "listening" and BY_ID[fact.product].direct):
        return "controlled"
    return "controlling" if fact.peer_ip or (BY_ID[fact.product].direct and fact.via == "payload") else ""


def veiled(view: SiteView, row: RemoteRow) -> RemoteRow:
    """The row as it may leave memory: of what may be a citizen's own device only that it was there (model.privacy)."""
    asset = view.assets.get(row.id)
    return msgspec.structs.replace(row, traces={}) if asset is not None and privacy.personal(view, asset) else row


def merge(into: RemoteRow, lesser: RemoteRow) -> None:
    """Two assets were one: the row takes all that the lesser's knew."""
    into.seen.extend(lesser.seen.first)
    into.seen.extend(lesser.seen.last)
    for key, theirs in lesser.traces.items():
        mine = into.traces.setdefault(key, theirs)
        mine.seen.extend(theirs.seen.first)
        mine.seen.extend(theirs.seen.last)
        mine.spoken = newest(mine.spoken, theirs.spoken) or theirs.spoken
        mine.security = newest(mine.security, theirs.security)
        for half in theirs.halves:
            keep_latest(mine.halves, half, _KEPT_HALVES)


FOLDS: dict[type[Any], Callable[[SiteView, Any], tuple[Subject, ...]]] = {
    RemoteSeen: _met,
}
