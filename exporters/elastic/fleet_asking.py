"""Questions to the engine that holds the state of a province: searches in one request, answers whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec
from elastic_transport import ApiError, TransportError

from exporters.elastic import answer, words
from exporters.elastic.answer import Refusal
from exporters.elastic.node import TOO_LONG
from exporters.elastic.opensearch_node import PRODUCT, PRODUCT_HEADER
from exporters.elastic.options import ElasticOptions, client
from exporters.elastic.state import StateIndex, index_name
from model.fleet.ports import UnreadableError
from model.times import MINUTE

Json = dict[str, Any]
T = TypeVar("T")

_HEADERS: Final = {"accept": "application/json", "content-type": "application/x-ndjson"}
# Half of an answer says what was asked; this much of it is read.
_READ: Final = (
    "responses.status,responses.error.type,responses.timed_out,responses._shards.failed,responses.hits.total.value,"
    "responses.hits.hits._id,responses.hits.hits._source,responses.hits.hits.sort,"
)
_COUNTED: Final = "responses.aggregations"
# More sites than a country has; the engine itself refuses 65,536 buckets.
MOST_SITES: Final = 20_000
# What stands in no mapping is in the source: the box's own words, and nothing that was made of them.
PAYLOAD: Final = "vonggac.payload"
SITE: Final = "vonggac.site.id"


class EngineError(OSError):
    """The engine did not answer, or not wholly; the message is a sentence for people."""


class PayloadError(EngineError, UnreadableError):
    """The engine answered with what this version cannot read, or with more of it than is read."""


class Search(msgspec.Struct, frozen=True):
    """One search over the indices of one name; `body` as the engine takes it."""

    index: str
    body: Mapping[str, Any]


class Asking:
    """The engine by its client; several may ask at once."""

    def __init__(self, options: ElasticOptions) -> None:
        """Connects at the first question. Raises OptionsError."""
        self.namespace = options.namespace
        self._language = options.language
        self._client = client(options)

    def state(self, index: StateIndex) -> str:
        """The name of a state index."""
        return index_name(index, self.namespace)

    async def all(self, searches: Sequence[Search], counted: str = _COUNTED) -> list[Json]:
        """The answers in order. `counted`: what of the aggregations is read, where they are long.

        Raises EngineError when one of them is missing or not whole: half a count would be a lie.
        """
        if not searches:
            return []
        try:
            reply = await self._client.perform_request("POST", "/_msearch", params={"filter_path": _READ + counted}, headers=_HEADERS, body=_lines(searches))
        except ApiError as error:
            raise self._refused(answer.of_status(error.meta.status, error.body, 0, self._language)) from error
        except TransportError as error:
            if TOO_LONG in str(error.message):
                raise PayloadError(TOO_LONG) from error
            raise self._refused(answer.of_error(error, self._language)) from error
        if reply.meta.headers.get(PRODUCT_HEADER) != PRODUCT:
            raise self._refused(answer.stranger(self._language))
        found = reply.body.get("responses") if isinstance(reply.body, dict) else None
        if not isinstance(found, list) or len(found) != len(searches):
            raise EngineError(words.ODD.to(self._language))
        return [self._whole(each) for each in found]

    async def one(self, search: Search) -> Json:
        """The answer of one search. Raises EngineError."""
        return (await self.all([search]))[0]

    async def close(self) -> None:
        """Lets go of connections."""
        await self._client.close()

    def _whole(self, found: Json) -> Json:
        if found.get("status") == 200 and not found.get("timed_out") and not found.get("_shards", {}).get("failed"):
            return found
        kind = found.get("error", {}).get("type", found.get("status"))
        raise EngineError(f"{words.ODD.to(self._language)}: {kind}")

    def _refused(self, refusal: Refusal) -> EngineError:
        return EngineError(refusal.reason)


def _lines(searches: Sequence[Search]) -> bytes:
    lines: list[bytes] = []
    for each in searches:
        # An index that nothing was written to yet does not exist yet; one that lost a shard is an error and not an empty answer.
        head = {"index": each.index, "ignore_unavailable": True, "allow_no_indices": True, "allow_partial_search_results": False}
        lines += [msgspec.json.encode(head), msgspec.json.encode(each.body)]
    return b"\n".join(lines) + b"\n"


class Version:
    """What the engine has taken in, as a number that grows, however many pages wait for it."""

    def __init__(self, asking: Asking, indices: Sequence[str], only: Mapping[str, Any], now: Callable[[], int], poll: float = 1.0) -> None:
        """`only`: the query that narrows it; `now` in ns; `poll`: how often the engine is asked at most, seconds."""
        self._asking = asking
        self._only = only
        # The sequence number that comes next; they begin with 0, so 0 is an index without documents.
        self._next = dict.fromkeys(indices, 0)
        self._now = now
        self._poll = poll
        self._lock = asyncio.Lock()
        self._read_at = float("-inf")

    async def wait(self, version: int, wait: float) -> int:
        """The version as soon as it is not `version`, or after `wait` seconds. Raises EngineError."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            latest = await self._latest()
            left = until - loop.time()
            if latest != version or left <= 0:
                return latest
            await asyncio.sleep(min(self._poll, left))

    async def _latest(self) -> int:
        loop = asyncio.get_running_loop()
        async with self._lock:
            if loop.time() - self._read_at >= self._poll:
                await self._read()
                self._read_at = loop.time()
        # Who falls silent shows within a minute though nobody wrote anything.
        return sum(self._next.values()) + self._now() // MINUTE

    async def _read(self) -> None:
        """The highest sequence number that is searchable in each index: what is written later has a higher one."""
        found = await self._asking.all([self._from(index, after - 1) for index, after in self._next.items()])
        for index, each in zip(self._next, found, strict=True):
            # Nothing as high as before: the index was made anew, or its latest document is gone.
            last = hits(each) or hits(await self._asking.one(self._from(index, 0)))
            self._next[index] = int(last[0]["sort"][0]) + 1 if last else 0

    def _from(self, index: str, least: int) -> Search:
        # From what is known: the engine would look at every document for the highest of all.
        query = {"bool": {"filter": [self._only, {"range": {"_seq_no": {"gte": least}}}]}}
        return Search(index, {"size": 1, "query": query, "sort": [{"_seq_no": "desc"}], "track_total_hits": False, "_source": False})


