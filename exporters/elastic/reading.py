"""Tails the boxes' data streams by sequence number, up to what no failure can take back (docs/decisions/012-the-province.md, point 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, get_args

import msgspec
from elastic_transport import ApiError, ConnectionError, TransportError  # noqa: A004 - the client's name

from exporters.elastic import answer, words
from exporters.elastic.ecs import stream_name
from exporters.elastic.fleet_asking import EngineError
from exporters.elastic.node import TOO_LONG
from exporters.elastic.opensearch_node import PRODUCT, PRODUCT_HEADER
from exporters.elastic.options import ElasticOptions, client
from model.fleet.store import Extent, Page, Survey
from model.fleet.verify import Arrived
from model.ports import Signed, Stream
from model.text import Text

STREAMS: Final[tuple[Stream, ...]] = get_args(Stream)
_HEADERS: Final = {"accept": "application/json", "content-type": "application/json"}
_LINES: Final = {"accept": "application/json", "content-type": "application/x-ndjson"}
_SOURCE: Final = ["vonggac.signed", "vonggac.epoch", "vonggac.sequence", "vonggac.box", "vonggac.site.id"]
_RIGHTS: Final = Text(
    "tài khoản của tỉnh thiếu quyền (403): cần các quyền ghi trong docs/province.md trên logs-vonggac.* và vonggac-*",
    "the province's login lacks a right (403): those in docs/province.md on logs-vonggac.* and vonggac-* are needed",
)
_SHARDS: Final = "indices.*.shards.*"
_STATS: Final = {
    "level": "shards",
    "expand_wildcards": "open,hidden",
    "filter_path": f"{_SHARDS}.routing.primary,{_SHARDS}.seq_no.global_checkpoint,{_SHARDS}.commit.user_data.history_uuid",
}
_SETTINGS: Final = {"expand_wildcards": "open,hidden", "filter_path": "*.settings.index.number_of_shards"}


class _Site(msgspec.Struct):
    id: str = ""


class _Seal(msgspec.Struct):
    payload: str
    signature: str
    key: str


class _Own(msgspec.Struct):
    signed: _Seal
    epoch: int
    sequence: int
    box: str
    site: _Site


class _Source(msgspec.Struct):
    vonggac: _Own


class TooLongError(EngineError):
    """The answer is longer than we read."""


class Engine:
    """The engine by its client: requests whose answers are certain to be its own."""

    def __init__(self, options: ElasticOptions) -> None:
        """Reads secrets and certificates; connects at the first request. Raises OptionsError."""
        self.options = options
        self._client = client(options)

    async def ask(self, method: str, path: str, body: object = None, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer's JSON. Raises EngineError, and ApiError with the engine's own refusal."""
        headers = _LINES if isinstance(body, bytes) else _HEADERS
        try:
            reply = await self._sent(method, path, body, params, headers, len(self.options.urls))
        except ConnectionError as error:
            kind = TooLongError if TOO_LONG in str(error.message) else EngineError
            raise kind(answer.of_error(error, self.options.language).reason) from error
        except TransportError as error:
            raise EngineError(answer.of_error(error, self.options.language).reason) from error
        if reply.meta.headers.get(PRODUCT_HEADER) != PRODUCT:
            raise EngineError(answer.stranger(self.options.language).reason)
        return reply.body if isinstance(reply.body, dict) else {}

    async def _sent(self, method: str, path: str, body: object, params: Mapping[str, str] | None, headers: Mapping[str, str], nodes: int) -> Any:  # noqa: ANN401 - the client's
        try:
            return await self._client.perform_request(method, path, params=params, headers=headers, body=body)
        except ConnectionError as error:
            if nodes < 2 or TOO_LONG in str(error.message):
                raise
            # A node that is gone: all that is asked here may be asked twice, so the next one is, at once.
            return await self._sent(method, path, body, params, headers, nodes - 1)

    async def get(self, method: str, path: str, body: object = None, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """As `ask`, where any refusal is an outage. Raises EngineError."""
        try:
            return await self.ask(method, path, body, params)
        except ApiError as error:
            raise self.refused(error) from error

    def refused(self, error: ApiError) -> EngineError:
        """The engine's refusal of a whole request, in one sentence."""
        if error.meta.status == 403 and "cluster_block_exception" not in str(error.body):
            return EngineError(_RIGHTS.to(self.options.language))
        return EngineError(answer.of_status(error.meta.status, error.body, 0, self.options.language).reason)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._client.close()


class Reading:
    """The reading half of `model.fleet.store.FleetStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        namespace = engine.options.namespace
        self._streams: dict[str, Stream] = {stream_name(stream, namespace): stream for stream in STREAMS}
        self._pattern = f"logs-vonggac.*-{namespace}"
        # How many shards an index has, which never changes. What is gone is forgotten.
        self._shards: dict[str, int] = {}

    async def survey(self) -> Survey:
        """Which shards there are and how far each may be read. Raises EngineError."""
        resolved = await self._engine.get("GET", f"/_resolve/index/{self._pattern}", params={"expand_wildcards": "open,hidden"})
        backing = dict(self._backing(resolved))
        if not backing:
            return Survey(extents=())
        stats = await self._engine.get("GET", f"/{self._pattern}/_stats/docs", params=_STATS)
        shards = stats.get("indices", {})
        extents = [extent for index, stream in backing.items() for extent in _extents(index, stream, shards.get(index, {}).get("shards", {}))]
        await self._count(backing)
        seen = Counter(extent.index for extent in extents)
        # Known by name and without a working primary of each shard: it has something that cannot be read now.
        return Survey(extents=tuple(extents), blind=frozenset(stream for index, stream in backing.items() if seen[index] < self._shards.get(index, 1)))

    async def _count(self, backing: Collection[str]) -> None:
        if not self._shards.keys() >= set(backing):
            found = await self._engine.get("GET", f"/{self._pattern}/_settings", params=_SETTINGS)
            self._shards = {index: int(each["settings"]["index"]["number_of_shards"]) for index, each in found.items() if index in backing}

    def _backing(self, resolved: Mapping[str, Any]) -> Iterator[tuple[str, Stream]]:
        for found in resolved.get("data_streams", ()):
            stream = self._streams.get(found["name"])
            if stream is not None:
                yield from ((index, stream) for index in found["backing_indices"])

    async def show(self, extents: Collection[Extent]) -> None:
        """Refreshes: an acknowledged document may not be searched for before. Raises EngineError."""
        for index in sorted({extent.index for extent in extents}):
            found = await self._engine.get("POST", f"/{index}/_refresh")
            if found.get("_shards", {}).get("failed"):
                raise EngineError(words.FAILING.to(self._engine.options.language))

    async def page(self, extent: Extent, after: int, limit: int) -> Page:
        """Documents after `after`; fewer where they are long. Raises EngineError."""
        try:
            hits = await self._hits(extent, after, limit, _SOURCE)
        except TooLongError:
            if limit > 1:
                return await self.page(extent, after, limit // 4 or 1)
            # Longer than anything a box of ours writes: taken for what it is, without being read.
            hits = await self._hits(extent, after, 1, False)
        documents = tuple(_arrived(hit, extent.stream) for hit in hits)
        return Page(documents=documents, position=int(hits[-1]["sort"][0]) if len(hits) >= limit else extent.end)

    async def _hits(self, extent: Extent, after: int, limit: int, source: list[str] | bool) -> list[dict[str, Any]]:
        body = {
            "size": limit,
            "query": {"range": {"_seq_no": {"gt": after, "lte": extent.end}}},
            "sort": [{"_seq_no": "asc"}],
            "track_total_hits": False,
            "_source": source,
        }
        params = {"preference": f"_shards:{extent.shard}", "allow_partial_search_results": "false"}
        found = await self._engine.get("POST", f"/{extent.index}/_search", body, params)
        if found.get("timed_out") or found.get("_shards", {}).get("failed") or "hits" not in found:
            raise EngineError(words.FAILING.to(self._engine.options.language))
        hits: list[dict[str, Any]] = found["hits"]["hits"]
        return hits


def _extents(index: str, stream: Stream, shards: Mapping[str, list[dict[str, Any]]]) -> Iterator[Extent]:
    for number, copies in shards.items():
        # A shard that moves may be told twice.
        primary = next((copy for copy in copies if copy.get("routing", {}).get("primary") and "seq_no" in copy), None)
        if primary is not None:
            history = primary.get("commit", {}).get("user_data", {}).get("history_uuid", "")
            yield Extent(stream=stream, index=index, shard=int(number), history=history, end=int(primary["seq_no"]["global_checkpoint"]))


def _arrived(hit: Mapping[str, Any], stream: Stream) -> Arrived:
    """What a hit claims; one of any other shape claims nothing and is not signed."""
    try:
        own = msgspec.convert(hit.get("_source", {}), _Source).vonggac
    except msgspec.ValidationError:
        return Arrived(id=hit["_id"], stream=stream, box="", site="", signed=None)
    signed = Signed(payload=own.signed.payload, signature=own.signed.signature, key=own.signed.key, epoch=own.epoch, sequence=own.sequence)
    return Arrived(id=hit["_id"], stream=stream, box=own.box, site=own.site.id, signed=signed)
