"""One HTTP POST to an address people configured: no redirect followed, time and answer bounded, certificates checked."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import aiohttp

from exporters.trust import trusting
from model.times import SECOND

# What a server says is read by people or is a few keys of JSON: a page is enough, a gigabyte is an attack.
_MOST_ANSWER = 4096

# What may go wrong on the way; `exporters.webhook_answer.of_error` says what each means.
TROUBLES = (aiohttp.ClientError, TimeoutError, OSError)


class Reply(NamedTuple):
    """What came back: the status, the Retry-After header ("" where none), the beginning of the body."""

    status: int
    retry_after: str
    body: bytes


class Poster:
    """Posts with one set of certificates. Connections are made anew each time."""

    def __init__(self, ca_file: Path | None, timeout: int) -> None:
        """`ca_file` only where the machine does not trust the authority anyway; `timeout` in ns. Raises OptionsError."""
        self._tls = trusting(ca_file) if ca_file is not None else None
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], *, heed_success: bool = True) -> Reply:
        """Posts; `heed_success` False leaves the body of a success unread, unless it is HTML.

        Raises one of TROUBLES; a status counts even where the words are cut.
        """
        sent = {"content-type": "application/json", **headers}
        # A redirect would carry the alert to somewhere nobody configured.
        async with self._client().post(url, data=body, headers=sent, allow_redirects=False) as response:
            heeded = heed_success or response.status >= HTTPStatus.MULTIPLE_CHOICES or response.content_type == "text/html"
            return Reply(response.status, response.headers.get("retry-after", ""), await _beginning(response) if heeded else b"")

    async def close(self) -> None:
        """Lets go of connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            # One connection an alert: a kept one that the server closed meanwhile would look like an outage.
            connector = aiohttp.TCPConnector(ssl=self._tls if self._tls is not None else True, force_close=True)
            timeout = aiohttp.ClientTimeout(total=self._timeout / SECOND)
            headers = {"user-agent": "vonggac", "accept-encoding": "identity"}
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout, auto_decompress=False, headers=headers)
        return self._session


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    said = b""
    try:
        while len(said) < _MOST_ANSWER and (more := await response.content.read(_MOST_ANSWER - len(said))):
            said += more
    except TROUBLES:
        return said
    return said
