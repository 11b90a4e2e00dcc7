"""The sink to Elasticsearch or OpenSearch: each row is created once under its own id, in bulks that a thin line carries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar

import msgspec
from elastic_transport import ApiError, TransportError

from exporters.elastic import answer
from exporters.elastic.answer import Refusal, Sent
from exporters.elastic.ecs import stored, stream_name
from exporters.elastic.opensearch_node import PRODUCT, PRODUCT_HEADER
from exporters.elastic.options import Dialect, ElasticOptions, client
from exporters.sink import Pacing
from exporters.webhook_answer import asked
from model.ports import OutboxRow, Receipt, Stream
from model.times import SECOND

MAX_BULK_BYTES = 1024 * 1024
# The server has something to do as soon as the first of a lease is made; the next is made while it works at that, in about that time.
_FIRST_BULK_BYTES = MAX_BULK_BYTES // 4

_encode = msgspec.json.Encoder().encode

_HEADERS = {"accept": "application/json", "content-type": "application/x-ndjson"}
# Half of an answer repeats what was sent; this much of it is enough.
_ANSWER = "errors,items.*._id,items.*.status,items.*.failure_store,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason"
_PARAMETERS: dict[Dialect, dict[str, str]] = {
    # Else a missing template would quietly make an ordinary index with guessed types.
    "elasticsearch": {"filter_path": _ANSWER, "require_data_stream": "true"},
    # It knows no such parameter: the answer tells where each document went.
    "opensearch": {"filter_path": f"{_ANSWER},items.*._index"},
}


class Elastic:
    """Implements `exporters.sink.Sink` and `Paced`. `now` gives ns since the epoch, to read a Retry-After that is a date."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding", "posture", "health", "observation")
    # Some bulks' worth: while the server is busy with one, the next is made.
    batch: ClassVar[int] = 1000

    def __init__(self, options: ElasticOptions, *, now: Callable[[], int]) -> None:
        """Reads secrets and certificates; connects at the first send. Raises OptionsError."""
        self.name = options.name
        self._options = options
        self._language = options.language
        self._now = now
        self._client = client(options)

    @property
    def pacing(self) -> Pacing:
        """Thousands of boxes come back to one cluster at once."""
        return Pacing(self._options.spread / SECOND, self._options.rate)

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Bulk after bulk, the next made while the server is busy with the last; after an outage the rest is not even tried."""
        made = one_by_one((self._sent(row) for row in rows), first=_FIRST_BULK_BYTES)
        receipts: list[Receipt] = []
        answers: list[Receipt] = []
        bulk = await asyncio.to_thread(next, made, None)
        while bulk and not _outage(answers):
            answers, bulk = await asyncio.gather(self._answered(bulk), asyncio.to_thread(next, made, None))
            receipts += answers
        return receipts + [Receipt(row.seq, "retry", receipts[-1].reason, receipts[-1].after) for row in rows[len(receipts) :]]

    async def close(self) -> None:
        """Lets go of connections."""
        await self._client.close()

    def _sent(self, row: OutboxRow) -> Sent:
        namespace = self._options.namespace
        action = {"create": {"_index": stream_name(row.stream, namespace), "_id": row.id}}
        fields = stored(row, namespace, self._options.origin, self._language)
        return Sent(row.seq, row.id, b"%b\n%b\n" % (_encode(action), _encode(fields)))

    async def _answered(self, bulk: Sequence[Sent]) -> list[Receipt]:
        """One receipt a row; what is too large goes in halves."""
        answers = await self._bulk(bulk)
        if not isinstance(answers, Refusal):
            return answers
        if not answers.too_large or len(bulk) == 1:
            return [Receipt(row.seq, answers.outcome, answers.reason, answers.after, answers.trouble) for row in bulk]
        first, second = bulk[: len(bulk) // 2], bulk[len(bulk) // 2 :]
        receipts = await self._answered(first)
        if _outage(receipts):
            return receipts + [Receipt(row.seq, "retry", receipts[-1].reason, receipts[-1].after) for row in second]
        return receipts + await self._answered(second)

    async def _bulk(self, bulk: Sequence[Sent]) -> list[Receipt] | Refusal:
        try:
            body = b"".join(row.lines for row in bulk)
            reply = await self._client.perform_request("PUT", "/_bulk", params=_PARAMETERS[self._options.dialect], headers=_HEADERS, body=body)
        except ApiError as error:
            return answer.of_status(error.meta.status, error.body, self._after(error.meta.headers.get("retry-after")), self._language)
        except TransportError as error:
            return answer.of_error(error, self._language)
        # The client asks for this header only until it saw it once; a log-in page can come between at any time.
        if reply.meta.headers.get(PRODUCT_HEADER) != PRODUCT:
            return answer.stranger(self._language)
        return answer.of_items(bulk, reply.body, self._after(reply.meta.headers.get("retry-after")), self._language)

    def _after(self, retry_after: str | None) -> int:
        return asked(retry_after, self._now()) if retry_after else 0


def bulks(rows: Iterable[Sent], most: int = MAX_BULK_BYTES) -> list[list[Sent]]:
    """Rows in their order, split so that no bulk is longer than `most` bytes; a longer row goes alone."""
    return list(one_by_one(rows, most))


def one_by_one(rows: Iterable[Sent], most: int = MAX_BULK_BYTES, first: int = MAX_BULK_BYTES) -> Iterator[list[Sent]]:
    """The same, each made when it is asked for; the first of at most `first` bytes, each later one of at most twice those before it."""
    bulk: list[Sent] = []
    size = room = min(first, most)
    for row in rows:
        if bulk and len(row.lines) > room:
            yield bulk
            size = min(2 * size, most)
            bulk, room = [], size
        bulk.append(row)
        room -= len(row.lines)
    if bulk:
        yield bulk


def _outage(answers: Sequence[Receipt]) -> bool:
    """Whether a bulk got nothing through."""
    return bool(answers) and all(receipt.outcome == "retry" for receipt in answers)
