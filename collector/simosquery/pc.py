"""One simulated PC: a state machine moved by its clock; the wire and the tables are given to it. All times in whole seconds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from collector.simosquery.buffer import Buffer, Kind
from collector.simosquery.replies import Read, Reply, understood
from collector.simosquery.schedule import Scheduled, scheduled

Path = Literal["enroll", "config", "log", "read", "write"]
Rows = list[dict[str, str]]
Post = Callable[[Path, Mapping[str, Any], str, bool], Awaitable[Reply]]

# plugins/remote/enroll/tls_enroll.cpp, osquery/remote/enroll: attempt i waits i^2 s, at most 600; then the process gives up, unless 0 attempts are set.
ENROLL_ATTEMPTS: Final = 12
_ENROLL_WAIT: Final = 600
# plugins/config/tls_config.cpp, distributed: three attempts, 1 s and 4 s apart.
_WAITS: Final = (0, 1, 4)
_DENYLIST: Final = 86_400
# osquery/dispatcher/distributed_runner.cpp: while `accelerate` lasts, it checks in so often.
_HURRY: Final = 5


class Flags(NamedTuple):
    """What the flagfile says; the defaults are those of a kit, not osquery's."""

    config_refresh: int = 900
    distributed_interval: int = 120
    max_lines: int = 200
    max_line: int = 262_144
    period: int = 30
    compress: bool = True
    enroll_attempts: int = 0
    reenroll: bool = True
    header: bool = True


class Failed(Exception):
    """A query that osquery could not run: an error of its SQL or of a table."""


class KilledError(Exception):
    """The watchdog ended the worker while a query ran (on Windows TerminateProcess, behaviour 18)."""


async def _at_once(_seconds: float) -> None:
    """How a PC on a made-up clock waits."""


