"""The exporter's part: asks the province now and then whether there is a newer bundle, and hands it to core unopened."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING, Final

import aiohttp

from collector.signeddata.form import MOST
from exporters.backoff import Backoff
from exporters.secret import read_secret
from exporters.trust import trusting
from exporters.webhook_answer import not_now, of_error
from model.acts import ActRefusedError
from model.text import Text
from model.times import SECOND

if TYPE_CHECKING:
    from collector.config import Config
    from model.ports import Declaring

log = logging.getLogger(__name__)

_TIMEOUT: Final = 30.0
_AWAY = Text("chưa lấy được gói khai báo của tỉnh, vẫn dùng bản đang có: %s", "the province's declared data could not be had, what is here holds: %s")
_BACK = Text("đã lấy lại được gói khai báo của tỉnh", "the province's declared data can be had again")
_REFUSED = Text("không nhận gói khai báo của tỉnh: %s", "the province's declared data is not taken: %s")
_LONG = Text("gói khai báo quá dài", "the bundle is too long")


class Pulling:
    """One box's pulls."""

    def __init__(self, url: str, config: Config, declaring: Declaring) -> None:
        """Reads the token and the authority. Raises OptionsError."""
        self._url, self._period, self._language = url, config.bundle.period / SECOND, config.language
        self._declaring = declaring
        self._tls = trusting(config.bundle.ca_file)
        self._headers = {"user-agent": "vonggac", "accept-encoding": "identity"}
        if config.bundle.token_file is not None or config.bundle.credential:
            (token, *_) = read_secret(config.bundle.token_file, config.bundle.credential)
            self._headers["authorization"] = f"Bearer {token}"
        self._etag = ""
        self._down = False
        self._refused = ""
        self._backoff = Backoff(random.random)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what goes wrong is said once and tried again."""
        connector = aiohttp.TCPConnector(ssl=self._tls, limit=1, force_close=True)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=_TIMEOUT), headers=self._headers) as client:
            while not stop.is_set():
                why = await self._pull(client)
                self._say(why)
                # Boxes of a province that were started together do not ask together.
                pause = self._backoff.next() if why else self._period * (0.9 + 0.2 * random.random())  # noqa: S311 - spread, no secret
                waiting = asyncio.ensure_future(stop.wait())
                await asyncio.wait([waiting], timeout=pause)
                waiting.cancel()

    async def _pull(self, client: aiohttp.ClientSession) -> str:
        """One pull; why it did not come about, empty when it did."""
        headers = {"if-none-match": self._etag} if self._etag else {}
        try:
            # A redirect would hand our token to somebody else.
            async with client.get(self._url, headers=headers, allow_redirects=False) as response:
                if response.status == 304:
                    return ""
                if response.status != 200:
                    return not_now(response.status, "", 0, self._language).reason
                data = await response.content.read(MOST + 1)
                while len(data) <= MOST and (more := await response.content.read(MOST + 1 - len(data))):
                    data += more
                if len(data) > MOST:
                    return _LONG.to(self._language)
                await self._hand(data)
                self._etag = response.headers.get("etag", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return of_error(error, self._language).reason
        return ""

    async def _hand(self, data: bytes) -> None:
        try:
            await self._declaring.declare(data)
            self._refused = ""
        except ActRefusedError as refused:
            said = refused.text.to(self._language)
            if said != self._refused:
                log.error(_REFUSED.to(self._language), said)  # noqa: TRY400 - one sentence
            self._refused = said

    def _say(self, why: str) -> None:
        if why and not self._down:
            log.warning(_AWAY.to(self._language), why)
        if not why and self._down:
            log.info("%s", _BACK.to(self._language))
        if not why:
            self._backoff.reset()
        self._down = bool(why)
