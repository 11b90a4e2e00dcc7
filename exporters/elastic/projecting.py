"""State as plain indices: one document a thing, written with the box's order as external version, so that replays and any order converge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec
from elastic_transport import ApiError

from exporters.elastic import answer, words
from exporters.elastic.answer import Sent
from exporters.elastic.ecs import SCHEMA, Fields, Origin, SitePlace, document, nested
from exporters.elastic.fields import ECS_VERSION
from exporters.elastic.fleet_asking import EngineError, read_payload
from exporters.elastic.reading import Engine
from exporters.elastic.sink import bulks
from exporters.elastic.state import StateIndex, index_name, state_id
from exporters.elastic.state_templates import STATES
from model.fleet.declared import FleetDeclared
from model.fleet.overlay import Laid
from model.fleet.silence import Watch
from model.fleet.store import Beat, Held, Projected
from model.fleet.verify import REASONS, Refusal
from model.ports import Health, Observed, OutboxRow, Posture, Stream, Told
from model.text import shown
from model.times import rfc3339
from model.verdict import Outcome

# The one document of the index of boxes that is no box's: how far the province itself has read.
WATCH_ID: Final = "province"
_BULK_BYTES: Final = 4 * 1024 * 1024
_READ: Final = 1000
_ANSWER: Final = {"filter_path": "items.*._id,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason"}
_ROW_STREAMS: Final[dict[type, Stream]] = {Told: "finding", Posture: "posture", Health: "health", Observed: "observation"}

# Whoever knows nothing of it has nothing to lose by time.
_KNOWN: Final = [outcome.value for outcome in Outcome if outcome is not Outcome.UNKNOWN]

_decode_posture = msgspec.json.Decoder(Posture).decode
_decode_laid = msgspec.json.Decoder(Laid).decode


class _Place(NamedTuple):
    state: StateIndex
    id: str


class Projecting:
    """The writing half of `model.fleet.store.FleetStore`."""

    def __init__(self, engine: Engine, declared: Callable[[], FleetDeclared]) -> None:
        self._engine = engine
        self._declared = declared
        self._named = FleetDeclared(province=""), engine.options.origin
        self._language = engine.options.language
        self._namespace = engine.options.namespace

    async def prepare(self) -> bool:
        """Makes the state indices; whether any was made. Raises EngineError, also where the template is not installed."""
        return any(await asyncio.gather(*(self._make(index_name(state, self._namespace)) for state in STATES)))

    async def _make(self, index: str) -> bool:
        made = True
        try:
            await self._engine.ask("PUT", f"/{index}", {})
        except ApiError as error:
            if "resource_already_exists_exception" not in str(error.body):
                raise self._engine.refused(error) from error
            made = False
        mapping = (await self._engine.get("GET", f"/{index}/_mapping")).get(index, {}).get("mappings", {})
        if str(mapping.get("dynamic")) != "false":
            raise EngineError(words.TEMPLATE.to(self._language))
        return made

    async def acts(self) -> Sequence[Laid]:
        """All acts, oldest first; one that this version cannot read is no act. Raises EngineError."""
        return [laid for hit in await self._all("act", ["vonggac.payload"]) if (laid := _laid(hit)) is not None]

    async def beats(self) -> Sequence[Beat]:
        """The last heartbeat of every box for each of its sites. Raises EngineError."""
        return [beat for hit in await self._all("box", ["vonggac.box", "vonggac.site.id", "vonggac.heard_at"]) if (beat := _beat(hit)) is not None]

    async def _all(self, state: StateIndex, source: list[str]) -> list[dict[str, Any]]:
        index, after, found = index_name(state, self._namespace), -1, list[dict[str, Any]]()
        await self._engine.get("POST", f"/{index}/_refresh")
        while True:
            query = {"range": {"_seq_no": {"gt": after}}}
            body = {"size": _READ, "query": query, "sort": [{"_seq_no": "asc"}], "_source": source, "version": True}
            answered = await self._engine.get("POST", f"/{index}/_search", body, {"allow_partial_search_results": "false"})
            hits = answered["hits"]["hits"]
            found += hits
            if len(hits) < _READ:
                return found
            after = int(hits[-1]["sort"][0])

    async def aged(self, before: int, gone: int, after: int, limit: int) -> Sequence[Held]:
        """Verdicts that nobody repeated, by sequence number: what is written of them comes behind. Raises EngineError."""
        known = {"filter": [_until(before), {"terms": {"vonggac.posture.outcome": _KNOWN}}]}
        return [_held(hit) for hit in await self._told("posture", known, gone, after, limit, ["vonggac.payload"])]

    async def unrepeated(self, before: int, gone: int, after: int, limit: int) -> Sequence[Held]:
        """Rows that nobody repeated, as `aged` gives verdicts. Raises EngineError."""
        present = {"filter": [_until(before)], "must_not": [{"term": {"vonggac.row.gone": True}}]}
        wanted = ["@timestamp", "vonggac.site.id", "vonggac.row.kind", "vonggac.row.id", "vonggac.row.gone"]
        return [_held_row(hit) for hit in await self._told("row", present, gone, after, limit, wanted)]

    async def _told(self, state: StateIndex, old: dict[str, Any], gone: int, after: int, limit: int, wanted: list[str]) -> list[dict[str, Any]]:
        """The next documents after a sequence number that are `old`, or were told before `gone`."""
        index = index_name(state, self._namespace)
        if after < 0:
            await self._engine.get("POST", f"/{index}/_refresh")
        body = {
            "size": limit,
            "query": {
                "bool": {"filter": [{"range": {"_seq_no": {"gt": after}}}, {"bool": {"should": [{"bool": old}, _until(gone)], "minimum_should_match": 1}}]}
            },
            "sort": [{"_seq_no": "asc"}],
            "track_total_hits": False,
            "_source": [*wanted, "vonggac.box", "event.id"],
            "version": True,
        }
        answered = await self._engine.get("POST", f"/{index}/_search", body, {"allow_partial_search_results": "false"})
        found: list[dict[str, Any]] = answered["hits"]["hits"]
        return found

    async def write(self, states: Sequence[Projected]) -> Sequence[str]:
        """Writes state documents, of each thing the latest. One sentence for each that is refused for ever. Raises EngineError; then all may be given again."""
        latest: dict[_Place, Projected] = {}
        for state in states:
            place = _place(state)
            if place not in latest or latest[place].version <= state.version:
                latest[place] = state
        rows = [Sent(number, place.id, self._lines(place, state)) for number, (place, state) in enumerate(latest.items())]
        refused: list[str] = []
        waiting = list(bulks(rows, _BULK_BYTES))
        while waiting:
            bulk = waiting.pop(0)
            try:
                answered = await self._engine.ask("POST", "/_bulk", b"".join(row.lines for row in bulk), _ANSWER)
            except ApiError as error:
                if error.meta.status != 413:
                    raise self._engine.refused(error) from error
                if len(bulk) == 1:
                    refused.append(words.TOO_LARGE.to(self._language))
                else:
                    waiting[:0] = [bulk[: len(bulk) // 2], bulk[len(bulk) // 2 :]]
                continue
            refused += self._refused(bulk, answered)
        return refused

    def _refused(self, bulk: Sequence[Sent], answered: dict[str, Any]) -> list[str]:
        receipts = answer.of_items(bulk, _as_created(answered), 0, self._language)
        if not isinstance(receipts, list):
            raise EngineError(receipts.reason)
        for receipt in receipts:
            if receipt.outcome == "retry":
                raise EngineError(receipt.reason)
        return [receipt.reason for receipt in receipts if receipt.outcome == "rejected"]

    def _lines(self, place: _Place, state: Projected) -> bytes:
        action: dict[str, Any] = {"_index": index_name(place.state, self._namespace), "_id": place.id}
        if state.gone:
            return msgspec.json.encode({"delete": {**action, "version": state.version, "version_type": "external_gte"}}) + b"\n"
        # What people did is never written over.
        head = {"create": action} if place.state == "act" else {"index": {**action, "version": state.version, "version_type": "external_gte"}}
        return msgspec.json.encode(head) + b"\n" + msgspec.json.encode(self._fields(state)) + b"\n"

    def _fields(self, state: Projected) -> Fields:
        match state.document:
            case Told() | Posture() | Health() | Observed() as known:
                return self._known(state, known)
            case Laid() as laid:
                return nested(_act(state, laid))
            case Watch() as watch:
                return nested(_common(state.at, "read") | {"message": rfc3339(watch.at), "vonggac.payload": _text(watch)})
            case Refusal() as refusal:
                said = REASONS[refusal.reason].to(self._language)
                claimed = {"vonggac.box": shown(refusal.box), "vonggac.site.id": shown(refusal.site), "vonggac.refused": refusal.reason, "message": said}
                return nested(_common(state.at, "refused") | claimed | {"event.id": shown(refusal.id, 600), "event.dataset": f"vonggac.{refusal.stream}"})

    def _known(self, state: Projected, known: Told | Posture | Health | Observed) -> Fields:
        """The document as its box would have it in ECS, made anew with the province's own names."""
        row = OutboxRow(seq=0, id=state.row, stream=_ROW_STREAMS[type(known)], at=state.at, document=known)
        origin = msgspec.structs.replace(self._origin(), box=state.box, box_name="")
        fields = document(row, self._namespace, origin, self._language)[1]
        fields.pop("data_stream", None)
        own = fields.setdefault("vonggac", {})
        own |= _beside(state, known)
        return fields

    def _origin(self) -> Origin:
        declared = self._declared()
        if declared is not self._named[0]:
            sites = {site.site: SitePlace(name=site.name, commune=site.commune, province=declared.province) for site in declared.sites.values()}
            # What is of no site is the province's own.
            sites[declared.province] = SitePlace(name=declared.name, province=declared.province)
            self._named = declared, msgspec.structs.replace(self._engine.options.origin, sites=sites)
        return self._named[1]