class Pc:
    """Between `start` and the end of a working day. `run` answers SQL, or raises Failed or KilledError."""

    def __init__(
        self, identifier: str, post: Post, run: Callable[[str], Rows], *, flags: Flags | None = None, splayed: Callable[[int], int] = lambda given: given,
        secret: str = "", details: Mapping[str, Any] | None = None, pause: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        self.identifier, self.flags = identifier, flags or Flags()
        self.node_key = ""
        self.gave_up = False
        self.enrolled = self.asked = self.answered = 0
        self.log: dict[Kind, Buffer] = {kind: self._buffer() for kind in ("result", "status")}
        self.schedule: dict[str, Scheduled] = {}
        self.denied: dict[str, int] = {}
        self._post, self._run, self._splayed = post, run, splayed
        self._secret, self._details = secret, details or {}
        self._pause = pause or _at_once
        self._config: dict[str, Any] = {}
        self._counters: dict[str, int] = {}
        self._attempt = self._hurried = 0
        self._next = {"enroll": 0, "config": 0, "read": 0, "schedule": 0}

    def _buffer(self) -> Buffer:
        return Buffer(max_lines=self.flags.max_lines, max_line=self.flags.max_line, period=self.flags.period)

    def start(self, now: int) -> None:
        """The PC is switched on, or the worker starts again: keys, buffers and the deny-list are in its database and stay."""
        self._next = dict.fromkeys(self._next, now)
        self._attempt = 0
        self.gave_up = False
        for buffer in self.log.values():
            buffer.next_at = now + self.flags.period

    @property
    def next_at(self) -> int:
        """When there is something to do next."""
        waits = (
            [self._next["enroll"]]
            if not self.node_key
            else [self._next["config"], self._next["read"], *(each.next_at for each in self.log.values() if len(each))]
        )
        runs = [each.next(self._next["schedule"] - 1) for each in self.schedule.values()]
        return min([*waits, *runs]) if not self.gave_up else min(runs, default=1 << 62)

    async def turn(self, now: int) -> None:
        """Does all that is due at `now`."""
        if not self.node_key and not self.gave_up and now >= self._next["enroll"]:
            await self._enroll(now)
        if self.node_key and now >= self._next["config"]:
            await self._configure(now)
        self._scheduled(now)
        if self.node_key and now >= self._next["read"]:
            await self._distributed(now)
        for kind, buffer in self.log.items():
            if self.node_key and len(buffer) and now >= buffer.next_at:
                await self._forward(kind, buffer, now)

    async def _ask(self, path: Path, body: Mapping[str, Any], now: int) -> Read:
        """One request with the node key; a key the server no longer knows is thrown away (behaviour 6)."""
        said = understood(
            await self._post(path, {**body, "node_key": self.node_key}, self.node_key if self.flags.header else "", path == "log" and self.flags.compress)
        )
        if said.invalid and self.flags.reenroll:
            self.node_key = ""
            self._next["enroll"] = now
            self._attempt = 0
        return said

    async def _persistently(self, path: Path, body: Mapping[str, Any], now: int) -> Read:
        """Behaviour 8: three attempts."""
        for wait in _WAITS:
            await self._pause(wait)
            said = await self._ask(path, body, now)
            if said.ok or not self.node_key:
                return said
        return Read(ok=False, document={})

    async def _enroll(self, now: int) -> None:
        """Behaviour 7."""
        body = {"enroll_secret": self._secret, "host_identifier": self.identifier, "platform_type": "2", "host_details": self._details}
        said = understood(await self._post("enroll", body, "", False))
        key = said.document.get("node_key") or said.document.get("id")
        self._attempt += 1
        if said.ok and isinstance(key, str) and key:
            self.node_key = key
            self.enrolled += 1
            return
        if self.flags.enroll_attempts and self._attempt >= self.flags.enroll_attempts:
            self.gave_up = True
        self._next["enroll"] = now + min(self._attempt**2, _ENROLL_WAIT)

    async def _configure(self, now: int) -> None:
        """Behaviours 8 and 9: three attempts, and with the backup the old configuration goes on."""
        said = await self._persistently("config", {}, now)
        self._next["config"] = now + (self.flags.config_refresh or 1 << 40)
        if said.ok and said.document != self._config:
            first = not self.schedule
            self._config = said.document
            kept = {each.name: each for each in self.schedule.values()}
            fresh = scheduled(said.document, self._splayed)
            # A query whose interval stays keeps its splay.
            self.schedule = {name: kept[name] if name in kept and kept[name].sql == each.sql else each for name, each in fresh.items()}
            if first:
                for each in self.schedule.values():
                    if each.at_start:  # behaviour 16, since 5.17
                        self._take(each, now)

    def _scheduled(self, now: int) -> None:
        self._next["schedule"] = now + 1
        for each in self.schedule.values():
            if each.due(now):
                self._take(each, now)

    def _take(self, query: Scheduled, now: int) -> None:
        """Behaviour 5: an empty snapshot is sent, an erring query sends a status line alone."""
        if self.denied.get(query.sql, 0) > now:
            return
        rows = self._answer(query.sql, now)
        common = {
            "name": query.name,
            "hostIdentifier": self.identifier,
            "unixTime": now,
            "calendarTime": "",
            "epoch": 0,
            "counter": self._counter(query.name),
            "numerics": False,
        }
        if rows is None:
            self.log["status"].add(
                {**common, "severity": 2, "filename": "scheduler.cpp", "line": 1, "message": "Error executing scheduled query", "version": "5.23.0"}, now
            )
        elif query.snapshot:
            self.log["result"].add({**common, "action": "snapshot", "snapshot": rows}, now)
        else:
            for row in rows:
                self.log["result"].add({**common, "action": "added", "columns": row}, now)

    def _counter(self, name: str) -> int:
        self._counters[name] = self._counters.get(name, -1) + 1
        return self._counters[name]

    def _answer(self, sql: str, now: int) -> Rows | None:
        """The rows, None for a query that failed; killed in it, the worker comes back with the query denied for a day (behaviour 14)."""
        try:
            return self._run(sql)
        except Failed:
            return None
        except KilledError:
            self.denied[sql] = now + _DENYLIST
            return None

    async def _distributed(self, now: int) -> None:
        self._next["read"] = now + self.flags.distributed_interval
        said = await self._persistently("read", {}, now)
        accelerate = said.document.get("accelerate")
        if isinstance(accelerate, int) and accelerate > 0:
            self._hurried = now + accelerate
        if now < self._hurried:
            self._next["read"] = now + _HURRY
        queries = said.document.get("queries") if said.ok else None
        if not isinstance(queries, dict) or not queries or not self._discovered(said.document, now):
            return
        self.asked += len(queries)
        document = self._answers(queries, now)
        written = await self._persistently("write", document, now)
        self.answered += len(queries) if written.ok else 0

    def _discovered(self, document: Mapping[str, Any], now: int) -> bool:
        """Behaviour 15: discovery whose SQL fails ends the whole read."""
        discovery = document.get("discovery")
        return not isinstance(discovery, dict) or all(self._answer(str(sql), now) is not None for sql in discovery.values())

    def _answers(self, queries: Mapping[str, Any], now: int) -> dict[str, Any]:
        rows: dict[str, Sequence[Mapping[str, str]]] = {}
        statuses: dict[str, int] = {}
        messages: dict[str, str] = {}
        for name, sql in queries.items():
            denied = self.denied.get(str(sql), 0) > now
            found = None if denied else self._answer(str(sql), now)
            rows[name], statuses[name] = found or [], int(found is None)
            if found is None:
                messages[name] = "distributed query is denylisted" if denied else "query failed"
        stats = {name: {"wall_time_ms": 1, "user_time": 1, "system_time": 0, "memory": 1024} for name in queries}
        return {"queries": rows, "statuses": statuses, "messages": messages, "stats": stats}

    async def _forward(self, kind: Kind, buffer: Buffer, now: int) -> None:
        keys = buffer.batch()
        said = await self._ask("log", {"log_type": kind, "data": buffer.data(keys)}, now)
        if said.ok:
            buffer.sent(keys, now)
        else:
            buffer.refused(now)
