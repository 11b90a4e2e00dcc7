"""A program that advertises one DNS-SD service with python-zeroconf, whose TXT can change while it runs.

SIGUSR1 shows the `--busy` pairs on top of the `--txt` pairs, SIGUSR2 the plain ones again, SIGTERM says goodbye.
avahi-publish cannot change a TXT, and a Google Cast receiver tells its state by nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import signal

from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf


def arguments() -> argparse.Namespace:
    """The command line; a pair is `key=value`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--type", required=True, help="for example _googlecast._tcp.local.")
    parser.add_argument("--name", required=True, help="the instance, without the type")
    parser.add_argument("--host", required=True, help="the host name, without .local")
    parser.add_argument("--ip", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--txt", nargs="*", default=[], metavar="PAIR")
    parser.add_argument("--busy", nargs="*", default=[], metavar="PAIR")
    return parser.parse_args()


def service(options: argparse.Namespace, pairs: list[str]) -> AsyncServiceInfo:
    """The service with these TXT pairs, later ones winning."""
    return AsyncServiceInfo(
        options.type,
        f"{options.name}.{options.type}",
        port=options.port,
        properties=dict(pair.split("=", 1) for pair in pairs),
        server=f"{options.host}.local.",
        parsed_addresses=[options.ip],
    )


async def main() -> None:
    """Advertise till SIGTERM."""
    options = arguments()
    orders: asyncio.Queue[list[str] | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, orders.put_nowait, options.txt + options.busy)
    loop.add_signal_handler(signal.SIGUSR2, orders.put_nowait, options.txt)
    loop.add_signal_handler(signal.SIGTERM, orders.put_nowait, None)
    zeroconf = AsyncZeroconf(interfaces=[options.ip], ip_version=IPVersion.V4Only)
    await (await zeroconf.async_register_service(service(options, options.txt)))
    print("announced", flush=True)
    while (pairs := await orders.get()) is not None:
        await (await zeroconf.async_update_service(service(options, pairs)))
        print("changed", flush=True)
    await zeroconf.async_unregister_all_services()
    await zeroconf.async_close()


if __name__ == "__main__":
    asyncio.run(main())
