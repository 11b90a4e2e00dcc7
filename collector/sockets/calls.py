"""Answers the calls of one connection: many under way at once, each to be cancelled, each refusal told in its own words."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence
from typing import Any

import msgspec

from collector.journal import JournalError
from collector.journal.batch import ROW_TYPES
from collector.sockets import wire
from model.acts import ActRefusedError
from model.ports import Acts, Declaring, JournalReader, Outbox

# A call waits at most this long, seconds, and leases at most this many rows, whatever the client asks.
LONGEST_WAIT = 60.0
MOST_ROWS = 1_000

KIND_OF_ROW: dict[type[Any], str] = {row: kind for kind, row in ROW_TYPES.items()}


class Ports(msgspec.Struct, frozen=True):
    """What calls are answered from."""

    outbox: Outbox
    reader: JournalReader
    acts: Acts
    declaring: Declaring | None = None


async def serve(role: wire.Role, ports: Ports, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers until the client leaves, which ends as an exception group of IncompleteReadError or ConnectionError; MalformedError likewise."""
    under_way: dict[int, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as group:
        while True:
            asked = wire.decode(wire.request_decoder, await wire.read_frame(reader, wire.MAX_REQUEST))
            if isinstance(asked, wire.Cancel):
                if (task := under_way.get(asked.id)) is not None:
                    task.cancel()
                continue
            if not isinstance(asked.call, wire.CALLS[role]) or asked.id in under_way or len(under_way) >= wire.MAX_CALLS:
                raise wire.MalformedError(f"{type(asked.call).__name__} at the {role} socket, {len(under_way)} under way")
            task = group.create_task(_answer(ports, asked, writer))
            under_way[asked.id] = task
            task.add_done_callback(functools.partial(_forget, under_way, asked.id))


def _forget(under_way: dict[int, asyncio.Task[None]], number: int, _: asyncio.Task[None]) -> None:
    under_way.pop(number, None)


async def _answer(ports: Ports, request: wire.Request, writer: asyncio.StreamWriter) -> None:
    try:
        items = await _perform(ports, request.call)
    except ActRefusedError as refusal:
        await _send(writer, wire.Failed(request.id, "act", "", refusal.text.vi, refusal.text.en))
        return
    except JournalError as error:
        await _send(writer, wire.Failed(request.id, "journal", error.kind, error.text.vi, error.text.en))
        return
    for group, last in wire.pieces(items):
        await _send(writer, wire.Answer(request.id, group, last))


async def _send(writer: asyncio.StreamWriter, message: object) -> None:
    # One write a frame: frames of several answers never mix.
    writer.write(wire.frame(message))
    await writer.drain()


async def _perform(ports: Ports, call: wire.Call) -> list[bytes]:
    match call:
        case wire.Register(sink, streams):
            await ports.outbox.register(sink, streams)
        case wire.Lease(sink, limit, wait):
            return wire.items_of(await ports.outbox.lease(sink, min(limit, MOST_ROWS), min(wait, LONGEST_WAIT)))
        case wire.Acknowledge(sink, receipts):
            await ports.outbox.acknowledge(sink, receipts)
        case wire.Replay(sink, rows):
            return [wire.encode(await ports.outbox.replay(sink, rows))]
        case wire.Purge(sink, rows):
            return [wire.encode(await ports.outbox.purge(sink, rows))]
        case wire.Declare(bundle):
            if ports.declaring is None:
                raise ActRefusedError("hộp này dùng khai báo tại chỗ, không nhận gói của tỉnh", "this box has declared data of its own and takes no bundles")
            return [wire.encode(await ports.declaring.declare(bundle))]
        case wire.Wait(version, wait):
            return [wire.encode(await ports.reader.wait(version, min(wait, LONGEST_WAIT)))]
        case wire.DoAct(act):
            return [wire.encode(await ports.acts.act(act))]
        case wire.Read():
            return await _read(ports.reader, call)
    return []


async def _read(reader: JournalReader, call: wire.Read) -> list[bytes]:
    if call.what == "status":
        return [wire.encode(await reader.status())]
    if call.what == "standing":
        found = await reader.standing(call.of)
        return wire.items_of([] if found is None else [found])
    if call.what == "pcs":
        return wire.items_of(await reader.pcs())
    if call.what == "deliveries":
        return wire.items_of(await reader.deliveries(call.of))
    if call.what == "taken":
        return wire.items_of(await reader.taken(call.of))
    return wire.items_of(await _items(reader, call))


async def _items(reader: JournalReader, call: wire.Read) -> Sequence[object]:
    match call.what:
        case "findings":
            return await reader.findings(call.states)
        case "history":
            return await reader.history(call.of)
        case "rows":
            # The structs carry no tag of their own: the journal's word for their kind goes with them.
            return [(KIND_OF_ROW[type(row)], row) for row in await reader.rows()]
        case "portals":
            return await reader.portals(call.ids)
        case "dead_letters":
            return await reader.dead_letters(call.of)
        case "verdicts":
            return await reader.verdicts(call.of)
        case "assets":
            return await reader.assets()
    return await reader.sinks()
