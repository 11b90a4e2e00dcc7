"""Binds an application to its address, or says in one sentence why not."""

from __future__ import annotations

import errno

from aiohttp import web

from collector.refusal import ConfigError
from model.text import Text


async def serve(app: web.Application, host: str, port: int, key: str = "port") -> tuple[web.AppRunner, str]:
    """Serves until the runner is cleaned up; the runner and the page's address. `key`: the port's, in [web]. Raises ConfigError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise _refused(error, host, port, key) from None
    bound = runner.addresses[0]
    shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
    return runner, f"http://{shown}:{bound[1]}/"


def _refused(error: OSError, host: str, port: int, key: str) -> ConfigError:
    if error.errno == errno.EADDRINUSE:
        return ConfigError(
            Text(
                f'Cổng {port} trên {host} đang có chương trình khác dùng: đổi "[web] {key}" trong cấu hình hoặc dừng chương trình kia.',
                f'Port {port} on {host} is in use by another program: change "[web] {key}" in the configuration or stop that program.',
            )
        )
    why = error.strerror or str(error)
    return ConfigError(Text(f"Không mở được trang ở {host} cổng {port}: {why}.", f"Cannot serve the page at {host} port {port}: {why}."))
