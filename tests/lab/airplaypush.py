"""A program that speaks AirPlay as pyatv does: it looks at a receiver, or sends it sound or a film's address.

python airplaypush.py look IP             what the receiver says of itself
python airplaypush.py sound IP FILE       a RAOP session that plays the file
python airplaypush.py film IP MEDIA_URL   POST /play
"""

from __future__ import annotations

import asyncio
import sys

import pyatv
from pyatv.const import Protocol
from pyatv.exceptions import PlaybackError, ProtocolError
from pyatv.interface import BaseConfig
from pyatv.support import http, rtsp

# shairport-sync 3.3.8 ends itself on a line of formats where what was announced is plain samples (L16), which need none.
_PLAIN = "".join(line for line in rtsp.ANNOUNCE_PAYLOAD.splitlines(keepends=True) if not line.startswith("a=fmtp"))
_SEARCH_SECONDS = 3


async def found(ip: str, protocol: Protocol) -> BaseConfig:
    """The receiver at that address, by its adverts."""
    receivers = await pyatv.scan(asyncio.get_running_loop(), timeout=_SEARCH_SECONDS, protocol=protocol)
    receiver = next(receiver for receiver in receivers if str(receiver.address) == ip)
    print("found", flush=True)
    return receiver


async def look(ip: str) -> None:
    """Searches, and asks what it is, as every phone does that opens its menu."""
    # UxPlay advertises a port for pictures on which it does not listen; the one for sound takes everything.
    receiver = await found(ip, Protocol.RAOP)
    connection = await http.http_connect(ip, receiver.services[0].port)
    print("told", await rtsp.RtspSession(connection).info(), flush=True)
    connection.close()


async def sound(ip: str, file: str) -> None:
    """Plays a file. A receiver of pictures answers the session's opening and may then not know what to do with mere sound."""
    rtsp.ANNOUNCE_PAYLOAD = _PLAIN
    receiver = await pyatv.connect(await found(ip, Protocol.RAOP), asyncio.get_running_loop(), protocol=Protocol.RAOP)
    try:
        await receiver.stream.stream_file(file)
        print("played", flush=True)
    except (ProtocolError, KeyError) as error:  # UxPlay answers SETUP without a Transport header
        print("given up:", repr(error), flush=True)
    finally:
        await asyncio.gather(*receiver.close())


async def film(ip: str, media: str) -> None:
    """Gives it an address to play, till it has ended."""
    receiver = await pyatv.connect(await found(ip, Protocol.AirPlay), asyncio.get_running_loop(), protocol=Protocol.AirPlay)
    try:
        await receiver.stream.play_url(media)
        print("played", flush=True)
    except (PlaybackError, ProtocolError) as error:
        print("given up:", repr(error), flush=True)
    finally:
        await asyncio.gather(*receiver.close())


PARTS = {"look": look, "sound": sound, "film": film}

if __name__ == "__main__":
    asyncio.run(PARTS[sys.argv[1]](*sys.argv[2:]))
