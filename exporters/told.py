"""What one sink has told its people: which findings they wait to hear the end of, what was told as one message, and how many went out lately.

It cannot be derived from a change: severity and urgency move while a finding is open, options are edited, sinks are added later. Only what was
really delivered says whether somebody still waits for the end. Kept in a file of the sink's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from exporters.durable import write_whole
from exporters.fold import Fold, Member
from model.times import HOUR
from model.verdict import Severity

# What opens again so soon after its end flaps.
FLAPPING = HOUR
# What was delivered is remembered until its rows can come no more: a row comes again only when its receipt was lost.
_KEPT_ROWS = 1000


class Memory(msgspec.Struct, kw_only=True):
    """`told`: the fold under which a finding's people last heard of it, by finding ("" where it had a message of its own); instants in ns.

    `folds`: those that were made and did not get through yet, written down before they are sent, so that whatever happens then they go again as they
    were, under the same id; `delivered`: the rows of those that did; `alone`: rows that go, or went, by themselves; `ended`: ends told within the last
    hour; `flapping`: when a finding that flaps last opened; `sent`: when messages went out; `digest`: the last one.
    """

    told: dict[str, str] = {}
    folds: list[Fold] = []
    delivered: list[str] = []
    alone: list[str] = []
    ended: dict[str, int] = {}
    flapping: dict[str, int] = {}
    sent: list[int] = []
    digest: int = 0


# Before there were folds the file held the findings alone.
_decode = msgspec.json.Decoder(Memory | tuple[str, ...]).decode
_encode = msgspec.json.Encoder(order="sorted").encode


class ToldFile:
    """The memory, written whole and atomically: as large as what is open."""

    def __init__(self, path: Path) -> None:
        """Reads `path`; a missing file is an empty memory. Raises OSError, and ValueError when it holds something else."""
        self._path = path
        self._saved = path.read_bytes() if path.exists() else _encode(Memory())
        read = _decode(self._saved)
        self.memory = read if isinstance(read, Memory) else Memory(told=dict.fromkeys(read, ""))

    def __contains__(self, finding: object) -> bool:
        return finding in self.memory.told

    def under(self, finding: str) -> str:
        """The fold that told of it; "" where a message of its own did, or none."""
        return self.memory.told.get(finding, "")

    def heard(self, members: Iterable[Member], under: str = "") -> None:
        """People were told these changes, `under` a fold's id or each by itself."""
        memory = self.memory
        for one in members:
            if one.standing:
                memory.told[one.finding] = under
            else:
                memory.told.pop(one.finding, None)
                memory.flapping.pop(one.finding, None)
                # What a person closed and what is critical does not flap: it is told anew.
                if one.cause == "observed" and one.severity is not Severity.CRITICAL:
                    memory.ended[one.finding] = one.at
            if one.flaps:
                memory.flapping[one.finding] = one.at

    def folded(self) -> dict[str, Fold]:
        """The folds that did not get through yet, by the ids of their rows."""
        return {one.row: fold for fold in self.memory.folds for one in fold.members}

    def intend(self, alone: Iterable[str], folds: Iterable[Fold]) -> None:
        """These are about to be sent, rows by their ids and folds: whatever happens then, each goes again as it is, never as part of another."""
        memory = self.memory
        memory.alone += [row for row in alone if row not in memory.alone]
        known = {fold.id for fold in memory.folds}
        memory.folds += [fold for fold in folds if fold.id not in known]

    def through(self, fold: Fold) -> None:
        """People were told a fold."""
        self.heard(fold.members, fold.id)
        self.memory.delivered += [one.row for one in fold.members]
        self.drop(fold)

    def drop(self, fold: Fold) -> None:
        """Nobody will be told this fold any more."""
        self.memory.folds = [one for one in self.memory.folds if one.id != fold.id]

    def over(self, members: Sequence[Member], under: str) -> tuple[str, ...]:
        """The folds of which nothing will stand any more once people have heard these changes."""
        gone = {one.finding for one in members}
        before = {self.memory.told.get(finding, "") for finding in gone}
        left = {key for finding, key in self.memory.told.items() if finding not in gone}
        if any(one.standing for one in members):
            left.add(under)
        return tuple(sorted(before - left - {""}))

    def save(self, now: int) -> None:
        """Makes the memory durable, what is old forgotten; nothing is written when it is as it was. Raises OSError."""
        self._forget(now)
        content = _encode(self.memory)
        if content != self._saved:
            write_whole(self._path, content)
            self._saved = content

    def _forget(self, now: int) -> None:
        memory = self.memory
        memory.ended = {finding: at for finding, at in memory.ended.items() if now - at < FLAPPING}
        memory.flapping = {finding: at for finding, at in memory.flapping.items() if finding in memory.told}
        memory.delivered = memory.delivered[-_KEPT_ROWS:]
        memory.alone = memory.alone[-_KEPT_ROWS:]
