"""The five paths of osquery's remote API. What a PC tells is typed, scrubbed and on disk before it is answered; nothing it sends is refused for its content."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from collector.catalogue.shapes import Platform, Query, Signed
from collector.catalogue.source import digest
from collector.clock import Clock
from collector.decode.posture.answers import answers
from collector.decode.posture.envelope import Answers, Context, Envelope, Result
from collector.refusal import ConfigError
from collector.sensors.endpoints import messages
from collector.sensors.endpoints.admission import Admission, RefusedError
from collector.sensors.endpoints.asking import Asking
from collector.sensors.endpoints.figures import Figures
from collector.sensors.endpoints.inbox import Asked, Entry, Inbox, coded
from collector.sensors.endpoints.presence import Presence
from collector.sensors.endpoints.store import Node, Row
from collector.sensors.endpoints.tls import Identity
from collector.sensors.endpoints.web import Path
from model.endpointfacts import PcAnswered
from model.text import Text
from model.times import MINUTE

log = logging.getLogger(__name__)

SENSOR: Final = "endpoints"
CARVES: Final = ("carve/start", "carve/continue", "carve_init", "carve_block")
# Agents before August 2026 read no configuration above 1 MiB, and half of that leaves room (behaviour 10).
MAX_CONFIG: Final = 512 << 10
# osquery cuts a batch at 200 lines of 256 KiB with our flags (collector/onboarding/templates): none that it can send is refused for its size.
MAX_LOG: Final = 64 << 20
_MAX_ENROL, _MAX_KEY, _MAX_WRITE = 1 << 20, 64 << 10, 16 << 20
# What a fault of a reader's would be: readers take all content and raise nothing.
_FAULTS: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
# Values in a body: many tiny ones take a hundred times their bytes in memory.
_MOST_LINES, _MOST_CELLS = 3_000_000, 300_000
# A clock this far ahead is off, whatever lay in the agent's buffer meanwhile.
_AHEAD: Final = 5 * MINUTE
# Seconds for which a PC with more to tell checks in often; and what ends that (0 is not taken by every agent), for it keeps its connection meanwhile.
_HURRY, _CALM = 30, 1
_DONE: Final = b'{"node_invalid":false}'
_TOO_LARGE = Text(
    "Cấu hình cho máy tính lớn hơn 512 KiB: không dùng được bộ câu hỏi này.", "The PCs' configuration is larger than 512 KiB: this catalogue cannot be used."
)

# Settings that a box gives its PCs beside what their flag file fixes. The flag file alone decides which tables exist and that nothing is carved.
_OPTIONS: Final = {"schedule_splay_percent": 10, "logger_event_type": True, "logger_snapshot_event_type": False, "logger_numerics": False}


class _Said(NamedTuple):
    """What one request brought: for the inbox, and how the topics stand."""

    entries: list[Entry]
    asked: list[Asked]


class Api:
    """Answers the paths. `mark` is the site's keyed hash."""

    def __init__(
        self, catalogue: Signed, inbox: Inbox, admission: Admission, asking: Asking, presence: Presence, clock: Clock, mark: Callable[[str], str],
        figures: Figures,
    ) -> None:  # fmt: skip
        """Raises ConfigError for a catalogue that makes too large a configuration."""
        self._catalogue, self._inbox, self._admission, self._asking, self._presence = catalogue, inbox, admission, asking, presence
        self._clock, self._mark, self._figures = clock, mark, figures
        self._configs: dict[str, bytes] = {platform: config_of(catalogue, platform) for platform in catalogue.asked}
        self._no_config = config_of(catalogue, None)

    def paths(self, prefix: str) -> dict[str, Path]:
        """The paths, each behind `prefix`."""
        return {
            prefix + "enroll": Path(self.enroll, _MAX_ENROL),
            prefix + "config": Path(self.config, _MAX_KEY),
            prefix + "log": Path(self.log, MAX_LOG),
            prefix + "distributed/read": Path(self.read, _MAX_KEY),
            prefix + "distributed/write": Path(self.write, _MAX_WRITE),
        }

    async def enroll(self, identity: Identity, _header: str, body: bytes) -> bytes:
        """A node key for the PC of this certificate. The enrolment secret is not looked at: the certificate says more."""
        key = await self._admission.enrol(identity, *messages.enrolment(body))
        self._figures.enrolled = len(self._admission)
        return msgspec.json.encode({"node_key": key, "node_invalid": False})

    async def config(self, identity: Identity, header: str, body: bytes) -> bytes:
        """The configuration of the PC's platform."""
        node = self._node(identity, header, body)
        return self._configs.get(node.platform, self._no_config)

    async def log(self, identity: Identity, header: str, body: bytes) -> bytes:
        """Takes result lines in; status lines are counted and let go."""
        node = self._node(identity, header, body)
        _bounded(body, _MOST_LINES)
        kind, lines = messages.lines(body, node.pc)
        self._figures.batches += 1
        if kind != "result":
            self._figures.status += sum(1 for _ in lines)
            return _DONE
        await self._keep(self._of_lines(node, lines))
        return _DONE

    async def read(self, identity: Identity, header: str, body: bytes) -> bytes:
        """What the PC is asked now."""
        node, now = self._node(identity, header, body), self._clock.now()
        queries = self._queries(node)
        due = self._asking.due(node.pc, queries, now)
        # The number makes an answer known when it comes twice.
        asked: dict[str, Any] = {"queries": {f"{query.topic}:{now:x}": sql_of(query) for query in due}, "node_invalid": False}
        # While more is due than one read holds, the agent reads every five seconds: one that is on for a quarter of an hour tells all it is asked.
        pace = {"accelerate": _HURRY if self._asking.left(node.pc, queries, now) else _CALM} if due else {}
        return msgspec.json.encode({**asked, **pace})

    async def write(self, identity: Identity, header: str, body: bytes) -> bytes:
        """Takes the answers in."""
        node = self._node(identity, header, body)
        self._figures.batches += 1
        _bounded(body, _MOST_CELLS)
        await self._keep(self._of_answers(node, messages.answers(body)))
        return _DONE

    def _node(self, identity: Identity, header: str, body: bytes) -> Node:
        node = self._admission.known(identity, messages.node_key(body), header)
        self._presence.heard(node, self._clock.now())
        return node

    def _queries(self, node: Node) -> dict[str, Query]:
        return dict(next((asked for platform, asked in self._catalogue.asked.items() if platform == node.platform), {}))

    async def _keep(self, said: _Said) -> None:
        if said.entries or said.asked:
            self._figures.repeated += await self._inbox.keep(said.entries, said.asked)
            self._asking.note(said.asked)

    def _of_lines(self, node: Node, lines: Iterable[messages.Line | None]) -> _Said:
        said, now, queries = _Said([], []), self._clock.now(), self._queries(node)
        for line in lines:
            self._figures.lines += 1
            if line is None:
                self._figures.quarantined += 1
            elif line.topic not in queries:
                self._figures.unknown += 1
            elif line.kind == "change":
                self._figures.changes += 1
                self._asking.changed(node.pc, line.topic, now)
            else:
                if line.at > now + _AHEAD:
                    self._presence.ahead(node, line.at - now)
                result = Result(rows=line.rows)
                self._put(said, node, line.topic, result, line.digest, (min(line.at, now) or now, now))
        return said

    def _of_answers(self, node: Node, answers: Iterator[messages.Answer | None]) -> _Said:
        said, now, queries = _Said([], []), self._clock.now(), self._queries(node)
        for answer in answers:
            self._figures.lines += 1
            topic = answer.id.partition(":")[0] if answer else ""
            if answer is None:
                self._figures.quarantined += 1
            elif topic not in queries:
                self._figures.unknown += 1
            else:
                self._put(said, node, topic, answer.result, messages.digest(node.pc, answer.id), (now, now))
        return said

    def _put(self, said: _Said, node: Node, topic: str, result: Result, digest: bytes, times: tuple[int, int]) -> None:
        """Adds what one answer says; `times`: when the PC gave it, and when it came."""
        at, now = times
        envelope = Envelope(collected_at=at, tool_version=node.version, catalogue_version=self._catalogue.version, results={topic: result})
        query = self._queries(node)[topic]
        told = _decoded(envelope, query, Context(node.pc, node.site, now, "osquery", self._mark))
        self._figures.dropped += told.dropped
        self._figures.quarantined += told.refused
        facts = [msgspec.structs.replace(fact, sensor=SENSOR) for fact in told.facts]
        said.entries.append(Entry(digest, self._rows(facts)))
        said.asked.extend(self._asking.after(fact, query, now) for fact in facts)

    def _rows(self, facts: Sequence[PcAnswered]) -> list[Row]:
        rows = [coded(fact) for fact in facts]
        self._figures.quarantined += rows.count(None)
        return [row for row in rows if row is not None]


