"""A program that pushes one media address to a DLNA renderer with async-upnp-client, as a phone's video app does.

python push.py DESCRIPTION_URL MEDIA_URL
python push.py IP MEDIA_URL                 of the renderer there, which is searched for as an app does
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

from async_upnp_client.aiohttp import AiohttpRequester
from async_upnp_client.client_factory import UpnpFactory
from async_upnp_client.search import async_search

TRANSPORT = "urn:schemas-upnp-org:service:AVTransport:1"


async def search(ip: str) -> str:
    """Where the renderer at that address describes itself."""
    found: asyncio.Queue[str] = asyncio.Queue()

    async def answered(headers: Mapping[str, str]) -> None:
        if f"//{ip}:" in headers["location"]:
            found.put_nowait(headers["location"])

    await async_search(answered, timeout=2, search_target="urn:schemas-upnp-org:device:MediaRenderer:1")
    return found.get_nowait()


async def push(where: str, media: str) -> None:
    """SetAVTransportURI, Play, then the state till the sound has ended."""
    description = where if "://" in where else await search(where)
    print("found", flush=True)
    device = await UpnpFactory(AiohttpRequester()).async_create_device(description)
    transport = device.service(TRANSPORT)
    await transport.action("SetAVTransportURI").async_call(InstanceID=0, CurrentURI=media, CurrentURIMetaData="")
    await transport.action("Play").async_call(InstanceID=0, Speed="1")
    state = ""
    while state != "STOPPED":
        answer = await transport.action("GetTransportInfo").async_call(InstanceID=0)
        state = answer["CurrentTransportState"]
        print(state, flush=True)
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(push(*sys.argv[1:]))
