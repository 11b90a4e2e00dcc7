"""HTTP questions: one connection each, no redirect followed, no name looked up, so many bytes and no more."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Final, NamedTuple, NoReturn, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from collector.sensors.screens.road import OffLinkError, Way, allowed

MAX_BODY: Final = 65_536
_LINE: Final = 4_096
_HEADERS: Final = 64


class UnansweredError(Exception):
    """No answer that could be one: none at all, too long, or broken."""


class Answer(NamedTuple):
    """Status, headers (names in lower case, the first of each), and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Unasked(AbstractResolver):
    """Screens are known by their addresses: whoever asks for a name was led astray."""

    async def resolve(self, host: str, port: int = 0, family: object = 0) -> NoReturn:
        """Raises OSError."""
        raise OSError(f"{host}:{port}: only addresses are asked ({family})")

    async def close(self) -> None:
        """Nothing to let go of."""


def lax() -> ssl.SSLContext:
    """TLS to a device that certifies itself: what is asked is no secret, and nothing it says is believed more for it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


class Web:
    """A session over one road. Async context manager."""

    def __init__(self, road: Way) -> None:
        self._road = road
        self._tls = lax()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=_Unasked(), use_dns_cache=False, force_close=True, happy_eyeballs_delay=None, socket_factory=self._road.socket, ssl=self._tls
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            # A body packed to be a thousand times as long is not unpacked: none is asked for.
            auto_decompress=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "vonggac UPnP/1.1"},
            max_line_size=_LINE,
            max_field_size=_LINE,
            max_headers=_HEADERS,
        )
        # What was cut off would be asked again at once.
        self._session._retry_connection = False
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, method: str, url: URL, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Answer:
        """The answer, a redirect included. Raises ConnectionRefusedError, UnansweredError, OffLinkError; its time is bounded by the caller."""
        if self._session is None:
            raise RuntimeError("the session is not open")
        guard(self._road, url)
        try:
            async with self._session.request(method, url, headers=headers, data=body, allow_redirects=False) as response:
                told = await _whole(response)
                first = {name.lower(): response.headers[name] for name in response.headers}
                return Answer(response.status, first, told)
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, ConnectionRefusedError):
                raise ConnectionRefusedError(str(url)) from None
            raise UnansweredError(str(error)) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise UnansweredError(str(error)[:200]) from None


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    kept = bytearray()
    async for chunk in response.content.iter_any():
        kept += chunk
        if len(kept) > MAX_BODY:
            raise UnansweredError("body too long")
    return bytes(kept)


def guard(road: Way, url: URL) -> None:
    """Raises OffLinkError for an address that is not a screen's of the road."""
    if url.scheme not in ("http", "https") or not url.host or url.user or url.port is None or not allowed(url.port):
        raise OffLinkError(str(url)[:200])
    road.own(url.host)


def beside(url: URL, written: str) -> URL:
    """What a document at `url` calls `written`, if it is at the same station. Raises OffLinkError."""
    try:
        found = url.join(URL(written))
    except ValueError:
        raise OffLinkError(written[:200]) from None
    if not written or found.host != url.host:
        raise OffLinkError(written[:200])
    return found
