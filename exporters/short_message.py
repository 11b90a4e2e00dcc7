"""What a short message says of a change, and how many may be sent: they cost money, and a storm of them is read by nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from exporters.audience import Detail, damaged
from exporters.durable import write_whole
from exporters.message import Message, brief, title
from exporters.render import Place
from exporters.render_words import CODE
from exporters.sink import OptionsError
from model.ledger import Change
from model.text import Language, Text
from model.times import HOUR

_decode = msgspec.json.Decoder(tuple[int, ...]).decode


def words(message: Message, detail: Detail, language: Language, place: Place) -> str:
    """The alert's first line and its code; or, for a channel of strangers, the rule and how bad.

    Many in one message have no code.
    """
    if detail == "id_only":
        return brief(message, language, place)
    if not isinstance(message.about, Change):
        return title(message, language, place)
    finding, said = message.about.finding, title(message, language, place)
    return f"{said} · {CODE.to(language)} {finding.detector}/{finding.id[:4]}"


class Budget:
    """At most `most` messages in any hour, over restarts too: kept in `file`."""

    def __init__(self, file: Path, most: int, now: Callable[[], int]) -> None:
        """Reads `file`. Raises OptionsError."""
        self._file = file
        self._most = most
        self._now = now
        self._spent = list(_read(file))

    def wait(self, count: int) -> int:
        """Nanoseconds until `count` more may be sent; 0 when they may now."""
        now = self._now()
        # A clock that was put back must not lock the budget for years.
        self._spent = [at for at in self._spent if 0 <= now - at < HOUR]
        over = len(self._spent) + count - self._most
        return self._spent[min(over, len(self._spent)) - 1] + HOUR - now if over > 0 and self._spent else 0

    def spend(self, count: int) -> None:
        """`count` are about to be sent. Raises OSError."""
        self._spent += [self._now()] * count
        # Before they go: a crash in between costs one message, the other way round a crash loop would cost hundreds.
        write_whole(self._file, msgspec.json.encode(self._spent))

    def give_back(self, count: int) -> None:
        """The last `count` certainly went nowhere: a modem without a network must not use up what its return is waited for with. Raises OSError."""
        del self._spent[-count:]
        write_whole(self._file, msgspec.json.encode(self._spent))


def _read(file: Path) -> tuple[int, ...]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return _decode(file.read_bytes()) if file.exists() else ()
    except OSError as error:
        raise OptionsError(Text(f"Không đọc được tệp {file}: {error.strerror}.", f"File {file} cannot be read: {error.strerror}.")) from None
    except ValueError:
        raise damaged(file) from None
