"""aiohttp as the visitor uses it: one connection an exchange, to an address that was checked, with no name asked a second time."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from functools import cached_property
from typing import Final, NoReturn, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.client_reqrep import ClientResponse
from aiohttp.connector import Connection
from yarl import URL

from collector.decode.web.url import PORTS, Url
from collector.sensors.portals.limits import Limits

# Servers with this fault get a connection all the same (RFC 5746 §3.4): the constant has a name from Python 3.12 on.
_LEGACY_SERVERS: Final = 0x4


class Unasked(AbstractResolver):
    """The connector's resolver: addresses are all it is ever given, so whoever asks it for a name has a fault."""

    async def resolve(self, host: str, port: int = 0, family: object = 0) -> NoReturn:
        """Raises OSError."""
        raise OSError(f"{host}:{port}: the visitor connects to checked addresses only ({family})")

    async def close(self) -> None:
        """Nothing to let go of."""


class Response(ClientResponse):
    """A response that keeps the server's certificate, since a short body is over (and its connection gone) before anyone could ask."""

    certificate: bytes = b""

    async def start(self, connection: Connection) -> Self:
        """As in aiohttp."""
        transport = connection.transport
        tls = transport.get_extra_info("ssl_object") if transport is not None else None
        self.certificate = (tls.getpeercert(binary_form=True) if tls is not None else None) or b""
        await super().start(connection)
        return self


def strict_context(authorities: str = "") -> ssl.SSLContext:
    """TLS as a browser begins it; `authorities` a PEM file trusted besides the system's."""
    context = ssl.create_default_context()
    # Python's own list is shorter than a browser's, and an old server's choice is no fault where a browser takes it.
    context.set_ciphers("DEFAULT")
    if authorities:
        context.load_verify_locations(authorities)
    context.set_alpn_protocols(["http/1.1"])
    return context


def lax_context() -> ssl.SSLContext:
    """TLS as a visitor has it who clicked the warning away: any certificate, any age of protocol."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= _LEGACY_SERVERS
    context.set_alpn_protocols(["http/1.1"])
    return context


class Client:
    """One session for all looks. Async context manager; `strict` and `lax` are its TLS settings."""

    def __init__(self, limits: Limits, authorities: str = "") -> None:
        self._authorities, self._limits = authorities, limits
        self._session: aiohttp.ClientSession | None = None

    @cached_property
    def strict(self) -> ssl.SSLContext:
        """Reading the system's authorities takes longer than a hundred looks: once, and only when TLS is spoken."""
        return strict_context(self._authorities)

    @cached_property
    def lax(self) -> ssl.SSLContext:
        """For what the strict one refused."""
        return lax_context()

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(resolver=Unasked(), use_dns_cache=False, force_close=True, limit=0, happy_eyeballs_delay=None)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            response_class=Response,
            auto_decompress=False,
            requote_redirect_url=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect, sock_read=self._limits.idle),
            max_line_size=self._limits.line,
            max_field_size=self._limits.line,
            max_headers=self._limits.headers,
        )
        # A request that was cut off would be sent again at once, unasked and off the pace; aiohttp's own tests switch it off here too.
        self._session._retry_connection = False
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(self, method: str, url: Url, address: str, headers: Sequence[tuple[str, str]], context: ssl.SSLContext | None) -> Response:
        """The response to a request at `address`, its head read, its body not yet.

        The name goes into TLS (`context`, for https) and, by the caller, into `Host`.
        Raises aiohttp.ClientError, OSError, TimeoutError.
        """
        if self._session is None:
            raise RuntimeError("the client is not open")
        target = URL.build(scheme=url.scheme, host=address, port=port_of(url), path=url.path or "/", query_string=url.query or "", encoded=True)
        response = await self._session.request(
            method, target, headers=headers, allow_redirects=False, ssl=context or True, server_hostname=url.host.strip("[]").rstrip(".") or None
        )
        if not isinstance(response, Response):
            raise TypeError("the session makes responses of another class")
        return response


def port_of(url: Url) -> int:
    """The port of a web address."""
    return url.port or PORTS.get(url.scheme) or 80
