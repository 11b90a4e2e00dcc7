"""The box's side of the line: one question to the province over TLS, and an answer that is believed only where it can be one."""

from __future__ import annotations

import asyncio
import ssl
from http import HTTPStatus
from typing import Final, TypeVar

import aiohttp
import msgspec

from collector.enrolment.wire import MOST_TOLD, Denial, DeniedError, EnrolmentError, Joined, Renewed
from model.text import shown

_TIMEOUT: Final = 30.0
_STRANGER: Final = (
    "nơi trả lời không phải dịch vụ hộp của tỉnh (trang đăng nhập mạng, proxy hoặc sai địa chỉ?)",
    "what answered is not the province's service for boxes (a log-in page of the network, a proxy, a wrong address?)",
)

Told = TypeVar("Told", Joined, Renewed, Denial)


def ask(url: str, body: bytes, tls: ssl.SSLContext, kind: type[Told]) -> Told:
    """The answer of `url`. Raises DeniedError for a no of the province, EnrolmentError for whatever else comes back or does not."""
    status, told = asyncio.run(_posted(url, body, tls))
    if status == HTTPStatus.OK:
        return _read(told, kind)
    denial = _read(told, Denial)
    raise DeniedError(status, f"tỉnh từ chối: {shown(denial.vi, 300)}", f"the province refuses: {shown(denial.en, 300)}")


def _read(told: bytes, kind: type[Told]) -> Told:
    try:
        return msgspec.json.decode(told, type=kind)
    except (ValueError, RecursionError):
        raise EnrolmentError(*_STRANGER) from None


async def _posted(url: str, body: bytes, tls: ssl.SSLContext) -> tuple[int, bytes]:
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
    headers = {"user-agent": "vonggac", "accept-encoding": "identity", "content-type": "application/json"}
    try:
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls), timeout=timeout, headers=headers, auto_decompress=False) as client,
            # A redirect would carry a token or a renewal to somewhere nobody named.
            client.post(url, data=body, allow_redirects=False) as response,
        ):
            try:
                return response.status, await _whole(response)
            finally:
                # What is left of a page nobody asked for is not waited for.
                if response.connection is not None and response.connection.transport is not None:
                    response.connection.transport.abort()
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError) as error:
        why = shown(str(getattr(error, "certificate_error", error)), 200)
        raise EnrolmentError(
            f"chứng thư của nơi trả lời không đúng ({why}): sai tệp --ca, hoặc có máy khác giả tỉnh",
            f"the certificate of what answered is wrong ({why}): a wrong --ca, or another machine poses as the province",
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        why = shown(str(error) or type(error).__name__, 200)
        raise EnrolmentError(f"không gọi được tỉnh: {why}", f"the province cannot be reached: {why}") from None


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    data = b""
    while len(data) <= MOST_TOLD and (more := await response.content.read(MOST_TOLD + 1 - len(data))):
        data += more
    if len(data) > MOST_TOLD:
        raise EnrolmentError(*_STRANGER)
    return data