def buckets(found: Json, name: str) -> list[Json]:
    """The buckets of an aggregation; none where no index was there to be asked."""
    answered: list[Json] = found.get("aggregations", {}).get(name, {}).get("buckets", [])
    return answered


def by_site(found: Json, name: str = "sites") -> dict[str, int]:
    """Documents by site."""
    return {each["key"]: each["doc_count"] for each in buckets(found, name)}


def hits(found: Json) -> list[Json]:
    """What was found, in order."""
    answered: list[Json] = found.get("hits", {}).get("hits", [])
    return answered


def total(found: Json) -> int:
    """How many were found in all (`track_total_hits` must have been asked for)."""
    return int(found.get("hits", {}).get("total", {}).get("value", 0))


def terms(*wanted: Mapping[str, object]) -> Json:
    """A query for what has these values in these fields, one of them where a list is given."""
    filters = [{"terms" if isinstance(value, list) else "term": {name: value}} for each in wanted for name, value in each.items()]
    return {"bool": {"filter": filters}}


def read_payload(hit: Json, decode: Callable[[str], T]) -> T:
    """What a state document holds. Raises PayloadError for one that cannot be read: left out, it would look as if there were none."""
    try:
        return decode(hit["_source"]["vonggac"]["payload"])
    except (KeyError, TypeError, msgspec.DecodeError) as error:
        raise PayloadError(f"{hit.get('_id')}: {error}") from error
