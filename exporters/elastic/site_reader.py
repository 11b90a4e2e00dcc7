"""One site as its box's journal would give it, from the province's state: the box's own views draw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from exporters.elastic.ecs import stream_name
from exporters.elastic.fleet_asking import PAYLOAD, SITE, Asking, EngineError, Json, Search, Version, hits, read_payload, terms, total
from exporters.elastic.state import StateIndex
from model import wire
from model.acts import Act, ActKind
from model.fleet.declared import FleetDeclared
from model.fleet.overlay import Laid
from model.fleet.verify import Arrived, Genuine, Verifier, checked
from model.ledger import Cause, Change, Step
from model.portals.rows import FeedRow, PortalRow
from model.ports import CoreStatus, DeadLetter, Delivery, Health, OtherRow, Posture, Signed, SinkStatus, Told
from model.posture import fold as posture
from model.posture.rows import PcRow, TakenRow
from model.rows import Asset, Episode, Leg, Segment, Sensor
from model.text import Text
from model.verdict import Verdict

T = TypeVar("T")

TOLD: Final = ("open", "accepted", "resolved", "lapsed")
# So many documents an answer: one of 16 MB is taken for a stranger's. A portal's row is as long as twenty others.
PIECE: Final = 1_000
PIECE_PORTALS: Final = 150
# A finding with more changes shows its latest.
_MOST_CHANGES: Final = 500
_FINDING: Final = "vonggac.finding.id"
_KIND: Final = "vonggac.row.kind"
_ROW: Final = "vonggac.row.id"
_BY_FINDING: Final = (_FINDING,)
_BY_VERDICT: Final = ("rule.id", "vonggac.subject.kind", "vonggac.subject.id")
_BY_ROW: Final = (_KIND, _ROW)
_STEPS: Final[Mapping[ActKind, Step]] = {"acknowledge": "acknowledged", "accept": "accepted", "close": "resolved"}
_NOT_HERE: Final = Text("hộp của điểm giữ những tin này, tỉnh không có", "the site's box keeps these, the province has none")

# Rows that are read together; sensors come with the heartbeats.
_OTHERS: Final[dict[str, type[Any]]] = {"segment": Segment, "leg": Leg, "episode": Episode, "feed": FeedRow, **wire.ROWS, **posture.ROWS}
_decode_rows: Final[dict[str, Callable[[str], Any]]] = {kind: msgspec.json.Decoder(row).decode for kind, row in _OTHERS.items() if kind != "pc"}
_decode_asset: Final = msgspec.json.Decoder(Asset).decode
_decode_portal: Final = msgspec.json.Decoder(PortalRow).decode
_decode_pc: Final = msgspec.json.Decoder(PcRow).decode
_decode_change: Final = msgspec.json.Decoder(Change).decode
_decode_laid: Final = msgspec.json.Decoder(Laid).decode
_decode_posture: Final = msgspec.json.Decoder(Posture).decode
_decode_health: Final = msgspec.json.Decoder(Health).decode


class SiteReader:
    """Implements `model.fleet.ports.SiteRecord`. Raises EngineError."""

    def __init__(self, asking: Asking, site: str, declared: Callable[[], FleetDeclared], now: Callable[[], int], verify: Verifier) -> None:
        """`now` in ns: ages are counted from it, since a box that fell silent has no time of its own."""
        self._asking = asking
        self._site = site
        self._declared = declared
        self._now = now
        self._verify = verify
        indices = [asking.state("finding"), asking.state("posture"), asking.state("row")]
        self._version = Version(asking, indices, terms({SITE: site}), now)

    async def findings(self, states: Sequence[str] = ()) -> Sequence[Change]:
        """Findings as they stand, the province's acts laid over them; all states but `pending` unless told."""
        return await self._all("finding", {"vonggac.finding.state": list(states or TOLD)}, _BY_FINDING, _decode_change)

    async def standing(self, finding: str) -> Change | None:
        """One finding as it stands; None for one that this site has not."""
        known = hits(await self._asking.one(self._one(finding)))
        return read_payload(known[0], _decode_change) if known else None

    async def history(self, finding: str) -> Sequence[Change]:
        """The changes of one finding, oldest first: what its box signed, the province's acts, and how it stands now."""
        acted = Search(self._asking.state("act"), {"size": _MOST_CHANGES, "query": terms({_FINDING: finding}), "_source": [PAYLOAD]})
        stands, acts, told = await self._asking.all([self._one(finding), acted, Search(stream_name("finding", self._asking.namespace), self._told(finding))])
        known = [read_payload(hit, _decode_change) for hit in hits(stands)]
        if not known:
            return ()
        changes = [change for hit in hits(told) if (change := self._genuine(hit)) is not None and change.finding.site == self._site]
        changes += [_act_of(read_payload(hit, _decode_laid).act, changes or known) for hit in hits(acts)]
        changes.sort(key=lambda change: (change.at, change.finding.sequence))
        return [*changes, *(now for now in known if (now.at, now.step) not in {(change.at, change.step) for change in changes})]

    async def deliveries(self, finding: str) -> Sequence[Delivery]:  # noqa: ARG002 - of the protocol
        """Raises EngineError: whom the boxes told they know themselves; whom the province told, its own journal."""
        raise EngineError(_NOT_HERE.to("vi"))

    async def verdicts(self, site: str = "") -> Sequence[Verdict]:
        """The latest verdict of every detector on every subject; none for another site."""
        if site not in {"", self._site}:
            return ()
        return [told.verdict for told in await self._all("posture", {}, _BY_VERDICT, _decode_posture)]

    async def assets(self) -> Sequence[Asset]:
        """All assets."""
        return await self._rows("asset", _decode_asset)

    async def rows(self) -> Sequence[OtherRow]:
        """The other rows of the view; the sensors as they stood at the last heartbeat."""
        kinds = sorted(_decode_rows)
        query = self._present({_KIND: kinds})
        found = await self._paged(Search(self._asking.state("row"), {"size": PIECE, "query": query, "_source": [PAYLOAD, _KIND]}), _BY_ROW)
        rows: list[OtherRow] = [read_payload(hit, _decode_rows[hit["_source"]["vonggac"]["row"]["kind"]]) for hit in found]
        return [*rows, *_sensors(await self.heartbeats())]

    async def portals(self, ids: Sequence[str] = ()) -> Sequence[PortalRow]:
        """Portals by their ids, all of them unless told."""
        return await self._rows("portal", _decode_portal, {_ROW: list(ids)} if ids else {}, piece=PIECE_PORTALS)

    async def pcs(self) -> Sequence[PcRow]:
        """The PCs that reported, with their last answers."""
        return await self._rows("pc", _decode_pc)

    async def taken(self, sensor: str) -> Sequence[TakenRow]:  # noqa: ARG002 - of the protocol
        """None: how far a sensor may go on is a matter between it and its core."""
        return ()

    async def sinks(self) -> Sequence[SinkStatus]:
        """None: the boxes' own sinks are theirs, what waits at them comes with each heartbeat."""
        return ()

    async def dead_letters(self, sink: str = "") -> Sequence[DeadLetter]:  # noqa: ARG002 - of the protocol
        """Raises EngineError: the boxes keep theirs."""
        raise EngineError(_NOT_HERE.to("vi"))

    async def status(self) -> CoreStatus:
        """What the province knows of the site's cores: hardly anything. `started` 0 says so."""
        count = Search(self._asking.state("row"), {"size": 0, "track_total_hits": True, "query": self._present({_KIND: "asset"})})
        found = await self._asking.one(count)
        lost: dict[str, int] = {}
        for health in await self.heartbeats():
            for stream, given_up in health.lost.items():
                lost[stream] = lost.get(stream, 0) + given_up
        return CoreStatus(
            now=self._now(), started=0, facts={}, refused={}, assets=total(found), evicted=0, overflowed=0, queue=0, commits=0, commit_seconds=0.0,
            journal_bytes=0, lost=lost,
        )  # fmt: skip

    async def heartbeats(self) -> Sequence[Health]:
        """The last heartbeat of each of the site's boxes, by box."""
        return await self._all("box", {}, ("vonggac.box",), _decode_health)

    async def wait(self, version: int, wait: float) -> int:
        """The site's version, as soon as it is not `version` or after `wait` seconds."""
        return await self._version.wait(version, wait)

    def _mine(self, *wanted: Mapping[str, object]) -> Json:
        return terms({SITE: self._site}, *wanted)

    def _one(self, finding: str) -> Search:
        return Search(self._asking.state("finding"), {"size": 1, "query": self._mine({_FINDING: finding}), "_source": [PAYLOAD]})

    def _present(self, *wanted: Mapping[str, object]) -> Json:
        query = self._mine(*wanted)
        query["bool"]["must_not"] = [{"term": {"vonggac.row.gone": True}}]
        return query

    def _told(self, finding: str) -> Json:
        return {
            "size": _MOST_CHANGES,
            "query": self._mine({_FINDING: finding}),
            # After a rollover a row that was sent again is there twice.
            "collapse": {"field": "event.id"},
            "sort": [{"@timestamp": {"order": "desc", "unmapped_type": "date"}}],
            "_source": ["event.id", "vonggac.box", SITE, "vonggac.signed", "vonggac.epoch", "vonggac.sequence"],
        }

    def _genuine(self, hit: Json) -> Change | None:
        """A change that its box signed; who can write to the streams can write anything."""
        found = checked(_arrived(hit), self._declared(), self._verify, self._now())
        return found.document.change if isinstance(found, Genuine) and isinstance(found.document, Told) else None

    async def _rows(self, kind: str, decode: Callable[[str], T], wanted: Mapping[str, object] | None = None, piece: int = PIECE) -> list[T]:
        body = {"size": piece, "query": self._present({_KIND: kind}, wanted or {}), "_source": [PAYLOAD]}
        return [read_payload(hit, decode) for hit in await self._paged(Search(self._asking.state("row"), body), _BY_ROW)]

    async def _all(self, index: StateIndex, wanted: Mapping[str, object], order: Sequence[str], decode: Callable[[str], T]) -> list[T]:
        body = {"size": PIECE, "query": self._mine(wanted), "_source": [PAYLOAD]}
        return [read_payload(hit, decode) for hit in await self._paged(Search(self._asking.state(index), body), order)]

    async def _paged(self, search: Search, order: Sequence[str]) -> list[Json]:
        """Everything a search finds, piece by piece, in an order in which no two documents stand at one place."""
        found: list[Json] = []
        body = {**search.body, "sort": [{name: {"order": "asc", "unmapped_type": "keyword"}} for name in order]}
        while True:
            piece = hits(await self._asking.one(Search(search.index, body)))
            found += piece
            if len(piece) < body["size"]:
                return found
            body["search_after"] = piece[-1]["sort"]


def _act_of(act: Act, changes: Sequence[Change]) -> Change:
    """An act of the province as a step of the finding, which stood then as its box had said last."""
    before = [change for change in changes if change.at <= act.at] or changes[:1]
    return Change(step=_STEPS[act.kind], at=act.at, finding=max(before, key=lambda change: change.at).finding, cause=Cause("act", act.by, act.why))


def _sensors(heartbeats: Sequence[Health]) -> list[Sensor]:
    return [sensor for health in heartbeats for sensor in health.sensors]


def _arrived(hit: Json) -> Arrived:
    own = hit["_source"].get("vonggac", {})
    signed = own.get("signed", {})
    try:
        known = Signed(
            payload=signed["payload"], signature=signed["signature"], key=signed["key"], epoch=int(own["epoch"]), sequence=int(own["sequence"])
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        known = None
    return Arrived(id=str(hit["_id"]), stream="finding", box=str(own.get("box", "")), site=str(own.get("site", {}).get("id", "")), signed=known)