def _beside(state: Projected, known: Told | Posture | Health | Observed) -> Fields:
    match known:
        case Told(change=change):
            return {"payload": _text(change), **({"target": list(state.targets)} if state.targets else {})}
        case Observed(row=row):
            return {"payload": row} if row else {}
        case Health():
            return {"payload": _text(known), "heard_at": rfc3339(state.heard_at)}
        case _:
            return {"payload": _text(known)}


def _place(state: Projected) -> _Place:
    match state.document:
        case Told(change=change):
            return _Place("finding", change.finding.id)
        case Posture(site=site, verdict=verdict):
            return _Place("posture", state_id(site, verdict.detector, verdict.subject.kind, verdict.subject.id))
        case Observed(site=site, kind=kind, id=row):
            return _Place("row", state_id(site, kind, row))
        case Health(box=box, site=site):
            return _Place("box", state_id(box, site))
        case Laid(act=act):
            return _Place("act", state_id(act.finding, act.kind, act.by, str(act.at)))
        case Watch():
            return _Place("box", WATCH_ID)
        case Refusal(id=row, stream=stream):
            return _Place("refused", state_id(stream, row))


def _act(state: Projected, laid: Laid) -> Fields:
    act = laid.act
    return _common(state.at, f"act-{act.kind}") | {
        "event.reason": act.why,
        "related.user": [act.by],
        "vonggac.finding.id": act.finding,
        "vonggac.cause.kind": "act",
        "vonggac.cause.by": act.by,
        "vonggac.cause.why": act.why,
        "vonggac.payload": _text(laid),
    }