def sql_of(query: Query) -> str:
    """The SQL as it was signed. Raises RefusedError: nothing else is ever sent to a PC, whatever happened to it in memory."""
    if digest(query.sql) != query.digest:
        raise RefusedError("fault", 500, "not the signed question")
    return query.sql


def _decoded(envelope: Envelope, query: Query, context: Context) -> Answers:
    try:
        return answers(envelope, {query.topic: query.columns}, context)
    except _FAULTS as error:
        # A batch that is refused comes again for ever; and the trace may hold what a PC said.
        log.error("endpoints: %s in an answer", type(error).__name__)  # noqa: TRY400 - same
        return Answers(refused=1)


def _bounded(body: bytes, most: int) -> None:
    if body.count(b",") > most:
        raise RefusedError("size", 413, "too many values")


def config_of(catalogue: Signed, platform: Platform | None) -> bytes:
    """What a PC of this platform is given; one whose platform is not known is asked nothing. Raises ConfigError."""
    decided: dict[str, Any] = {}
    if platform is not None:
        decided = catalogue.config(platform)
        for query in catalogue.asked[platform].values():
            sql_of(query)
    body = msgspec.json.encode({"options": _OPTIONS, **decided, "node_invalid": False})
    if len(body) > MAX_CONFIG:
        raise ConfigError(_TOO_LARGE)
    return body
