"""One HTTP exchange for the Elasticsearch client, by aiohttp."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from elastic_transport import ApiResponseMeta, BaseAsyncNode, ConnectionError, ConnectionTimeout, HttpHeaders, TlsError  # noqa: A004 - the client's names
from elastic_transport._node import NodeApiResponse
from elastic_transport.client_utils import DEFAULT, DefaultType
from yarl import URL

# A bulk's answer is a tenth of its request; whoever answers more is not who we asked.
MOST_ANSWER = 16 * 1024 * 1024
TOO_LONG = "the answer is too long"


class StraightNode(BaseAsyncNode):
    """Like the client's own aiohttp node, but follows no redirect and reads a bounded answer.

    A redirect of a PUT is followed with its body: a network's log-in page would be sent the findings, in clear.
    """

    _session: aiohttp.ClientSession | None = None

    async def perform_request(  # type: ignore[override] # as is the transport's own asynchronous base
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: DefaultType | float | None = DEFAULT,
    ) -> NodeApiResponse:
        """Sends and reads the whole answer, whatever its status. Raises the transport's ConnectionError, ConnectionTimeout or TlsError."""
        sent = self.headers.copy()
        sent.update(headers or {})
        if body and self.config.http_compress:
            # At the highest level a bulk is a seventh shorter for four times the work: its documents repeat one another.
            body = gzip.compress(body, compresslevel=3)
            sent["content-encoding"] = "gzip"
        seconds = self.config.request_timeout if isinstance(request_timeout, DefaultType) else request_timeout
        began = asyncio.get_running_loop().time()
        url = URL(self.base_url + target, encoded=True)
        with _transport_errors():
            async with self._client().request(
                method, url, data=body, headers=dict(sent), timeout=aiohttp.ClientTimeout(total=seconds), allow_redirects=False
            ) as response:
                raw = await _read(response)
        meta = ApiResponseMeta(
            node=self.config,
            duration=asyncio.get_running_loop().time() - began,
            http_version="1.1",
            status=response.status,
            headers=HttpHeaders(response.headers),
        )
        return NodeApiResponse(meta, raw)

    async def close(self) -> None:  # type: ignore[override] # same
        """Closes connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            tls: ssl.SSLContext | bool = self.config.ssl_context or True
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self.config.connections_per_node, ssl=tls),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("accept", "accept-encoding", "user-agent"),
                trace_configs=self._traces(),
            )
        return self._session

    def _traces(self) -> list[aiohttp.TraceConfig]:
        return []


async def _read(response: aiohttp.ClientResponse) -> bytes:
    raw = bytearray()
    async for piece in response.content.iter_any():
        raw += piece
        if len(raw) > MOST_ANSWER:
            raise aiohttp.ClientPayloadError(TOO_LONG)
    return bytes(raw)


@contextmanager
def _transport_errors() -> Iterator[None]:
    """What aiohttp raises, as the transport knows it, caused by the original: the transport empties `errors`."""
    try:
        yield
    except TimeoutError as error:
        raise ConnectionTimeout("timed out") from error
    except (aiohttp.ClientSSLError, ssl.SSLError) as error:
        raise TlsError(str(error)) from error
    # UnicodeError: a name that DNS cannot hold (a label of more than 63 bytes).
    except (aiohttp.ClientError, OSError, UnicodeError) as error:
        raise ConnectionError(str(error)) from error
