"""Programs standing in for devices that no installable software plays: a PJLink projector and a Roku (emulated_roku).

python peers.py pjlink MAC [PASSWORD]    answers the class 2 search, greets and obeys on TCP 4352
python peers.py roku NAME IP             SSDP roku:ecp and the control port 8060
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import sys
from collections.abc import Callable
from typing import cast

from emulated_roku import EmulatedRokuCommandHandler, EmulatedRokuServer  # type: ignore[import-untyped]

PJLINK_PORT = 4352
_TOKEN = "498e4a67"


class PjlinkSearch(asyncio.DatagramProtocol):
    """The class 2 search of the PJLink specification: `%2SRCH` is answered by `%2ACKN=` and the MAC."""

    def __init__(self, mac: str) -> None:
        self.mac = mac

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to answer."""
        self.transport = cast("asyncio.DatagramTransport", transport)  # asyncio's own class is none by isinstance

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a search, nothing else."""
        if data.strip() == b"%2SRCH":
            self.transport.sendto(b"%2ACKN=" + self.mac.encode() + b"\r", addr)


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, password: str) -> None:
    """Speak first; then do as told, or tell what is asked. With a password its digest must stand before the first command."""
    digest = hashlib.md5(f"{_TOKEN}{password}".encode()).hexdigest() if password else ""
    writer.write(f"PJLINK 1 {_TOKEN}\r".encode() if password else b"PJLINK 0\r")
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        first = (await reader.readuntil(b"\r")).decode()
        while first.startswith(digest):
            code, _, value = first.removeprefix(digest).strip().partition(" ")
            writer.write(f"{code}={'1' if value == '?' else 'OK'}\r".encode())
            first, digest = (await reader.readuntil(b"\r")).decode(), ""
        writer.write(b"PJLINK ERRA\r")
    writer.close()


async def pjlink(mac: str, password: str = "") -> None:
    """A projector that is open to anybody, or to whoever knows the password."""
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: PjlinkSearch(mac), ("0.0.0.0", PJLINK_PORT), allow_broadcast=True)
    server = await asyncio.start_server(lambda reader, writer: talk(reader, writer, password), "0.0.0.0", PJLINK_PORT)
    print("ready", flush=True)
    await server.serve_forever()


async def roku(name: str, ip: str) -> None:
    """A streaming stick with its control port open."""
    loop = asyncio.get_running_loop()
    server = EmulatedRokuServer(loop, EmulatedRokuCommandHandler(), name, ip, 8060)
    await server.start()
    print("ready", flush=True)
    await asyncio.Event().wait()


KINDS: dict[str, Callable[..., object]] = {"pjlink": pjlink, "roku": roku}

if __name__ == "__main__":
    asyncio.run(KINDS[sys.argv[1]](*sys.argv[2:]))  # type: ignore[arg-type]