def _common(at: int, action: str) -> Fields:
    return {
        "@timestamp": rfc3339(at),
        "ecs.version": ECS_VERSION,
        "event.module": "vonggac",
        "event.kind": "event",
        "event.action": action,
        "vonggac.schema": SCHEMA,
    }


def _until(at: int) -> dict[str, Any]:
    return {"range": {"@timestamp": {"lt": rfc3339(at)}}}


def _held(hit: dict[str, Any]) -> Held:
    return _at_hit(hit, read_payload(hit, _decode_posture))


def _held_row(hit: dict[str, Any]) -> Held:
    source = hit["_source"]
    # What is empty was left out when it was written.
    row = source["vonggac"].get("row", {})
    at, site = _instant(source["@timestamp"]), source["vonggac"]["site"]["id"]
    return _at_hit(hit, Observed(site=site, at=at, kind=row.get("kind", ""), id=row.get("id", ""), gone=row.get("gone", False)))


def _at_hit(hit: dict[str, Any], document: Posture | Observed) -> Held:
    source, order = hit["_source"], {"version": int(hit["_version"]), "position": int(hit["sort"][0])}
    return Held(document=document, box=source["vonggac"].get("box", ""), row=source.get("event", {}).get("id", ""), **order)


def _laid(hit: dict[str, Any]) -> Laid | None:
    try:
        return _decode_laid(hit["_source"]["vonggac"]["payload"])
    except (KeyError, TypeError, msgspec.DecodeError):
        return None


def _beat(hit: dict[str, Any]) -> Beat | None:
    own = hit["_source"].get("vonggac", {})
    if "box" not in own or "site" not in own:
        return None
    return Beat(box=own["box"], site=own["site"]["id"], version=int(hit["_version"]), heard_at=_instant(own["heard_at"]))


def _instant(written: str) -> int:
    """What `rfc3339` wrote, in ns."""
    return int(datetime.fromisoformat(written).timestamp() * 1_000_000) * 1_000


def _as_created(answered: dict[str, Any]) -> dict[str, Any]:
    """Items by what was done with them, as `answer.of_items` reads them: there everything is created."""
    items = answered.get("items")
    return {"items": [{"create": _done(*next(iter(item.items())))} for item in items if item]} if isinstance(items, list) else {}


def _done(what: str, result: dict[str, Any]) -> dict[str, Any]:
    """What was to be removed and is not there is removed."""
    return {**result, "status": 200} if what == "delete" and result.get("status") == 404 and "error" not in result else result


def _text(what: object) -> str:
    return msgspec.json.encode(what).decode()
