"""A program that pushes one media address to a DLNA renderer with async-upnp-client, as a phone's video app does.

python push.py DESCRIPTION_URL MEDIA_URL
"""

from __future__ import annotations

import asyncio
import sys

from async_upnp_client.aiohttp import AiohttpRequester
from async_upnp_client.client_factory import UpnpFactory

TRANSPORT = "urn:schemas-upnp-org:service:AVTransport:1"


async def push(description: str, media: str) -> None:
    """SetAVTransportURI, Play, then the state till the sound has ended."""
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
