"""The protocols of `model.ports` for a process that is not core: `SocketOutbox`, `SocketReader`, `SocketActs`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from collector.journal.batch import ROW_TYPES
from collector.sockets import wire
from collector.sockets.line import Line
from model.acts import Act
from model.ledger import Change, Finding
from model.portals.rows import PortalRow
from model.ports import CoreStatus, DeadLetter, Delivery, OtherRow, OutboxRow, Receipt, SinkStatus, Stream
from model.posture.rows import PcRow, TakenRow
from model.rows import Asset
from model.verdict import Verdict

T = TypeVar("T")

PATIENCE = 5.0

_rows: msgspec.msgpack.Decoder[OutboxRow] = msgspec.msgpack.Decoder(OutboxRow)
_changes: msgspec.msgpack.Decoder[Change] = msgspec.msgpack.Decoder(Change)
_deliveries: msgspec.msgpack.Decoder[Delivery] = msgspec.msgpack.Decoder(Delivery)
_verdicts: msgspec.msgpack.Decoder[Verdict] = msgspec.msgpack.Decoder(Verdict)
_assets: msgspec.msgpack.Decoder[Asset] = msgspec.msgpack.Decoder(Asset)
_portals: msgspec.msgpack.Decoder[PortalRow] = msgspec.msgpack.Decoder(PortalRow)
_pc: msgspec.msgpack.Decoder[PcRow] = msgspec.msgpack.Decoder(PcRow)
_taken: msgspec.msgpack.Decoder[TakenRow] = msgspec.msgpack.Decoder(TakenRow)
_sinks: msgspec.msgpack.Decoder[SinkStatus] = msgspec.msgpack.Decoder(SinkStatus)
_dead: msgspec.msgpack.Decoder[DeadLetter] = msgspec.msgpack.Decoder(DeadLetter)
_status: msgspec.msgpack.Decoder[CoreStatus] = msgspec.msgpack.Decoder(CoreStatus)
_finding: msgspec.msgpack.Decoder[Finding] = msgspec.msgpack.Decoder(Finding)
_number: msgspec.msgpack.Decoder[int] = msgspec.msgpack.Decoder(int)
_tagged: msgspec.msgpack.Decoder[tuple[str, msgspec.Raw]] = msgspec.msgpack.Decoder(tuple[str, msgspec.Raw])
_of_kind: dict[str, msgspec.msgpack.Decoder[Any]] = {kind: msgspec.msgpack.Decoder(row) for kind, row in ROW_TYPES.items()}


class _Client:
    """What the three have in common."""

    _role: wire.Role

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        """`patience`: for how long a call tries to reach core before it raises SocketError, seconds."""
        self._line = Line(path, self._role, patience)

    async def close(self) -> None:
        """Ends the connection."""
        await self._line.close()

    async def _all(self, call: wire.Call, decoder: msgspec.msgpack.Decoder[T]) -> list[T]:
        return [decoder.decode(item) for item in await self._line.call(call)]


class _Letters(_Client):
    """What people do with dead letters. Never sent twice: the second answer would say that there were none."""

    async def replay(self, sink: str, rows: Sequence[str] = ()) -> int:
        """Gives dead letters to their sink again; how many."""
        (item,) = await self._line.call(wire.Replay(sink, list(rows)), again=False)
        return _number.decode(item)

    async def purge(self, sink: str, rows: Sequence[str] = ()) -> int:
        """Throws dead letters away; how many."""
        (item,) = await self._line.call(wire.Purge(sink, list(rows)), again=False)
        return _number.decode(item)


class SocketOutbox(_Letters):
    """Implements `Outbox`. What a sink asks may be repeated, so a core that restarts meanwhile is only waited for."""

    _role = "outbox"

    async def register(self, sink: str, streams: Sequence[Stream]) -> None:
        """The sink exists and wants these streams."""
        await self._line.call(wire.Register(sink, list(streams)))

    async def lease(self, sink: str, limit: int, wait: float) -> Sequence[OutboxRow]:
        """Undelivered rows, findings first; waits up to `wait` seconds for the first."""
        return await self._all(wire.Lease(sink, limit, wait), _rows)

    async def acknowledge(self, sink: str, receipts: Sequence[Receipt]) -> None:
        """Takes the sink's answers."""
        await self._line.call(wire.Acknowledge(sink, list(receipts)))

    async def declare(self, bundle: bytes) -> int:
        """Hands core a bundle of declared data; the version that holds then. Raises ActRefusedError."""
        (item,) = await self._line.call(wire.Declare(bundle))
        return _number.decode(item)


class SocketReader(_Client):
    """Implements `JournalReader`."""

    _role = "read"

    async def findings(self, states: Sequence[str] = ()) -> Sequence[Change]:
        """Findings as they stand."""
        return await self._all(wire.Read("findings", states=list(states)), _changes)

    async def standing(self, finding: str) -> Change | None:
        """One finding as it stands."""
        return next(iter(await self._all(wire.Read("standing", finding), _changes)), None)

    async def history(self, finding: str) -> Sequence[Change]:
        """The changes of one finding, oldest first."""
        return await self._all(wire.Read("history", finding), _changes)

    async def deliveries(self, finding: str) -> Sequence[Delivery]:
        """What became of one finding's changes at each sink that takes findings, the latest first."""
        return await self._all(wire.Read("deliveries", finding), _deliveries)

    async def verdicts(self, site: str = "") -> Sequence[Verdict]:
        """The latest verdict of every detector on every subject, of one site where told."""
        return await self._all(wire.Read("verdicts", site), _verdicts)

    async def assets(self) -> Sequence[Asset]:
        """All assets."""
        return await self._all(wire.Read("assets"), _assets)

    async def rows(self) -> Sequence[OtherRow]:
        """The other rows of the view."""
        return [_of_kind[kind].decode(row) for kind, row in await self._all(wire.Read("rows"), _tagged)]

    async def portals(self, ids: Sequence[str] = ()) -> Sequence[PortalRow]:
        """Portals by their ids, all of them unless told."""
        return await self._all(wire.Read("portals", ids=list(ids)), _portals)

    async def pcs(self) -> Sequence[PcRow]:
        """The PCs that reported, with their last answers."""
        return await self._all(wire.Read("pcs"), _pc)

    async def taken(self, sensor: str) -> Sequence[TakenRow]:
        """How far core has written down the facts of a sensor that keeps them until then, one row a site."""
        return await self._all(wire.Read("taken", sensor), _taken)

    async def sinks(self) -> Sequence[SinkStatus]:
        """How each sink stands."""
        return await self._all(wire.Read("sinks"), _sinks)

    async def dead_letters(self, sink: str = "") -> Sequence[DeadLetter]:
        """Rows given up, newest first."""
        return await self._all(wire.Read("dead_letters", sink), _dead)

    async def status(self) -> CoreStatus:
        """Core's own figures."""
        (told,) = await self._all(wire.Read("status"), _status)
        return told

    async def wait(self, version: int, wait: float) -> int:
        """The journal's version, as soon as it is not `version` or after `wait` seconds."""
        (reached,) = await self._all(wire.Wait(version, wait), _number)
        return reached


class SocketActs(_Letters):
    """Implements `Acts`, and for people at the page what they do with dead letters.

    An act is never sent twice: when the connection breaks under way, SocketError says that the outcome is unknown.
    """

    _role = "acts"

    async def act(self, act: Act) -> Finding:
        """Carries out an act and journals it. Raises ActRefusedError."""
        (item,) = await self._line.call(wire.DoAct(act), again=False)
        return _finding.decode(item)
