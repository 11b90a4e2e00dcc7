"""One HTTP exchange: a request, and whatever came back within its bounds. What went wrong is a word in it, never an exception."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import aiohttp
import msgspec

from collector.clock import Clock
from collector.decode.web.url import Url
from collector.sensors.portals import certificate
from collector.sensors.portals.certificate import Certificate
from collector.sensors.portals.client import Client, Response
from collector.sensors.portals.limits import Kept, Limits

# Addresses of one name that are tried before it counts as out of reach.
_ADDRESSES: Final = 3
# How aiohttp's parser says that a line of the head, or the number of them, is beyond its bounds; it has no class for it by then.
_TOO_LONG: Final = ("Got more than", "Too many headers")

Method = Literal["GET", "HEAD"]


class Asked(NamedTuple):
    """A request to make: `addresses` were checked, and one of them is connected to."""

    url: Url
    addresses: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    method: Method = "GET"


class Exchange(msgspec.Struct, kw_only=True):
    """A request and its answer.

    `asked` and `answered`: the heads as bytes, with their empty line; `sent`: the body as it came, without transfer coding; `body`: inflated.
    `status` 0: nothing answered. `trouble`: a word for what cut it short (`connect`, `timeout`, `protocol`, `headers`, `too_large`, `bomb`, `packing`,
    `tls:handshake`, and from the visitor `dns`, `refused:...`, `budget`); `tls`: what is wrong with the certificate, although the answer was fetched.
    `truncated`: there was more body than is here. `at` in ns, `took` in seconds. `shared`: the answer was fetched for another look just before.
    """

    url: str
    host: str
    method: Method = "GET"
    asked: bytes = b""
    at: int = 0
    took: float = 0.0
    address: str = ""
    status: int = 0
    answered: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    sent: bytes = b""
    body: bytes = b""
    truncated: bool = False
    trouble: str = ""
    detail: str = ""
    tls: str = ""
    certificate: Certificate | None = None
    shared: bool = False

    def header(self, name: str) -> str:
        """The first line of that name (lower-case), empty for none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def lines(self, name: str) -> list[str]:
        """All lines of that name (lower-case)."""
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def digest(self) -> str:
        """SHA-256 of the inflated body in hex, empty for none."""
        return hashlib.sha256(self.body).hexdigest() if self.body else ""


async def exchange(client: Client, asked: Asked, limits: Limits, clock: Clock) -> Exchange:
    """Makes the request, at the next address where one cannot be reached, past a certificate's fault where there is one. Never raises but CancelledError."""
    made = Exchange(url=asked.url.href, host=asked.url.host, method=asked.method, asked=_request_head(asked), at=clock.now())
    started = clock.monotonic()
    try:
        async with asyncio.timeout(limits.exchange):
            for address in asked.addresses[:_ADDRESSES]:
                made.trouble, made.detail, made.address = "", "", address
                await _at(client, asked, made, limits)
                if made.status or made.trouble not in ("connect", "timeout"):
                    break
    except TimeoutError:
        made.trouble = "timeout"
    made.took = clock.monotonic() - started
    return made


async def _at(client: Client, asked: Asked, made: Exchange, limits: Limits) -> None:
    """One address: strictly first; a fault of the certificate is noted and looked past, as visitors do who click on."""
    if asked.url.scheme != "https":
        await _tried(client, asked, made, limits, None)
    elif await _tried(client, asked, made, limits, client.strict):
        await _tried(client, asked, made, limits, client.lax)


async def _tried(client: Client, asked: Asked, made: Exchange, limits: Limits, context: ssl.SSLContext | None) -> bool:
    """One connection; True when TLS failed, with the word in `made.tls`."""
    try:
        response = await client.ask(asked.method, asked.url, made.address, asked.headers, context)
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError) as error:
        # The first fault tells why; the second attempt can only fail at shaking hands.
        made.tls, made.trouble = made.tls or certificate.fault_of(_cause(error)), "tls:handshake"
        made.detail = _line(error)
        return True
    except (aiohttp.ClientError, OSError, ValueError) as error:
        made.trouble, made.detail = trouble_of(error), _line(error)
        if _hung_up(error) and asked.url.scheme == "https":
            made.tls, made.trouble = made.tls or "tls:handshake", "tls:handshake"
        return made.trouble == "tls:handshake"
    made.trouble = made.detail = ""
    try:
        await _received(response, made, limits)
    finally:
        response.close()
    return False


async def _received(response: Response, made: Exchange, limits: Limits) -> None:
    made.status, made.answered = response.status, _response_head(response)
    made.headers = tuple((_text(name), _text(value)) for name, value in response.raw_headers)
    if response.certificate:
        made.certificate = certificate.read(response.certificate)
    kept = Kept(made.header("content-encoding"), limits.body(made.status, made.header("content-type")), limits)
    try:
        async for chunk in response.content.iter_any():
            if not kept.take(chunk):
                break
    except (aiohttp.ClientError, OSError) as error:
        made.trouble, made.detail = trouble_of(error), _line(error)
    finally:
        # Also when time is up: what came until then is what a visitor would be looking at.
        made.sent, made.body = kept.sent, kept.plain
        made.truncated = bool(kept.fault)
        made.trouble = made.trouble or kept.fault


def trouble_of(error: Exception) -> str:
    """The word for what aiohttp raised."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "connect"
    if isinstance(error, aiohttp.ClientResponseError):
        return "headers" if error.message.startswith(_TOO_LONG) else "protocol"
    return "protocol"


def _hung_up(error: Exception) -> bool:
    """Whether the server was there and went away before TLS was agreed on."""
    return isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, ConnectionResetError)


def _cause(error: aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError) -> ssl.SSLError:
    found = error.certificate_error if isinstance(error, aiohttp.ClientConnectorCertificateError) else error.os_error
    return found if isinstance(found, ssl.SSLError) else ssl.SSLError()


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _request_head(asked: Asked) -> bytes:
    target = (asked.url.path or "/") + (f"?{asked.url.query}" if asked.url.query else "")
    return _head(f"{asked.method} {target} HTTP/1.1".encode(), [(name.encode(), value.encode()) for name, value in asked.headers])


def _response_head(response: Response) -> bytes:
    version = response.version or aiohttp.HttpVersion11
    first = f"HTTP/{version.major}.{version.minor} {response.status} {response.reason or ''}"
    return _head(first.encode("utf-8", "surrogateescape"), response.raw_headers)


def _head(first: bytes, lines: Sequence[tuple[bytes, bytes]]) -> bytes:
    return b"\r\n".join((first, *(name + b": " + value for name, value in lines), b"", b""))


def _text(raw: bytes) -> str:
    """Header bytes as browsers take them: UTF-8 where they are, else one letter a byte."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
