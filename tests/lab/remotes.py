"""Programs that command a television or a projector as an app on a phone does, by the clients that people really use.

python remotes.py pjlink IP [PASSWORD]       aiopjlink: on, picture muted, another input
python remotes.py samsung IP PAGE            samsungtvws: a key, then the browser with a page
python remotes.py lg IP PAGE                 aiowebostv: registers, louder, then the browser with a page
python remotes.py panasonic IP [PASSWORD]    NTCONTROL by hand, for which there is no client: on, another input
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Callable

from aiopjlink import PJLink, Sources
from aiowebostv import WebOsClient
from samsungtvws import SamsungTVWS
from televisions import NTCONTROL_PORT


async def pjlink(ip: str, password: str | None = None) -> None:
    """Sets three things, each confirmed by the projector."""
    async with PJLink(ip, password=password) as projector:
        await projector.power.turn_on()
        await projector.mute.both(True)
        await projector.sources.set(Sources.Mode.DIGITAL, 2)


async def samsung(ip: str, page: str) -> None:
    """An application started by REST, a key on the channel of remote controls, then a page."""
    with SamsungTVWS(ip, port=8001, name="Điện thoại", timeout=10, key_press_delay=0) as television:
        television.rest_app_run("111299001912")
        television.send_key("KEY_VOLUP")
        television.open_browser(page)


async def lg(ip: str, page: str) -> None:
    """Registers as a new remote control, then commands."""
    television = WebOsClient(ip)
    await television.connect()
    await television.set_volume(30)
    await television.launch_app_with_params("com.webos.app.browser", {"target": page})
    await television.request("system.launcher/open", {"target": page})
    await television.disconnect()


async def panasonic(ip: str, password: str = "") -> None:
    """One connection a command, as the protocol has it."""
    for command in ("00PON\r", "00IIS:HD1\r"):
        reader, writer = await asyncio.open_connection(ip, NTCONTROL_PORT)
        greeting = (await reader.readuntil(b"\r")).decode().split()
        digest = hashlib.md5(f"admin1:{password}:{greeting[2]}".encode()).hexdigest() if greeting[1] == "1" else ""
        writer.write((digest + command).encode())
        print((await reader.readuntil(b"\r")).decode(), flush=True)
        writer.close()


PARTS: dict[str, Callable[..., object]] = {"pjlink": pjlink, "samsung": samsung, "lg": lg, "panasonic": panasonic}

if __name__ == "__main__":
    asyncio.run(PARTS[sys.argv[1]](*sys.argv[2:]))  # type: ignore[arg-type]
    print("done", flush=True)
