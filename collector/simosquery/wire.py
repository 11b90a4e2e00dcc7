"""The simulated client's wire: HTTPS with the PC's own certificate, as osquery's transport does it (osquery/remote/transports/tls.cpp)."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Mapping
from pathlib import Path as File
from typing import Any, Final

import aiohttp
import msgspec

from collector.simosquery.pc import Path
from collector.simosquery.replies import MAX_REDIRECTS, Reply

# Where a kit's flagfile says (collector/onboarding/templates/osquery.flags).
ENDPOINTS: Final[Mapping[Path, str]] = {
    "enroll": "/osquery/enroll",
    "config": "/osquery/config",
    "log": "/osquery/log",
    "read": "/osquery/distributed/read",
    "write": "/osquery/distributed/write",
}
# Behaviour 8: the socket's time-out.
_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=16, sock_read=16)


def context_of(ca: File, certificate: File, key: File) -> ssl.SSLContext:
    """TLS 1.2 or later, this CA alone, the host's name checked (behaviour 12)."""
    made = ssl.create_default_context(cafile=str(ca))
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(certificate, key)
    return made


class Wire:
    """One PC's connection to `server` (`https://host:port`)."""

    def __init__(self, session: aiohttp.ClientSession, server: str, context: ssl.SSLContext) -> None:
        self._session, self._server, self._context = session, server.rstrip("/"), context

    async def post(self, path: Path, body: Mapping[str, Any], key: str, compress: bool) -> Reply:
        """One request; whatever goes wrong on the way is an answer that failed."""
        data = msgspec.json.encode(body)
        headers = {"Content-Type": "application/json", "User-Agent": "osquery/5.23.0"}
        if key:
            headers["Authorization"] = f"NodeKey {key}"
        if compress:
            data = gzip.compress(data, 6)
            headers["Content-Encoding"] = "gzip"
        try:
            async with self._session.post(
                self._server + ENDPOINTS[path], data=data, headers=headers, ssl=self._context, timeout=_TIMEOUT, max_redirects=MAX_REDIRECTS
            ) as answer:
                return Reply(answer.status, await answer.read())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return Reply(failed=f"{type(error).__name__}: {error}"[:200])
