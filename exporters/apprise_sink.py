"""Alerts through apprise, for channels that have no sink of their own.

An optional extra, and the least of the ways out: apprise says only whether it went well, so every failure is tried again. Each address is asked by itself:
one that is dead must neither have the others read an alert twice nor keep the next one from them.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from exporters.audience import BATCH, AlertingOptions, Audience, Detail
from exporters.message import Message, alert, brief
from exporters.render import calm
from exporters.secret import read_secret
from exporters.sink import OptionsError
from exporters.webhook_answer import Answer
from model.ports import OutboxRow, Receipt, Stream
from model.text import Text
from model.times import SECOND
from model.verdict import Urgency

_MOST_REMEMBERED = 1_000
_MISSING = Text(
    "Nơi nhận kiểu apprise cần gói apprise, máy này chưa có: cài bằng pip install 'vonggac[apprise]'.",
    "A sink of type apprise needs the package apprise, which this machine lacks: pip install 'vonggac[apprise]'.",
)
_FAILED = Text("apprise không gửi được tới ít nhất một địa chỉ", "apprise could not reach at least one address")
_SILENT = Text("apprise không gửi xong kịp", "apprise did not finish in time")


class AppriseOptions(AlertingOptions, frozen=True, kw_only=True):
    """What to send; the file holds one apprise URL a line. `timeout` in ns; `told_file` remembers which findings were told."""

    name: str = "apprise"
    urls_file: Path | None = None
    credential: str = ""
    detail: Detail = "id_only"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE,)
    timeout: int = 30 * SECOND


class AppriseSink:
    """Implements `exporters.sink.Sink`."""

    streams: ClassVar[tuple[Stream, ...]] = ("finding",)
    batch: ClassVar[int] = BATCH

    def __init__(self, options: AppriseOptions) -> None:
        """Reads the addresses and the memory. Raises OptionsError, also where the package is missing."""
        self.name = options.name
        self._options = options
        self._channels = _channels(read_secret(options.urls_file, options.credential))
        # Of messages that did not get through everywhere: the addresses that took them. Lost with the process: then those read it twice.
        self._took: dict[str, set[int]] = {}
        self._audience = Audience(options)

    async def send(self, rows: Sequence[OutboxRow]) -> Sequence[Receipt]:
        """Hands the alerts over one by one; after a failure the rest is not even tried."""
        return await self._audience.tell(rows, self._deliver)

    async def close(self) -> None:
        """Nothing is held open."""

    async def _deliver(self, message: Message) -> Answer:
        options = self._options
        say = alert if options.detail == "full" else brief
        text = calm(say(message, options.language, options.place))
        took = self._remembered(message.id)
        before = len(took)
        try:
            # It blocks; each of its plugins has time limits of its own, so the thread ends.
            await asyncio.wait_for(asyncio.to_thread(self._tell, text, took), options.timeout / SECOND)
        except TimeoutError:
            return Answer("retry", _SILENT.to(options.language), outage=True)
        if len(took) < len(self._channels):
            # Where some took it, they are to hear of the next too.
            return Answer("retry", _FAILED.to(options.language), outage=len(took) == before)
        del self._took[message.id]
        return Answer("accepted")

    def _tell(self, text: str, took: set[int]) -> None:
        for number, notify in enumerate(self._channels):
            if number not in took and notify(text):
                took.add(number)

    def _remembered(self, message: str) -> set[int]:
        while len(self._took) >= _MOST_REMEMBERED:
            del self._took[next(iter(self._took))]
        return self._took.setdefault(message, set())


def _channels(urls: Sequence[str]) -> list[Callable[[str], bool]]:
    try:
        apprise = importlib.import_module("apprise")
    except ImportError:
        raise OptionsError(_MISSING) from None
    # A redirect would carry the alert to somewhere nobody configured; its own log lines may hold tokens.
    asset = apprise.AppriseAsset(http_redirects=False, secure_logging=True, app_id="vonggac")
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    return [_channel(apprise, asset, number, url) for number, url in enumerate(urls, 1)]


def _channel(apprise: Any, asset: Any, number: int, url: str) -> Callable[[str], bool]:  # noqa: ANN401 - apprise ships no types
    channel = apprise.Apprise(asset=asset)
    if not channel.add(url):
        raise OptionsError(Text(f"Địa chỉ apprise ở dòng thứ {number} không đúng dạng.", f"The apprise address number {number} is malformed."))
    return lambda text: bool(channel.notify(body=text, body_format=apprise.NotifyFormat.TEXT))
