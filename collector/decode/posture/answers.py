"""Answers of a PC into facts: rows, to columns of the signed catalogue, to one typed answer a topic. Never raises on content; keeps no row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from collector.decode.posture import devices, documents, licence, machine, people, protection, remote
from collector.decode.posture.cells import MAX_ROWS, Desk, Read
from collector.decode.posture.envelope import Answers, Context, Envelope, Result
from model.endpointfacts import PcAnswered, Trouble
from model.posture.told import AnyTold
from model.times import DAY

READERS: Final[Mapping[str, Read]] = MappingProxyType({
    "machine": machine.machine, "interfaces": machine.interfaces, "disks": machine.disks, "agent": machine.agent, "programs": machine.programs,
    "shares": machine.shares, "antivirus": protection.antivirus, "av_services": protection.av_services, "kaspersky": protection.kaspersky,
    "firewall": protection.firewall, "firewall_holes": protection.firewall_holes, "updates": protection.updates,
    "update_control": protection.update_control, "saved_passwords": people.saved_passwords, "browser_accounts": people.browser_accounts,
    "browser_policy": people.browser_policy, "auto_logon": people.auto_logon, "logon_policy": people.logon_policy, "accounts": people.accounts,
    "working": people.working, "peripherals": devices.peripherals, "peripheral_history": devices.peripheral_history,
    "peripheral_control": devices.peripheral_control, "bluetooth": devices.bluetooth, "remote_tools": remote.remote_tools,
    "remote_desktop": remote.remote_desktop, "projecting": remote.projecting, "licence": licence.licence, "kms_setting": licence.kms_setting,
    "piracy_traces": licence.piracy_traces, "office": licence.office, "documents": documents.documents,
})  # fmt: skip
# Only what the facts script writes answers these: without it there is nobody to ask.
_OF_SCRIPT: Final = frozenset({"browser_accounts", "licence"})
_MAX_TOPICS: Final = 128
_DENIED: Final = ("denylist", "deny list", "blacklist")


def answers(envelope: Envelope, columns: Mapping[str, frozenset[str]], context: Context) -> Answers:
    """Facts about the PC of `context`, one a topic, in the topics' order. `columns`: those that the signed catalogue allows, by topic."""
    facts: list[PcAnswered] = []
    dropped = refused = 0
    for topic in sorted(map(str, envelope.results))[:_MAX_TOPICS]:
        result = envelope.results[topic]
        if topic not in columns or topic not in READERS:
            refused += 1
            continue
        desk = Desk(context.mark, _collected(envelope, context))
        refused += sum(not isinstance(row, Mapping) for row in _raw(result)) + max(0, len(result.rows) - MAX_ROWS)
        facts.append(_fact(topic, result, columns[topic], desk, envelope, context))
        dropped += desk.dropped
    return Answers(tuple(facts), dropped, refused + max(0, len(envelope.results) - _MAX_TOPICS))


def _raw(result: Result) -> Sequence[object]:
    """What the tool sent as rows: its shape is the sender's word."""
    return result.rows[:MAX_ROWS]


def _collected(envelope: Envelope, context: Context) -> int:
    """When the PC answered: never later than the box heard it, whatever the PC's clock said."""
    return min(envelope.collected_at, context.at) if envelope.collected_at > 0 else context.at


def _fact(topic: str, result: Result, allowed: frozenset[str], desk: Desk, envelope: Envelope, context: Context) -> PcAnswered:
    told, trouble = _told(topic, result, allowed, desk)
    at = desk.at
    if told is not None and desk.written is not None and at - 400 * DAY < desk.written < at:
        at = desk.written
    fields: dict[str, Any] = {"told": told} if trouble is None else {"trouble": trouble}
    version = envelope.catalogue_version[:32]
    return PcAnswered(
        at=context.at, pc=context.pc, site=context.site, topic=topic, answered=at, source=context.source,
        catalogue=version if version.replace(".", "").isdecimal() else "", **fields,
    )  # fmt: skip


def _told(topic: str, result: Result, allowed: frozenset[str], desk: Desk) -> tuple[AnyTold | None, Trouble | None]:
    if result.status != 0:
        return None, "denied" if any(word in result.message.lower() for word in _DENIED) else "failed"
    rows = desk.rows([row for row in _raw(result) if isinstance(row, Mapping)], allowed)
    told = READERS[topic](rows, desk)
    if told is not None:
        return told, None  # type: ignore[return-value]  # every reader's own type is one of AnyTold
    if result.rows and not any(row.cells for row in rows):
        return None, "refused"
    return None, "script" if topic in _OF_SCRIPT else "failed"
