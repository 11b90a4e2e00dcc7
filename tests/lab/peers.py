"""Programs standing in for devices that no installable software plays: a PJLink projector and a Roku (emulated_roku).

python peers.py pjlink MAC        answers the class 2 search, greets on TCP 4352
python peers.py roku NAME IP      SSDP roku:ecp and the control port 8060
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import cast

from emulated_roku import EmulatedRokuCommandHandler, EmulatedRokuServer  # type: ignore[import-untyped]

PJLINK_PORT = 4352


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


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak first, as a projector without a password does, then answer the one question that only reads."""
    writer.write(b"PJLINK 0\r")
    if await reader.readuntil(b"\r") == b"%1POWR ?\r":
        writer.write(b"%1POWR=1\r")
    writer.close()


async def pjlink(mac: str) -> None:
    """A projector that is open to anybody."""
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: PjlinkSearch(mac), ("0.0.0.0", PJLINK_PORT), allow_broadcast=True)
    server = await asyncio.start_server(greet, "0.0.0.0", PJLINK_PORT)
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
