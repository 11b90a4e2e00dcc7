"""Who hears of what: which changes one sink's people are told, one by one, and the memory of it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Container, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from exporters.sink import FILTERED, OptionsError
from exporters.told import ToldFile
from exporters.webhook_answer import Answer
from model.ledger import STANDING, Change
from model.ports import OutboxRow, Receipt, Told
from model.text import Language, Text
from model.verdict import Severity, Urgency

log = logging.getLogger(__name__)

# `id_only` is for channels that belong to strangers: which rule, how bad, where to read it; no name, address or evidence.
Detail = Literal["full", "id_only"]

# Two rows in turn that the server failed on: it is the server, not the rows.
_MOST_FAILURES = 2
# Steps of which only those hear who were told that it began.
_LATER = ("resolved", "lapsed", "accepted", "acknowledged")
_UNSAVED = Text("nơi nhận %s: không ghi được %s: %s", "sink %s: %s cannot be written: %s")


class Interest(msgspec.Struct, frozen=True, kw_only=True):
    """Which findings begin to concern a sink's people."""

    urgencies: tuple[Urgency, ...] = (Urgency.PAGE, Urgency.TICKET)
    min_severity: Severity = Severity.LOW

    def takes(self, change: Change) -> bool:
        """Whether it is urgent and bad enough."""
        return change.finding.urgency in self.urgencies and change.finding.severity.rank >= self.min_severity.rank


def concerning(row: OutboxRow, told: Container[str], interest: Interest) -> Change | None:
    """The change as these people are told it. Whoever was told of a finding hears all that becomes of it; nobody else hears of its end."""
    if not isinstance(row.document, Told):
        return None
    change = row.document.change
    if change.finding.id in told:
        return change
    if change.step in _LATER or not interest.takes(change):
        return None
    # It grew into what this sink takes: the first that its people hear of it is no update to them.
    return change if change.step in ("opened", "reopened") else msgspec.structs.replace(change, step="opened")


class Audience:
    """The people behind one sink."""

    def __init__(self, sink: str, file: Path, interest: Interest, language: Language) -> None:
        """Reads the memory in `file`. Raises OptionsError."""
        self._sink = sink
        self._file = file
        self._interest = interest
        self._language = language
        self._told = _read(file)
        self._saving = True

    async def tell(self, rows: Sequence[OutboxRow], deliver: Callable[[OutboxRow, Change], Awaitable[Answer]]) -> list[Receipt]:
        """Hands the rows that concern these people to `deliver`, one by one; after an outage the rest is not even tried. One receipt a row."""
        receipts: list[Receipt] = []
        failures = 0
        try:
            for row in rows:
                answer = await self._one(row, deliver)
                receipts.append(answer.receipt(row.seq))
                failures = failures + 1 if answer.outcome == "retry" else 0
                if answer.outage or failures >= _MOST_FAILURES:
                    break
        finally:
            # Before the receipts: a crash in between sends again under the same id; the other way round the end would never be told.
            self._save()
        rest = rows[len(receipts) :]
        return receipts + [msgspec.structs.replace(receipts[-1], seq=row.seq) for row in rest]

    async def _one(self, row: OutboxRow, deliver: Callable[[OutboxRow, Change], Awaitable[Answer]]) -> Answer:
        change = concerning(row, self._told, self._interest)
        if change is None:
            return Answer("accepted", FILTERED)
        answer = await deliver(row, change)
        if answer.outcome == "accepted":
            if change.finding.state in STANDING:
                self._told.add(change.finding.id)
            else:
                self._told.discard(change.finding.id)
        return answer

    def _save(self) -> None:
        try:
            self._told.save()
        except OSError as error:
            # People are told all the same; what is at stake is that after a restart they may not hear of the end.
            if self._saving:
                log.error(_UNSAVED.to(self._language), self._sink, self._file, error.strerror)  # noqa: TRY400 - one sentence
            self._saving = False
        else:
            self._saving = True


def _read(path: Path) -> ToldFile:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return ToldFile(path)
    except OSError as error:
        raise OptionsError(Text(f"Không đọc được tệp {path}: {error.strerror}.", f"File {path} cannot be read: {error.strerror}.")) from None
    except ValueError:
        raise damaged(path) from None


def damaged(path: Path) -> OptionsError:
    """The memory of what was told is not what we wrote."""
    return OptionsError(
        Text(
            f"Tệp {path} bị hỏng: xóa tệp này thì bắt đầu lại, và phát hiện đã báo trước đó sẽ không được báo khi hết.",
            f"File {path} is damaged: delete it to begin anew; the end of findings told before will then not be told.",
        )
    )
